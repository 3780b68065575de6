import type { Core } from '../../../core/core.ts';
import type { Decision, FillBooked } from '../../../domain/decision.ts';
import type { Report } from '../../../domain/report.ts';
import type { StatedFill, VenueStatement } from '../../../domain/statement.ts';
import { allAccounts, venueOf } from '../stage.ts';
import type { OrderFacts } from './orders.ts';
import type { Fold, Say, Turn } from './turn.ts';

interface Seen {
  readonly account: number;
  readonly listing: number;
  readonly signed: number;
}

/** POS1, POS2: what was traded, counted once by (venue, execID) from the words of the venues, beside what the ledger holds. */
export class FillFacts implements Fold {
  /** Lots by listing: unique fills, corrections, busts and fills of nobody's. */
  readonly net: number[] = venueOf.map(() => 0);
  /** Lots by account and listing: by the account of the order, whatever the booking says. */
  readonly #held = new Map<string, number>();
  /** Lots that corrections and busts have moved, by listing. */
  readonly revised: number[] = venueOf.map(() => 0);
  readonly #seen = new Map<string, Seen>();
  /** Executions by what they say of themselves: a venue may give one of them two numbers. */
  readonly #shapes = new Set<string>();
  /** Executions of the statement whose pages come, and the question that it answers. */
  readonly #statedFills = new Map<string, StatedFill>();
  #ask = 0;
  readonly #orders: OrderFacts;
  /** What any statement had: an execution that is refused there is a repetition when its report comes. */
  readonly #everStated = new Set<string>();

  constructor(orders: OrderFacts) {
    this.#orders = orders;
  }

  /** Lots of a listing that an account holds. */
  heldAt(account: number, listing: number): number {
    return this.#held.get(`${account} ${listing}`) ?? 0;
  }

  #move(account: number, listing: number, lots: number): void {
    this.net[listing] += lots;
    this.#held.set(`${account} ${listing}`, this.heldAt(account, listing) + lots);
  }

  /** Account of an order; of one that no record names the account of its venue that every world has. */
  #accountOf({ clOrdID, venue }: { readonly clOrdID: number; readonly venue: number }): number {
    return this.#orders.orders.get(clOrdID)?.order.account ?? venue;
  }

  take(turn: Turn, core: Core | undefined, say: Say): void {
    const { input, decisions } = turn;
    let booked: FillBooked | undefined;
    let refused = false;
    if (input.kind === 'venueStatement') return this.#stated(input, decisions, core, say);
    for (const decision of decisions) {
      if (decision.kind === 'fillBooked') {
        if (booked !== undefined) say('POS2', `fill ${decision.execID} was booked twice in one turn`);
        booked = decision;
      } else if (decision.kind === 'breakFound') refused = true;
    }
    if (input.kind === 'report') this.#report(input, booked, refused, say);
    else if (input.kind === 'externalFill') {
      if (booked?.booking !== 'external') say('POS2', `external fill ${input.execID} was not booked`);
      this.#move(input.account, input.listing, input.side === 'buy' ? input.lastQty : -input.lastQty);
    } else if (booked !== undefined) say('POS2', `fill ${booked.execID} was booked by ${input.kind}, no venue has said it`);
    if (booked !== undefined && core !== undefined) this.#ledger(booked.listing, core, say);
  }

  /** What a whole statement says was executed and was not reported: each execution is booked once, as it is stated, and the report of it is a duplicate. */
  #stated(page: VenueStatement, decisions: readonly Decision[], core: Core | undefined, say: Say): void {
    // answers of two accounts may come page by page, in turns
    if (page.ask > this.#ask + 1) this.#statedFills.clear();
    this.#ask = Math.max(page.ask, this.#ask);
    for (const fill of page.fills) {
      this.#statedFills.set(fill.execID, fill);
      this.#everStated.add(`${page.venue}|${fill.execID}`);
    }
    for (const decision of decisions) {
      if (decision.kind !== 'fillBooked') continue;
      const { execID, lastQty, listing, side } = decision;
      const fill = this.#statedFills.get(execID);
      const key = `${page.venue}|${execID}`;
      if (fill === undefined || fill.lastQty !== lastQty || fill.listing !== listing || fill.side !== side)
        say('POS1', `fill ${execID} of ${lastQty} lots was booked, and no statement has it so`);
      if (this.#seen.has(key)) say('POS2', `fill ${execID} was reported and booked again by a statement`);
      const signed = side === 'buy' ? lastQty : -lastQty;
      this.#seen.set(key, { account: page.account, listing, signed });
      this.#move(page.account, listing, signed);
      if (fill !== undefined) this.#shapes.add(shapeOf(page.venue, fill));
    }
    for (let listing = 0; listing < this.net.length && core !== undefined && decisions.length > 0; listing++)
      this.#ledger(listing, core, say);
  }

  #report(report: Report, booked: FillBooked | undefined, refused: boolean, say: Say): void {
    const { execType, execID, simulated, venue, listing, lastQty } = report;
    if (simulated) return;
    if (execType !== 'trade' && execType !== 'tradeCorrect' && execType !== 'tradeCancel') {
      if (booked !== undefined) say('POS2', `fill ${booked.execID} was booked on a report of type ${execType}`);
      return;
    }
    if (report.clOrdID === 0 && report.origClOrdID === 0) {
      // of an order that no record names: it is booked when a statement has it
      if (booked !== undefined) say('POS2', `fill ${execID} of no order of ours was booked on its report`);
      return;
    }
    const key = `${venue}|${execID}`;
    const account = this.#accountOf(report);
    if (this.#seen.has(key)) {
      if (booked !== undefined) say('POS2', `fill ${execID} came again and was booked again`);
      return;
    }
    if (execType === 'trade') {
      const shape = shapeOf(venue, report);
      const twin = this.#shapes.has(shape);
      this.#shapes.add(shape);
      if (booked === undefined) {
        if (!(twin && (refused || this.#everStated.has(key))))
          say('POS1', `fill ${execID} of ${lastQty} lots, order ${report.clOrdID}, was not booked`);
        this.#seen.set(key, { account, listing, signed: 0 });
        return;
      }
      if (twin) say('POS2', `one execution was booked twice, under a second number ${execID}`);
      if (booked.lastQty !== lastQty || booked.execID !== execID || booked.listing !== listing)
        say('POS1', `fill ${execID} of ${lastQty} lots was booked as ${booked.lastQty} lots of ${booked.execID}`);
      const signed = booked.side === 'buy' ? lastQty : -lastQty;
      this.#seen.set(key, { account, listing, signed });
      this.#move(account, listing, signed);
      return;
    }
    this.#revision(report, key, booked, say);
  }

  #revision({ venue, execID, execRefID, lastQty, execType }: Report, key: string, booked: FillBooked | undefined, say: Say): void {
    const original = this.#seen.get(`${venue}|${execRefID}`);
    this.#seen.set(key, { account: original?.account ?? 0, listing: original?.listing ?? 0, signed: 0 });
    if (original === undefined) {
      if (booked !== undefined) say('POS2', `${execType} ${execID} of a fill that never came was booked`);
      return;
    }
    if (booked === undefined) return;
    const signed = execType === 'tradeCancel' ? 0 : Math.sign(original.signed) * lastQty;
    this.#move(original.account, original.listing, signed - original.signed);
    this.revised[original.listing] += Math.abs(signed - original.signed);
    this.#seen.set(`${venue}|${execRefID}`, { ...original, signed });
  }

  /** The ledger holds what was traded, over all owners. */
  #ledger(listing: number, core: Core, say: Say): void {
    const held = ledgerLots(core, listing);
    if (held !== this.net[listing]) say('POS1', `the ledger holds ${held} lots of listing ${listing}, traded were ${this.net[listing]}`);
  }
}

/** What an execution says of itself, whatever number it is told under. */
function shapeOf(venue: number, { clOrdID, cumQty, lastQty, lastPx, transactTime }: StatedFill | Report): string {
  return `${venue}|${clOrdID}|${cumQty}|${lastQty}|${lastPx}|${transactTime}`;
}

/** Real lots of a listing over every row of the ledger. */
export function ledgerLots(core: Core, listing: number): number {
  let sum = 0;
  for (const [account, { venue }] of allAccounts.entries()) {
    if (venue !== venueOf[listing] || account >= core.registry.accounts.length) continue;
    for (let row = 0; row < core.gate.rows.length; row++) sum += core.risk.positions.leafPosition(row, account, listing, false);
  }
  return sum;
}
