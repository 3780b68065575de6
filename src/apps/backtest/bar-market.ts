import { decimalStep } from '../../base/decimal.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Registration } from '../../domain/input.ts';
import type { BacktestCosts, BarSet } from '../../ports/backtest.ts';
import { BarVenue, barCapabilities } from '../../venues/simulated/bar-venue.ts';
import type { Core } from '../../core/core.ts';
import type { ListingRow } from '../../core/registry.ts';
import { resultScale, type ListingScale } from './listing-scale.ts';

/** Names of the one venue and account of a backtest on bars. */
export const barVenueID = 'BARS';
export const barAccountID = 'A1';

/** Calendar of the sessions that the bars are of: at a close, when a bar is known and orders are decided, it is closed. */
export const barCalendar = 'SESSIONS';

/** Bars come when they come: no silence is a fault. */
const never = microsUnchecked(4_000_000_000_000_000);
/** Where the rates of a run of several currencies stand; nobody trades there. */
const rateVenueID = 'RATES';
/** Fees are rounded to cents; of a currency that counts finer, to what it counts. */
const feeDecimals = 2;
/** In runs of several currencies: those whose smallest unit is another one (ISO 4217), and coins, as fine as money is counted here. */
const minorUnits: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, ISK: 0, VND: 0, BTC: 6, ETH: 6 };

/** Decimals that the money of a set is counted in: at least as fine as a tick of a lot, and six. @throws RangeError when price unit or lot is no positive decimal */
export function exponentOf(set: BarSet): number {
  const price = stepOf('price unit', set.priceUnit);
  const lot = stepOf('lot', set.lot ?? '1');
  return Math.max(resultScale, price.scale + lot.scale);
}

function stepOf(name: string, text: string): { readonly units: number; readonly scale: number } {
  const step = decimalStep(text);
  if (!step.ok) throw new RangeError(`${name}: expected a positive decimal, was ${text}`);
  return step.value;
}

/** Everything that must be known before the first bar. */
export function registrationsOfBars(set: BarSet): readonly Registration[] {
  const { priceUnit, lot = '1' } = set;
  const exponent = exponentOf(set);
  const codes = currenciesOf(set);
  return [
    ...codes.map((code): Registration => {
      const decimals = codes.length === 1 ? feeDecimals : (minorUnits[code] ?? feeDecimals);
      return { kind: 'register', what: 'currency', currency: { code, exponent, feeDecimals: decimals } };
    }),
    { kind: 'register', what: 'venue', venue: { venueID: barVenueID, simulated: true, capabilities: barCapabilities } },
    {
      kind: 'register',
      what: 'account',
      account: { accountID: barAccountID, venueID: barVenueID, accountGroup: 'main', margin: { kind: 'cash' } },
    },
    ...set.series.flatMap(
      ({ instrumentID, multiplier = '1', currency = set.currency, assetClass = set.assetClass ?? 'equity' }): Registration[] => [
        { kind: 'register', what: 'instrument', instrument: { instrumentID, assetClass, currency, baseUnit: lot } },
        {
          kind: 'register',
          what: 'listing',
          listing: {
            listingID: listingIDOf(instrumentID),
            instrumentID,
            venueID: barVenueID,
            symbol: instrumentID,
            priceUnit,
            tickTable: [],
            lot,
            multiplier,
            calendar: barCalendar,
          },
        },
      ],
    ),
    ...rateRegistrations(set),
    { kind: 'register', what: 'feed', feedID: 'bars', staleAfterPnl: never, staleAfterDrawdown: never },
  ];
}

/** The run's own first, then those of its instruments, then those that only rates lead over. */
export function currenciesOf({ currency, series, conversion }: BarSet): readonly string[] {
  const quoted = series.map((one) => one.currency ?? currency);
  return [...new Set([currency, ...quoted, ...(conversion?.rates ?? []).flatMap(({ base, quote }) => [base, quote])])];
}

/** A listing for each rate, behind those of the instruments: the core converts by its marks. */
function rateRegistrations({ conversion }: BarSet): readonly Registration[] {
  if (conversion === undefined) return [];
  return [
    { kind: 'register', what: 'venue', venue: { venueID: rateVenueID, simulated: true, capabilities: barCapabilities } },
    ...conversion.rates.flatMap(({ rateID, base, quote }): Registration[] => {
      const instrumentID = `${rateID}.RATE`;
      const listing = { listingID: `${rateID}.${rateVenueID}`, instrumentID, venueID: rateVenueID, symbol: rateID, tickTable: [] };
      return [
        {
          kind: 'register',
          what: 'instrument',
          instrument: { instrumentID, assetClass: 'fx', currency: quote, baseCurrency: base, baseUnit: '1' },
        },
        {
          kind: 'register',
          what: 'listing',
          listing: { ...listing, priceUnit: '0.000001', lot: '1', multiplier: '1', calendar: barCalendar },
        },
      ];
    }),
  ];
}

export function listingIDOf(instrumentID: string): string {
  return `${instrumentID}.${barVenueID}`;
}

/** What the listings of a registered core count in. */
export function scalesOf({ registry }: Core): readonly ListingScale[] {
  return traded(registry.listings).map(({ moneyPerTickLot, currency, listing: { instrumentID, priceUnit, lot } }) => {
    const price = stepOf('price unit', priceUnit);
    const size = stepOf('lot', lot);
    const { exponent, feeDecimals: decimals } = registry.currencies[currency];
    let feeUnit = 1;
    for (let e = decimals; e < exponent; e++) feeUnit *= 10;
    return {
      instrumentID,
      currency,
      moneyPerTickLot,
      feeUnit,
      priceUnits: price.units,
      priceScale: price.scale,
      lotUnits: size.units,
      lotScale: size.scale,
    };
  });
}

/** Those of the first venue: the others are rates. */
function traded(listings: readonly ListingRow[]): readonly ListingRow[] {
  return listings.filter(({ venue }) => venue === 0);
}

/** The bar venue of a registered core. @throws RangeError when a cost is outside its range */
export function barVenueOf(
  core: Core,
  scales: readonly ListingScale[],
  costs: BacktestCosts,
  dayEnds: 'nextBar' | ((listing: number, after: Micros) => Micros) = 'nextBar',
): BarVenue {
  const { fees } = costs;
  let perMicro = 1;
  for (let e = resultScale; e < (core.registry.currencies[0]?.exponent ?? resultScale); e++) perMicro *= 10;
  return new BarVenue({
    venue: 0,
    prefix: 'BAR',
    simulated: true,
    fees: fees.kind === 'perShare' ? { kind: 'perShare', moneyPerLot: fees.moneyPerLot * perMicro } : fees,
    slippage: costs.slippage,
    maxParticipationBps: costs.maxParticipationBps,
    dayEnds,
    listings: traded(core.registry.listings).map(({ ix, listing, currency, moneyPerTickLot, unitsPerCurrency }) => ({
      ix,
      listing,
      currency,
      moneyPerTickLot,
      unitsPerCurrency,
      feeUnit: scales[ix].feeUnit,
    })),
  });
}
