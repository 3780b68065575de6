import { toBigInt, splitZero } from '../../base/split.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Order } from '../../domain/order.ts';
import { gateModes, type GateMode } from '../../domain/rollout.ts';
import { capInto, usedInto } from '../../core/risk/order-gate.ts';
import { BaselineInvariants } from './baseline-invariants.ts';
import { CapitalFacts } from '../../sim/faulty/checks/capital.ts';
import { FreezeFacts } from '../../sim/faulty/checks/freezes.ts';
import { MeritFacts } from '../../sim/faulty/checks/merits.ts';
import { PaperOrders } from '../../sim/faulty/checks/paper-orders.ts';
import { ResultFacts } from '../../sim/faulty/checks/results.ts';
import { SliceFacts } from '../../sim/faulty/checks/slices.ts';
import { SumFacts } from '../../sim/faulty/checks/sums.ts';
import type { Fold } from '../../sim/faulty/checks/turn.ts';
import { VerdictFacts } from '../../sim/faulty/checks/verdicts.ts';
import { ClimbInvariants } from './climb-invariants.ts';
import { CustodyInvariants } from './custody-invariants.ts';
import { PeopleInvariants } from './people-invariants.ts';
import { staleAfter, type RolloutDesk, type Turn } from './rollout-desk.ts';
import { areTwo, spokenIn } from './spoken.ts';

export const split = splitZero();
export const capUnits = (desk: RolloutDesk, row: number): bigint => {
  capInto(split, desk.core.gate, row);
  return toBigInt(split);
};
export const usedUnits = (desk: RolloutDesk, row: number): bigint => {
  usedInto(split, desk.core.gate, row);
  return toBigInt(split);
};

/** What the text of rollout.md promises, watched from outside after every turn of the core. */
export class Invariants {
  readonly violations: string[] = [];
  /** How often each thing worth watching came about. */
  readonly cases = new Map<string, number>();
  readonly #custody = new CustodyInvariants((text) => this.#say(text));
  readonly #baselines = new BaselineInvariants(
    (text) => this.#say(text),
    (what) => this.#count(what),
  );
  readonly #climb = new ClimbInvariants((text) => this.#say(text));
  readonly people = new PeopleInvariants((text) => this.#say(text));
  readonly #paper = new PaperOrders();
  readonly #results = new ResultFacts(this.#paper, 10_000, 2, (what) => this.#count(what));
  readonly #slices = new SliceFacts();
  /** Checkers of the faulty world that know nothing of it. */
  readonly #folds: readonly Fold[] = [
    this.#slices,
    new CapitalFacts(this.#slices, (what) => this.#count(what)),
    this.#paper,
    this.#results,
    new MeritFacts(this.#results, (what) => this.#count(what)),
    new VerdictFacts(this.#paper, this.#results, (what) => this.#count(what)),
    new SumFacts(this.#paper, 10_000, 2, (what) => this.#count(what)),
    new FreezeFacts((what) => this.#count(what)),
  ];
  readonly #modes: GateMode[] = [];
  readonly #epochs: number[] = [];
  readonly #caps: bigint[] = [];
  readonly #used: bigint[] = [];
  /** Rows of orders without an end, and what each replacement replaces. */
  readonly #open = new Map<number, number>();
  readonly #replaces = new Map<number, number>();
  /** Orders whose cancel went out. */
  readonly #asked = new Set<number>();
  /** Capital that each host was told it may trade with; 0 = none. */
  readonly #told = new Map<number, number>();
  #killed = false;
  /** Venues, accounts and strategies that are killed; this desk has one of each, so that each of them holds every order. */
  readonly #scopes = new Set<string>();
  #term = 1;
  /** Started again, the venues not compared yet. */
  #starting = false;
  #heard = 0;

  watch(turn: Turn, desk: RolloutDesk): void {
    const { input } = turn;
    if (input.kind === 'mark' || (input.kind === 'feed' && input.condition === 'heartbeat')) this.#heard = turn.at;
    this.#start(turn);
    this.#learnRows(desk);
    this.#overCapGrows(turn, desk);
    const openBefore = [...this.#open.keys()];
    for (const one of turn.effects) if (one.kind === 'cancel') this.#asked.add(one.target);
    for (const decision of turn.decisions) this.#decided(decision, turn, openBefore, desk);
    this.#effects(turn);
    this.#gateAsRecorded(desk);
    this.#capital(desk);
    this.#stale(turn, desk);
    this.#custody.watch(turn, desk);
    this.#climb.watch(turn, desk, this.#killed);
    this.#baselines.watch(turn, desk);
    this.people.watch(turn, desk);
    const { seq, at, decisions } = turn;
    const folded = { seq: seq - decisions.length, lastSeq: seq, term: this.#term, at, input, decisions };
    for (const fold of this.#folds) fold.take(folded, desk.core, (property, text) => this.#say(`${property} ${text}`));
    for (const { ix } of desk.core.gate.rows) this.#used[ix] = usedUnits(desk, ix);
  }

  /** AUTH5: terms grow. From a start on everything is CANCEL_ONLY until the venues were compared without a break. */
  #start(turn: Turn): void {
    const { input } = turn;
    if (input.kind === 'start') {
      if (input.term <= this.#term) this.#say(`AUTH5 term fell from ${this.#term} to ${input.term}`);
      this.#term = input.term;
      this.#starting = true;
      // marks are no prices until their feeds speak again; silence counts from here
      if (this.#heard > 0) this.#heard = turn.at;
      this.#count('start');
    }
    if (input.kind === 'venuesCompared' && input.breaks === 0) this.#starting = false;
  }

  finish(desk: RolloutDesk): void {
    this.#custody.finish(desk);
  }

  #say(text: string): void {
    if (this.violations.length < 50) this.violations.push(text);
  }

  #count(what: string): void {
    this.cases.set(what, (this.cases.get(what) ?? 0) + 1);
  }

  #learnRows(desk: RolloutDesk): void {
    for (const { ix, custodian } of desk.core.gate.rows) {
      if (this.#modes[ix] !== undefined) continue;
      this.#modes[ix] = custodian ? 'REDUCING' : 'SIMULATED';
      this.#epochs[ix] = desk.core.gate.epoch[ix];
      this.#caps[ix] = 0n;
      this.#used[ix] = 0n;
    }
  }

  #decided(decision: Decision, turn: Turn, openBefore: readonly number[], desk: RolloutDesk): void {
    this.#count(decision.kind);
    const spoken = spokenIn(turn, desk);
    const byTwo = spoken !== undefined && areTwo(spoken);
    switch (decision.kind) {
      case 'rowChanged':
        return this.#rowChanged(decision, spoken?.verb ?? turn.input.kind);
      case 'orderSent':
      case 'replaceSent':
        return this.#left(decision.order, desk);
      case 'orderStateChanged':
        if (['filled', 'canceled', 'rejected', 'expired'].includes(decision.to)) this.#open.delete(decision.clOrdID);
        else this.#open.set(decision.clOrdID, decision.row);
        return this.#replaced(decision);
      case 'killLatched':
        this.#killed = decision.engaged;
        if (decision.engaged) this.#allCanceled(turn, openBefore, 'KILL');
        else if (!byTwo) this.#say('KILL released without two people');
        return;
      case 'scopeKilled':
        if (!decision.engaged) {
          this.#scopes.delete(decision.scope);
          if (!byTwo) this.#say('KILL a scope was released without two people');
          return;
        }
        this.#scopes.add(decision.scope);
        return this.#allCanceled(turn, decision.scope === 'firm' ? [] : openBefore, 'KILL');
      case 'triggerFired':
        return this.#allCanceled(
          turn,
          openBefore.filter((id) => this.#open.get(id) === decision.row),
          'RB2',
        );
      default:
        return;
    }
  }

  /** A replacement that was taken, or traded before that was said, ends what it replaced; one that was refused never was. */
  #replaced({ clOrdID, row, by, to }: Extract<Decision, { kind: 'orderStateChanged' }>): void {
    const stopped = this.#killed || this.#modes[row] === 'HALTED';
    if (by === 'replaced' && stopped && to !== 'filled' && !this.#asked.has(clOrdID))
      this.#say(`KILL replacement ${clOrdID} of a stopped row works on`);
    if (by === 'replaced' || by === 'trade') this.#open.delete(this.#replaces.get(clOrdID) ?? 0);
    if (by !== 'replaceRejected') return;
    for (const [replacement, target] of this.#replaces) if (target === clOrdID) this.#open.delete(replacement);
  }

  #rowChanged(changed: Extract<Decision, { kind: 'rowChanged' }>, by: string): void {
    const { row, epoch, mode, cap } = changed;
    if (epoch < this.#epochs[row]) this.#say(`AUTH5 epoch of row ${row} fell to ${epoch}`);
    if (mode === 'HALTED' && epoch <= this.#epochs[row]) this.#say(`AUTH5 row ${row} was fenced without a new epoch`);
    if (this.#modes[row] === 'HALTED' && mode !== 'HALTED' && by !== 'unhalt') this.#say(`AUTH6 row ${row} left HALTED by ${by}`);
    if (mode === 'HALTED' && (cap.hi !== 0 || cap.lo !== 0)) this.#say(`AUTH2 row ${row} was fenced and keeps capital`);
    if (changed.actor === '' || changed.reason === '') this.#say(`CAP5 row ${row} changed without actor or cause`);
    if (this.#starting && (mode === 'ACTIVE' || mode === 'REDUCING' || mode === 'SIMULATED') && by !== 'unhalt')
      this.#say(`START row ${row} became ${mode} before the venues were compared`);
    if (this.#killed && (mode === 'ACTIVE' || mode === 'REDUCING')) this.#say(`KILL row ${row} became ${mode} under the kill switch`);
    this.#modes[row] = mode;
    this.#epochs[row] = epoch;
    this.#caps[row] = BigInt(cap.hi) * 2n ** 48n + BigInt(cap.lo);
  }

  /** An order or replacement that was decided. */
  #left(order: Readonly<Order>, desk: RolloutDesk): void {
    const { row } = order;
    this.#open.set(order.clOrdID, row);
    if (order.origClOrdID !== 0) this.#replaces.set(order.clOrdID, order.origClOrdID);
    const mode = this.#modes[row];
    if (this.#killed) this.#say(`KILL order ${order.clOrdID} left after the kill`);
    for (const scope of this.#scopes) this.#say(`KILL order ${order.clOrdID} left although its ${scope} is killed`);
    if (order.term !== this.#term) this.#say(`AUTH5 order ${order.clOrdID} left under term ${order.term}, it is ${this.#term}`);
    if (mode === 'REDUCING' && !this.#reduces(order, desk))
      this.#say(`AUTH1 order ${order.clOrdID} of REDUCING row ${row} does not reduce`);
    if (mode === 'HALTED') this.#say(`AUTH2 order ${order.clOrdID} of fenced row ${row} left`);
    if (mode === 'CANCEL_ONLY') this.#say(`AUTH1 order ${order.clOrdID} of row ${row} left in CANCEL_ONLY`);
    if (order.epoch !== this.#epochs[row]) this.#say(`AUTH2 order ${order.clOrdID} left under epoch ${order.epoch}`);
    if (order.simulated !== (mode === 'SIMULATED'))
      this.#say(`AUTH7 order ${order.clOrdID} of row ${row} left to the wrong place in ${mode}`);
  }

  /** Opposite to what the row holds, and within it. */
  #reduces(order: Readonly<Order>, desk: RolloutDesk): boolean {
    const held = desk.core.risk.positions.leafPosition(order.row, order.account, order.listing, false);
    return (order.side === 'sell' ? held : -held) >= order.leavesQty;
  }

  #allCanceled(turn: Turn, open: readonly number[], name: string): void {
    const canceled = new Set(turn.effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : [])));
    for (const id of open)
      if (!canceled.has(id) && !canceled.has(this.#replaces.get(id) ?? 0)) this.#say(`${name} order ${id} was not taken back`);
    this.#count(`${name} cancels`);
  }

  #effects(turn: Turn): void {
    const decided = turn.decisions.filter((one) => one.kind === 'orderSent' || one.kind === 'replaceSent').length;
    let leaves = 0;
    for (const effect of turn.effects) {
      if (effect.kind === 'send' || effect.kind === 'replace') {
        leaves++;
        if (effect.reducing && effect.order.simulated) continue;
        if (this.#killed) this.#say(`KILL an effect ${effect.kind} left after the kill`);
        if (this.#modes[effect.order.row] === 'HALTED') this.#say(`AUTH2 an effect ${effect.kind} of fenced row ${effect.order.row}`);
        if (effect.reducing && this.#modes[effect.order.row] === 'ACTIVE' && this.#grows(effect.order))
          this.#say(`ROL6 order ${effect.order.clOrdID} adds to nothing held and does not wait for its record`);
        continue;
      }
      const expands = effect.kind === 'load' || (effect.kind === 'kill' && !effect.engaged) || this.#gives(effect);
      if (expands && effect.reducing) this.#say(`ROL6 effect ${effect.kind} expands and does not wait for its record`);
      if (effect.kind === 'authority' && effect.trading && this.#killed)
        this.#say(`KILL authority for row ${effect.row} under the kill switch`);
      const restricts = effect.kind === 'cancel' || effect.kind === 'fence' || (effect.kind === 'kill' && effect.engaged);
      if (restricts && !effect.reducing) this.#say(`ROL6 effect ${effect.kind} restricts and waits`);
    }
    if (leaves !== decided) this.#say(`REC ${leaves} orders left, ${decided} were recorded`);
  }

  /** Authority to trade that a host did not have, or more capital than it was told before. */
  #gives(effect: Effect): boolean {
    if (effect.kind !== 'authority') return false;
    const before = this.#told.get(effect.row) ?? 0;
    const now = effect.trading ? effect.capital : 0;
    this.#told.set(effect.row, now);
    return now > before || (effect.trading && !effect.reducing);
  }

  /** Nothing is held by a row that uses nothing. */
  #grows(order: Readonly<Order>): boolean {
    return this.#used[order.row] === 0n;
  }

  #gateAsRecorded(desk: RolloutDesk): void {
    const { gate } = desk.core;
    for (const { ix } of gate.rows) {
      if (gateModes[gate.mode[ix]] !== this.#modes[ix]) this.#say(`CAP5 mode of row ${ix} changed without a record`);
      if (gate.epoch[ix] !== this.#epochs[ix]) this.#say(`CAP5 epoch of row ${ix} changed without a record`);
      if (capUnits(desk, ix) !== this.#caps[ix]) this.#say(`CAP5 cap of row ${ix} changed without a record`);
    }
  }

  #capital(desk: RolloutDesk): void {
    for (const slice of desk.core.gate.slices) {
      let held = 0n;
      for (const row of slice.rows) {
        const [cap, used] = [this.#caps[row], usedUnits(desk, row)];
        held += cap > used ? cap : used;
        const mode = this.#modes[row];
        if (used > cap && mode === 'ACTIVE') this.#say(`CAP4 row ${row} uses ${used} of ${cap} while ACTIVE`);
        if (used > cap) this.#count('row past its cap');
      }
      const overdraft = toBigInt(slice.overdraft);
      // what fills took of the reserve is not there any more; nothing else may take of it
      const reserve = toBigInt(slice.reserve) - toBigInt(slice.drawn);
      if (held + reserve > toBigInt(slice.total) + overdraft)
        this.#say(`CAP1 rows hold ${held} beside a reserve of ${reserve} of ${toBigInt(slice.total)} with overdraft ${overdraft}`);
      if (overdraft > 0n) this.#count('overdrawn');
      for (const row of slice.rows)
        if (overdraft > 0n && this.#modes[row] === 'ACTIVE') this.#say(`CAP1 row ${row} is ACTIVE in an overdrawn slice`);
    }
  }

  /** An intent of a row past its cap never makes it use more. */
  #overCapGrows(turn: Turn, desk: RolloutDesk): void {
    if (turn.input.kind !== 'intent') return;
    const { row } = turn.input;
    if (this.#used[row] > this.#caps[row] && usedUnits(desk, row) > this.#used[row]) this.#say(`CAP4 row ${row} past its cap uses more`);
  }

  #stale(turn: Turn, desk: RolloutDesk): void {
    if (this.#heard === 0 || turn.at <= this.#heard + staleAfter + 250_000) return;
    for (const { ix, custodian } of desk.core.gate.rows) {
      if (!custodian && (this.#modes[ix] === 'ACTIVE' || this.#modes[ix] === 'REDUCING'))
        this.#say(`STALE row ${ix} is ${this.#modes[ix]} under a feed that is silent for ${turn.at - this.#heard} us`);
    }
  }
}
