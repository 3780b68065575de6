import { microsUnchecked } from '../../base/units.ts';
import { defaultExponent } from '../../domain/currency.ts';
import type { Input, Registration } from '../../domain/input.ts';
import { ordTypes, timesInForce } from '../../domain/order.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';

/** What the simulated venue takes: every order type of the product, natively. */
export const simulatedCapabilities: VenueCapabilities = {
  ordTypes,
  timesInForce,
  postOnly: true,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'none',
  selfMatchID: true,
  queryByClOrdID: true,
  throttlePerSecond: 0,
};

/** One market of a desk: everything that must be registered before a version can trade it. */
export interface MarketDefinition {
  readonly venueID: string;
  readonly accountID: string;
  readonly currency: string;
  /** Decimals that the currency's money is counted in; the usual ones when left out. */
  readonly exponent?: number;
  readonly instrumentID: string;
  readonly assetClass: 'spot' | 'perpetual' | 'equity';
  readonly baseCurrency?: string;
  readonly listingID: string;
  readonly symbol: string;
  readonly priceUnit: string;
  readonly lot: string;
  readonly feedID: string;
  /** Silence after which marks count as stale, microseconds; a second when left out. */
  readonly staleAfter?: number;
}

/** The synthetic exchange's one share: price in cents, whole shares. */
export const syntheticMarket: MarketDefinition = {
  venueID: 'SIM',
  accountID: 'A1',
  currency: 'USD',
  instrumentID: 'OAK',
  assetClass: 'equity',
  listingID: 'OAK.SIM',
  symbol: 'OAK',
  priceUnit: '0.01',
  lot: '1',
  feedID: 'synthetic',
};

/** Fees in them are rounded to hundredths; in the others to 10^-8. */
const centCurrencies: readonly string[] = ['USD', 'EUR', 'GBP', 'CHF'];

/** Registrations in the order in which they must come; every id takes the next index of its kind. */
export function registrationsOf(markets: readonly MarketDefinition[]): readonly Registration[] {
  const registrations: Registration[] = [];
  const once = new Set<string>();
  const add = (key: string, registration: Registration): void => {
    if (once.has(key)) return;
    once.add(key);
    registrations.push(registration);
  };
  for (const m of markets) {
    add(`currency ${m.currency}`, {
      kind: 'register',
      what: 'currency',
      currency: { code: m.currency, exponent: m.exponent ?? defaultExponent, feeDecimals: centCurrencies.includes(m.currency) ? 2 : 8 },
    });
    add(`venue ${m.venueID}`, {
      kind: 'register',
      what: 'venue',
      venue: { venueID: m.venueID, simulated: true, capabilities: simulatedCapabilities },
    });
    add(`account ${m.accountID}`, {
      kind: 'register',
      what: 'account',
      account: { accountID: m.accountID, venueID: m.venueID, accountGroup: 'main', margin: { kind: 'cash' } },
    });
    add(`instrument ${m.instrumentID}`, {
      kind: 'register',
      what: 'instrument',
      instrument: {
        instrumentID: m.instrumentID,
        assetClass: m.assetClass,
        currency: m.currency,
        ...(m.baseCurrency === undefined ? {} : { baseCurrency: m.baseCurrency }),
        baseUnit: m.lot,
      },
    });
    add(`listing ${m.listingID}`, {
      kind: 'register',
      what: 'listing',
      listing: {
        listingID: m.listingID,
        instrumentID: m.instrumentID,
        venueID: m.venueID,
        symbol: m.symbol,
        priceUnit: m.priceUnit,
        tickTable: [],
        lot: m.lot,
        multiplier: '1',
        calendar: 'ALWAYS',
      },
    });
    add(`feed ${m.feedID}`, {
      kind: 'register',
      what: 'feed',
      feedID: m.feedID,
      staleAfterPnl: microsUnchecked(m.staleAfter ?? 1_000_000),
      staleAfterDrawdown: microsUnchecked(5 * (m.staleAfter ?? 1_000_000)),
    });
  }
  return registrations;
}

/** The journal's first input. */
export function genesisOf(
  currency: string,
  firmCapital: string,
  durability: 'sync' | 'group' | 'os',
  seed: string,
  coreDigest: string,
  clock: 'virtual' | 'wall' = 'virtual',
): Input {
  return { kind: 'genesis', firm: 'plimsoll demonstration desk', currency, firmCapital, durability, clock, coreDigest, seed };
}
