import { fromBigInt, splitZero, toBigInt } from '../../base/split.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { convertInto } from '../../core/risk/rates.ts';
import type { ListingRow } from '../../core/registry.ts';
import type { DenialCode } from '../../domain/denial.ts';
import type { LimitName, LimitScope } from '../../domain/limit.ts';
import type { Order } from '../../domain/order.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import { createOwnSums, type OwnSums } from './own-sums.ts';

/** Who asks for what, as the gate is asked. */
export interface AskedOrder {
  readonly order: WantedOrder;
  readonly row: number;
  readonly account: number;
  readonly epoch: number;
  readonly term: number;
  readonly simulated: boolean;
  readonly replaces: Order | null;
  readonly at: number;
}

/** An order that left: for rates and duplicates. */
export interface SentOrder {
  readonly at: number;
  readonly asked: AskedOrder;
}

/** What a life keeps by itself beside the desk: nothing of it is read from the core. */
export interface OrderBooks {
  readonly limits: Map<string, { readonly name: LimitName; readonly scope: LimitScope; readonly scopeID: string; readonly value: number }>;
  /** Not the custodian's. */
  readonly sent: SentOrder[];
  /** Lots by `row account listing simulated`. */
  readonly positions: Map<string, number>;
  /** Scopes under a kill switch, `firm`, `account:A1`, `algorithm:maker`, `venue:NYX`. */
  readonly killed: Set<string>;
  readonly halted: Set<number>;
  readonly restricted: Set<string>;
  /** Level of the volatility index in hundredths, and when; undefined = never told. */
  volatility: { readonly level: number; readonly knownAt: number } | undefined;
  /** Undefined = no lease was ever granted. */
  lease: { readonly limit: number; readonly until: number } | undefined;
  /** Orders that the desk remembers for duplicates. */
  readonly memory: number;
  /** Routes that the desk knew before the order was asked about. */
  routes: number;
  /** What it adds up by itself. */
  readonly sums: OwnSums;
  /** Whether the firm's cut is one that stands for one order alone. */
  cut: boolean;
  /** Capital of a version that was taken to the edge of an order. */
  lowered: { readonly row: number; readonly simulated: boolean; readonly had: bigint } | undefined;
}

export function createOrderBooks(memory: number): OrderBooks {
  return {
    limits: new Map(),
    sent: [],
    positions: new Map(),
    killed: new Set(),
    halted: new Set(),
    restricted: new Set(),
    volatility: undefined,
    lease: undefined,
    memory,
    routes: 0,
    sums: createOwnSums(),
    cut: false,
    lowered: undefined,
  };
}

export const positionKey = (row: number, account: number, listing: number, simulated: boolean): string =>
  `${row} ${account} ${listing} ${simulated ? 1 : 0}`;

/** What is worked out once about an order whose form is sound, from docs/reference/denials.md and limits.md. */
export interface OrderFacts {
  readonly desk: RiskDesk;
  readonly books: OrderBooks;
  readonly asked: AskedOrder;
  readonly listing: ListingRow;
  /** +1 buy, -1 sell. */
  readonly side: 1 | -1;
  readonly leaves: number;
  readonly custodian: boolean;
  readonly reducing: boolean;
  readonly closable: number;
  /** The replaced order, where one message replaces: what it holds passes to the new one. */
  readonly old: Order | null;
  /** Half ticks; 0 = none. */
  readonly refTwice: number;
  /** The last one there was. */
  readonly knownTwice: number;
  readonly refValid: boolean;
  readonly valuePx: number;
  /** How far it may trade, ticks; Infinity or 0 = any price. */
  readonly boundPx: number;
  readonly ids: Readonly<Record<LimitScope, string>>;
}

export function factsOf(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): OrderFacts {
  const { order, row, account, simulated } = asked;
  const { registry, risk, marks } = desk;
  const listing = registry.listings[order.listing];
  const gateRow = risk.gate.rows[row];
  const instrument = registry.instruments[listing.instrument];
  const { venueID } = registry.venues[listing.venue];
  const version = `${gateRow.sliceID}/${gateRow.version}`;
  const ids = {
    firm: '',
    account: registry.accounts[account].account.accountID,
    algorithm: gateRow.algorithmID,
    version,
    venue: venueID,
    instrument: instrument.instrumentID,
    sector: instrument.sector ?? '',
    route: `${version}@${venueID}`,
  };
  const side = order.side === 'buy' ? 1 : -1;
  const atomic = registry.venues[listing.venue].capabilities.replace === 'atomic';
  const old = atomic ? asked.replaces : null;
  const leaves = order.orderQty - (asked.replaces?.cumQty ?? 0);
  const [twoSided, last] = [marks.bidQty[listing.ix] > 0 && marks.askQty[listing.ix] > 0, marks.last[listing.ix]];
  const crossed = twoSided && marks.bid[listing.ix] >= marks.ask[listing.ix];
  const refTwice = marks.at[listing.ix] === 0 ? 0 : twoSided && !crossed ? marks.bid[listing.ix] + marks.ask[listing.ix] : 2 * last;
  const knownTwice = marks.at[listing.ix] === 0 ? 0 : marks.known[listing.ix];
  const before = { desk, books, asked, listing, side, leaves, custodian: gateRow.custodian, old, refTwice, knownTwice, ids } as const;
  const position = books.positions.get(positionKey(row, account, order.listing, simulated)) ?? 0;
  const closable = Math.max(0, -side * position - openLots(before, 'own'));
  return {
    ...before,
    closable,
    reducing: leaves <= closable && order.ordType !== 'bracket',
    refValid: marks.valid[listing.ix] === 1,
    ...pricesOf(before),
  };
}

type Before = Pick<
  OrderFacts,
  'desk' | 'books' | 'asked' | 'listing' | 'side' | 'leaves' | 'custodian' | 'old' | 'refTwice' | 'knownTwice' | 'ids'
>;

/** "The price that an order is valued at" of denials.md. */
function pricesOf({ desk, books, asked, listing, side, refTwice, ids }: Before): { readonly valuePx: number; readonly boundPx: number } {
  const { ordType, price, stopPx, trailOffset } = asked.order;
  const bps = strictest(books, ids, 'priceCollarBps')?.value ?? strictest(books, ids, 'fatFingerBps')?.value ?? 500;
  const above = (twice: number): number => Number(ceilDiv(BigInt(twice) * BigInt(10_000 + bps), 20_000n));
  const bid = side < 0 && desk.marks.bidQty[listing.ix] > 0 ? desk.marks.bid[listing.ix] : 0;
  switch (ordType) {
    case 'stop': {
      const px = side > 0 ? above(2 * stopPx) : stopPx;
      return { valuePx: px, boundPx: px };
    }
    case 'trailingStop': {
      const px = refTwice > 0 ? above(refTwice + (side > 0 ? 2 * trailOffset : 0)) : 0;
      return { valuePx: px, boundPx: px };
    }
    default:
  }
  if (price > 0) return { valuePx: Math.max(price, bid), boundPx: price };
  if (refTwice <= 0) return { valuePx: 0, boundPx: side > 0 ? Infinity : 0 };
  const under = Number((BigInt(refTwice) * BigInt(10_000 - bps)) / 20_000n);
  return { valuePx: above(refTwice), boundPx: side > 0 ? above(refTwice) : Math.max(0, under) };
}

/** Scopes whose limits the checks of their names ask for; those of a version at a venue have a check of their own. */
export type CommonScope = Exclude<LimitScope, 'route'>;

/** Limits of a name that hold for the order, by scope. */
export function limitsFor(
  books: OrderBooks,
  ids: Readonly<Record<LimitScope, string>>,
  name: LimitName,
): readonly { readonly scope: CommonScope; readonly value: number }[] {
  return [...books.limits.values()].flatMap(({ name: other, scope, scopeID, value }) =>
    scope === 'route' || other !== name || scopeID !== ids[scope] ? [] : [{ scope, value }],
  );
}

/** The limit of the order's version at its venue; undefined = none. */
export function routeLimit({ books, ids }: OrderFacts, name: LimitName): number | undefined {
  return [...books.limits.values()].find((one) => one.name === name && one.scope === 'route' && one.scopeID === ids.route)?.value;
}

/** The smallest of them; undefined = none. */
export function strictest(
  books: OrderBooks,
  ids: Readonly<Record<LimitScope, string>>,
  name: LimitName,
): { readonly scope: CommonScope; readonly value: number } | undefined {
  let found: { readonly scope: CommonScope; readonly value: number } | undefined;
  for (const one of limitsFor(books, ids, name)) if (found === undefined || one.value < found.value) found = one;
  return found;
}

/** Lots of an order that count: of an unanswered replace at a venue that replaces in one message only what it asks beyond the order it replaces. */
export function countedLots(desk: RiskDesk, order: Order): number {
  const twin = order.origClOrdID === 0 || !replacesAtOnce(desk, order) ? undefined : desk.orders.get(order.origClOrdID);
  return twin === undefined ? order.leavesQty : Math.max(0, order.leavesQty - twin.leavesQty);
}

function replacesAtOnce({ registry }: RiskDesk, { listing }: Order): boolean {
  return registry.venues[registry.listings[listing].venue].capabilities.replace === 'atomic';
}

/** Whether an order or a position counts in a scope of the order, in its instrument; `own` = of its version, account and listing. A version on paper is judged as if it were alone. */
export function isWithin(
  f: Pick<OrderFacts, 'desk' | 'asked' | 'listing'>,
  scope: LimitScope | 'own',
  at: { readonly row: number; readonly account: number; readonly listing: number; readonly simulated: boolean },
): boolean {
  const { desk, asked, listing } = f;
  const { registry, risk } = desk;
  if (at.simulated !== asked.simulated) return false;
  if (scope === 'own') return at.row === asked.row && at.account === asked.account && at.listing === listing.ix;
  const other = registry.listings[at.listing];
  if (other.instrument !== listing.instrument) return false;
  if (scope === 'route') return at.row === asked.row && other.venue === listing.venue;
  if (asked.simulated) return at.row === asked.row;
  switch (scope) {
    case 'account':
      return at.account === asked.account;
    case 'algorithm':
      return risk.gate.rows[at.row].algorithm === risk.gate.rows[asked.row].algorithm;
    case 'version':
      return at.row === asked.row;
    case 'venue':
      return other.venue === listing.venue;
    case 'firm':
    case 'instrument':
    case 'sector':
      return true;
  }
}

/** The same whatever the instrument, but for the scopes of instruments and sectors; what is on paper is in none. */
export function isWithinAny(
  { desk, asked, listing, ids }: OrderFacts,
  scope: CommonScope,
  at: { readonly row: number; readonly account: number; readonly listing: number; readonly simulated: boolean },
): boolean {
  const { registry, risk } = desk;
  const other = registry.listings[at.listing];
  if (at.simulated) return false;
  switch (scope) {
    case 'firm':
      return true;
    case 'account':
      return at.account === asked.account;
    case 'algorithm':
      return risk.gate.rows[at.row].algorithm === risk.gate.rows[asked.row].algorithm;
    case 'version':
      return at.row === asked.row;
    case 'venue':
      return other.venue === listing.venue;
    case 'instrument':
      return other.instrument === listing.instrument;
    case 'sector':
      return (registry.instruments[other.instrument].sector ?? '') === ids.sector;
  }
}

/** Open on the order's side, without the order that it replaces. Of `own` lots; in a scope base units. Targets of brackets count for the version (`own`, `route`), stops never. */
export function openLots(f: Before, scope: LimitScope | 'own'): number {
  const { desk, asked, old } = f;
  let sum = 0;
  for (const one of desk.orders.values()) {
    if (one.side !== asked.order.side || one.leg === 'stop' || one.clOrdID === old?.clOrdID || !isWithin(f, scope, one)) continue;
    if (scope === 'own') sum += countedLots(desk, one);
    else if (scope === 'route' || one.leg !== 'target') sum += countedLots(desk, one) * desk.registry.listings[one.listing].baseUnitsPerLot;
  }
  return sum;
}

/** Base units held in the order's instrument in a scope, long positive. */
export function heldUnits(f: OrderFacts, scope: LimitScope): number {
  let sum = 0;
  for (const [key, lots] of f.books.positions) {
    const [row, account, listing, simulated] = key.split(' ').map(Number);
    if (isWithin(f, scope, { row, account, listing, simulated: simulated === 1 }))
      sum += lots * f.desk.registry.listings[listing].baseUnitsPerLot;
  }
  return sum;
}

/** Base units on the order's side, if it and everything open on its side filled. */
export function reachOf(f: OrderFacts, scope: LimitScope): number {
  return f.side * heldUnits(f, scope) + openLots(f, scope) + f.leaves * f.listing.baseUnitsPerLot;
}

export function ceilDiv(a: bigint, b: bigint): bigint {
  return a <= 0n ? a / b : (a + b - 1n) / b;
}

const split = splitZero();
const converted = splitZero();

/** Units of one currency in another, by the desk's rates; undefined = there is no rate. */
export function inCurrency(f: OrderFacts, money: bigint, from: number, to: number, up: boolean): bigint | undefined {
  if (to < 0) return undefined;
  fromBigInt(split, money);
  return convertInto(converted, f.desk.risk.rates, split, from, to, up) ? toBigInt(converted) : undefined;
}

/** Units of the firm's currency in micro-money, rounded up. */
export function microUp(f: OrderFacts, money: bigint): bigint {
  const { registry, risk } = f.desk;
  const { exponent } = registry.currencies[risk.firmCurrency];
  return exponent >= 6 ? ceilDiv(money, 10n ** BigInt(exponent - 6)) : money * 10n ** BigInt(6 - exponent);
}

/** Micro-money as units of the firm's currency. */
export function fromMicro(f: OrderFacts, micro: number): bigint {
  const { exponent } = f.desk.registry.currencies[f.desk.risk.firmCurrency];
  return BigInt(micro) * 10n ** BigInt(exponent - 6);
}

/** Money of lots at a price, units of the listing's currency. */
export function moneyAt({ listing }: OrderFacts, lots: number, px: number): bigint {
  return BigInt(lots) * BigInt(px) * BigInt(listing.moneyPerTickLot);
}

/** One check of the gate: what it is due to refuse with, none = it passes. */
export interface OrderRule {
  /** Its name in the table of checks of docs/reference/denials.md. */
  readonly check: string;
  readonly of: 'all' | 'orders' | 'expanding';
  readonly due: (f: OrderFacts) => readonly DenialCode[];
}
