import { modeOf } from '../../core/risk/order-gate.ts';
import { isZero } from '../../base/split.ts';
import type { DenialCode } from '../../domain/denial.ts';
import { sessionPhases } from '../../domain/input.ts';
import type { LimitName, LimitScope } from '../../domain/limit.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import { formFaults } from './order-form.ts';
import {
  countedLots,
  factsOf,
  isWithin,
  limitsFor,
  microUp,
  inCurrency,
  moneyAt,
  openLots,
  reachOf,
  routeLimit,
  strictest,
  type AskedOrder,
  type CommonScope,
  type OrderBooks,
  type OrderFacts,
  type OrderRule,
} from './order-facts.ts';
import { moneyRules } from './order-money.ts';

/** A refusal that is due and the place of its check in the order of the checks. */
export interface Due {
  readonly code: DenialCode;
  readonly place: number;
}

const when = (holds: boolean, code: DenialCode): readonly DenialCode[] => (holds ? [code] : []);

const venueKill = (f: OrderFacts): boolean =>
  f.books.killed.has('firm') ||
  (['account', 'algorithm', 'venue'] as const).some((scope) => f.books.killed.has(`${scope}:${f.ids[scope]}`));

function authority(f: OrderFacts): readonly DenialCode[] {
  const { asked, desk, reducing } = f;
  const { gate, term } = desk.risk;
  const { row, simulated } = asked;
  const slice = gate.slices[gate.rows[row].slice];
  const mode = modeOf(gate, row);
  return [
    ...when(venueKill(f), 'KILL_SWITCH_ENGAGED'),
    ...when(asked.term !== term, 'STALE_TERM'),
    ...when(asked.epoch !== gate.epoch[row], 'STALE_EPOCH'),
    ...when(mode === 'HALTED', 'VERSION_HALTED'),
    ...when(mode === 'CANCEL_ONLY', 'MODE_CANCEL_ONLY'),
    ...when((mode === 'SIMULATED' && !simulated) || (mode === 'ACTIVE' && simulated), 'MODE_SIMULATED_ONLY'),
    ...when(mode === 'REDUCING' && !(reducing && !simulated), 'MODE_REDUCING_ONLY'),
    ...when(!reducing && !simulated && !isZero(slice.overdraft), 'SLICE_OVERDRAWN'),
  ];
}

function tradingHours({ desk, asked, listing }: OrderFacts): readonly DenialCode[] {
  const { sessions } = desk.risk;
  const calendar = sessions.names.indexOf(listing.listing.calendar);
  const [phase, until] = [sessions.phase[calendar], sessions.until[calendar]];
  const open = phase === openPhase && (until === 0 || asked.at < until);
  const { timeInForce } = asked.order;
  const waits = desk.registry.venues[listing.venue].capabilities.queuesOrders === true && timeInForce !== 'ioc' && timeInForce !== 'fok';
  return when(!open && !waits, 'OUTSIDE_TRADING_HOURS');
}

const openPhase = sessionPhases.indexOf('open');

function referencePrice(f: OrderFacts): readonly DenialCode[] {
  const { ordType, price } = f.asked.order;
  const byMarket = ordType === 'market' || ordType === 'trailingStop' || (ordType === 'bracket' && price === 0);
  const judged = strictest(f.books, f.ids, 'fatFingerBps') !== undefined || strictest(f.books, f.ids, 'priceCollarBps') !== undefined;
  if (!byMarket && !judged) return [];
  return f.refTwice <= 0 ? ['NO_REFERENCE_PRICE'] : when(!f.refValid, 'REFERENCE_PRICE_STALE');
}

/** Whether a price lies more than `bps` of the reference away from it, on the side `sign` (+1 above). */
function isBeyond(price: number, refTwice: number, bps: number, sign: number): boolean {
  return BigInt(sign) * (2n * BigInt(price) - BigInt(refTwice)) * 10_000n > BigInt(bps) * BigInt(refTwice);
}

function fatFinger(f: OrderFacts, limit = strictest(f.books, f.ids, 'fatFingerBps')?.value): readonly DenialCode[] {
  if (limit === undefined || f.refTwice <= 0 || !f.refValid) return [];
  const { price, stopPx, ordType } = f.asked.order;
  const prices = ordType === 'bracket' ? [price] : [price, stopPx];
  return when(
    prices.some((px) => px !== 0 && isBeyond(px, f.refTwice, limit, f.side)),
    'FAT_FINGER_PRICE',
  );
}

function priceCollar(f: OrderFacts, limit = strictest(f.books, f.ids, 'priceCollarBps')?.value): readonly DenialCode[] {
  const { price, stopPx, ordType } = f.asked.order;
  if (limit === undefined || price === 0) return [];
  const from = ordType === 'stopLimit' ? 2 * stopPx : f.refTwice;
  if (from <= 0 || (ordType !== 'stopLimit' && !f.refValid)) return [];
  return when(isBeyond(price, from, limit, 1) || isBeyond(price, from, limit, -1), 'PRICE_OUTSIDE_COLLAR');
}

const windows: readonly (readonly [LimitName, number])[] = [
  ['maxOrdersPerSecond', 1_000_000],
  ['maxOrdersPerMinute', 60_000_000],
];

function orderRate(f: OrderFacts): readonly DenialCode[] {
  for (const [name, window] of windows) {
    for (const { scope, value } of limitsFor(f.books, f.ids, name)) {
      if (f.asked.simulated && scope !== 'version') continue;
      const sent = f.books.sent.filter(({ at, asked }) => at > f.asked.at - window && countsFor(f, scope, asked)).length;
      if (sent + 1 > value) return ['ORDER_RATE_EXCEEDS_MAX'];
    }
  }
  return [];
}

/** Whether an order that left counts in a scope of this one: whatever its instrument, but for the scopes of instruments and sectors. */
function countsFor(f: OrderFacts, scope: CommonScope, sent: AskedOrder): boolean {
  const { registry, risk } = f.desk;
  const other = registry.listings[sent.order.listing];
  const sectorOf = (instrument: number): string => registry.instruments[instrument].sector ?? '';
  // a run on paper counts in its own version, whatever it is now
  if (scope === 'version') return sent.row === f.asked.row;
  if (sent.simulated) return false;
  switch (scope) {
    case 'firm':
      return true;
    case 'account':
      return sent.account === f.asked.account;
    case 'algorithm':
      return risk.gate.rows[sent.row].algorithm === risk.gate.rows[f.asked.row].algorithm;
    case 'venue':
      return other.venue === f.listing.venue;
    case 'instrument':
      return other.instrument === f.listing.instrument;
    case 'sector':
      return sectorOf(other.instrument) === f.ids.sector;
  }
}

function duplicate(f: OrderFacts): readonly DenialCode[] {
  if (f.asked.replaces !== null) return [];
  const window = Math.max(0, ...limitsFor(f.books, f.ids, 'duplicateWindow').map(({ value }) => value));
  const { order, row, at } = f.asked;
  const remembered = f.books.sent.filter(({ asked }) => asked.replaces === null).slice(-f.books.memory);
  const same = remembered.some(
    ({ at: then, asked }) =>
      at - then < window &&
      asked.row === row &&
      asked.order.listing === order.listing &&
      asked.order.side === order.side &&
      asked.order.ordType === order.ordType &&
      asked.order.price === order.price &&
      asked.order.stopPx === order.stopPx &&
      asked.order.orderQty === order.orderQty,
  );
  const forgets = remembered.length === f.books.memory && at - remembered[0].at < window;
  return [...when(same, 'DUPLICATE_ORDER'), ...when(forgets, 'ORDER_CAPACITY_REACHED')];
}

/** Every scope that stands for a limit of positions: instrument and sector look at the firm's. */
function position(f: OrderFacts): readonly DenialCode[] {
  return when(
    limitsFor(f.books, f.ids, 'maxPosition').some(({ scope, value }) => reachOf(f, scope) > value),
    'POSITION_EXCEEDS_MAX',
  );
}

function openPositions(f: OrderFacts): readonly DenialCode[] {
  for (const { scope, value } of limitsFor(f.books, f.ids, 'maxOpenPositions')) {
    const held = instrumentsIn(f, scope);
    if (!held.has(f.listing.instrument) && held.size + 1 > value) return ['OPEN_POSITIONS_EXCEED_MAX'];
  }
  return [];
}

/** Instruments in which a scope of the order has a position or an open order. */
function instrumentsIn(f: OrderFacts, scope: LimitScope): ReadonlySet<number> {
  const { desk, books } = f;
  const { registry } = desk;
  const found = new Set<number>();
  for (const [instrument, { sector = '' }] of registry.instruments.entries()) {
    if (scope === 'sector' && !f.asked.simulated && sector !== f.ids.sector) continue;
    const within = (at: { row: number; account: number; listing: number; simulated: boolean }): boolean => {
      const row = registry.listings[at.listing];
      return row.instrument === instrument && isWithin({ desk, asked: f.asked, listing: { ...f.listing, instrument } }, scope, at);
    };
    const open = [...desk.orders.values()].some(
      (one) => one.leg !== 'stop' && one.leg !== 'target' && countedLots(desk, one) > 0 && within(one),
    );
    // lots of one instrument may offset each other at several places of a scope: then it is held no more
    const net = [...books.positions].reduce((sum, [key, lots]) => {
      const [row, account, listing, simulated] = key.split(' ').map(Number);
      return within({ row, account, listing, simulated: simulated === 1 }) ? sum + lots * registry.listings[listing].baseUnitsPerLot : sum;
    }, 0);
    if (open || net !== 0) found.add(instrument);
  }
  return found;
}

function protectiveStop(f: OrderFacts): readonly DenialCode[] {
  const limit = strictest(f.books, f.ids, 'maxUnprotectedQty');
  return when(limit !== undefined && unprotected(f) * f.listing.baseUnitsPerLot > limit.value, 'PROTECTIVE_STOP_MISSING');
}

/** Lots of the order's side that no live stop of a bracket would close, if it and every open order on that side filled. */
function unprotected(f: OrderFacts): number {
  const { desk, books, asked, side, leaves } = f;
  const { row, account, simulated, order } = asked;
  const lots = books.positions.get(`${row} ${account} ${order.listing} ${simulated ? 1 : 0}`) ?? 0;
  let stops = 0;
  for (const one of desk.orders.values())
    if (one.leg === 'stop' && one.side !== order.side && isWithin(f, 'own', one)) stops += one.leavesQty;
  const own = order.ordType === 'bracket' ? leaves : 0;
  return Math.max(0, side * lots + openLots(f, 'own') + leaves - stops - own);
}

function selfTrade(f: OrderFacts): readonly DenialCode[] {
  const { desk, asked, side, boundPx } = f;
  const { order, simulated } = asked;
  if (simulated || order.ordType === 'stop' || order.ordType === 'stopLimit' || order.ordType === 'trailingStop') return [];
  const meets = [...desk.orders.values()].some(
    (one) =>
      !one.simulated &&
      one.listing === order.listing &&
      one.side !== order.side &&
      one.ordType === 'limit' &&
      (side > 0 ? one.price <= boundPx : one.price >= boundPx),
  );
  // those have the older one canceled for them, and wait
  return when(meets && !((order.reduceOnly && f.reducing) || f.custodian), 'SELF_TRADE');
}

function orderSize(f: OrderFacts): readonly DenialCode[] {
  const units = f.asked.order.orderQty * f.listing.baseUnitsPerLot;
  return when(
    limitsFor(f.books, f.ids, 'maxOrderQty').some(({ value }) => units > value),
    'ORDER_QTY_EXCEEDS_MAX',
  );
}

function notional(f: OrderFacts, limit = strictest(f.books, f.ids, 'maxNotional')?.value): readonly DenialCode[] {
  if (limit === undefined || f.valuePx === 0) return [];
  const money = inCurrency(f, moneyAt(f, f.asked.order.orderQty, f.valuePx), f.listing.currency, f.desk.risk.firmCurrency, true);
  if (money === undefined) return ['NO_FX_RATE'];
  return when(microUp(f, money) > BigInt(limit), 'NOTIONAL_EXCEEDS_MAX');
}

/** What a version may at the order's venue (docs/decisions/0052): each limit as the check of its name counts it, the position there alone; what only reduces does not enlarge it. */
function venueRoute(f: OrderFacts): readonly DenialCode[] {
  const [qty, held] = [routeLimit(f, 'maxOrderQty'), routeLimit(f, 'maxPosition')];
  const [finger, collar, money] = [routeLimit(f, 'fatFingerBps'), routeLimit(f, 'priceCollarBps'), routeLimit(f, 'maxNotional')];
  return [
    ...when(qty !== undefined && f.asked.order.orderQty * f.listing.baseUnitsPerLot > qty, 'ORDER_QTY_EXCEEDS_MAX'),
    ...(money === undefined ? [] : notional(f, money)),
    ...(finger === undefined ? [] : fatFinger(f, finger)),
    ...(collar === undefined ? [] : priceCollar(f, collar)),
    ...when(held !== undefined && !f.reducing && reachOf(f, 'route') > held, 'POSITION_EXCEEDS_MAX'),
  ];
}

/** The checks in their order, each by the words of docs/reference/denials.md and limits.md. */
export const orderRules: readonly OrderRule[] = [
  { check: 'authority', of: 'all', due: authority },
  { check: 'reduce-only', of: 'all', due: (f) => when(f.asked.order.reduceOnly && !f.reducing, 'REDUCE_ONLY_WOULD_INCREASE') },
  { check: 'trading-hours', of: 'all', due: tradingHours },
  { check: 'halted-listing', of: 'all', due: (f) => when(f.books.halted.has(f.listing.ix), 'LISTING_HALTED') },
  { check: 'restricted-list', of: 'expanding', due: (f) => when(f.books.restricted.has(f.ids.instrument), 'RESTRICTED_INSTRUMENT') },
  { check: 'reference-price', of: 'expanding', due: referencePrice },
  { check: 'order-size', of: 'orders', due: orderSize },
  { check: 'notional', of: 'orders', due: (f) => notional(f) },
  { check: 'fat-finger', of: 'orders', due: (f) => fatFinger(f) },
  { check: 'price-collar', of: 'orders', due: (f) => priceCollar(f) },
  { check: 'venue-route', of: 'orders', due: venueRoute },
  { check: 'order-rate', of: 'orders', due: orderRate },
  { check: 'duplicate', of: 'orders', due: duplicate },
  { check: 'position', of: 'expanding', due: position },
  { check: 'open-positions', of: 'expanding', due: openPositions },
  ...moneyRules.slice(0, 4),
  { check: 'protective-stop', of: 'expanding', due: protectiveStop },
  ...moneyRules.slice(4),
  { check: 'self-trade', of: 'all', due: selfTrade },
];

/** Every refusal that is due to an order, with the place of its check; none = it passes. Said apart from the gate. */
export function dueDenials(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): readonly Due[] {
  const form = formFaults(desk, books, asked);
  if (form.length > 0) return form.map((code) => ({ code, place: 0 }));
  const f = factsOf(desk, books, asked);
  return orderRules.flatMap(({ of, due }, n) => {
    if ((of === 'orders' && f.custodian) || (of === 'expanding' && f.reducing)) return [];
    return due(f).map((code) => ({ code, place: n + 1 }));
  });
}

/** '' or what is wrong about the gate's answer: a refusal that is not due or comes before another, an order let through that is due one. */
export function wrongAnswer(answer: string, due: readonly Due[]): string {
  const said = due.map(({ code }) => code).join(' ');
  if (answer === 'passed') return due.length === 0 ? '' : `${said} due, and the order passed`;
  const found = due.filter(({ code }) => code === answer);
  if (found.length === 0) return `${said === '' ? 'nothing' : said} due, and the answer was ${answer}`;
  const first = Math.min(...due.map(({ place }) => place));
  return found.some(({ place }) => place === first) ? '' : `${said} due in this order, and the answer was ${answer}`;
}
