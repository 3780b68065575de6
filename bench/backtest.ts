import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayFromCivil } from '../src/base/time.ts';
import { runCapture } from '../src/apps/backtest/capture-run.ts';
import { loadBarSet } from '../src/apps/backtest/load-bar-set.ts';
import { createRunBacktest } from '../src/apps/backtest/run-backtest.ts';
import { importFolder } from '../src/apps/columns/import-folder.ts';
import { recordedSource, type MarketSource } from '../src/apps/desk/market-source.ts';
import type { MarketEvent } from '../src/domain/market.ts';
import type { BacktestRequest, BarSet } from '../src/ports/backtest.ts';
import type { RecordedFeed } from '../src/ports/feed.ts';
import { maker100 } from '../src/strategies/maker/maker-1.0.0.ts';
import { createBinanceFeed } from '../src/feeds/binance/recorded-feed.ts';
import { binanceSymbol } from '../src/feeds/binance/symbols.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/**
 * Backtests. Bars: mean reversion over every daily file of the S&P 500 folder, 2000 to 2020, fees of 10 bps: the loop alone (core, gate, ledger, venue and
 * strategy; CPU time, the best of two for each round and six more after one to warm up: V8 compiles through the first four) and the whole command from columnar files, a process of its own (CPU time, its start included, result written).
 * Books: the maker on a recorded five-minute session, levels of book changes over CPU time, from events in memory (opening the desk and digesting the result
 * included) and from the raw capture (unpacked and parsed in every run), and the whole command. Usage: node --import tsx bench/backtest.ts [--rounds 3] [--seed 1] [--json]
 */
const rounds = Math.max(1, numberOption('rounds', 3));
const seed = numberOption('seed', 1);
const daily = join(projectRoot, '../shared/data/sp500/daily');
const capture = join(projectRoot, '../shared/data/binance/usdm/btcusdt_20240808.gz');

/** CPU milliseconds of this process while `run` ran. */
async function cpuOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function best(times: number, run: () => unknown): Promise<number> {
  let least = Infinity;
  for (let n = 0; n < times; n++) least = Math.min(least, await cpuOf(run));
  return least;
}

/** Makes a command say at its end how much CPU time it took (microseconds). */
const reportCpu = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('cpu '+(user+system))})`;

/** CPU seconds of a command, its start and its output included; the best of the rounds. */
function commandSeconds(args: readonly string[]): number {
  let least = Infinity;
  for (let n = 0; n < rounds; n++) {
    const asked = ['--import', reportCpu, join(projectRoot, 'bin/plimsoll'), 'backtest', ...args];
    const { status, stderr } = spawnSync(process.execPath, asked, { encoding: 'utf8', maxBuffer: 1 << 26 });
    const micros = Number(/cpu (\d+)$/.exec(stderr)?.[1]);
    if (status !== 0 || !(micros > 0)) throw new Error(`backtest ended with ${status}: ${stderr}`);
    least = Math.min(least, micros / 1e6);
  }
  return least;
}

function requestOf(bars: BarSet, strategy: string, parameters: BacktestRequest['parameters']): BacktestRequest {
  const costs = { fees: { kind: 'bps', rate: 100_000 }, slippage: { kind: 'none' }, maxParticipationBps: 1_000 } as const;
  return { strategy, parameters, bars, capital: '1000000', costs, seed, keep: 'equity' };
}

/** Every event of the recording, kept. */
function eventsOf(file: string): MarketEvent[] {
  const symbol = binanceSymbol('usdm', 'BTCUSDT');
  if (symbol === undefined) throw new Error('expected BTCUSDT among the known symbols');
  const { priceUnit, lot } = symbol;
  const feed = createBinanceFeed({ file, market: 'usdm', feed: 0, listing: 0, symbol: symbol.symbol, priceUnit, lot });
  const events: MarketEvent[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) events.push(kept(event));
  return events;
}

/** A feed uses its events again. */
function kept(event: MarketEvent): MarketEvent {
  if (event.kind !== 'book') return { ...event };
  const { count, sides, prices, qtys } = event;
  return { ...event, sides: sides.slice(0, count), prices: prices.slice(0, count), qtys: qtys.slice(0, count) };
}

/** The recorded market with its events in memory. */
function sourceOf(recorded: MarketSource, events: readonly MarketEvent[]): MarketSource {
  let n = 0;
  const feed: RecordedFeed = { peek: () => events[n]?.receivedAt, next: () => events[n++] };
  return { ...recorded, open: (core) => ({ ...recorded.open(core), feed }) };
}

async function measureBars(folder: string): Promise<{ bars: number; barsPerSecond: number; commandSeconds: number; rssMiB: number }> {
  const imported = await importFolder(daily, folder, () => undefined);
  if (!imported.ok) throw new Error('the daily bars could not be imported');
  const fromDay = dayFromCivil(2000, 1, 3);
  const loaded = await loadBarSet({ folder, adjust: 'total', fromDay, toDay: dayFromCivil(2020, 12, 31) });
  if (!loaded.ok) throw new Error(`the columns could not be loaded: ${loaded.error.code}`);
  const { set } = loaded.value;
  const run = createRunBacktest('bench');
  const request = requestOf(set, 'mean-reversion', {});
  const { bars } = run(request).metrics;
  const millis = await best(2 * rounds + 6, () => run(request));
  const rssMiB = Math.round(process.resourceUsage().maxRSS / 1_024);
  const terms = ['--strategy', 'mean-reversion', '--data', folder, '--from', '2000-01-03', '--to', '2020-12-31', '--fee-bps', '10'];
  const seconds = commandSeconds([...terms, '--out', join(folder, 'result.json')]);
  return { bars, barsPerSecond: Math.round((bars / millis) * 1_000), commandSeconds: seconds, rssMiB };
}

interface BookFigures {
  readonly levels: number;
  readonly events: number;
  readonly levelsPerSecond: number;
  readonly rawLevelsPerSecond: number;
  readonly commandSeconds: number;
}

async function measureBook(): Promise<BookFigures> {
  const events = eventsOf(capture);
  const levels = events.reduce((sum, event) => sum + (event.kind === 'book' ? event.count : 0), 0);
  const recorded = recordedSource(capture);
  const digests = new Set<string>();
  const run = async (source: MarketSource): Promise<void> => {
    const terms = {
      definition: maker100,
      parameters: {},
      capital: '1000000',
      seed: String(seed),
      coreDigest: 'bench',
      dataHash: '',
      terms: {},
    };
    digests.add((await runCapture({ source, ...terms })).resultHash);
  };
  const millis = await best(2 * rounds + 6, () => run(sourceOf(recorded, events)));
  const rawMillis = await best(rounds + 1, () => run(recordedSource(capture)));
  if (digests.size !== 1) throw new Error('a run differs');
  return {
    levels,
    events: events.length,
    levelsPerSecond: Math.round((levels / millis) * 1_000),
    rawLevelsPerSecond: Math.round((levels / rawMillis) * 1_000),
    commandSeconds: commandSeconds(['--strategy', 'maker', '--data', capture]),
  };
}

if (!existsSync(daily) || !existsSync(capture)) throw new Error('expected the recorded data in ../shared/data, was absent');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-backtest-'));
try {
  const bars = await measureBars(folder);
  const book = await measureBook();
  const result = { bench: 'backtest', seed, rounds, bars, book };
  console.log(hasFlag('json') ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
} finally {
  rmSync(folder, { recursive: true });
}
