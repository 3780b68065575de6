import { cpus } from 'node:os';
import { prng } from '../src/base/prng.ts';
import { lotsUnchecked, micros, ticksUnchecked } from '../src/base/units.ts';
import type { Listing } from '../src/domain/instrument.ts';
import type { Order } from '../src/domain/order.ts';
import type { RiskChecked } from '../src/domain/risk-checked.ts';
import { SyntheticExchange } from '../src/sim/synthetic-exchange.ts';
import { fixedLatency } from '../src/venues/simulated/latency.ts';
import { SimulatedVenue, fullCapabilities } from '../src/venues/simulated/simulated-venue.ts';
import { plainOrder } from '../src/testing/venue/plain-order.ts';

/**
 * The simulated venue from `send` to the last report, orders crossing one by one so that every second one fills two; and the synthetic exchange without a
 * desk, in virtual hours per second and listing. Excluded: making the orders' terms, the warm-up of the agents.
 * Usage: node --import tsx bench/venue.ts [--seed N] [--orders N] [--rounds N] [--json]
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const seed = option('--seed', 1);
const orders = option('--orders', 100_000);
const rounds = option('--rounds', 12);
const startAt = micros(1_767_603_600_000_000);
const listing: Listing = {
  listingID: 'OAK.SIM',
  instrumentID: 'OAK',
  venueID: 'SIM',
  symbol: 'OAK',
  priceUnit: '0.01',
  tickTable: [],
  lot: '1',
  multiplier: '1',
  calendar: 'ALWAYS',
};
const money = { moneyPerTickLot: 10_000_000_000, currency: 0, fees: { makerRate: 2_000, takerRate: 20_000, feeUnit: 10_000_000_000 } };

function passed(order: Order): order is RiskChecked<Order> {
  return order.clOrdID > 0;
}

/** @returns orders per second and reports per order. */
function venueRound(): { rate: number; reports: number } {
  const venue = new SimulatedVenue({
    venue: 0,
    prefix: 'SIM',
    simulated: false,
    listings: [{ ix: 0, listing, ...money }],
    capabilities: fullCapabilities,
    orderLatency: fixedLatency(300),
    reportLatency: fixedLatency(200),
    selfMatch: 'allow',
    luck: prng(seed),
  });
  const terms: { -readonly [K in keyof Order]: Order[K] } = plainOrder({ clOrdID: 1 });
  terms.price = ticksUnchecked(4_000);
  terms.orderQty = lotsUnchecked(10);
  let reports = 0;
  const count = (): void => void (reports += 1);
  const began = performance.now();
  for (let i = 1; i <= orders; i++) {
    terms.clOrdID = i * 65_536;
    terms.side = i % 2 === 0 ? 'buy' : 'sell';
    const at = startAt + i * 1_000;
    if (passed(terms)) venue.send(terms, micros(at));
    venue.advance(micros(at + 1_000), count);
  }
  return { rate: Math.round((orders / (performance.now() - began)) * 1000), reports: reports / orders };
}

/** @returns virtual hours per wall second and events per virtual second. */
function exchangeRound(): { hours: number; events: number } {
  const exchange = new SyntheticExchange({
    seed,
    venue: 0,
    feed: 0,
    startAt,
    listings: [{ ix: 0, listing, ...money }],
    endAt: micros(startAt + 3_600_000_000),
  });
  let events = 0;
  const began = performance.now();
  while (exchange.peek() !== undefined) if (exchange.next() !== undefined) events += 1;
  return { hours: 1000 / (performance.now() - began), events: events / 3_600 };
}

const venueRounds = Array.from({ length: rounds }, venueRound);
const exchangeRounds = Array.from({ length: rounds }, exchangeRound);
const result = {
  bench: 'venue',
  seed,
  orders,
  rounds,
  machine: `${cpus()[0].model} x ${cpus().length}`,
  node: process.version,
  excluded: "making the orders' terms, the warm-up of the agents",
  ordersPerSecond: Math.max(...venueRounds.map(({ rate }) => rate)),
  reportsPerOrder: venueRounds[0].reports,
  virtualHoursPerSecond: Math.round(Math.max(...exchangeRounds.map(({ hours }) => hours)) * 100) / 100,
  eventsPerVirtualSecond: Math.round(exchangeRounds[0].events * 10) / 10,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(result));
else {
  console.log(`venue: seed ${seed}, best of ${rounds}; ${result.machine}, Node ${result.node}; excluded: ${result.excluded}`);
  console.log(`simulated venue      ${result.ordersPerSecond.toLocaleString('en-US')} orders/s, ${result.reportsPerOrder} reports each`);
  console.log(
    `synthetic exchange   ${result.virtualHoursPerSecond} virtual hours per second and listing, ${result.eventsPerVirtualSecond} events per virtual second`,
  );
}
