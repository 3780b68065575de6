import { prng } from '../../base/prng.ts';
import { addMicros, microsUnchecked, type Micros } from '../../base/units.ts';
import { microsFromCivil } from '../../base/time.ts';
import type { Core } from '../../core/core.ts';
import type { VenueIx } from '../../domain/ids.ts';
import { binanceSymbol } from '../../feeds/binance/symbols.ts';
import { createBinanceFeed } from '../../feeds/binance/recorded-feed.ts';
import { sessionVenueOf } from '../../feeds/sessions/venue-session.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import type { PulledVenue } from '../../runtime/desk-options.ts';
import { SyntheticExchange } from '../../sim/synthetic-exchange.ts';
import { fixedLatency, type Latency } from '../../venues/simulated/latency.ts';
import type { QueueModel } from '../../venues/simulated/queue-place.ts';
import { RecordedVenue } from '../../venues/simulated/recorded-venue.ts';
import { syntheticMarket, type MarketDefinition } from './definitions.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { sessionMarket } from './session-source.ts';

/** What a desk trades on: the definitions to register, and the world that they stand for once they are. */
export interface MarketSource {
  readonly market: MarketDefinition;
  readonly startAt: Micros;
  readonly description: string;
  open(core: Core): OpenedMarket;
}

export interface OpenedMarket {
  readonly feed: RecordedFeed;
  readonly venue: VenueIx;
  /** Serves rows that trade capital. */
  readonly port: PulledVenue;
  /** Serves rows on paper. */
  readonly simulator: PulledVenue;
  /** Gives an account what it held at a venue of this name that died with its desk; left out where the venue cannot take it. */
  readonly hold?: (account: number, listing: number, position: number) => void;
}

const noFee = { makerRate: 0, takerRate: 0 };
/** Simulated round trip: 0.3 ms out, 0.2 ms back. */
export const orderLatency = fixedLatency(300);
export const reportLatency = fixedLatency(200);

/**
 * What the story is about: from three quarters of an hour on, the market goes about 10 % one way within ten minutes and a quarter of an hour later as far
 * back, four times in all (microseconds, ticks).
 */
const marketBreaks = { first: 2_700_000_000, every: 900_000_000, count: 4, ticks: 400, over: 600_000_000 } as const;

/**
 * The synthetic exchange, from nine in the morning of an ordinary day, or from `startAt`. `life` counts the exchanges that one journal has seen: each numbers its
 * orders and reports under a prefix of its own.
 */
export function syntheticSource(seed: number, startAt: Micros = microsFromCivil(2026, 1, 5, 9), life = 1): MarketSource {
  const mark = life === 1 ? '' : String(life);
  return {
    market: syntheticMarket,
    startAt,
    description: `synthetic exchange, seed ${seed}`,
    open(core) {
      const row = core.registry.listings[0];
      const feeUnit = feeUnitOf(core, row.currency);
      const listing = {
        ix: row.ix,
        listing: row.listing,
        moneyPerTickLot: row.moneyPerTickLot,
        currency: row.currency,
        fees: { ...noFee, feeUnit },
      };
      const exchange = new SyntheticExchange({
        seed,
        venue: row.venue,
        feed: 0,
        listings: [listing],
        startAt,
        prefix: `SIM${mark}`,
        orderLatency,
        reportLatency,
      });
      breakMarket(exchange, row.ix, startAt, seed);
      const hold = (account: number, ix: number, position: number): void => exchange.hold(account, ix, position);
      return { feed: exchange, venue: row.venue, port: exchange, simulator: recordedVenue(core, `PAPER${mark}`, true), hold };
    },
  };
}

function breakMarket(exchange: SyntheticExchange, listing: number, startAt: Micros, seed: number): void {
  const { first, every, count, ticks, over } = marketBreaks;
  const upFirst = prng(`market break ${seed}`).int(2);
  for (let n = 0; n < count; n++)
    exchange.shock(listing, addMicros(startAt, first + n * every), (n + upFirst) % 2 === 0 ? ticks : -ticks, over);
}

/** What a simulated venue on a recording is told beside the recording. */
export interface RecordedTerms {
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  readonly queue: QueueModel;
  /** 10^-8 of the notional; negative is a rebate. */
  readonly makerRate: number;
  readonly takerRate: number;
  /** Of what is drawn. */
  readonly seed: string;
}

const paperTerms: RecordedTerms = { orderLatency, reportLatency, queue: 'proRata', makerRate: 0, takerRate: 0, seed: '' };

/**
 * A Binance capture, whose market and symbol are read off its path, or a session of another venue, known by the beginning of its name, of which `symbol` names
 * the one instrument. @throws Refusal when it is neither
 */
export function recordedSource(file: string, terms: RecordedTerms = paperTerms, symbol?: string): MarketSource {
  const venue = sessionVenueOf(file);
  if (venue === undefined) return binanceSource(file, terms, symbol);
  const { market, feed } = sessionMarket(file, venue, symbol);
  return sourceOf(market, feed, `recorded ${market.symbol} of ${venue} (${file.split(/[\\/]/).at(-1)})`, terms);
}

function binanceSource(file: string, terms: RecordedTerms, asked: string | undefined): MarketSource {
  const kind = file.includes('spot') ? 'spot' : 'usdm';
  const name = /([a-z]+usdt)_\d+/.exec(file.split(/[\\/]/).at(-1) ?? '')?.[1]?.toUpperCase();
  const symbol = name === undefined ? undefined : binanceSymbol(kind, name);
  if (symbol === undefined)
    throw new Refusal(
      exitCodes.refused,
      `${file}: expected a Binance capture named like usdm/btcusdt_20240808.gz of a known symbol, or a session named like KRAKEN.ws.50.0.gz`,
    );
  const market: MarketDefinition = {
    venueID: kind === 'spot' ? 'BINANCE' : 'BINANCE-USDM',
    accountID: 'A1',
    currency: 'USDT',
    instrumentID: kind === 'spot' ? symbol.symbol : `${symbol.symbol}-PERP`,
    assetClass: kind === 'spot' ? 'spot' : 'perpetual',
    baseCurrency: symbol.symbol.replace(/USDT$/, ''),
    listingID: `${symbol.symbol}.${kind === 'spot' ? 'BINANCE' : 'BINANCE-USDM'}`,
    symbol: symbol.symbol,
    priceUnit: symbol.priceUnit,
    lot: symbol.lot,
    feedID: `binance-${kind}`,
  };
  if (asked !== undefined && asked !== symbol.symbol)
    throw new Refusal(exitCodes.usage, `${file}: expected the instrument ${symbol.symbol}, was ${asked}`);
  const feed = openFeed({ file, market: kind, feed: 0, listing: 0, symbol: symbol.symbol, priceUnit: symbol.priceUnit, lot: symbol.lot });
  return sourceOf(market, feed, `recorded ${kind} ${symbol.symbol} (${file.split(/[\\/]/).at(-1)})`, terms);
}

function sourceOf(market: MarketDefinition, feed: RecordedFeed, description: string, terms: RecordedTerms): MarketSource {
  return {
    market,
    startAt: feed.peek() ?? microsUnchecked(0),
    description,
    open: (core) => ({
      feed,
      venue: core.registry.listings[0].venue,
      port: recordedVenue(core, 'REC', false, terms),
      simulator: recordedVenue(core, 'PAPER', true, terms),
    }),
  };
}

function openFeed(options: Parameters<typeof createBinanceFeed>[0]): RecordedFeed {
  try {
    return createBinanceFeed(options);
  } catch (error) {
    throw new Refusal(exitCodes.refused, error instanceof Error ? error.message : String(error));
  }
}

export function recordedVenue(core: Core, prefix: string, simulated: boolean, terms: RecordedTerms = paperTerms): RecordedVenue {
  const { makerRate, takerRate, seed, ...ways } = terms;
  const listings = core.registry.listings.map((row) => ({
    ix: row.ix,
    listing: row.listing,
    moneyPerTickLot: row.moneyPerTickLot,
    currency: row.currency,
    fees: { makerRate, takerRate, feeUnit: feeUnitOf(core, row.currency) },
  }));
  return new RecordedVenue({
    venue: core.registry.listings[0].venue,
    prefix,
    simulated,
    listings,
    luck: prng(`latency ${seed}/${prefix}`),
    ...ways,
  });
}

export function feeUnitOf(core: Core, currency: number): number {
  const { exponent, feeDecimals } = core.registry.currencies[currency];
  let unit = 1;
  for (let i = feeDecimals; i < exponent; i++) unit *= 10;
  return unit;
}
