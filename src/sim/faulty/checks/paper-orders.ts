import type { FillBooked } from '../../../domain/decision.ts';
import type { Fold, Turn } from './turn.ts';

/** Orders that are on paper, by their records: what they fill is in no ledger of capital. Takes a turn before the folds that ask it. */
export class PaperOrders implements Fold {
  readonly #simulated = new Set<number>();

  take({ decisions }: Turn): void {
    for (const decision of decisions)
      if ((decision.kind === 'orderSent' || decision.kind === 'replaceSent') && decision.order.simulated)
        this.#simulated.add(decision.order.clOrdID);
  }

  /** Whether a fill is one of the simulator: of an order on paper, or under one of its numbers. */
  has({ clOrdID, execID }: FillBooked): boolean {
    return this.#simulated.has(clOrdID) || execID.startsWith('p');
  }
}
