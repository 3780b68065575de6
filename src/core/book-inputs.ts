import { splitZero } from '../base/split.ts';
import { lotsUnchecked, type Micros } from '../base/units.ts';
import type { RowIx } from '../domain/ids.ts';
import type { CashFlow, CorporateAction, ExternalFill } from '../domain/input.ts';
import { positionChanged } from './bookings.ts';
import type { Core } from './core.ts';
import { splitMark } from './market/marks.ts';
import type { Outcome } from './outcome.ts';
import { watchPositions } from './position-limit-watch.ts';
import { bookFill } from './positions/booking.ts';
import { bookCashFlow, isCapital } from './positions/cash-flow.ts';
import { leafLink, leafOf, isSimulatedLeaf } from './positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_CURRENCY, LEAF_LISTING, LEAF_ROW, noLeaf } from './positions/ledger.ts';
import { applyStockSplit, type SplitLeaf } from './positions/stock-split.ts';
import { positionLimit } from './risk/limits.ts';
import { accountMoved } from './risk/margin-use.ts';
import { cashMoved } from './risk/moves.ts';
import { refreshClocks } from './rollout/controller.ts';
import { splitFlattening } from './rollout/custodian.ts';
import { isOnPaper, servedBy } from './rollout/rollout.ts';
import { isFrozen, type Swap } from './rollout/swap.ts';
import { abortSwapsOf } from './rollout/swap-abort.ts';

const money = splitZero();

/** Money without a fill, booked to its purse: capital moves the account's equity, anything else the row's result. What the ledger refuses is said at once. */
export function takeCashFlow(core: Core, flow: CashFlow, outcome: Outcome): void {
  const simulated = flow.row >= 0 && earnsOnPaper(core, flow.row);
  const refusal = bookCashFlow(core.ledger, flow, simulated);
  if (refusal !== undefined) return void notBooked(`cash flow ${flow.reference}: ${refusal.code}`, outcome);
  if (isCapital(flow.flow) || flow.row < 0) return accountMoved(core.risk, flow.account);
  const { row, account, currency, hi, lo } = flow;
  outcome.decisions.push({
    kind: 'holdingChanged',
    cause: flow.flow,
    row,
    account,
    listing: -1,
    simulated,
    position: lotsUnchecked(0),
    cash: { hi, lo },
    currency,
  });
  money.hi = flow.hi;
  money.lo = flow.lo;
  if (cashMoved(core.risk, flow.row, flow.account, flow.instrument, flow.currency, money, simulated)) return;
  const text = `cash flow ${flow.reference}: is in the ledger, no monitor sees it: the row trades nothing there, or no rate is known`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'medium', subject: 'CASH_FLOW_UNSEEN', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: 'CASH_FLOW_UNSEEN', text });
}

/** A version before its first stage, or one that stands by, trades no capital: money that its paper positions earn stays on its paper side. A custodian serves no deployment. */
function earnsOnPaper({ rollout }: Core, row: RowIx): boolean {
  const deployment = servedBy(rollout, row);
  return deployment !== undefined && (deployment.stage < 0 || isOnPaper(rollout, row));
}

/** A split scales every position of the instrument, what is known of its prices, and what the custodian works off; no order is judged by them until the next quote. Dividends come as cash flows. */
export function takeCorporateAction(core: Core, { action, instrument, numerator, denominator }: CorporateAction, outcome: Outcome): void {
  if (action !== 'split') return;
  const scaled = applyStockSplit(core.ledger, instrument, numerator, denominator, core.marks);
  if (!scaled.ok) return void notBooked(`split of ${core.registry.instruments[instrument].instrumentID}: ${scaled.error.code}`, outcome);
  for (const listing of core.registry.listings) {
    if (listing.instrument === instrument) splitMark(core.marks, listing.ix, numerator, denominator);
  }
  splitFlattening(core, instrument, numerator, denominator);
  for (const one of scaled.value) leafScaled(core, one, outcome);
  // the state that was to go over knows the lots of before
  const knows = ({ from }: Swap): boolean =>
    core.registry.listings.some((one) => one.instrument === instrument && core.gate.rows[from].universe[one.ix] === 1);
  abortSwapsOf(core, (swap) => isFrozen(swap) && knows(swap), `a split of ${core.registry.instruments[instrument].instrumentID}`, outcome);
  refreshClocks(core, core.at);
}

function leafScaled(core: Core, { leaf, cashInLieu }: SplitLeaf, outcome: Outcome): void {
  const { ledger } = core;
  const [row, account] = [leafLink(ledger, leaf, LEAF_ROW), leafLink(ledger, leaf, LEAF_ACCOUNT)];
  const [listing, currency] = [leafLink(ledger, leaf, LEAF_LISTING), leafLink(ledger, leaf, LEAF_CURRENCY)];
  const simulated = isSimulatedLeaf(ledger, leaf);
  const cash = { hi: cashInLieu.hi, lo: cashInLieu.lo };
  const position = core.lotsOf(leaf);
  outcome.decisions.push({ kind: 'holdingChanged', cause: 'split', row, account, listing, simulated, position, cash, currency });
  positionChanged(core, row, account, listing, simulated, 'stockSplit', outcome);
}

/** Lots that came from outside belong to the custodian of the first slice that trades with the account's group. @returns whether they are in the ledger. */
export function bookExternalFill(core: Core, fill: ExternalFill, at: Micros, outcome: Outcome): boolean {
  const { gate, registry, ledger, booking } = core;
  const group = registry.accounts[fill.account].account.accountGroup;
  const slice = gate.slices.find((one) => one.accountGroup === group);
  if (slice === undefined) return notBooked(`fill ${fill.execID}: no slice trades with account group ${group}`, outcome);
  const row = slice.custodian;
  const leaf = leafOf(ledger, row, fill.account, fill.listing, false);
  const refusal =
    leaf === noLeaf ? 'LEAF_CAPACITY_REACHED' : bookFill(ledger, leaf, fill.side, fill.lastQty, fill.lastPx, 0, 0, 0, 0, at, booking)?.code;
  if (refusal !== undefined) return notBooked(`fill ${fill.execID}: ${refusal}`, outcome);
  outcome.decisions.push({
    kind: 'fillBooked',
    booking: 'external',
    clOrdID: 0,
    execID: fill.execID,
    row,
    account: fill.account,
    listing: fill.listing,
    side: fill.side,
    lastQty: fill.lastQty,
    lastPx: fill.lastPx,
    realized: { hi: booking.realized.hi, lo: booking.realized.lo },
    fee: { hi: 0, lo: 0 },
    position: core.lotsOf(leaf),
  });
  positionChanged(core, row, fill.account, fill.listing, false, 'external', outcome);
  if (core.risk.limits.active[positionLimit] > 0) watchPositions(core, row, fill.account, fill.listing, core.seq, outcome);
  return true;
}

function notBooked(text: string, outcome: Outcome): false {
  outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'NOT_BOOKED', value: 1, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'NOT_BOOKED', text });
  return false;
}
