import { firstOpen, nextOpen } from '../../core/orders/order-store.ts';
import { clOrdIDText } from '../../domain/ids.ts';
import type { Session } from './session.ts';

/** Breaks that are open after the venues were asked, and what they are. */
export interface Comparison {
  readonly breaks: number;
  readonly text: string;
}

/** Most breaks that are told one by one. */
const mostTold = 8;

/**
 * Open orders and positions of the desk against the venue's word; called when everything under way has come back. What the venue's answers to the start's
 * questions have settled (missed fills, orders that it never had) is no break any more. Rules for each class of break come with the reconciliation room.
 */
export async function compareVenues(session: Session): Promise<Comparison> {
  const breaks: string[] = [];
  const { core, market, view } = session;
  const atVenue = new Set(core.registry.accounts.flatMap(({ ix }) => market.port.openOrders(ix).map(({ clOrdID }) => clOrdID)));
  for (let order = firstOpen(core.orders); order !== undefined; order = nextOpen(core.orders, order)) {
    if (order.simulated) continue;
    const { clOrdID, term } = order;
    if (!atVenue.delete(clOrdID)) breaks.push(`order ${clOrdIDText(term, clOrdID)} is open here and not at the venue`);
  }
  for (const clOrdID of atVenue) breaks.push(`order ${clOrdIDText(core.term, clOrdID)} is open at the venue and not here`);
  // the view keeps the latest comparisons only: how many it holds says nothing
  const before = new Set(view.positionsCompared);
  await session.reconcile();
  const compared = view.positionsCompared.filter((one) => !before.has(one));
  const asked = core.registry.accounts.length * core.registry.instruments.length;
  if (compared.length < asked) breaks.push(`${asked - compared.length} of ${asked} positions were not compared`);
  for (const { account, instrument, ledger, venue, equal } of compared) {
    if (!equal) breaks.push(`position of account ${account} in instrument ${instrument}: ledger ${ledger}, venue ${venue}`);
  }
  const more = breaks.length > mostTold ? ` and ${breaks.length - mostTold} more` : '';
  return { breaks: breaks.length, text: `${breaks.slice(0, mostTold).join('; ')}${more}` };
}
