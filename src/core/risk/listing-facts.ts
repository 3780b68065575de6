import type { TickBand } from '../../domain/instrument.ts';
import type { TimeInForce } from '../../domain/order.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { Registry } from '../registry.ts';

/** What the checks want to know of a listing and of its venue, side by side: `factStride` numbers for each listing, two cache lines. */
export interface ListingFacts {
  numbers: Float64Array;
}

export const factStride = 16;
export const minQtyFact = 0;
export const maxQtyFact = 1;
/** Prices are multiples of it at all times; 0 = it depends (a tick table with several bands). */
export const tickFact = 2;
export const baseUnitsFact = 3;
export const moneyFact = 4;
export const currencyFact = 5;
export const venueFact = 6;
export const instrumentFact = 7;
export const sectorFact = 8;
/** What the venue can do: the bits below. */
export const abilitiesFact = 9;

export function createListingFacts(): ListingFacts {
  return { numbers: new Float64Array(16 * factStride) };
}

/** Takes a listing that has just been registered. */
export function takeListingFacts(facts: ListingFacts, registry: Registry, ix: number, sector: number): void {
  if ((ix + 1) * factStride > facts.numbers.length) {
    const wider = new Float64Array(2 * (ix + 1) * factStride);
    wider.set(facts.numbers);
    facts.numbers = wider;
  }
  const { listing, baseUnitsPerLot, moneyPerTickLot, currency, venue, instrument } = registry.listings[ix];
  const { tickTable } = listing;
  const { numbers } = facts;
  const at = ix * factStride;
  numbers[at + minQtyFact] = listing.minQty ?? 1;
  numbers[at + maxQtyFact] = listing.maxQty ?? Number.MAX_SAFE_INTEGER;
  numbers[at + tickFact] = stepOf(tickTable);
  numbers[at + baseUnitsFact] = baseUnitsPerLot;
  numbers[at + moneyFact] = moneyPerTickLot;
  numbers[at + currencyFact] = currency;
  numbers[at + venueFact] = venue;
  numbers[at + instrumentFact] = instrument;
  numbers[at + sectorFact] = sector;
  numbers[at + abilitiesFact] = abilitiesOf(registry.venues[venue].capabilities);
}

export const marketAbility = 1;
export const limitAbility = 2;
export const postOnlyAbility = 4;
export const reduceOnlyAbility = 8;
export const replaceAbility = 512;

/** One step for all prices and times, 0 = it depends. */
function stepOf(table: readonly TickBand[]): number {
  if (table.length === 0) return 1;
  const [{ fromPrice, fromDate, step }] = table;
  return table.length === 1 && fromPrice <= 1 && fromDate === undefined ? step : 0;
}

function abilitiesOf(able: VenueCapabilities): number {
  let bits = (able.postOnly ? postOnlyAbility : 0) + (able.reduceOnly ? reduceOnlyAbility : 0);
  if (able.replace !== 'none') bits += replaceAbility;
  if (able.ordTypes.includes('market')) bits += marketAbility;
  if (able.ordTypes.includes('limit')) bits += limitAbility;
  for (const time of able.timesInForce) bits += timeAbility(time);
  return bits;
}

/** The bit of a time in force. */
export function timeAbility(time: TimeInForce): number {
  switch (time) {
    case 'day':
      return 16;
    case 'gtc':
      return 32;
    case 'ioc':
      return 64;
    case 'fok':
      return 128;
    case 'gtd':
      return 256;
  }
}
