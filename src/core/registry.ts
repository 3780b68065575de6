import { assert } from '../base/assert.ts';
import { divideDecimal, parseDecimal } from '../base/decimal.ts';
import { powi } from '../base/math.ts';
import { err, ok, type Result } from '../base/result.ts';
import { maxExponent, type Currency } from '../domain/currency.ts';
import type { AccountIx, CurrencyIx, FeedIx, InstrumentIx, ListingIx, VenueIx } from '../domain/ids.ts';
import type { Registration } from '../domain/input.ts';
import type { Account, Instrument, Listing } from '../domain/instrument.ts';
import type { Venue } from '../domain/venue.ts';

/** A listing with the whole numbers that the hot path multiplies by. */
export interface ListingRow {
  readonly ix: ListingIx;
  readonly listing: Listing;
  readonly instrument: InstrumentIx;
  readonly venue: VenueIx;
  readonly currency: CurrencyIx;
  /** Base units of the instrument in one lot. */
  readonly baseUnitsPerLot: number;
  /** Units of 10^-exponent of the currency that one tick of one lot is worth. */
  readonly moneyPerTickLot: number;
  /** 10^exponent of the currency: units of money in one of it. */
  readonly unitsPerCurrency: number;
}

export interface AccountRow {
  readonly ix: AccountIx;
  readonly account: Account;
  readonly venue: VenueIx;
}

export interface FeedRow {
  readonly ix: FeedIx;
  readonly feedID: string;
  readonly staleAfterPnl: number;
  readonly staleAfterDrawdown: number;
}

/** Every definition by its index, and the indices by their ids. Grows by registration only; nothing is ever removed. */
export interface Registry {
  readonly currencies: Currency[];
  readonly instruments: Instrument[];
  readonly venues: Venue[];
  readonly accounts: AccountRow[];
  readonly listings: ListingRow[];
  readonly feeds: FeedRow[];
  readonly currencyIx: Map<string, CurrencyIx>;
  readonly instrumentIx: Map<string, InstrumentIx>;
  readonly venueIx: Map<string, VenueIx>;
  readonly accountIx: Map<string, AccountIx>;
  readonly listingIx: Map<string, ListingIx>;
  readonly feedIx: Map<string, FeedIx>;
}

/** Most definitions of one kind. */
export const maxDefinitions = 65_535;

export function createRegistry(): Registry {
  return {
    currencies: [],
    instruments: [],
    venues: [],
    accounts: [],
    listings: [],
    feeds: [],
    currencyIx: new Map(),
    instrumentIx: new Map(),
    venueIx: new Map(),
    accountIx: new Map(),
    listingIx: new Map(),
    feedIx: new Map(),
  };
}

/** Adds a definition; the error says in one sentence what does not fit. @returns the index given. */
export function register(registry: Registry, registration: Registration): Result<number, string> {
  switch (registration.what) {
    case 'currency':
      return registerCurrency(registry, registration.currency);
    case 'instrument':
      return registerInstrument(registry, registration.instrument);
    case 'venue':
      return add(registry.venues, registry.venueIx, registration.venue.venueID, registration.venue, 'venue');
    case 'account':
      return registerAccount(registry, registration.account);
    case 'listing':
      return registerListing(registry, registration.listing);
    case 'feed':
      return add(
        registry.feeds,
        registry.feedIx,
        registration.feedID,
        {
          ix: registry.feeds.length,
          feedID: registration.feedID,
          staleAfterPnl: registration.staleAfterPnl,
          staleAfterDrawdown: registration.staleAfterDrawdown,
        },
        'feed',
      );
  }
}

function add<T>(rows: T[], index: Map<string, number>, id: string, row: T, word: string): Result<number, string> {
  if (id === '') return err(`${word}: expected an id, was empty`);
  if (index.has(id)) return err(`${word} ${id}: is registered already`);
  if (rows.length >= maxDefinitions) return err(`${word} ${id}: expected at most ${maxDefinitions} of them`);
  rows.push(row);
  index.set(id, rows.length - 1);
  return ok(rows.length - 1);
}

function registerCurrency(registry: Registry, currency: Currency): Result<number, string> {
  const { code, exponent, feeDecimals } = currency;
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > maxExponent)
    return err(`currency ${code}: expected exponent 0…${maxExponent}, was ${exponent}`);
  if (!Number.isInteger(feeDecimals) || feeDecimals < 0 || feeDecimals > exponent)
    return err(`currency ${code}: expected feeDecimals 0…${exponent}, was ${feeDecimals}`);
  return add(registry.currencies, registry.currencyIx, code, currency, 'currency');
}

function registerInstrument(registry: Registry, instrument: Instrument): Result<number, string> {
  const { instrumentID, currency, baseUnit } = instrument;
  if (!registry.currencyIx.has(currency)) return err(`instrument ${instrumentID}: currency ${currency} is not registered`);
  const unit = parseDecimal(baseUnit, 15);
  if (!unit.ok || unit.value <= 0)
    return err(`instrument ${instrumentID}: expected baseUnit a positive decimal with at most 15 places, was ${baseUnit}`);
  return add(registry.instruments, registry.instrumentIx, instrumentID, instrument, 'instrument');
}

function registerAccount(registry: Registry, account: Account): Result<number, string> {
  const venue = registry.venueIx.get(account.venueID);
  if (venue === undefined) return err(`account ${account.accountID}: venue ${account.venueID} is not registered`);
  return add(registry.accounts, registry.accountIx, account.accountID, { ix: registry.accounts.length, account, venue }, 'account');
}

function registerListing(registry: Registry, listing: Listing): Result<number, string> {
  const id = listing.listingID;
  const instrument = registry.instrumentIx.get(listing.instrumentID);
  if (instrument === undefined) return err(`listing ${id}: instrument ${listing.instrumentID} is not registered`);
  const venue = registry.venueIx.get(listing.venueID);
  if (venue === undefined) return err(`listing ${id}: venue ${listing.venueID} is not registered`);
  const definition = registry.instruments[instrument];
  const currency = registry.currencyIx.get(definition.currency);
  assert(currency !== undefined, 'a registered instrument has a registered currency');
  const baseUnits = divideDecimal(listing.lot, definition.baseUnit);
  if (!baseUnits.ok || baseUnits.value <= 0)
    return err(`listing ${id}: expected lot a multiple of the base unit ${definition.baseUnit}, was ${listing.lot}`);
  const { exponent } = registry.currencies[currency];
  const money = moneyPerTickLot(listing, exponent);
  if (money === undefined) {
    return err(
      `listing ${id}: priceUnit ${listing.priceUnit} x lot ${listing.lot} x multiplier ${listing.multiplier} is not a whole number of 10^-${exponent} ${definition.currency}`,
    );
  }
  for (const band of listing.tickTable) {
    if (!Number.isSafeInteger(band.step) || band.step < 1)
      return err(`listing ${id}: expected tick steps of at least 1 priceUnit, was ${band.step}`);
  }
  const row: ListingRow = {
    ix: registry.listings.length,
    listing,
    instrument,
    venue,
    currency,
    baseUnitsPerLot: baseUnits.value,
    moneyPerTickLot: money,
    unitsPerCurrency: powi(10, exponent),
  };
  return add(registry.listings, registry.listingIx, id, row, 'listing');
}

/** priceUnit x lot x multiplier in units of 10^-exponent; undefined when that is no positive safe integer. Exact: the decimals are multiplied as integers. */
function moneyPerTickLot(listing: Listing, exponent: number): number | undefined {
  let digits = 1;
  let scale = 0;
  for (const text of [listing.priceUnit, listing.lot, listing.multiplier]) {
    const parsed = wholeAndScale(text);
    if (parsed === undefined) return undefined;
    digits *= parsed.whole;
    scale += parsed.scale;
  }
  for (; scale < exponent; scale++) digits *= 10;
  for (; scale > exponent; scale--) {
    if (digits % 10 !== 0) return undefined;
    digits /= 10;
  }
  return Number.isSafeInteger(digits) && digits > 0 ? digits : undefined;
}

/** `"0.10"` -> 1 and 1: the shortest integer with its scale. */
function wholeAndScale(text: string): { whole: number; scale: number } | undefined {
  for (let scale = 0; scale <= 15; scale++) {
    const parsed = parseDecimal(text, scale);
    if (parsed.ok) return parsed.value > 0 ? { whole: parsed.value, scale } : undefined;
    if (parsed.error.code !== 'TOO_FINE') return undefined;
  }
  return undefined;
}
