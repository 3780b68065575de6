import { splitZero } from '../../base/split.ts';
import { lotsUnchecked } from '../../base/units.ts';
import type { ClOrdID, RowIx, Seq } from '../../domain/ids.ts';
import { positionChanged } from '../bookings.ts';
import type { Core } from '../core.ts';
import { knownTwice } from '../market/marks.ts';
import { cancelOrder } from '../order-flow.ts';
import { firstOfRow, nextOfRow } from '../orders/order-store.ts';
import type { Outcome } from '../outcome.ts';
import { firstLeafOf, isSimulatedLeaf, leafLink, leafOf, nextLeafOf, positionOfLeaf } from '../positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_CURRENCY, LEAF_LISTING, noLeaf } from '../positions/ledger.ts';
import { createTransfer, transferLots } from '../positions/transfer.ts';

const transfer = createTransfer();
const nothing = splitZero();

/** Nothing of an earlier run on paper is the instance's that begins now: orders that still work at the simulator are asked back again, lots leave its paper side. */
export function closePaper(core: Core, row: RowIx, seq: Seq, outcome: Outcome): void {
  const open: ClOrdID[] = [];
  for (let order = firstOfRow(core.orders, row); order !== undefined; order = nextOfRow(core.orders, order))
    if (order.simulated) open.push(order.clOrdID);
  for (const clOrdID of open) cancelOrder(core, clOrdID, seq, 'of an earlier run on paper', outcome);
  closePaperPositions(core, row, outcome);
}

/**
 * Lots that an earlier run of this version had on paper are nobody's: the instance that begins now is flat. They leave its paper side at the mark, so that neither its monitors nor a start nor a
 * hand-over takes them for its own; the custodian's paper side, which counts nowhere, has them from now on.
 */
function closePaperPositions(core: Core, row: RowIx, outcome: Outcome): void {
  const { ledger, gate, marks } = core;
  const { custodian } = gate.slices[gate.rows[row].slice];
  for (let leaf = firstLeafOf(ledger, row); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf)) {
    const position = positionOfLeaf(ledger, leaf);
    if (position === 0 || !isSimulatedLeaf(ledger, leaf)) continue;
    const [account, listing] = [leafLink(ledger, leaf, LEAF_ACCOUNT), leafLink(ledger, leaf, LEAF_LISTING)];
    const to = leafOf(ledger, custodian, account, listing, true);
    if (to === noLeaf || transferLots(ledger, leaf, to, Math.abs(position), knownTwice(marks, listing), transfer) !== undefined) {
      const text = `${gate.rows[row].sliceID}/${gate.rows[row].version}: ${position} lots of an earlier run on paper stay, the ledger takes no more leaves`;
      outcome.decisions.push({ kind: 'alertRaised', severity: 'medium', subject: 'PAPER_LOTS_STAY', value: position, limit: 0, text });
      outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: 'PAPER_LOTS_STAY', text });
      continue;
    }
    outcome.decisions.push({
      kind: 'holdingChanged',
      cause: 'paperRun',
      row,
      account,
      listing,
      simulated: true,
      position: lotsUnchecked(0),
      cash: { hi: nothing.hi, lo: nothing.lo },
      currency: leafLink(ledger, leaf, LEAF_CURRENCY),
    });
    positionChanged(core, row, account, listing, true, 'handover', outcome);
    positionChanged(core, custodian, account, listing, true, 'handover', outcome);
  }
}
