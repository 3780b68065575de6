import type { Decision, FillBooked } from '../../domain/decision.ts';
import type { Order, Side } from '../../domain/order.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

interface Open {
  readonly startedAt: number;
  readonly row: number;
}

const signed = (side: Side, qty: number): number => (side === 'buy' ? qty : -qty);

/** POS1 to POS3, ROL1 to ROL3: who owns what was traded, and how a rollback ends. */
export class CustodyInvariants {
  readonly #say: (text: string) => void;
  readonly #orders = new Map<number, Readonly<Order>>();
  readonly #booked = new Set<string>();
  readonly #rollbacks: Open[] = [];
  readonly #taken = new Set<number>();
  readonly #net: number[] = [0, 0];
  /** Lots came to a custodian that no order of ours explains: nobody can foresee those. */
  #foreign = false;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    this.#overtaken(turn);
    for (const decision of turn.decisions) this.#decided(decision, turn, desk);
    for (const { startedAt, row } of this.#rollbacks)
      if (turn.at > startedAt + 1_000_000) this.#say(`ROL1 the rollback of row ${row} is not over after ${turn.at - startedAt} us`);
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
        this.#rollbacks.push({ startedAt: turn.at, row: decision.row });
        return;
      case 'rollbackStepDone':
        if (decision.step === 'RB4') this.#taken.add(decision.row);
        return;
      case 'rollbackCompleted': {
        const ix = this.#rollbacks.findIndex((one) => one.row === decision.row);
        if (ix < 0) this.#say(`ROL2 row ${decision.row} was rolled back once and completed twice`);
        else this.#rollbacks.splice(ix, 1);
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
