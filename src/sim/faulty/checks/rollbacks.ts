import type { Core } from '../../../core/core.ts';
import type { Decision, RollbackCompleted, RollbackStepDone, ScopeKilled } from '../../../domain/decision.ts';
import { allAccounts, venueIDs, venueOf } from '../stage.ts';
import type { SliceFacts } from './slices.ts';
import type { Fold, Say, Turn } from './turn.ts';
import type { Order } from '../../../domain/order.ts';

/** Every order of a rollback has its end, or is escalated, within this long on the desk's clock (RB3, microseconds): rollout.md, ROL1. Timers of this world are never late. */
const confirmMicros = 1_000_000;
/** Then it is over at once, or waits for the host of one who stands by (RB5). */
const wakeMicros = 500_000;

/** Orders that a fence or a kill takes back in its own turn; the others follow in turns of their own. */
const takenAtOnce = 32;
/** All of them have been taken back within this long, on the desk's clock (microseconds). */
const takenWithin = 1_000;

/** Done-records of a rollback that is over, in their order. */
const everyStep = 'RB1 RB2 RB3 RB4 RB5';

/** What takes every order of a row, or of a scope, back. */
const takesAll: ReadonlySet<string> = new Set<Decision['kind']>(['triggerFired', 'killLatched', 'scopeKilled']);

/** An order, and where it is. */
type Placed = Pick<Order, 'row' | 'listing' | 'account'>;

interface OpenRollback {
  readonly row: number;
  startedAt: number;
  /** When every order had its end or was escalated (RB3); 0 = not yet. */
  confirmedAt: number;
}

/** Orders whose cancel a fence or a kill still owes. */
interface Owed {
  readonly name: string;
  readonly orders: Set<number>;
  until: number;
}

/** ROL1, ROL2, ROL5, RB2, POS1 of fenced rows: how authority is taken away, and that it ends. */
export class RollbackFacts implements Fold {
  readonly open: OpenRollback[] = [];
  /** Rows whose lots are the custodian's until somebody wakes them. */
  readonly taken = new Set<number>();
  /** Orders without an end, with their rows. */
  readonly #orders = new Map<number, Placed>();
  readonly #replaces = new Map<number, number>();
  #owed: Owed[] = [];
  /** Steps of each rollback that have a done-record. */
  readonly #steps = new Map<number, string[]>();

  readonly #slices: SliceFacts;

  constructor(slices: SliceFacts) {
    this.#slices = slices;
  }

  take(turn: Turn, core: Core | undefined, say: Say): void {
    const { input, decisions, at } = turn;
    if (input.kind === 'start') this.#beginAnew(at);
    const before = decisions.some(({ kind }) => takesAll.has(kind)) ? [...this.#orders] : [];
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'orderSent':
        case 'replaceSent':
          if (!decision.order.simulated) this.#orders.set(decision.order.clOrdID, decision.order);
          if (decision.order.origClOrdID !== 0) this.#replaces.set(decision.order.clOrdID, decision.order.origClOrdID);
          break;
        case 'orderStateChanged':
          this.#changed(decision.clOrdID, decision.to, decision.by);
          break;
        case 'cancelSent':
          this.#accepted(decision.target);
          break;
        case 'triggerFired':
          this.#fenced(decision.row, turn, before, say);
          break;
        case 'killLatched':
          if (decision.engaged) this.#allTaken(turn, before, 'KILL', say);
          break;
        case 'scopeKilled':
          if (decision.engaged)
            this.#allTaken(
              turn,
              before.filter(([, order]) => this.#isUnder(decision, order)),
              'KILL',
              say,
            );
          break;
        case 'orderAdopted':
          this.#adopted(decision.clOrdID, decision.toRow);
          break;
        case 'rollbackStepDone':
          this.#stepped(decision, say);
          if (decision.step === 'RB3') this.#confirmed(decision.row, at);
          if (decision.step === 'RB4') this.taken.add(decision.row);
          break;
        case 'rollbackCompleted':
          this.#completed(decision, say);
          break;
        case 'lifecycleChanged':
          if (decision.from === 'Halted') this.taken.delete(decision.row);
          break;
        case 'fillBooked':
          this.#accepted(decision.clOrdID);
          if (decision.booking === 'fill' && this.taken.has(decision.row) && !decision.execID.startsWith('p'))
            say('POS1', `late fill ${decision.execID} went to fenced row ${decision.row}`);
          break;
        default:
          break;
      }
    }
    this.#stillOwed(turn, say);
    if (core !== undefined) this.#late(at, say);
  }

  #fenced(fenced: number, turn: Turn, before: readonly (readonly [number, { readonly row: number }])[], say: Say): void {
    if (this.open.some(({ row }) => row === fenced)) say('ROL2', `row ${fenced} is rolled back twice at a time`);
    this.open.push({ row: fenced, startedAt: turn.at, confirmedAt: 0 });
    const own = before.filter(([, { row }]) => row === fenced);
    this.#allTaken(turn, own, 'RB2', say);
  }

  /** Only an order that stands for itself is named by a record: a replacement that is has taken the place of the one before it. */
  #accepted(clOrdID: number): void {
    const target = this.#replaces.get(clOrdID);
    if (target === undefined) return;
    this.#orders.delete(target);
    this.#replaces.delete(clOrdID);
  }

  #changed(clOrdID: number, to: string, by: string): void {
    this.#accepted(clOrdID);
    const over = to === 'filled' || to === 'canceled' || to === 'rejected' || to === 'expired';
    if (over) this.#orders.delete(clOrdID);
    // with an order that is over, or whose replace is refused, the replacement falls away that waited beside it
    if (over || by === 'replaceRejected') this.#refused(clOrdID);
  }

  #adopted(clOrdID: number, row: number): void {
    const known = this.#orders.get(clOrdID);
    if (known !== undefined) this.#orders.set(clOrdID, { row, listing: known.listing, account: known.account });
  }

  #refused(replaced: number): void {
    for (const [heir, target] of this.#replaces) {
      if (target !== replaced) continue;
      this.#orders.delete(heir);
      this.#replaces.delete(heir);
    }
  }

  /** Of what was open as many as go at once are taken back in this turn, and the others are owed. */
  #allTaken({ decisions, at }: Turn, open: readonly (readonly [number, unknown])[], name: string, say: Say): void {
    if (open.length === 0) return;
    const canceled = new Set<number>();
    for (const decision of decisions) if (decision.kind === 'cancelSent') canceled.add(decision.target);
    const missing = open.map(([clOrdID]) => clOrdID).filter((clOrdID) => !this.#isTaken(clOrdID, canceled));
    if (missing.length === 0) return;
    if (open.length - missing.length < takenAtOnce) say(name, `order ${missing[0]} was not taken back`);
    else this.#owed.push({ name, orders: new Set(missing), until: at + takenWithin });
  }

  #isTaken(clOrdID: number, canceled: ReadonlySet<number>): boolean {
    return !this.#orders.has(clOrdID) || canceled.has(clOrdID) || canceled.has(this.#replaces.get(clOrdID) ?? 0);
  }

  #isUnder({ scope, id }: ScopeKilled, { row, listing, account }: Placed): boolean {
    if (scope === 'strategy') return id === this.#slices.algorithmOf(row);
    return id === (scope === 'venue' ? venueIDs[venueOf[listing]] : allAccounts[account].accountID);
  }

  #stillOwed({ decisions, at, input }: Turn, say: Say): void {
    if (this.#owed.length === 0) return;
    const canceled = new Set<number>();
    for (const decision of decisions) if (decision.kind === 'cancelSent') canceled.add(decision.target);
    for (const { name, orders, until } of this.#owed) {
      for (const clOrdID of orders) if (this.#isTaken(clOrdID, canceled)) orders.delete(clOrdID);
      // whatever the clock did: the timer that takes them back comes before anything else of a later time
      if (orders.size > 0 && at > until && input.kind !== 'timer')
        say(name, `order ${[...orders][0]} was not taken back within ${takenWithin} us`);
    }
    this.#owed = this.#owed.filter(({ orders, until }) => orders.size > 0 && !(at > until && input.kind !== 'timer'));
  }

  #stepped({ rollback, step }: RollbackStepDone, say: Say): void {
    const steps = this.#steps.get(rollback) ?? [];
    if (steps.includes(step)) say('ROL2', `step ${step} of rollback ${rollback} was done twice`);
    steps.push(step);
    this.#steps.set(rollback, steps);
  }

  #completed({ row, rollback, residual }: RollbackCompleted, say: Say): void {
    const steps = (this.#steps.get(rollback) ?? []).join(' ');
    if (steps !== everyStep) say('ROL5', `rollback ${rollback} ended with the steps ${steps}`);
    this.#steps.delete(rollback);
    const ix = this.open.findIndex((one) => one.row === row);
    if (ix < 0) say('ROL2', `row ${row} was rolled back once and completed twice`);
    else this.open.splice(ix, 1);
    if (residual !== 0) say('POS3', `row ${row} keeps ${residual} lots after its rollback`);
    if (!this.taken.has(row)) say('ROL2', `the rollback of row ${row} is over and nobody took its lots (RB4)`);
  }

  /** A start gives every step its time again. */
  #beginAnew(at: number): void {
    for (const owed of this.#owed) owed.until = at + takenWithin;
    for (const one of this.open) {
      one.startedAt = at;
      if (one.confirmedAt > 0) one.confirmedAt = at;
    }
  }

  #confirmed(row: number, at: number): void {
    for (const one of this.open) if (one.row === row) one.confirmedAt = at;
  }

  #late(at: number, say: Say): void {
    for (const { row, startedAt, confirmedAt } of this.open) {
      if (confirmedAt === 0 && at > startedAt + confirmMicros)
        say('ROL1', `orders of row ${row} have no end and are not escalated ${at - startedAt} us after its fence`);
      else if (confirmedAt > 0 && at > confirmedAt + wakeMicros)
        say('ROL1', `the rollback of row ${row} is not over ${at - confirmedAt} us after the end of its orders`);
    }
  }
}
