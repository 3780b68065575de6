import { assert } from '../../base/assert.ts';
import { divideDecimal, parseSplit } from '../../base/decimal.ts';
import { splitZero, type Split } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { clOrdIDOf, type ClOrdID, type ListingIx, type RowIx } from '../../domain/ids.ts';
import type { Registration } from '../../domain/input.ts';
import type { AssetClass, MarginModel } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import { applyMark, createMarks, type Marks } from '../../core/market/marks.ts';
import { createPositionSource } from '../../core/position-source.ts';
import { bookFill, createBooking } from '../../core/positions/booking.ts';
import { leafOf } from '../../core/positions/leaf.ts';
import { addRow as addLedgerRow, createLedger, noLeaf, type Ledger } from '../../core/positions/ledger.ts';
import { createRegistry, register, type Registry } from '../../core/registry.ts';
import type { RiskCapacities } from '../../core/risk/capacities.ts';
import { acceptChild, acceptOrder } from '../../core/risk/checked.ts';
import { createAsker, type Asker, type WantedOrder } from '../../core/risk/check-context.ts';
import { checkOrder } from '../../core/risk/gate.ts';
import { markMoved, positionMoved } from '../../core/risk/moves.ts';
import { orderChanged, orderClosed } from '../../core/risk/open-orders.ts';
import { addRow, addSlice, modeSimulated, setRowAccount, setUniverse } from '../../core/risk/order-gate.ts';
import { createRisk, riskRegistered, setFirm, type Risk } from '../../core/risk/risk.ts';
import type { CheckOutcome } from '../../core/risk/verdict.ts';

/** A small desk around the risk room: the real registry, marks and ledger, and just enough of an order store to fill and cancel. */
export interface RiskDesk {
  readonly registry: Registry;
  readonly marks: Marks;
  readonly ledger: Ledger;
  readonly risk: Risk;
  readonly orders: Map<ClOrdID, Order>;
  readonly asker: Asker;
  requests: number;
}

export const everything: VenueCapabilities = {
  ordTypes: ['market', 'limit', 'stop', 'stopLimit', 'trailingStop', 'bracket'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok', 'gtd'],
  postOnly: true,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'none',
  selfMatchID: true,
  queryByClOrdID: true,
  throttlePerSecond: 0,
};

export const smallCapacities: Partial<RiskCapacities> = {
  slices: 16,
  rows: 64,
  openOrders: 512,
  routes: 1_024,
  cells: 4_096,
  duplicates: 512,
  orderLog: 512,
};

export function createDesk(capacities: Partial<RiskCapacities> = smallCapacities, listings = 256): RiskDesk {
  const registry = createRegistry();
  const marks = createMarks(listings);
  const ledger = createLedger(registry);
  const source = createPositionSource(registry, ledger);
  const risk = createRisk(registry, marks, source.view, capacities);
  source.connect(risk.gate, risk.rates, () => risk.firmCurrency);
  return { registry, marks, ledger, risk, orders: new Map(), asker: createAsker(), requests: 0 };
}

export function tell(desk: RiskDesk, registration: Registration): number {
  const added = register(desk.registry, registration);
  assert(added.ok, added.ok ? '' : added.error);
  riskRegistered(desk.risk, registration, added.value);
  return added.value;
}

export function addCurrency(desk: RiskDesk, code: string, exponent = 12, feeDecimals = 2): number {
  return tell(desk, { kind: 'register', what: 'currency', currency: { code, exponent, feeDecimals } });
}

export function addVenue(desk: RiskDesk, venueID: string, capabilities: VenueCapabilities = everything): number {
  return tell(desk, { kind: 'register', what: 'venue', venue: { venueID, simulated: true, capabilities } });
}

export function addAccount(desk: RiskDesk, accountID: string, venueID: string, margin: MarginModel = { kind: 'cash' }): number {
  return tell(desk, { kind: 'register', what: 'account', account: { accountID, venueID, accountGroup: 'main', margin } });
}

export interface ListingTerms {
  readonly instrumentID: string;
  readonly venueID: string;
  readonly currency?: string;
  readonly assetClass?: AssetClass;
  readonly baseCurrency?: string;
  readonly sector?: string;
  readonly calendar?: string;
  readonly priceUnit?: string;
  readonly lot?: string;
  readonly baseUnit?: string;
  readonly tickTable?: readonly { readonly fromPrice: number; readonly step: number }[];
  readonly minQty?: number;
  readonly maxQty?: number;
}

/** Lists an instrument at a venue as `INSTRUMENT.VENUE`; registers the instrument first when it is new. */
export function addListing(desk: RiskDesk, terms: ListingTerms): ListingIx {
  const { instrumentID, venueID } = terms;
  if (!desk.registry.instrumentIx.has(instrumentID)) {
    const base = {
      instrumentID,
      assetClass: terms.assetClass ?? 'equity',
      currency: terms.currency ?? 'USD',
      baseUnit: terms.baseUnit ?? '1',
    } as const;
    const sector = terms.sector === undefined ? {} : { sector: terms.sector };
    const pair = terms.baseCurrency === undefined ? {} : { baseCurrency: terms.baseCurrency };
    tell(desk, { kind: 'register', what: 'instrument', instrument: { ...base, ...sector, ...pair } });
  }
  const least = terms.minQty === undefined ? {} : { minQty: terms.minQty };
  const most = terms.maxQty === undefined ? {} : { maxQty: terms.maxQty };
  const listing = {
    listingID: `${instrumentID}.${venueID}`,
    instrumentID,
    venueID,
    symbol: instrumentID,
    priceUnit: terms.priceUnit ?? '0.01',
    tickTable: (terms.tickTable ?? []).map(({ fromPrice, step }) => ({ fromPrice: ticksUnchecked(fromPrice), step })),
    lot: terms.lot ?? '1',
    multiplier: '1',
    calendar: terms.calendar ?? 'ALWAYS',
    ...least,
    ...most,
  };
  return tell(desk, { kind: 'register', what: 'listing', listing });
}

/** A decimal text as money of a registered currency. */
export function moneyOf(desk: RiskDesk, text: string, currency: string): Split {
  const out = splitZero();
  const ix = desk.registry.currencyIx.get(currency) ?? -1;
  const parsed = parseSplit(text, desk.registry.currencies[ix].exponent, out);
  assert(parsed.ok, `expected money, was ${text}`);
  return out;
}

export function setFirmCapital(desk: RiskDesk, currency: string, capital: string): void {
  setFirm(desk.risk, desk.registry.currencyIx.get(currency) ?? -1, moneyOf(desk, capital, currency));
}

/** A slice `algorithm@main.CURRENCY` with its custodian. */
export function addDeskSlice(desk: RiskDesk, algorithmID: string, currency: string, total: string, reserve: string): number {
  const { gate } = desk.risk;
  const algorithm = gate.slices.find((s) => s.algorithmID === algorithmID)?.algorithm ?? gate.slices.length;
  const added = addSlice(gate, {
    sliceID: `${algorithmID}@main.${currency}`,
    algorithm,
    algorithmID,
    accountGroup: 'main',
    currency: desk.registry.currencyIx.get(currency) ?? -1,
    total: moneyOf(desk, total, currency),
    reserve: moneyOf(desk, reserve, currency),
  });
  assert(added.ok, added.ok ? '' : added.error);
  addLedgerRow(desk.ledger, gate.slices[added.value].custodian, algorithm);
  return added.value;
}

/** A version of a slice that may trade everything listed, with the first account at each venue. */
export function addVersion(desk: RiskDesk, slice: number, version: string): RowIx {
  const { gate } = desk.risk;
  const added = addRow(gate, slice, version);
  assert(added.ok, added.ok ? '' : added.error);
  addLedgerRow(desk.ledger, added.value, gate.slices[slice].algorithm);
  setUniverse(gate, added.value, [...desk.registry.listings.keys()]);
  for (const row of [added.value, gate.slices[slice].custodian]) {
    for (const { account, ix } of desk.registry.accounts) {
      const venue = desk.registry.venueIx.get(account.venueID) ?? -1;
      if (!gate.rows[row].accounts.has(venue)) setRowAccount(gate, row, venue, ix);
    }
  }
  return added.value;
}

/** Ticks of a price text at a listing. */
export function ticksAt(desk: RiskDesk, listing: ListingIx, text: string): number {
  const { priceUnit } = desk.registry.listings[listing].listing;
  const count = divideDecimal(text, priceUnit);
  assert(count.ok, `expected a price in ${priceUnit}, was ${text}`);
  return count.value;
}

export function quote(desk: RiskDesk, listing: ListingIx, bid: number, ask: number, at: number, last = 0): void {
  const mark = { kind: 'mark', listing, feed: 0, feedSeq: 0, eventTime: microsUnchecked(at), eventSeq: 0 } as const;
  const qty = (price: number): ReturnType<typeof lotsUnchecked> => lotsUnchecked(price > 0 ? 100 : 0);
  applyMark(
    desk.marks,
    { ...mark, bid: ticksUnchecked(bid), bidQty: qty(bid), ask: ticksUnchecked(ask), askQty: qty(ask), last: ticksUnchecked(last) },
    microsUnchecked(at),
  );
  markMoved(desk.risk, listing);
}

export const plainOrder: WantedOrder = {
  listing: 0,
  side: 'buy',
  ordType: 'limit',
  timeInForce: 'gtc',
  orderQty: lotsUnchecked(1),
  price: ticksUnchecked(0),
  stopPx: ticksUnchecked(0),
  targetPx: ticksUnchecked(0),
  trailOffset: 0,
  expireTime: microsUnchecked(0),
  postOnly: false,
  reduceOnly: false,
  reason: '',
  compliance: '',
};

/** Checks an order of a row as the engine would; `replaces` 0 = a new one. */
export function ask(desk: RiskDesk, row: RowIx, wanted: WantedOrder, at: number, replaces: ClOrdID = 0): CheckOutcome {
  const { risk, asker, registry } = desk;
  asker.row = row;
  asker.account =
    registry.listings[wanted.listing] === undefined
      ? -1
      : (risk.gate.rows[row].accounts.get(registry.listings[wanted.listing].venue) ?? -1);
  asker.epoch = risk.gate.epoch[row];
  asker.term = risk.term;
  asker.simulated = risk.gate.mode[row] === modeSimulated;
  asker.replaces = replaces === 0 ? null : (desk.orders.get(replaces) ?? null);
  return checkOrder(risk, wanted, asker, microsUnchecked(at));
}

/** Checks an order and, when it passes, sends it. @returns its number, 0 = not sent. */
export function send(desk: RiskDesk, row: RowIx, wanted: WantedOrder, at: number, replaces: ClOrdID = 0): ClOrdID {
  if (ask(desk, row, wanted, at, replaces) !== 'passed') return 0;
  const entry = orderOf(desk, row, wanted, replaces);
  acceptOrder(desk.risk, entry);
  desk.orders.set(entry.clOrdID, entry);
  if (replaces !== 0) orderOfDesk(desk, replaces).ordStatus = 'pendingReplace';
  if (wanted.ordType === 'bracket') {
    const child = { ...entry, side: wanted.side === 'buy' ? 'sell' : 'buy', bracketOf: entry.clOrdID } as const;
    const stop: Order = { ...child, clOrdID: nextID(desk), ordType: 'stop', price: ticksUnchecked(0), stopPx: wanted.stopPx, leg: 'stop' };
    const target: Order = { ...child, clOrdID: nextID(desk), ordType: 'limit', price: wanted.targetPx, leg: 'target' };
    for (const one of [stop, target]) {
      acceptChild(desk.risk, one, entry);
      desk.orders.set(one.clOrdID, one);
    }
  }
  return entry.clOrdID;
}

function nextID(desk: RiskDesk): ClOrdID {
  return clOrdIDOf(1 + desk.requests++, 0);
}

function orderOf(desk: RiskDesk, row: RowIx, wanted: WantedOrder, replaces: ClOrdID): Order {
  const { asker } = desk;
  const bracket = wanted.ordType === 'bracket';
  const old = replaces === 0 ? undefined : desk.orders.get(replaces);
  const cumQty = old?.cumQty ?? lotsUnchecked(0);
  return {
    // field by field: an object made by spreading this many is slow to read
    listing: wanted.listing,
    side: wanted.side,
    timeInForce: wanted.timeInForce,
    orderQty: wanted.orderQty,
    price: wanted.price,
    stopPx: wanted.stopPx,
    targetPx: wanted.targetPx,
    trailOffset: wanted.trailOffset,
    expireTime: wanted.expireTime,
    postOnly: wanted.postOnly,
    reduceOnly: wanted.reduceOnly,
    reason: wanted.reason,
    compliance: wanted.compliance,
    ordType: !bracket ? wanted.ordType : wanted.price > 0 ? 'limit' : 'market',
    clOrdID: nextID(desk),
    origClOrdID: replaces,
    row,
    deployment: -1,
    stage: -1,
    account: asker.account,
    term: asker.term,
    epoch: asker.epoch,
    tag: 0,
    eventSeq: 0,
    leg: bracket ? 'entry' : 'none',
    bracketOf: 0,
    simulated: asker.simulated,
    parentOrderID: 0,
    decisionAt: microsUnchecked(0),
    arrivalBid: ticksUnchecked(0),
    arrivalAsk: ticksUnchecked(0),
    ordStatus: 'new',
    cumQty,
    leavesQty: lotsUnchecked(wanted.orderQty - cumQty),
  };
}

export function orderOfDesk(desk: RiskDesk, clOrdID: ClOrdID): Order {
  const order = desk.orders.get(clOrdID);
  assert(order !== undefined, `order ${clOrdID} is open`);
  return order;
}

/** A fill of an open order: the exposure first, then the ledger, as the engine does it. `owner` = another row that takes the lots. */
export function fill(desk: RiskDesk, clOrdID: ClOrdID, qty: number, px: number, at: number, owner = -1): void {
  const order = orderOfDesk(desk, clOrdID);
  order.cumQty = lotsUnchecked(order.cumQty + qty);
  order.leavesQty = lotsUnchecked(order.leavesQty - qty);
  order.ordStatus = order.leavesQty === 0 ? 'filled' : 'partiallyFilled';
  orderChanged(desk.risk, clOrdID, order.leavesQty);
  if (order.leavesQty === 0) close(desk, clOrdID);
  const row = owner < 0 ? order.row : owner;
  const leaf = leafOf(desk.ledger, row, order.account, order.listing, order.simulated);
  assert(leaf !== noLeaf, 'the ledger has room');
  const booking = createBooking();
  const refusal = bookFill(
    desk.ledger,
    leaf,
    order.side,
    lotsUnchecked(qty),
    ticksUnchecked(px),
    0,
    0,
    0,
    clOrdID,
    microsUnchecked(at),
    booking,
  );
  assert(refusal === undefined, `the ledger books it: ${refusal?.code ?? ''}`);
  positionMoved(desk.risk, row, order.account, order.listing, order.simulated, booking);
}

/** The order is over. */
export function close(desk: RiskDesk, clOrdID: ClOrdID): void {
  orderClosed(desk.risk, clOrdID);
  desk.orders.delete(clOrdID);
}
