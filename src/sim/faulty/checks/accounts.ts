import type { Core } from '../../../core/core.ts';
import { allAccounts, moneyOfTick } from '../stage.ts';
import type { OrderFacts } from './orders.ts';
import type { RowFacts } from './rows.ts';
import type { SliceFacts } from './slices.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/**
 * CAP2 by the checker's own books, over all slices that trade at an account: what the lots and the open orders there take, at entry cost and in full, is within the capital of those slices, as long as no
 * fill has passed its reservation; what their versions are given, their reserves beside it, too; and each order and fill stands at the account that its slice has at that venue.
 */
export class AccountFacts implements Fold {
  readonly #slices: SliceFacts;
  readonly #orders: OrderFacts;
  readonly #rows: RowFacts;
  readonly #leastPrice: number;
  readonly #count: Count;

  constructor(slices: SliceFacts, orders: OrderFacts, rows: RowFacts, leastPrice: number, count: Count) {
    this.#slices = slices;
    this.#orders = orders;
    this.#rows = rows;
    this.#leastPrice = leastPrice;
    this.#count = count;
  }

  /** After the folds of slices, orders and rows have taken the turn. */
  take({ decisions }: Turn, _core: Core | undefined, say: Say): void {
    let given = false;
    for (const decision of decisions) {
      if (decision.kind === 'fillBooked') {
        const { execID, account, listing, row, booking } = decision;
        // what no order explains goes to the first custodian there is
        if (booking !== 'external' && this.#slices.accountAt(row, listing) !== account)
          say('CAP2', `fill ${execID} of listing ${listing}, row ${row}, was booked to account ${account}`);
      } else if (decision.kind === 'orderSent' || decision.kind === 'replaceSent') {
        const { clOrdID, account, listing, row, simulated } = decision.order;
        if (!this.#isCustodian(row) && this.#slices.accountAt(row, listing) !== account)
          say('CAP2', `order ${clOrdID} of listing ${listing}, row ${row}, went to account ${account}`);
        if (!simulated) this.#within(account, clOrdID, say);
      } else given ||= decision.kind === 'rowChanged' && decision.cap.hi + decision.cap.lo > 0;
    }
    if (given) for (let account = 0; account < allAccounts.length; account++) this.#given(account, say);
  }

  #isCustodian(row: number): boolean {
    return this.#rows.rows.at(row)?.custodian === true;
  }

  #within(account: number, clOrdID: number, say: Say): void {
    // lots that a fill put right, or that came past every reservation, are nobody's promise
    if (this.#rows.overdrawn || this.#orders.blurred.size > 0) return;
    this.#count('CAP2');
    const used = this.#orders.usedAt(account, (row, listing) => this.#slices.accountAt(row, listing), this.#leastPrice) * moneyOfTick;
    const most = this.#sum(account, (sliceID) => this.#slices.terms.get(sliceID)?.total ?? 0);
    if (used > most) say('CAP2', `${allAccounts[account].accountID} has ${used / 1e6} of ${most / 1e6} USD in use with order ${clOrdID}`);
  }

  /** Nobody's cap, and no reserve, is promised twice. */
  #given(account: number, say: Say): void {
    const slices = this.#slices.at(account);
    if (slices.filter((sliceID) => this.#rows.capsOf(sliceID) > 0).length > 1) this.#count('CAP2 over several slices');
    const given = this.#sum(account, (sliceID) => this.#rows.capsOf(sliceID) + (this.#slices.terms.get(sliceID)?.reserve ?? 0));
    const most = this.#sum(account, (sliceID) => this.#slices.terms.get(sliceID)?.total ?? 0);
    if (given > most)
      say(
        'CAP2',
        `${slices.join(' and ')} give ${given / 1e6} of ${most / 1e6} USD at ${allAccounts[account].accountID}, reserves beside it`,
      );
  }

  #sum(account: number, of: (sliceID: string) => number): number {
    return this.#slices.at(account).reduce((sum, sliceID) => sum + of(sliceID), 0);
  }
}
