import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll } from './plimsoll.ts';

// Recorded sessions through `paper` and through `backtest`: the same orders, one for one, with their times, terms and ends. And through `paper` with the strategy in a host
// thread: the same journal, record for record (its tree root).
const captures: readonly { readonly file: string; readonly instrument?: string }[] = [
  { file: 'binance/usdm/btcusdt_20240808.gz' },
  { file: 'binance/usdm/ethusdt_20240808.gz' },
  { file: 'binance/spot/btcusdt_20240808.gz' },
  { file: 'binance/spot/btcusdt_20240809.gz' },
  { file: 'binance/spot/ethusdt_20240808.gz' },
  { file: 'venue-sessions/COINBASE.ws.28.0.gz', instrument: 'SKL-USD' },
  { file: 'venue-sessions/KRAKEN.ws.50.0.gz', instrument: 'XBT/CHF' },
  { file: 'venue-sessions/OKX.ws.1.0.gz', instrument: 'BTC-USDT' },
  { file: 'venue-sessions/BYBIT.ws.25.0.gz', instrument: 'ETHUSDT' },
  { file: 'venue-sessions/GEMINI.ws.1.0.gz', instrument: 'FILUSD' },
];
const strategies = ['maker', 'momentum'];
const lastRecords = '1000000';
const root = mkdtempSync(join(tmpdir(), 'plimsoll-paper-backtest-'));
const checks = new Checks();
let all = 0;

/** A decimal text without zeros that say nothing. */
function plain(decimal: unknown): string {
  return String(Number(decimal));
}

/** Whole steps as a decimal number; steps are 0.1, 0.01, … */
function stepped(count: unknown, step: unknown): string {
  const places = String(step).split('.')[1]?.length ?? 0;
  return plain((Number(count) * Number(step)).toFixed(places));
}

interface PaperRun {
  readonly root: string;
  readonly orders: readonly string[];
}

/** Tree root over every record of a paper run. */
async function paperRoot(strategy: string, file: string, instrument: string | undefined, more: readonly string[]): Promise<string> {
  const of = instrument === undefined ? [] : ['--instrument', instrument];
  const ran = await plimsoll(['paper', '--strategy', strategy, '--data', file, ...of, ...more, '--json']);
  if (ran.status !== 0) console.log(ran.stderr);
  const root = member(objectOf(ran), 'journal.root');
  return typeof root === 'string' ? root : `none with ${more.join(' ')}`;
}

/** Orders of a paper run by its journal, in the order of sending. */
async function paperRun(strategy: string, file: string, instrument: string | undefined, directory: string): Promise<PaperRun> {
  const root = await paperRoot(strategy, file, instrument, ['--seed', '7', '--dir', directory]);
  const records = list(objectOf(await plimsoll(['journal', 'tail', directory, '-n', lastRecords, '--json'])), 'records');
  const orders = new Map<unknown, Record<string, unknown>>();
  let [priceUnit, lot]: unknown[] = ['1', '1'];
  for (const record of records) {
    const kind = member(record, 'kind');
    if (kind === 'register' && member(record, 'view.what') === 'listing') {
      priceUnit = member(record, 'view.listing.priceUnit');
      lot = member(record, 'view.listing.lot');
    } else if (kind === 'orderSent' || kind === 'replaceSent') {
      const [at, side, ordType, timeInForce, reason] = [
        'at',
        'view.order.side',
        'view.order.ordType',
        'view.order.timeInForce',
        'view.order.reason',
      ].map((path) => member(record, path));
      const price = member(record, 'view.order.price');
      const qty = stepped(member(record, 'view.order.orderQty'), lot);
      const terms = { at, side, ordType, timeInForce, qty, price: price === 0 ? 'none' : stepped(price, priceUnit), reason };
      orders.set(member(record, 'view.order.clOrdID'), { ...terms, ordStatus: 'pendingNew', cumQty: '0' });
    } else if (kind === 'orderStateChanged') {
      const order = orders.get(member(record, 'view.clOrdID'));
      if (order === undefined) continue;
      order['ordStatus'] = member(record, 'view.to');
      order['cumQty'] = stepped(member(record, 'view.cumQty'), lot);
    }
  }
  return { root, orders: [...orders.values()].map((order) => Object.values(order).join(' ')) };
}

async function backtestOrders(strategy: string, file: string, instrument: string | undefined): Promise<string[]> {
  const of = instrument === undefined ? [] : ['--instruments', instrument];
  const ran = await plimsoll(['backtest', '--strategy', strategy, '--data', file, ...of, '--seed', '7', '--capital', '1000000', '--json']);
  if (ran.status !== 0) console.log(ran.stderr, ran.stdout.slice(0, 300));
  return list(objectOf(ran), 'orders').map((order) => {
    const price = member(order, 'price');
    const words = ['time', 'side', 'ordType', 'timeInForce'].map((name) => member(order, name));
    const terms = [...words, plain(member(order, 'qty')), price === null ? 'none' : plain(price), member(order, 'reason')];
    return [...terms, member(order, 'ordStatus'), plain(member(order, 'cumQty'))].join(' ');
  });
}

try {
  for (const { file: capture, instrument } of captures) {
    const file = recordedPath(capture);
    if (file === undefined) {
      checks.check(`${capture}: the recording is there`, false);
      continue;
    }
    for (const strategy of strategies) {
      const directory = join(root, `${strategy}-${capture.replaceAll('/', '-')}`);
      const { root: alone, orders: paper } = await paperRun(strategy, file, instrument, directory);
      const backtest = await backtestOrders(strategy, file, instrument);
      const differs = paper.findIndex((order, n) => order !== backtest[n]);
      const same = paper.length === backtest.length && differs < 0;
      all += paper.length;
      checks.check(`${strategy} on ${capture}: the same ${paper.length} orders`, same, {
        paper: `${paper.length}: ${paper[differs]}`,
        backtest: `${backtest.length}: ${backtest[differs]}`,
      });
      const hosts = strategy === 'maker' ? '2' : '1';
      const hosted = await paperRoot(strategy, file, instrument, ['--seed', '7', '--hosts', hosts]);
      checks.equal(`${strategy} on ${capture} in ${hosts} host threads: the same ${paper.length} orders, record for record`, hosted, alone);
      if (strategy === 'momentum' && capture === captures[0].file) {
        const other = await paperRoot(strategy, file, instrument, ['--seed', '8', '--hosts', hosts]);
        checks.check(`${capture}: another seed in hosts leaves another journal`, other !== alone);
      }
      // where nobody trades there is no order to turn around
      if (strategy === 'maker' && paper.length > 0)
        checks.check(`${capture}: a planted difference is found`, paper.join().replace('buy', 'sell') !== backtest.join());
    }
  }
  // one of the recordings has no whole book: nobody trades on it
  checks.check(`${all} orders in all, expected more than 2,000`, all > 2_000);
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('paper-backtest');
