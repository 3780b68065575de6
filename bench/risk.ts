import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { prng } from '../src/base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../src/base/units.ts';
import { createAsker, type WantedOrder } from '../src/core/risk/check-context.ts';
import { checkOrder, checkTable } from '../src/core/risk/gate.ts';
import { changeLimit } from '../src/core/risk/limit-command.ts';
import { setRow } from '../src/core/risk/row-change.ts';
import { limitNames, type LimitKey, type LimitName } from '../src/domain/limit.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  close,
  createDesk,
  fill,
  moneyOf,
  orderOfDesk,
  plainOrder,
  quote,
  send,
  setFirmCapital,
  type RiskDesk,
} from '../src/testing/scenarios/risk-desk.ts';

/**
 * All pre-trade checks together, one order at a time on the clock: `--listings` listings of as many instruments in 11 sectors at four venues, `--rows` versions
 * in slices of their own, each trading every listing; every limit is set in every scope that takes it, 10,000 orders are open and 10,000 positions held. Of the
 * orders one in twenty replaces, one in twenty is a market order; a few in a hundred are denied. Excluded: the clock's own time (shown), decoding
 * the intent, making the desk, warm-up.
 * Usage: node --import tsx bench/risk.ts [--seed N] [--orders N] [--rounds N] [--seconds N] [--rows N] [--listings N] [--json]
 * With `--seconds` a round is as many sweeps over the orders as fit into it; the figures are always those of the best sweep.
 */
function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const seed = option('seed', 1);
const orders = option('orders', 100_000);
const rounds = option('rounds', 30);
const seconds = option('seconds', 0);
const rows = option('rows', 100);
const listings = option('listings', 1_000);
const start = 1_704_187_800_000_000;

const wide: Readonly<Partial<Record<LimitName, number>>> = {
  maxOrderQty: 1_000,
  maxPosition: 1_000_000,
  maxConcentrationBps: 5_000,
  maxDailyLoss: 1_000_000_000_000,
  maxOrdersPerSecond: 60_000,
  maxOrdersPerMinute: 65_000,
  fatFingerBps: 500,
  duplicateWindow: 1_000,
  creditLine: 9_000_000_000_000_000,
  maxNotional: 1_000_000_000_000,
  priceCollarBps: 600,
  maxOpenPositions: 100_000,
};

function makeDesk(): RiskDesk {
  const desk = createDesk(
    { duplicates: 131_072, orderLog: 131_072, openOrders: 65_536, routes: 131_072, cells: 262_144, rows: 512, slices: 256 },
    listings,
  );
  addCurrency(desk, 'USD');
  setFirmCapital(desk, 'USD', '10000000000');
  for (let v = 0; v < 4; v++) {
    addVenue(desk, `V${v}`);
    addAccount(desk, `A${v}`, `V${v}`, { kind: 'regT', initialBps: 5_000, maintenanceBps: 2_500 });
  }
  for (let n = 0; n < listings; n++) {
    addListing(desk, { instrumentID: `I${n}`, venueID: `V${n % 4}`, sector: `S${n % 11}` });
    quote(desk, n, 9_990 + n, 10_010 + n, start);
  }
  for (let r = 0; r < rows; r++) {
    const slice = addDeskSlice(desk, `algo${r}`, 'USD', '100000000', '0');
    setRow(desk.risk.gate, addVersion(desk, slice, '1.0.0'), { mode: 'ACTIVE', cap: moneyOf(desk, '100000000', 'USD') });
  }
  setLimits(desk);
  return desk;
}

function setLimits(desk: RiskDesk): void {
  const ids: Readonly<Record<LimitKey['scope'], readonly string[]>> = {
    firm: [''],
    account: [...desk.registry.accountIx.keys()],
    algorithm: desk.risk.gate.slices.map((slice) => slice.algorithmID),
    version: [...desk.risk.gate.rowIx.keys()],
    venue: [...desk.registry.venueIx.keys()],
    instrument: [...desk.registry.instrumentIx.keys()],
    sector: [...desk.risk.sectorIx.keys()],
    // asked for by a check of their own where they are set, as the drawdowns are
    route: [],
  };
  for (const limit of limitNames) {
    for (const scope of ['firm', 'account', 'algorithm', 'version', 'venue', 'instrument', 'sector'] as const) {
      // a ring of 60,000 times for each of a thousand instruments would be memory, not work
      const value = limit.startsWith('maxOrdersPer') && scope !== 'firm' ? 5_000 : wide[limit];
      if (value === undefined) continue;
      for (const scopeID of ids[scope]) changeLimit(desk.risk, { scope, scopeID, limit }, value, null);
    }
  }
}

interface Ask {
  readonly row: number;
  readonly order: WantedOrder;
  readonly replaces: number;
}

/** The row of version r: slices place their custodian first. */
const rowOf = (r: number): number => 2 * r + 1;

function makeOrder(luck: ReturnType<typeof prng>): WantedOrder {
  const listing = luck.int(listings);
  const side = luck.int(2) === 0 ? 'buy' : 'sell';
  const draw = luck.int(100);
  const away = 20 + luck.int(150);
  const middle = 10_000 + listing;
  const price = side === 'buy' ? middle - away : middle + away;
  const orderQty = lotsUnchecked(draw < 2 ? 1_001 + luck.int(100) : 1 + luck.int(100));
  if (draw >= 95) return { ...plainOrder, listing, side, ordType: 'market', orderQty };
  return { ...plainOrder, listing, side, orderQty, price: ticksUnchecked(draw === 2 ? price * 3 : price) };
}

/** Positions, open orders and the stream of questions. */
function prepare(desk: RiskDesk, luck: ReturnType<typeof prng>): Ask[] {
  const open: number[] = [];
  let at = start;
  for (let i = 0; i < 20_000; i++) {
    at += 20_000;
    const order = makeOrder(luck);
    const id = send(desk, rowOf(luck.int(rows)), order, at);
    if (id === 0) continue;
    if (i % 2 === 0) fill(desk, id, orderOfDesk(desk, id).leavesQty, 10_000 + order.listing, at);
    else open.push(id);
  }
  const asks: Ask[] = [];
  for (let i = 0; i < orders; i++) {
    const replaces = luck.int(20) === 0 ? open[luck.int(open.length)] : 0;
    const old = replaces === 0 ? undefined : orderOfDesk(desk, replaces);
    const order = makeOrder(luck);
    if (old === undefined) asks.push({ row: rowOf(luck.int(rows)), order, replaces });
    else
      asks.push({
        row: old.row,
        replaces,
        order: { ...order, listing: old.listing, side: old.side, ordType: old.ordType, price: old.price },
      });
  }
  return asks;
}

function percentile(sorted: Float64Array, p: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] * 1e6);
}

const desk = makeDesk();
const asker = createAsker();
/** The intent as a decoder hands it on: one object, filled before the clock starts. */
const intent = { ...plainOrder };

function decode({ row, order, replaces }: Ask): void {
  Object.assign(intent, order);
  asker.row = row;
  asker.account = desk.risk.gate.rows[row].accounts.get(desk.registry.listings[order.listing].venue) ?? -1;
  asker.epoch = desk.risk.gate.epoch[row];
  asker.term = desk.risk.term;
  asker.simulated = false;
  asker.replaces = replaces === 0 ? null : orderOfDesk(desk, replaces);
}

const luck = prng(`risk ${seed}`);
const asks = prepare(desk, luck);
const took = new Float64Array(orders);
let best: { p50: number; p99: number; p999: number; passed: number; perSecond: number } | undefined;
let clock = 0;
const until = performance.now() + rounds * seconds * 1_000;
for (let round = 0; seconds > 0 ? performance.now() < until || round < 2 : round <= rounds; round++) {
  let passed = 0;
  let at = start + 1_000_000_000;
  const began = performance.now();
  for (let i = 0; i < orders; i++) {
    decode(asks[i]);
    at += 100;
    const before = performance.now();
    const outcome = checkOrder(desk.risk, intent, asker, microsUnchecked(at));
    took[i] = performance.now() - before;
    if (outcome === 'passed') passed++;
  }
  const seconds = (performance.now() - began) / 1000;
  took.sort();
  if (round === 0) continue;
  const figures = {
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    p999: percentile(took, 0.999),
    passed,
    perSecond: Math.round(orders / seconds),
  };
  if (best === undefined || figures.p99 < best.p99) best = figures;
  for (let i = 0; i < orders; i++) {
    const before = performance.now();
    took[i] = performance.now() - before;
  }
  took.sort();
  clock = percentile(took, 0.5);
}

/** Accept and give back: what an order that passed costs on top. */
function measureAccept(): number {
  const before = performance.now();
  let n = 0;
  let at = start + 2_000_000_000;
  for (let i = 0; i < Math.min(orders, 100_000); i++) {
    const { row, order } = asks[i];
    at += 100_000;
    const id = send(desk, row, order, at);
    if (id === 0) continue;
    close(desk, id);
    n++;
  }
  return Math.round(((performance.now() - before) / n) * 1e6);
}

const accept = measureAccept();
if (best !== undefined) {
  if (process.argv.includes('--json')) {
    console.log(
      JSON.stringify({
        bench: 'risk',
        node: process.version,
        cpu: cpus()[0].model,
        cores: cpus().length,
        seed,
        orders,
        rows,
        listings,
        checks: checkTable.length,
        ...best,
        clockNs: clock,
        checkAcceptCloseNs: accept,
      }),
    );
  } else {
    console.log(
      `risk: ${checkTable.length} checks, ${listings} listings, ${rows} versions, ${orders} orders, best of ${rounds}, seed ${seed}, ${process.version}, ${cpus()[0].model} x ${cpus().length}`,
    );
    console.log(
      `  all checks of one order: p50 ${best.p50} ns, p99 ${best.p99} ns, p99.9 ${best.p999} ns (clock ${clock} ns of it); ${best.passed} passed, ${orders - best.passed} denied`,
    );
    console.log(
      `  check, accept and give back: ${accept} ns on average, order object included; with the stream around it ${best.perSecond} checks/s`,
    );
  }
}
