import { lotStride } from '../../core/risk/exposure.ts';
import { equityInto, marginInto } from '../../core/risk/margin-use.ts';
import { findSlot, slotReserved, slotShift } from '../../core/risk/open-slot.ts';
import { resultInto } from '../../core/risk/past-results.ts';
import { rowDayInto } from '../../core/risk/pnl.ts';
import { wasRated } from '../../core/risk/rates.ts';
import { dayInto } from '../../core/risk/scope-results.ts';
import { scopeNumber } from '../../core/risk/scopes.ts';
import { othersOfSector } from '../../core/risk/sector-value.ts';
import { settle } from '../../core/risk/settle.ts';
import { cutOf as cutInWords } from '../../core/risk/size-cut.ts';
import { columnGet, fromBigInt, splitZero, toBigInt, type MoneyColumn } from '../../base/split.ts';
import type { DenialCode } from '../../domain/denial.ts';
import type { LimitName } from '../../domain/limit.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import { formFaults } from './order-form.ts';
import { ownMargin, ownMarginUsed, ownOthersOfSector, ownResult } from './own-results.ts';
import { ownUsed, reserveOf } from './own-sums.ts';
import {
  factsOf,
  fromMicro,
  inCurrency,
  limitsFor,
  microUp,
  moneyAt,
  reachOf,
  strictest,
  type AskedOrder,
  type CommonScope,
  type OrderBooks,
  type OrderFacts,
  type OrderRule,
} from './order-facts.ts';

// What a version uses, results, margin and the worth of sectors are added up anew by the life, in bigint; of those in another currency than the firm's the core's are taken, which other properties count again from
// scratch. What follows from them is said here by limits.md.

const split = splitZero();

function read(into: (out: typeof split) => void): bigint {
  into(split);
  return toBigInt(split);
}

const columnOf = (column: MoneyColumn, ix: number): bigint => read((out) => columnGet(out, column, ix));

/** Index of the order's thing in a scope. */
function ixOf({ desk, asked, listing }: OrderFacts, scope: CommonScope): number {
  switch (scope) {
    case 'account':
      return asked.account;
    case 'algorithm':
      return desk.risk.gate.rows[asked.row].algorithm;
    case 'version':
      return asked.row;
    case 'venue':
      return listing.venue;
    case 'instrument':
      return listing.instrument;
    case 'sector':
      return desk.risk.sectorOf[listing.instrument];
    case 'firm':
      return 0;
  }
}

const sliceOf = ({ desk, asked }: OrderFacts): (typeof desk.risk.gate.slices)[number] =>
  desk.risk.gate.slices[desk.risk.gate.rows[asked.row].slice];

/** Capital of a scope in a currency: its slice's, of an algorithm that of all its slices, else the firm's. */
function capitalIn(f: OrderFacts, scope: CommonScope, currency: number): bigint | undefined {
  const { gate, firmCapital, firmCurrency } = f.desk.risk;
  if (scope === 'version') return inCurrency(f, toBigInt(sliceOf(f).total), sliceOf(f).currency, currency, false);
  if (scope !== 'algorithm') return inCurrency(f, toBigInt(firmCapital), firmCurrency, currency, false);
  let sum = 0n;
  for (const one of gate.slices.filter(({ algorithm }) => algorithm === ixOf(f, 'algorithm'))) {
    const part = inCurrency(f, toBigInt(one.total), one.currency, currency, false);
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}

/** part <= bps of the whole, rounded down. */
const isWithinShare = (part: bigint, whole: bigint, bps: number): boolean => part <= floorDiv(whole * BigInt(bps), 10_000n);

function floorDiv(a: bigint, b: bigint): bigint {
  return a < 0n && a % b !== 0n ? a / b - 1n : a / b;
}

/** Value of base units at half ticks, units of the listing's currency, rounded up. */
function grossOf(f: OrderFacts, units: number, refTwice: number): bigint {
  const { moneyPerTickLot, baseUnitsPerLot } = f.listing;
  const below = 2n * BigInt(baseUnitsPerLot);
  return (BigInt(units) * BigInt(refTwice) * BigInt(moneyPerTickLot) + below - 1n) / below;
}

function concentration(f: OrderFacts): readonly DenialCode[] {
  const { risk } = f.desk;
  settle(risk);
  const refTwice = f.refTwice > 0 ? f.refTwice : Math.max(f.knownTwice, 2 * f.valuePx);
  const due: DenialCode[] = [];
  for (const { scope, value } of limitsFor(f.books, f.ids, 'maxConcentrationBps')) {
    const ofSlice = scope === 'version' || scope === 'algorithm';
    const currency = ofSlice ? sliceOf(f).currency : risk.firmCurrency;
    const base = capitalIn(f, scope, currency);
    const units = Math.max(0, reachOf(f, scope));
    const others =
      scope !== 'sector' || f.asked.simulated
        ? 0n
        : (ownOthersOfSector(f) ?? read((out) => othersOfSector(out, risk, ixOf(f, 'sector'), f.listing.instrument)));
    // nothing is worth nothing, whatever the rate
    if (units === 0 && others === 0n) continue;
    const own = inCurrency(f, grossOf(f, units, refTwice), f.listing.currency, currency, true);
    if (base === undefined || own === undefined) {
      due.push('NO_FX_RATE');
      continue;
    }
    if (!isWithinShare(own + others, base, value)) due.push('CONCENTRATION_EXCEEDS_MAX');
  }
  return due;
}

function dailyLoss(f: OrderFacts): readonly DenialCode[] {
  const { risk } = f.desk;
  settle(risk);
  for (const { scope, value } of limitsFor(f.books, f.ids, 'maxDailyLoss')) {
    const paper = f.asked.simulated;
    const made =
      ownResult(f, scope) ??
      read((out) => (paper ? rowDayInto(out, risk.pnl, f.asked.row, true) : dayInto(out, risk, scopeNumber(scope), ixOf(f, scope))));
    if (made >= 0n) continue;
    const lost = paper ? inCurrency(f, -made, sliceOf(f).currency, risk.firmCurrency, true) : -made;
    if (lost === undefined) return ['NO_FX_RATE'];
    if (microUp(f, lost) > BigInt(value)) return ['DAILY_LOSS_REACHED'];
  }
  return [];
}

const windows: readonly (readonly [LimitName, DenialCode])[] = [
  ['maxDailyDrawdownBps', 'DAILY_DRAWDOWN_REACHED'],
  ['maxWeeklyDrawdownBps', 'WEEKLY_DRAWDOWN_REACHED'],
  ['maxMonthlyDrawdownBps', 'MONTHLY_DRAWDOWN_REACHED'],
];

function drawdown(f: OrderFacts): readonly DenialCode[] {
  if (f.asked.simulated) return [];
  const { risk } = f.desk;
  settle(risk);
  const due: DenialCode[] = [];
  for (const [window, [name, code]] of windows.entries()) {
    for (const { scope, value } of limitsFor(f.books, f.ids, name)) {
      const [kind, ix] = [scopeNumber(scope), ixOf(f, scope)];
      const seen = risk.drawdowns.windows.find((one) => one.scope === kind && one.ix === ix && one.window === window);
      const capital = capitalIn(f, scope, risk.firmCurrency);
      if (capital === undefined) due.push('NO_FX_RATE');
      else if (seen !== undefined) {
        const now = ownResult(f, scope) ?? read((out) => resultInto(out, risk, kind, ix));
        const peak = toBigInt(seen.peak);
        if (!isWithinShare(peak - now, capital + peak, value)) due.push(code);
      }
    }
  }
  return due;
}

/** What the replaced order reserves, which the new one takes over; in the slice's currency. */
function oldReserved(f: OrderFacts): bigint {
  const { sums } = f.books;
  if (f.old !== null && !sums.foreign.has(f.asked.row) && sums.reservePx.has(f.old.clOrdID)) return reserveOf(f.desk, sums, f.old);
  const { slots } = f.desk.risk.exposure;
  const slot = f.old === null ? -1 : findSlot(slots, f.old.clOrdID);
  if (slot < 0) return 0n;
  const at = (slot << slotShift) | slotReserved;
  return read((out) => Object.assign(out, { hi: slots.numbers[at], lo: slots.numbers[at + 1] }));
}

/** What the order reserves, in its listing's currency: nothing, where it is proven reducing. */
const reserved = (f: OrderFacts): bigint => (f.reducing ? 0n : moneyAt(f, f.leaves, f.valuePx));

/** What the order takes of its slice's capital beyond what it replaces; undefined = in another currency, and there is no rate of now (docs/decisions/0054). */
function takenOfSlice(f: OrderFacts): bigint | undefined {
  const money = inCurrency(f, reserved(f), f.listing.currency, sliceOf(f).currency, true);
  return money === undefined ? undefined : money - oldReserved(f);
}

/** The same of an order that has no form faults; undefined = it has some, or there is no rate. */
export function takenBy(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): bigint | undefined {
  return formFaults(desk, books, asked).length > 0 ? undefined : takenOfSlice(factsOf(desk, books, asked));
}

function credit(f: OrderFacts): readonly DenialCode[] {
  const { risk } = f.desk;
  const lines = limitsFor(f.books, f.ids, 'creditLine');
  if (lines.length === 0 || f.asked.simulated) return [];
  settle(risk);
  const marginOf = (money: bigint, currency: number): bigint | undefined => {
    if (currency === risk.firmCurrency) return ownMargin(f, money, f.asked.account, f.listing.ix);
    fromBigInt(split, money);
    return marginInto(split, risk, split, 1, f.asked.account, f.listing.ix, currency, false) ? toBigInt(split) : undefined;
  };
  for (const { scope, value } of lines) {
    const [added, taken] = [marginOf(reserved(f), f.listing.currency), marginOf(oldReserved(f), sliceOf(f).currency)];
    if (added === undefined || taken === undefined) return ['NO_FX_RATE'];
    const kind = scopeNumber(scope);
    const needed = added - taken + (ownMarginUsed(f, scope) ?? columnOf(risk.marginUse.margin[kind], ixOf(f, scope)));
    // nobody puts cash in, or takes any out
    const equity = ownResult(f, scope) ?? read((out) => equityInto(out, risk, kind, ixOf(f, scope)));
    if (needed > equity + fromMicro(f, value)) return ['CREDIT_EXCEEDED'];
  }
  return [];
}

/** Bps of its usual size that the order may have: 10,000 where nothing is cut. */
function cutOf(f: OrderFacts): number {
  const share = strictest(f.books, f.ids, 'volatilityCutBps')?.value;
  if (share === undefined) return 10_000;
  const above = strictest(f.books, f.ids, 'volatilityCutAbove')?.value ?? 3_000;
  const age = strictest(f.books, f.ids, 'volatilityMaxAge')?.value ?? 86_400_000_000;
  const { volatility } = f.books;
  const calm = volatility !== undefined && f.asked.at - volatility.knownAt <= age && volatility.level <= above;
  return calm ? 10_000 : share;
}

const cutScopes = ['firm', 'account', 'algorithm', 'version', 'venue', 'instrument', 'sector'] as const;

/** '' or what the desk says otherwise of why sizes are cut for the order (limits.md): the index was never told, its level is too old, or above its limit. */
export function wrongCutWords(desk: RiskDesk, books: OrderBooks, asked: AskedOrder): string {
  if (formFaults(desk, books, asked).length > 0) return '';
  const f = factsOf(desk, books, asked);
  const share = strictest(books, f.ids, 'volatilityCutBps')?.value ?? 10_000;
  const above = strictest(books, f.ids, 'volatilityCutAbove')?.value ?? 3_000;
  const age = strictest(books, f.ids, 'volatilityMaxAge')?.value ?? 86_400_000_000;
  const { volatility } = books;
  const known =
    volatility === undefined ? 'unknown' : asked.at - volatility.knownAt > age ? 'old' : volatility.level > above ? 'high' : 'none';
  const own = share >= 10_000 ? 'none' : known;
  const scopeIx = cutScopes.map((scope) => ixOf(f, scope));
  const its = cutInWords(desk.risk, scopeIx, asked.at)?.why ?? 'none';
  return its === own ? '' : `nothing due, and sizes are said to be cut because the index is ${its}, by the page ${own}`;
}

function riskPerTrade(f: OrderFacts): readonly DenialCode[] {
  const { risk } = f.desk;
  const { order, simulated } = f.asked;
  settle(risk);
  for (const { scope, value } of limitsFor(f.books, f.ids, 'maxRiskPerTradeBps')) {
    if (order.ordType !== 'bracket') return ['PROTECTIVE_STOP_MISSING'];
    const distance = f.side > 0 ? f.valuePx - order.stopPx : order.stopPx - f.boundPx;
    const lost = inCurrency(f, moneyAt(f, f.leaves, Math.max(0, distance)), f.listing.currency, risk.firmCurrency, true);
    const capital = capitalIn(f, scope, risk.firmCurrency);
    if (lost === undefined || capital === undefined) return ['NO_FX_RATE'];
    const made = simulated ? 0n : (ownResult(f, scope) ?? read((out) => resultInto(out, risk, scopeNumber(scope), ixOf(f, scope))));
    if (!isWithinShare(lost, capital + made, Math.floor((value * cutOf(f)) / 10_000))) return ['RISK_PER_TRADE_EXCEEDS_MAX'];
  }
  return [];
}

/** What the version would use with the order, undefined where there is no rate, and its capital. */
function useOf(f: OrderFacts): { readonly used: bigint | undefined; readonly cap: bigint } {
  const { gate } = f.desk.risk;
  const { row, simulated } = f.asked;
  const [cost, open, cap] = simulated ? [gate.paperCost, gate.paperReserved, gate.paperCap] : [gate.entryCost, gate.reserved, gate.cap];
  const taken = takenOfSlice(f);
  const own = ownUsed(f.desk, f.books.sums, row, simulated);
  const used = own === undefined ? columnOf(cost, row) + columnOf(open, row) : own.cost + own.reserved;
  return { used: taken === undefined ? undefined : used + taken, cap: columnOf(cap, row) };
}

function sizeCut(f: OrderFacts): readonly DenialCode[] {
  const cut = cutOf(f);
  if (cut === 10_000) return [];
  const past = (size: bigint, usual: bigint): boolean => !isWithinShare(size, usual, cut);
  const units = strictest(f.books, f.ids, 'maxOrderQty');
  const due: DenialCode[] = [];
  if (units !== undefined && past(BigInt(f.asked.order.orderQty * f.listing.baseUnitsPerLot), BigInt(units.value)))
    due.push('SIZE_CUT_EXCEEDED');
  const money = strictest(f.books, f.ids, 'maxNotional');
  if (money !== undefined) {
    const asked = inCurrency(f, moneyAt(f, f.asked.order.orderQty, f.valuePx), f.listing.currency, f.desk.risk.firmCurrency, true);
    if (asked === undefined) due.push('NO_FX_RATE');
    else if (past(microUp(f, asked), BigInt(money.value))) due.push('SIZE_CUT_EXCEEDED');
  }
  const { used, cap } = useOf(f);
  if (used === undefined) due.push('NO_FX_RATE');
  else if (past(used, cap)) due.push('SIZE_CUT_EXCEEDED');
  return due;
}

/** What a slice holds in a currency that was never rated takes nobody knows how much of its capital. */
function holdsUnrated(f: OrderFacts): boolean {
  const { risk } = f.desk;
  const { slice } = risk.gate.rows[f.asked.row];
  const { currency: own } = sliceOf(f);
  return risk.exposure.routes.some(
    ({ ix, row, simulated, currency }) =>
      !simulated && risk.gate.rows[row].slice === slice && risk.exposure.lots[ix * lotStride] !== 0 && !wasRated(risk.rates, currency, own),
  );
}

function allocation(f: OrderFacts): readonly DenialCode[] {
  if (!f.asked.simulated && holdsUnrated(f)) return ['NO_FX_RATE'];
  const { used, cap } = useOf(f);
  if (used === undefined) return ['NO_FX_RATE'];
  return used > cap ? ['ALLOCATION_EXCEEDED'] : [];
}

/** Capital in use over the whole firm, with the order, against the lease. */
function lease(f: OrderFacts): readonly DenialCode[] {
  const { lease: granted } = f.books;
  const { risk, registry } = f.desk;
  if (granted === undefined || f.asked.simulated) return [];
  const taken = takenOfSlice(f);
  if (taken === undefined) return ['NO_FX_RATE'];
  let sum = 0n;
  for (const currency of registry.currencies.keys()) {
    const used = columnOf(risk.usedOf, currency) + (currency === sliceOf(f).currency ? taken : 0n);
    if (used === 0n) continue;
    const money = inCurrency(f, used, currency, risk.firmCurrency, true);
    if (money === undefined) return ['NO_FX_RATE'];
    sum += microUp(f, money);
  }
  const limit = f.asked.at <= granted.until ? granted.limit : 0;
  return sum > BigInt(limit) ? ['ALLOCATION_EXCEEDED'] : [];
}

/** The checks that count money, in their order; `protective-stop` stands between the first four and the others. */
export const moneyRules: readonly OrderRule[] = [
  { check: 'concentration', of: 'expanding', due: concentration },
  { check: 'daily-loss', of: 'expanding', due: dailyLoss },
  { check: 'drawdown', of: 'expanding', due: drawdown },
  { check: 'credit', of: 'expanding', due: credit },
  { check: 'risk-per-trade', of: 'expanding', due: riskPerTrade },
  { check: 'size-cut', of: 'expanding', due: sizeCut },
  { check: 'allocation', of: 'expanding', due: allocation },
  { check: 'lease', of: 'expanding', due: lease },
];
