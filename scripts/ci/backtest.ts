import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dailyBars, namesWithDailyBars } from '../../src/testing/backtest/daily-bars.ts';
import { decimalOf } from '../../src/testing/backtest/golden-run.ts';
import { obviousMeanReversion } from '../../src/testing/backtest/obvious-mean-reversion.ts';
import type { ObviousRun } from '../../src/testing/backtest/obvious-money.ts';
import { obviousPairs } from '../../src/testing/backtest/obvious-pairs.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { nodeBinary } from './node-binary.ts';
import { plimsoll } from './plimsoll.ts';

// Backtests from the command line: the reference runs against their golden files (`--write` writes those), on every Node and any number of workers; all
// names and pairs, trade by trade, against an implementation on plain arrays.
const data = join(projectRoot, '../shared/data/sp500/daily');
const nodes = [20, 22, 24];
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-backtest-'));
let passed = 0;
let failed = 0;

interface Run {
  readonly strategy: 'mean-reversion' | 'pairs';
  readonly instruments: readonly string[] | 'all';
  readonly from: string;
  readonly to: string;
}

const five = ['KO', 'PEP', 'XOM', 'CVX', 'JPM'];
const reference: readonly Run[] = [
  { strategy: 'mean-reversion', instruments: five, from: '2005-01-01', to: '2015-12-31' },
  { strategy: 'pairs', instruments: ['KO', 'PEP'], from: '2000-01-03', to: '2020-12-31' },
];
const wide: readonly Run[] = [
  { strategy: 'mean-reversion', instruments: 'all', from: '2000-01-03', to: '2020-12-31' },
  ...[
    ['V', 'MA'],
    ['HD', 'LOW'],
    ['XOM', 'CVX'],
  ].map((instruments): Run => ({ strategy: 'pairs', instruments, from: '2000-01-03', to: '2020-12-31' })),
];

function check(holds: boolean, sentence: string): void {
  if (holds) passed++;
  else failed++;
  console.log(`${holds ? 'passed' : 'FAILED'}  ${sentence}`);
}

function nameOf({ strategy, instruments }: Run): string {
  return `${strategy}-${instruments === 'all' ? 'all' : instruments.join('-').toLowerCase()}`;
}

/** @returns the result's JSON, '' when the command failed. */
async function runOf(run: Run, more: readonly string[] = [], node = process.execPath): Promise<string> {
  const { strategy, instruments, from, to } = run;
  const out = join(folder, `${nameOf(run)}.json`);
  rmSync(out, { force: true });
  const names = instruments === 'all' ? 'all' : instruments.join(',');
  const terms = ['--strategy', strategy, '--data', data, '--instruments', names, '--from', from, '--to', to];
  const money = ['--capital', '1000000', '--fee-bps', '10', '--slippage-bps', '0', '--adjust', 'total', '--out', out];
  const ended = await plimsoll(['backtest', ...terms, ...money, ...more], { node });
  if (ended.status !== 0) console.log(ended.stderr);
  return existsSync(out) ? readFileSync(out, 'utf8') : '';
}

/** The small part of a result: no orders and no equity, whose digest stays, and no run id, which names the code. */
function goldenText(json: string): string {
  const upToOrders = json.slice(0, json.indexOf(',\n"orders":'));
  return `${upToOrders.replace(/"runId":"[0-9a-f]*",/, '')}}\n`;
}

interface Row {
  readonly instrumentID: string;
  readonly side: string;
  readonly qty: number;
  readonly entryTime: string;
  readonly entryPx: number;
  readonly exitTime: string;
  readonly exitPx: number;
  readonly fees: number;
  readonly pnl: number;
  readonly reason: string;
}
interface Result {
  readonly resultHash: string;
  readonly trades: readonly Row[];
  readonly equity: readonly (readonly [string, number])[];
}

/** One line per trade and per point of the equity. */
function linesOf({ trades, equity }: Result): string[] {
  const rows = trades.map((t) =>
    [t.instrumentID, t.side, t.qty, t.entryTime.slice(0, 10), t.entryPx, t.exitTime.slice(0, 10), t.exitPx, t.fees, t.pnl, t.reason].join(),
  );
  return [...rows, ...equity.map(([time, value]) => `${time.slice(0, 10)} ${value}`)];
}

function obviousLines(run: ObviousRun): string[] {
  const money = (units: bigint | number): number => Number(decimalOf(units));
  const rows = run.trades.map((t) =>
    [
      t.instrumentID,
      t.side,
      t.qty,
      t.entryDate,
      money(t.entryPx),
      t.exitDate,
      money(t.exitPx),
      money(t.fees),
      money(t.pnl),
      t.reason,
    ].join(),
  );
  return [...rows, ...run.equity.map(({ date, value }) => `${date} ${money(value)}`)];
}

function obviousOf({ strategy, instruments, from, to }: Run): ObviousRun {
  const ids = instruments === 'all' ? namesWithDailyBars() : instruments;
  const inputs = ids.map((id) => ({ id, bars: dailyBars(id, from, to) }));
  const terms = { capital: 1_000_000_000_000n, feeBps: 10n };
  return strategy === 'pairs' ? obviousPairs(inputs[0], inputs[1], terms) : obviousMeanReversion(inputs, terms);
}

async function holdReference(run: Run): Promise<void> {
  const path = join(projectRoot, 'vectors/backtest/command', `${nameOf(run)}.json`);
  const json = await runOf(run);
  if (process.argv.includes('--write')) writeFileSync(path, goldenText(json));
  const golden = readFileSync(path, 'utf8');
  check(goldenText(json) === golden, `${nameOf(run)}: every trade and figure of its golden file`);
  check(goldenText(json.replace(/"exitPx":(?=\d)/, '"exitPx":1')) !== golden, `${nameOf(run)}: a planted price is found`);
  check((await runOf(run)) === json, `${nameOf(run)}: the same bytes again`);
  for (const workers of ['1', '3'])
    check((await runOf(run, ['--workers', workers])) === json, `${nameOf(run)}: the same bytes with ${workers} workers`);
  await holdJournal(run, json);
  for (const major of nodes) check((await runOf(run, [], nodeBinary(major))) === json, `${nameOf(run)}: the same bytes on Node ${major}`);
}

/** A kept journal changes nothing, is whole, and gives every decision again. */
async function holdJournal(run: Run, json: string): Promise<void> {
  const directory = join(folder, `${nameOf(run)}-journal`);
  check((await runOf(run, ['--journal', directory])) === json, `${nameOf(run)}: the same bytes with its journal kept`);
  const verified = await plimsoll(['journal', 'verify', directory]);
  check(verified.status === 0 && verified.stdout.startsWith('valid'), `${nameOf(run)}: its journal verifies`);
  const replayed = await plimsoll(['journal', 'replay', directory]);
  check(replayed.status === 0 && replayed.stdout.includes('equal'), `${nameOf(run)}: ${replayed.stdout.split('\n', 1)[0]}`);
  const explained = await plimsoll(['explain', 'backtest', '--dir', directory]);
  check(explained.status === 0 && explained.stdout.includes('Progressing'), `${nameOf(run)}: its deployment is explained`);
  const again = await plimsoll([
    'backtest',
    '--strategy',
    run.strategy,
    '--data',
    data,
    '--instruments',
    five.join(),
    '--journal',
    directory,
  ]);
  check(again.status !== 0 && again.stderr.includes('finished journal'), `${nameOf(run)}: no second run goes into it`);
}

async function holdObvious(run: Run): Promise<void> {
  const json = await runOf(run);
  if (json === '') return check(false, `${nameOf(run)}: runs`);
  const lines = linesOf(JSON.parse(json) as Result);
  const obvious = obviousLines(obviousOf(run));
  const differs = lines.findIndex((line, n) => line !== obvious[n]);
  const same = differs < 0 && lines.length === obvious.length;
  check(same, `${nameOf(run)}: ${lines.length} trades and dates as on plain arrays`);
  if (!same) console.log(`line ${differs + 1}: command ${lines[differs]}, plain arrays ${obvious[differs]}`);
}

try {
  if (!existsSync(data)) throw new Error('expected the daily bars in ../shared/data/sp500/daily, were absent');
  for (const run of reference) await holdReference(run);
  for (const run of [...reference, ...wide]) await holdObvious(run);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`backtest: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
