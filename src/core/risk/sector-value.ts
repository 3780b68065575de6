import {
  columnAdd,
  columnGet,
  columnSet,
  growColumn,
  moneyColumn,
  mulInto,
  mulSmallInto,
  splitZero,
  subInto,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { InstrumentIx, ListingIx } from '../../domain/ids.ts';
import { midTwice } from '../market/marks.ts';
import { widerNumbers } from '../positions/money-rows.ts';
import type { ListingRow } from '../registry.ts';
import { cellStride, findFirmCell } from './exposure.ts';
import { convertInto, convertLastInto } from './rates.ts';
import { valueTwice } from './reference.ts';
import type { Risk } from './risk.ts';
import { noteValue } from './slack.ts';
import { divCeilInto, fromDoubleInto } from './split-more.ts';

/** Gross value of the firm's positions by instrument and by sector, firm's currency, each instrument at the last mark; kept while a sector has a concentration limit. */
export interface SectorValue {
  active: boolean;
  readonly instrument: MoneyColumn;
  readonly sector: MoneyColumn;
  /** By listing, found when first needed (0 = not yet): tick value / (2 x base units of a lot), reduced. */
  up: Float64Array;
  down: Float64Array;
  /** Instruments whose value is behind, the first `staleCount` places of `stale`; by instrument the half ticks and the listing to value it by, 0 = it is not behind. */
  stale: Int32Array;
  staleCount: number;
  staleAt: Float64Array;
  staleBy: Int32Array;
  /** By instrument with several listings: these. All of it follows from the listings; so many of them have been looked at. */
  readonly shared: Map<InstrumentIx, ListingIx[]>;
  looked: number;
}

export function createSectorValue(): SectorValue {
  return {
    active: false,
    instrument: moneyColumn(16),
    sector: moneyColumn(16),
    up: new Float64Array(16),
    down: new Float64Array(16),
    stale: new Int32Array(16),
    staleCount: 0,
    staleAt: new Float64Array(16),
    staleBy: new Int32Array(16),
    shared: new Map(),
    looked: 0,
  };
}

/** A value past this counts as this: more than any limit, and within the range of split integers. */
const mostValue = 1e29;

/** |units| base units of the listing's instrument at `refTwice` half ticks, in `currency`, rounded up: `booked` as in `marginInto`; false = no rate. */
export function grossInto(
  out: Split,
  risk: Risk,
  units: number,
  refTwice: number,
  listing: ListingRow,
  currency: number,
  booked: boolean,
): boolean {
  const size = Math.abs(units);
  const { sectorValue } = risk;
  if (listing.ix >= sectorValue.up.length || sectorValue.up[listing.ix] === 0) reduce(sectorValue, listing);
  const up = sectorValue.up[listing.ix];
  if (!Number.isSafeInteger(size) || size * refTwice * up > mostValue) {
    fromDoubleInto(out, mostValue);
  } else {
    mulInto(out, size, refTwice);
    mulSmallInto(out, out, up);
    divCeilInto(out, out, sectorValue.down[listing.ix]);
  }
  if (currency < 0) return false;
  return booked
    ? convertLastInto(out, risk.rates, out, listing.currency, currency, true)
    : convertInto(out, risk.rates, out, listing.currency, currency, true);
}

function reduce(sectorValue: SectorValue, { ix, moneyPerTickLot, baseUnitsPerLot }: ListingRow): void {
  if (ix >= sectorValue.up.length) {
    sectorValue.up = widerNumbers(sectorValue.up, 2 * ix);
    sectorValue.down = widerNumbers(sectorValue.down, 2 * ix);
  }
  const common = commonDivisor(moneyPerTickLot, 2 * baseUnitsPerLot);
  sectorValue.up[ix] = moneyPerTickLot / common;
  sectorValue.down[ix] = (2 * baseUnitsPerLot) / common;
}

/** Of two positive safe integers (Euclid). */
function commonDivisor(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

const value = splitZero();
const held = splitZero();

/** Instruments with several listings, and those that have become so since it was last asked. */
function sharedListings({ sectorValue, registry, listingsOf }: Risk): ReadonlyMap<InstrumentIx, readonly ListingIx[]> {
  const { shared } = sectorValue;
  for (; sectorValue.looked < registry.listings.length; sectorValue.looked++) {
    const { instrument } = registry.listings[sectorValue.looked];
    if (listingsOf[instrument] < 2) continue;
    const known = shared.get(instrument);
    if (known === undefined)
      shared.set(
        instrument,
        registry.listings.flatMap(({ ix, instrument: of }) => (of === instrument ? [ix] : [])),
      );
    else if (!known.includes(sectorValue.looked)) known.push(sectorValue.looked);
  }
  return shared;
}

/** Who says what all of the instrument is worth: of several listings the one that was marked last, of those whose mark names a price; the given one where none was marked later. */
function valuingListing(risk: Risk, own: ListingRow): ListingRow {
  if (risk.listingsOf[own.instrument] < 2) return own;
  const { marks, registry } = risk;
  let by = -1;
  if (midTwice(marks, own.ix) !== 0) by = own.ix;
  for (const ix of sharedListings(risk).get(own.instrument) ?? []) {
    if (midTwice(marks, ix) !== 0 && (by < 0 || marks.at[ix] > marks.at[by])) by = ix;
  }
  return by < 0 ? own : registry.listings[by];
}

/**
 * The listing's instrument is to be valued at the last price of the listing, or of another listing of it that was marked since: when it is settled, or at once where a rate is needed (then
 * everything has been settled before). Without a price it keeps the value that it has.
 */
export function sectorValueChanged(risk: Risk, own: ListingRow): void {
  const listing = valuingListing(risk, own);
  const refTwice = valueTwice(risk.marks, listing.ix);
  if (refTwice <= 0) return;
  if (listing.currency !== risk.firmCurrency) return takeValue(risk, listing, refTwice);
  const { sectorValue } = risk;
  const { instrument, ix } = listing;
  if (instrument >= sectorValue.staleAt.length) widenStale(sectorValue, 2 * instrument);
  if (sectorValue.staleAt[instrument] === 0) sectorValue.stale[sectorValue.staleCount++] = instrument;
  sectorValue.staleAt[instrument] = refTwice;
  sectorValue.staleBy[instrument] = ix;
}

function widenStale(sectorValue: SectorValue, length: number): void {
  sectorValue.staleAt = widerNumbers(sectorValue.staleAt, length);
  const by = new Int32Array(length);
  by.set(sectorValue.staleBy);
  sectorValue.staleBy = by;
  const stale = new Int32Array(length);
  stale.set(sectorValue.stale);
  sectorValue.stale = stale;
}

/** Values what is behind; part of `settle`, after the cells. */
export function settleSectors(risk: Risk): void {
  const { sectorValue, registry } = risk;
  const { stale, staleAt, staleBy, staleCount } = sectorValue;
  sectorValue.staleCount = 0;
  for (let i = 0; i < staleCount; i++) {
    const refTwice = staleAt[stale[i]];
    staleAt[stale[i]] = 0;
    if (sectorValue.active) takeValue(risk, registry.listings[staleBy[stale[i]]], refTwice);
  }
}

function takeValue(risk: Risk, listing: ListingRow, refTwice: number): void {
  const { exposure, sectorValue, sectorOf, firmCurrency } = risk;
  const cell = findFirmCell(exposure, listing.instrument);
  if (cell < 0 || !grossInto(value, risk, exposure.cells[cell * cellStride], refTwice, listing, firmCurrency, true)) return;
  growColumn(sectorValue.instrument, roomFor(listing.instrument, sectorValue.instrument));
  growColumn(sectorValue.sector, roomFor(sectorOf[listing.instrument], sectorValue.sector));
  columnGet(held, sectorValue.instrument, listing.instrument);
  columnSet(sectorValue.instrument, listing.instrument, value);
  subInto(value, value, held);
  columnAdd(sectorValue.sector, sectorOf[listing.instrument], value.hi, value.lo);
  noteValue(risk, sectorOf[listing.instrument], value);
}

function roomFor(ix: number, column: MoneyColumn): number {
  return ix < column.hi.length ? 0 : Math.max(ix + 1, column.hi.length * 2);
}

/** From the first such limit on the values are kept; they start from every position there is. Call `settle` first. */
export function keepSectorValue(risk: Risk, active: boolean): void {
  const { exposure, sectorValue, registry } = risk;
  if (active === sectorValue.active) return;
  sectorValue.active = active;
  for (const column of [sectorValue.instrument, sectorValue.sector]) {
    column.hi.fill(0);
    column.lo.fill(0);
  }
  if (!active) return;
  for (const route of exposure.routes) sectorValueChanged(risk, registry.listings[route.listing]);
}

/** Sector's value without one instrument, into `out`. */
export function othersOfSector(out: Split, risk: Risk, sector: number, instrument: number): void {
  const { sectorValue } = risk;
  out.hi = 0;
  out.lo = 0;
  if (sector < sectorValue.sector.hi.length) columnGet(out, sectorValue.sector, sector);
  if (instrument >= sectorValue.instrument.hi.length) return;
  columnGet(held, sectorValue.instrument, instrument);
  subInto(out, out, held);
}

/** Sector's value as a double, this instrument's present position included: at least as much as the others'. */
export function sectorEstimate(risk: Risk, sector: number): number {
  const { hi, lo } = risk.sectorValue.sector;
  return sector < hi.length ? hi[sector] * 281_474_976_710_656 + lo[sector] : 0;
}
