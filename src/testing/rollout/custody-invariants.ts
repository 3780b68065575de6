import { wakeWithin } from '../../core/rollout/reactivation.ts';
import type { Decision, FillBooked, RollbackStepDone } from '../../domain/decision.ts';
import type { Order, Side } from '../../domain/order.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

interface Open {
  readonly startedAt: number;
  readonly row: number;
  /** RB3 is done: each order is over, or was escalated. */
  confirmed: boolean;
}

const everyStep = 'RB1 RB2 RB3 RB4 RB5';
const signed = (side: Side, qty: number): number => (side === 'buy' ? qty : -qty);

/** POS1 to POS3, ROL1 to ROL3: who owns what was traded, and how a rollback ends. */
export class CustodyInvariants {
  readonly #say: (text: string) => void;
  readonly #orders = new Map<number, Readonly<Order>>();
  readonly #booked = new Set<string>();
  readonly #rollbacks: Open[] = [];
  readonly #taken = new Set<number>();
  /** Steps of each rollback that have a done-record. */
  readonly #steps = new Map<number, string[]>();
  readonly #net: number[] = [0, 0];
  /** Lots came to a custodian that no order of ours explains: nobody can foresee those. */
  #foreign = false;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    this.#overtaken(turn);
    // the clocks of what was under way begin anew
    if (turn.input.kind === 'start') this.#rollbacks.forEach((one, i) => (this.#rollbacks[i] = { ...one, startedAt: turn.at }));
    for (const decision of turn.decisions) this.#decided(decision, turn, desk);
    this.#fenced(turn);
    for (const { startedAt, row, confirmed } of this.#rollbacks) {
      const after = turn.at - startedAt;
      if (!confirmed && after > 1_000_000) this.#say(`ROL1 the orders of row ${row} are neither over nor escalated after ${after} us`);
      if (after > 1_000_000 + wakeWithin) this.#say(`ROL1 the rollback of row ${row} is not over after ${after} us`);
    }
    if (turn.input.kind !== 'report' && turn.input.kind !== 'externalFill' && turn.input.kind !== 'timer') return;
    this.#positions(desk);
  }

  finish(desk: RolloutDesk): void {
    this.#positions(desk);
    for (const { row } of this.#rollbacks) this.#say(`ROL1 the rollback of row ${row} never ended`);
  }

  /** The order table ends an order at the venue's word, although its figure says that fills are still on their way: nobody counts those. */
  #overtaken({ input, decisions }: Turn): void {
    if (input.kind !== 'report' || (input.execType !== 'canceled' && input.execType !== 'expired')) return;
    if (decisions.some((one) => one.kind === 'orderStateChanged' && one.cumQty < input.cumQty)) this.#foreign = true;
  }

  #decided(decision: Decision, turn: Turn, desk: RolloutDesk): void {
    switch (decision.kind) {
      case 'orderSent':
      case 'replaceSent':
        this.#orders.set(decision.order.clOrdID, decision.order);
        if (desk.core.gate.rows[decision.order.row].custodian) this.#flattening(decision.order);
        return;
      case 'triggerFired':
        if (this.#rollbacks.some((one) => one.row === decision.row)) this.#say(`ROL2 row ${decision.row} is rolled back twice at a time`);
        this.#rollbacks.push({ startedAt: turn.at, row: decision.row, confirmed: false });
        return;
      case 'rollbackStepDone':
        if (decision.step === 'RB4') this.#taken.add(decision.row);
        if (decision.step === 'RB3') this.#confirmed(decision.row);
        return this.#stepped(decision, turn);
      case 'rollbackCompleted': {
        const ix = this.#rollbacks.findIndex((one) => one.row === decision.row);
        if (ix < 0) this.#say(`ROL2 row ${decision.row} was rolled back once and completed twice`);
        else this.#rollbacks.splice(ix, 1);
        if ((this.#steps.get(decision.rollback) ?? []).join(' ') !== everyStep)
          this.#say(`ROL5 rollback ${decision.rollback} ended with the steps ${(this.#steps.get(decision.rollback) ?? []).join(' ')}`);
        if (decision.residual !== 0) this.#say(`POS3 row ${decision.row} keeps ${decision.residual} lots after its rollback`);
        return;
      }
      case 'lifecycleChanged':
        if (decision.from === 'Halted') this.#taken.delete(decision.row);
        return;
      case 'fillBooked':
        return this.#filled(decision, desk);
      default:
        return;
    }
  }

  #confirmed(row: number): void {
    for (const one of this.#rollbacks) if (one.row === row) one.confirmed = true;
  }

  /** Each step once; between RB4 and RB5 capital goes to no row but one that stood by (ROL4; what it needs for that is in reactivation-invariants.ts). */
  #stepped({ rollback, step, row }: RollbackStepDone, { decisions }: Turn): void {
    const steps = this.#steps.get(rollback) ?? [];
    if (steps.includes(step)) this.#say(`ROL2 step ${step} of rollback ${rollback} was done twice`);
    steps.push(step);
    this.#steps.set(rollback, steps);
    if (step !== 'RB5') return;
    const [flat, ended] = ['RB4', 'RB5'].map((name) =>
      decisions.findIndex((one) => one.kind === 'rollbackStepDone' && one.rollback === rollback && one.step === name),
    );
    const woken = decisions.flatMap((one) =>
      one.kind === 'lifecycleChanged' && one.from === 'Standby' && one.to === 'Active' ? [one.row] : [],
    );
    for (const one of flat < 0 ? [] : decisions.slice(flat + 1, ended)) {
      if (one.kind !== 'rowChanged' || one.row === row || one.mode !== 'ACTIVE' || one.stage < 0 || woken.includes(one.row)) continue;
      if (one.cap.hi > 0 || one.cap.lo > 0) this.#say(`ROL4 rollback ${rollback} gave capital to row ${one.row}`);
    }
  }

  /** RB1 and RB2 follow their trigger in its turn, whatever else fails. */
  #fenced({ decisions }: Turn): void {
    for (const { row } of decisions.filter((one) => one.kind === 'triggerFired')) {
      const halted = decisions.some((one) => one.kind === 'rowChanged' && one.row === row && one.mode === 'HALTED');
      const done = decisions.flatMap((one) => (one.kind === 'rollbackStepDone' && one.row === row ? [one.step] : []));
      if (!halted || done[0] !== 'RB1' || done[1] !== 'RB2')
        this.#say(`ROL5 row ${row} was not fenced and taken back in the turn of its trigger`);
    }
  }

  #flattening(order: Readonly<Order>): void {
    if (!order.reduceOnly) this.#say(`ROL3 order ${order.clOrdID} of the custodian is not reduce-only`);
  }

  #filled(fill: FillBooked, desk: RolloutDesk): void {
    const { execID, row, clOrdID, listing, side, lastQty, position } = fill;
    if (this.#booked.has(execID)) this.#say(`POS2 fill ${execID} was booked twice`);
    this.#booked.add(execID);
    const order = this.#orders.get(clOrdID);
    if (order?.simulated === true) return;
    this.#net[listing] += signed(side, lastQty);
    if (fill.booking === 'external') this.#foreign = true;
    const { custodian } = desk.core.gate.rows[row];
    if (fill.booking === 'external' && !custodian) this.#say(`POS1 external fill ${execID} went to row ${row}`);
    if (order === undefined) return;
    if (this.#taken.has(order.row) && row === order.row) this.#say(`POS1 late fill ${execID} went to fenced row ${row}`);
    const before = position - signed(side, lastQty);
    if (custodian && desk.core.gate.rows[order.row].custodian && !this.#foreign && before * position < 0)
      this.#say(`ROL3 order ${clOrdID} of the custodian took ${before} lots to ${position}`);
    if (custodian && !this.#foreign && before * position < 0) this.#raced(clOrdID, before, position, desk);
  }

  /** A late fill of a fenced version may turn the position only where no lot of the custodian's selling made it do so. */
  #raced(clOrdID: number, before: number, position: number, desk: RolloutDesk): void {
    for (const { order, listing, side } of [...this.#orders.values()].map((one) => ({
      order: one,
      listing: one.listing,
      side: one.side,
    }))) {
      if (!desk.core.gate.rows[order.row].custodian || listing !== this.#orders.get(clOrdID)?.listing) continue;
      if (side === this.#orders.get(clOrdID)?.side) {
        this.#say(`ROL3 fill of ${clOrdID} took the custodian from ${before} lots to ${position} after it flattened on the same side`);
        return;
      }
    }
  }

  /** POS1 at every turn: what the sub-ledgers and the custodians hold is what was traded. */
  #positions(desk: RolloutDesk): void {
    for (const listing of [0, 1]) {
      let sum = 0;
      for (const { ix } of desk.core.gate.rows) {
        const lots = desk.core.risk.positions.leafPosition(ix, 0, listing, false);
        sum += lots;
        if (lots !== 0 && this.#taken.has(ix)) this.#say(`POS1 fenced row ${ix} holds ${lots} lots`);
      }
      if (sum !== this.#net[listing]) this.#say(`POS1 rows hold ${sum} lots of listing ${listing}, traded were ${this.#net[listing]}`);
    }
  }
}
