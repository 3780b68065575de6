import type { Core } from '../../../core/core.ts';
import { accountIDs, totalCapital } from '../stage.ts';
import type { OrderFacts } from './orders.ts';
import type { RowFacts } from './rows.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** Ticks x lots of the capital of all slices that trade at an account: a tick of a lot is 0.01 USD. */
const most = totalCapital * 100;

/**
 * CAP2 by the checker's own books: what the lots and the open orders at an account take, at entry cost and in full, is within the capital of the slices that trade there, as long as no fill
 * has passed its reservation; and each order and fill stands at the account that its row has at that venue.
 */
export class AccountFacts implements Fold {
  readonly #orders: OrderFacts;
  readonly #rows: RowFacts;
  readonly #leastPrice: number;
  readonly #accountOf: readonly number[];
  readonly #count: Count;

  constructor(orders: OrderFacts, rows: RowFacts, accountOf: readonly number[], leastPrice: number, count: Count) {
    this.#orders = orders;
    this.#rows = rows;
    this.#accountOf = accountOf;
    this.#leastPrice = leastPrice;
    this.#count = count;
  }

  /** After the folds of orders and rows have taken the turn. */
  take({ decisions }: Turn, _core: Core | undefined, say: Say): void {
    for (const decision of decisions) {
      if (decision.kind === 'fillBooked') {
        const { execID, account, listing } = decision;
        if (this.#accountOf[listing] !== account) say('CAP2', `fill ${execID} of listing ${listing} was booked to account ${account}`);
      } else if (decision.kind === 'orderSent' || decision.kind === 'replaceSent') {
        const { clOrdID, account, listing, simulated } = decision.order;
        if (this.#accountOf[listing] !== account) say('CAP2', `order ${clOrdID} of listing ${listing} went to account ${account}`);
        if (!simulated) this.#within(account, clOrdID, say);
      }
    }
  }

  #within(account: number, clOrdID: number, say: Say): void {
    // lots that a fill put right, or that came past every reservation, are nobody's promise
    if (this.#rows.overdrawn || this.#orders.blurred.size > 0) return;
    this.#count('CAP2');
    const used = this.#orders.usedAt(account, this.#accountOf, this.#leastPrice);
    if (used > most) say('CAP2', `${accountIDs[account]} has ${used / 100} of ${most / 100} USD in use with order ${clOrdID}`);
  }
}
