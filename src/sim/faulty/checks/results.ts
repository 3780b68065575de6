import { splitZero } from '../../../base/split.ts';
import type { Core } from '../../../core/core.ts';
import { rowTotalInto } from '../../../core/risk/pnl.ts';
import { drawdownOf, indexOf } from '../../../core/risk/unit-nav.ts';
import type {
  Decision,
  EvidenceTaken,
  FillBooked,
  GateJudged,
  LotsTransferred,
  RowChanged,
  TriggerFired,
} from '../../../domain/decision.ts';
import type { PaperOrders } from './paper-orders.ts';
import { two48 } from './rows.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** Of a deployment on capital: its index since the last change of capital, and the highest that it ever was. */
interface Index {
  base: number;
  cap: number;
  basis: number;
  peak: number;
}

/** What a version made since the last datum of an e-process, in shares of the capital that stood. */
interface Since {
  carried: number;
  result: number;
  cap: number;
}

/** A fill as it stands: whose fee it is, its lots (signed), price and fee. */
interface Fill {
  readonly row: number;
  readonly signed: number;
  readonly px: number;
  readonly fee: number;
}

/** Doubles of two ways to the same number differ by no more than this. */
const indexTolerance = 1e-9;
const drawdownTolerance = 1e-6;
const total = splitZero();

/**
 * MET1, MET2 by results that the checker works out itself, from fills, hand-overs and marks: the NAV index of a version is unmoved by a change of its capital and is what its results make it; no
 * drawdown is negative, and each that is told is the fall from the highest index; a datum of evidence is what was made by what stood while it was made. A fill that is put right or taken back is, from
 * then on, what it should have been. Rows with a fill before any price are left out, and those with a correction of a fill that nobody has told: what they are worth is not said.
 */
export class ResultFacts implements Fold {
  readonly #paper: PaperOrders;
  /** Money units (10^-6 USD) of a lot that moves by a tick. */
  readonly #unit: number;
  readonly #listings: number;
  readonly #count: Count;
  readonly #mids: number[] = [];
  readonly #cash: number[] = [];
  readonly #lots: number[] = [];
  /** Newest capital of each row that was not nothing. */
  readonly #caps: number[] = [];
  readonly #blurred = new Set<number>();
  /** By account and number of the venue. */
  readonly #fills = new Map<string, Fill>();
  readonly #indexes = new Map<number, Index>();
  /** Rows that went back to paper, or lost everything: begun anew by their next deployment. */
  readonly #left = new Set<number>();
  readonly #since = new Map<string, Since>();
  /** Row by deployment. */
  readonly #rows = new Map<number, number>();
  readonly #moved = new Set<number>();

  constructor(paper: PaperOrders, unit: number, listings: number, count: Count) {
    this.#paper = paper;
    this.#unit = unit;
    this.#listings = listings;
    this.#count = count;
  }

  take({ input, decisions }: Turn, core: Core | undefined, say: Say): void {
    if (input.kind === 'mark') {
      this.#mids[input.listing] = (input.bid + input.ask) / 2;
      for (const [row, index] of this.#indexes) if ((this.#lots[row * this.#listings + input.listing] ?? 0) !== 0) this.#raise(row, index);
    }
    const ref = input.kind === 'report' ? input.execRefID : '';
    for (const decision of decisions) this.#decided(decision, ref, say);
    if (this.#moved.size === 0) return;
    if (core !== undefined) for (const row of this.#moved) this.#compare(row, core, say);
    this.#moved.clear();
  }

  /** Fall of a row's index from its highest, 0 … 1; undefined = nobody can say. */
  drawdown(row: number): number | undefined {
    const index = this.#blurred.has(row) ? undefined : this.#indexes.get(row);
    return index === undefined ? undefined : (index.peak - this.#now(row, index)) / index.peak;
  }

  #decided(decision: Decision, ref: string, say: Say): void {
    switch (decision.kind) {
      case 'fillBooked':
        this.#filled(decision, ref);
        return;
      case 'lotsTransferred':
        this.#transferred(decision);
        return;
      case 'deploymentProposed':
        this.#rows.set(decision.deployment, decision.row);
        this.#indexes.delete(decision.row);
        this.#left.delete(decision.row);
        return;
      case 'rowChanged':
        this.#changed(decision);
        return;
      case 'gateJudged':
        if (decision.gate === 'maxDrawdown') this.#judged(decision, say);
        return;
      case 'triggerFired':
        if (decision.rule === 'maxDrawdown') this.#fell(decision, say);
        return;
      case 'evidenceTaken':
        if (decision.side !== 'paired' && !decision.terms.includes('"paper"')) this.#taken(decision, say);
        return;
      default:
        return;
    }
  }

  /** What a row has made since ever, units of money; undefined = nobody can say. */
  result(row: number): number | undefined {
    return this.#blurred.has(row) ? undefined : this.#result(row);
  }

  #result(row: number): number {
    let sum = this.#cash[row] ?? 0;
    for (let listing = 0; listing < this.#listings; listing++) {
      const lots = this.#lots[row * this.#listings + listing] ?? 0;
      if (lots !== 0) sum += lots * (this.#mids[listing] ?? 0) * this.#unit;
    }
    return sum;
  }

  #now(row: number, { base, cap, basis }: Index): number {
    return (base * (cap + this.#result(row) - basis)) / cap;
  }

  #raise(row: number, index: Index): void {
    const now = this.#now(row, index);
    if (now > index.peak) index.peak = now;
  }

  #trade(row: number, listing: number, signed: number, px: number): void {
    const place = row * this.#listings + listing;
    this.#lots[place] = (this.#lots[place] ?? 0) + signed;
    this.#cash[row] = (this.#cash[row] ?? 0) - signed * px * this.#unit;
  }

  #filled(booked: FillBooked, ref: string): void {
    const { row, account, execID, booking, listing, side, lastQty, lastPx, fee } = booked;
    if (this.#paper.has(booked)) return;
    const revises = booking === 'correct' || booking === 'bust';
    const key = `${account} ${revises ? ref : execID}`;
    const was = revises ? this.#fills.get(key) : undefined;
    if (this.#mids[listing] === undefined || (revises && was === undefined)) {
      this.#blurred.add(row);
      return;
    }
    // what was wrong is undone for whoever holds its lots now; the fee is given back to who paid it
    if (was !== undefined) {
      this.#trade(row, listing, -was.signed, was.px);
      this.#cash[was.row] = (this.#cash[was.row] ?? 0) + was.fee;
    }
    const charged = booking === 'bust' ? 0 : fee.hi * two48 + fee.lo;
    const payer = was?.row ?? row;
    const now = { row: payer, signed: booking === 'bust' ? 0 : side === 'buy' ? lastQty : -lastQty, px: lastPx, fee: charged };
    this.#fills.set(key, now);
    this.#trade(row, listing, now.signed, now.px);
    this.#cash[payer] = (this.#cash[payer] ?? 0) - charged;
    const index = this.#indexes.get(row);
    if (index !== undefined) this.#raise(row, index);
  }

  /** The giver keeps what the lots had made up to the mark, the taker has what they make from there on. */
  #transferred({ fromRow, toRow, listing, position, mark }: LotsTransferred): void {
    this.#trade(fromRow, listing, -position, mark);
    this.#trade(toRow, listing, position, mark);
    if (this.#blurred.has(fromRow)) this.#blurred.add(toRow);
  }

  #changed({ row, mode, cap: { hi, lo } }: RowChanged): void {
    const cap = hi * two48 + lo;
    const index = this.#indexes.get(row);
    if (mode === 'SIMULATED') {
      if (index !== undefined) this.#leave(row);
      return;
    }
    if (cap === 0) return;
    if (this.#caps[row] !== cap) this.#split(row, cap);
    this.#caps[row] = cap;
    if (this.#left.has(row)) return;
    if (index === undefined) this.#indexes.set(row, { base: 1, cap, basis: this.#result(row), peak: 1 });
    else if (index.cap !== cap) this.#link(row, index, cap);
  }

  #leave(row: number): void {
    this.#indexes.delete(row);
    this.#left.add(row);
  }

  #link(row: number, index: Index, cap: number): void {
    this.#raise(row, index);
    const now = this.#now(row, index);
    if (now <= 0) return this.#leave(row);
    Object.assign(index, { base: now, cap, basis: this.#result(row) });
    this.#moved.add(row);
  }

  /** Every datum under way counts by what stood until now. */
  #split(row: number, cap: number): void {
    for (const [key, since] of this.#since) {
      if (!key.startsWith(`${row} `)) continue;
      const result = this.#result(row);
      since.carried += (result - since.result) / since.cap;
      since.result = result;
      since.cap = cap;
    }
  }

  #taken({ row, terms, datum }: EvidenceTaken, say: Say): void {
    const key = `${row} ${terms}`;
    const result = this.#result(row);
    const since = this.#since.get(key);
    const cap = this.#caps[row];
    if (since !== undefined && !this.#blurred.has(row)) {
      const own = since.carried + (result - since.result) / since.cap;
      this.#count('MET1 data');
      if (Math.abs(datum - own) > indexTolerance) say('MET1', `a datum of row ${row} is ${datum}, by its fills and marks ${own}`);
    }
    if (cap !== undefined) this.#since.set(key, { carried: 0, result, cap });
  }

  #judged({ deployment, value }: GateJudged, say: Say): void {
    if (value < 0) say('MET2', `a drawdown of ${value} was judged`);
    const row = this.#rows.get(deployment) ?? -1;
    const own = this.drawdown(row);
    if (own === undefined || Number.isNaN(value)) return;
    this.#count('MET2 judged');
    if (Math.abs(value - own) > drawdownTolerance)
      say('MET2', `a drawdown of ${value} of row ${row} was judged, by its results it is ${own}`);
  }

  /** The drawdown since the stage or the day began is no larger than that since the deployment did. */
  #fell({ row, value, limit }: TriggerFired, say: Say): void {
    const own = this.drawdown(row);
    this.#count('MET2 breaches');
    if (!(value >= 0 && value >= limit - drawdownTolerance))
      say('MET2', `row ${row} was rolled back at a drawdown of ${value} of ${limit}`);
    if (own !== undefined && value > own + drawdownTolerance)
      say('MET2', `row ${row} was rolled back at a drawdown of ${value}, by its results it is ${own}`);
  }

  #compare(row: number, core: Core, say: Say): void {
    const index = this.#indexes.get(row);
    const watch = core.risk.monitors.rows[row];
    if (index === undefined || watch === undefined || watch.simulated || this.#blurred.has(row)) return;
    this.#count('MET1 index');
    rowTotalInto(total, core.risk.pnl, row, false);
    const [its, own] = [indexOf(watch.nav, total), this.#now(row, index)];
    if (Math.abs(its - own) > indexTolerance)
      say('MET1', `the NAV index of row ${row} is ${its} after its capital became ${index.cap / 1e6}, by its results ${own}`);
    const [fall, ownFall] = [drawdownOf(watch.nav, 0, total), (index.peak - own) / index.peak];
    if (fall < 0 || Math.abs(fall - ownFall) > drawdownTolerance)
      say('MET2', `the drawdown of row ${row} is ${fall} after its capital became ${index.cap / 1e6}, by its results ${ownFall}`);
  }
}
