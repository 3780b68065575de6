import { microsFromCivil } from '../../base/time.ts';
import { SyntheticExchange } from '../../sim/synthetic-exchange.ts';
import { normalTerms, type SyntheticTerms } from '../../sim/synthetic-terms.ts';
import { syntheticMarket } from './definitions.ts';
import { feeUnitOf, orderLatency, recordedVenue, reportLatency, type MarketSource } from './market-source.ts';

/** Everybody acts this much more seldom than in the normal regime, so that weeks pass in seconds. */
const slower = 60;
/** Silence of the feed that counts as stale (microseconds): an act comes every three seconds on average. */
const staleAfter = 120_000_000;

function calmTerms(): SyntheticTerms {
  const { rates, value } = normalTerms;
  return {
    ...normalTerms,
    value: { ...value, volatility: value.volatility / 4, jumpRate: value.jumpRate / slower },
    rates: {
      maker: rates.maker / slower,
      noiseRest: rates.noiseRest / slower,
      noiseCancel: rates.noiseCancel / slower,
      noiseTake: rates.noiseTake / slower,
      momentum: rates.momentum / slower,
      informed: rates.informed / slower,
    },
  };
}

/** The synthetic exchange for simulations of whole deployments: the same agents, sixty times more seldom, one market without breaks. */
export function calmSource(seed: number): MarketSource {
  const startAt = microsFromCivil(2026, 1, 5, 9);
  return {
    market: { ...syntheticMarket, staleAfter },
    startAt,
    description: `calm synthetic exchange, seed ${seed}`,
    open(core) {
      const row = core.registry.listings[0];
      const fees = { makerRate: 0, takerRate: 0, feeUnit: feeUnitOf(core, row.currency) };
      const listing = {
        ix: row.ix,
        listing: row.listing,
        moneyPerTickLot: row.moneyPerTickLot,
        currency: row.currency,
        fees,
        terms: calmTerms(),
      };
      const exchange = new SyntheticExchange({
        seed,
        venue: row.venue,
        feed: 0,
        listings: [listing],
        startAt,
        orderLatency,
        reportLatency,
      });
      return { feed: exchange, venue: row.venue, port: exchange, simulator: recordedVenue(core, 'PAPER', true) };
    },
  };
}
