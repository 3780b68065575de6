import { parseDecimal, decimalScale } from '../../base/decimal.ts';
import { divHalfEvenInto, mulSmallInto, setInto, splitZero, toNumber, type Split } from '../../base/split.ts';
import type { CurrencyIx, ListingIx } from '../../domain/ids.ts';
import { knownTwice, midTwice, type Marks } from '../market/marks.ts';
import type { ListingRow, Registry } from '../registry.ts';
import { divCeilInto } from './split-more.ts';

/**
 * Conversion by journaled marks of fx and spot listings. A unit of the base currency is worth mid x `up` / (2 x `down`) units of the quote currency,
 * where up / down is moneyPerTickLot / (lot in units of the base currency), reduced.
 */
export interface RatePair {
  readonly listing: ListingIx;
  readonly base: CurrencyIx;
  readonly quote: CurrencyIx;
  readonly up: number;
  readonly down: number;
}

export interface Rates {
  readonly registry: Registry;
  readonly marks: Marks;
  readonly pairs: RatePair[];
  /** By from * 65536 + to: the legs that lead there, as numbers of pairs, ~number = taken backwards; found once, at most two. */
  readonly paths: Map<number, Int32Array>;
}

export function createRates(registry: Registry, marks: Marks): Rates {
  return { registry, marks, pairs: [], paths: new Map() };
}

/** Takes a listing into the rates when it is an fx or spot pair of two registered currencies. The first listing of a pair gives its rate. */
export function listRate(rates: Rates, row: ListingRow): void {
  const instrument = rates.registry.instruments[row.instrument];
  if (instrument.assetClass !== 'fx' && instrument.assetClass !== 'spot') return;
  const base = rates.registry.currencyIx.get(instrument.baseCurrency ?? '');
  if (base === undefined || base === row.currency) return;
  if (rates.pairs.some((p) => (p.base === base && p.quote === row.currency) || (p.base === row.currency && p.quote === base))) return;
  const factors = reduced(row, rates.registry.currencies[base].exponent);
  if (factors === undefined) return;
  rates.pairs.push({ listing: row.ix, base, quote: row.currency, up: factors[0], down: factors[1] });
  rates.paths.clear();
}

/** moneyPerTickLot and 2 x lot in units of 10^-exponent of the base currency, without their common divisor; undefined past 2^53. */
function reduced(row: ListingRow, exponent: number): readonly [number, number] | undefined {
  const scale = decimalScale(row.listing.lot);
  if (!scale.ok || scale.value > exponent) return undefined;
  const lot = parseDecimal(row.listing.lot, scale.value);
  if (!lot.ok) return undefined;
  let down = 2n * BigInt(lot.value);
  for (let i = scale.value; i < exponent; i++) down *= 10n;
  const up = BigInt(row.moneyPerTickLot);
  let a = up;
  let b = down;
  while (b > 0n) [a, b] = [b, a % b];
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return up / a > most || down / a > most ? undefined : [Number(up / a), Number(down / a)];
}

const noPath = new Int32Array(0);
const scratch = splitZero();
const nothing = splitZero();

function pathOf(rates: Rates, from: CurrencyIx, to: CurrencyIx): Int32Array {
  const key = from * 65_536 + to;
  const known = rates.paths.get(key);
  if (known !== undefined) return known;
  const path = findPath(rates.pairs, rates.registry.currencies.length, from, to);
  rates.paths.set(key, path);
  return path;
}

/** Legs from one currency to another, as numbers of pairs, ~number = taken backwards: one if a pair joins the two, else two over the first currency that does, else none. */
export function findPath(pairs: readonly RatePair[], currencies: number, from: CurrencyIx, to: CurrencyIx): Int32Array {
  const direct = legOf(pairs, from, to);
  if (direct !== undefined) return Int32Array.of(direct);
  for (let over = 0; over < currencies; over++) {
    const first = legOf(pairs, from, over);
    const second = legOf(pairs, over, to);
    if (first !== undefined && second !== undefined) return Int32Array.of(first, second);
  }
  return noPath;
}

function legOf(pairs: readonly RatePair[], from: CurrencyIx, to: CurrencyIx): number | undefined {
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i];
    if (pair.base === from && pair.quote === to) return i;
    if (pair.base === to && pair.quote === from) return ~i;
  }
  return undefined;
}

/** Results beyond this would leave the range of split integers on the way; no balance comes near. */
const mostUnits = 1.2e30;

/**
 * x of one currency in units of another, half-even (valuations) or rounded up (limit checks, x >= 0); false = no rate: no pair joins them, no mark,
 * a mark that is not valid or names no price, or a result out of range.
 */
export function convertInto(out: Split, rates: Rates, x: Split, from: CurrencyIx, to: CurrencyIx, up: boolean): boolean {
  setInto(out, x);
  return from === to || scaleAlong(out, rates, from, to, up, false);
}

/** The same at the last prices that marks ever named, valid or not: for what stands in the books already and has to count with something. */
export function convertLastInto(out: Split, rates: Rates, x: Split, from: CurrencyIx, to: CurrencyIx, up: boolean): boolean {
  setInto(out, x);
  return from === to || scaleAlong(out, rates, from, to, up, true);
}

/** Whether there ever was a rate from one currency to another. */
export function wasRated(rates: Rates, from: CurrencyIx, to: CurrencyIx): boolean {
  return convertLastInto(scratch, rates, nothing, from, to, false);
}

/** Whether what is converted from one currency to another hangs on marks of the listing. */
export function hangsOn(rates: Rates, listing: ListingIx, from: CurrencyIx, to: CurrencyIx): boolean {
  if (from === to) return false;
  for (const leg of pathOf(rates, from, to)) if (rates.pairs[leg < 0 ? ~leg : leg].listing === listing) return true;
  return false;
}

/** Whether marks of the listing are a rate. */
export function isRate({ pairs }: Rates, listing: ListingIx): boolean {
  for (let i = 0; i < pairs.length; i++) if (pairs[i].listing === listing) return true;
  return false;
}

function scaleAlong(out: Split, rates: Rates, from: CurrencyIx, to: CurrencyIx, up: boolean, last: boolean): boolean {
  const path = pathOf(rates, from, to);
  if (path.length === 0) return false;
  for (let i = 0; i < path.length; i++) {
    const leg = path[i];
    const pair = rates.pairs[leg < 0 ? ~leg : leg];
    const mid = last
      ? knownTwice(rates.marks, pair.listing)
      : rates.marks.valid[pair.listing] === 1
        ? midTwice(rates.marks, pair.listing)
        : 0;
    if (mid <= 0 || !scaleInto(out, mid, pair, leg < 0, up)) return false;
  }
  return true;
}

/** One leg at the price `mid` (half ticks, above 0), rounded; false = out of range. */
export function scaleInto(out: Split, mid: number, pair: RatePair, backwards: boolean, up: boolean): boolean {
  const top = mid * pair.up;
  if (!Number.isSafeInteger(top)) return false;
  const times = backwards ? pair.down : top;
  if (Math.abs(toNumber(out)) * times > mostUnits) return false;
  mulSmallInto(out, out, times);
  if (up) divCeilInto(out, out, backwards ? top : pair.down);
  else divHalfEvenInto(out, out, backwards ? top : pair.down);
  return true;
}
