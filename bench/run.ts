import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { isSameMachine, readCommitted, writeCommitted } from './lib/committed.ts';
import { effortAsked, type Effort } from './lib/effort.ts';
import { programs, shareOf, type Figure } from './lib/figures.ts';
import { machine, type Machine } from './lib/machine.ts';
import { hasFlag, mistyped, onlyOptions, textOption } from './lib/options.ts';
import { runProgram, type Measured, type ProgramResult } from './lib/run-program.ts';

const usage = `Usage: npm run bench -- [--quick | --smoke] [--rounds N] [--seconds N] [--inputs N] [--repetitions N] [--seed N] [--only NAME] [--json] [--out FILE] [--commit] [--help]
  --only NAME   one of ${programs.map(({ name }) => name).join(', ')}
  --smoke       fails under 60 % of the committed figures, where CPU and cores are theirs
  --commit      writes bench/figures.json`;

/**
 * The figures that the product promises, measured one program after the other, each in a process of its own. TypeScript runs as it stands in the tree; CI runs
 * them compiled (docs/decisions/0037).
 * Usage: npm run bench -- [--quick | --smoke] [--rounds N] [--seconds N] [--inputs N] [--repetitions N] [--seed N] [--only NAME] [--json] [--out FILE] [--commit]
 * `--smoke` fails under 60 % of the committed figures (a ratio to a peer: when it misses its target too; a time: when it is under 60 % of its target too) where CPU and cores are theirs; `--commit` writes bench/figures.json.
 */
const leastShare = 0.6;
const json = hasFlag('json');
const say = (line: string): void => (json ? undefined : console.log(line));

function commitOf(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', 'src', 'bench') === '' ? '' : ' and changes'}`;
  } catch {
    return 'unknown: not a git clone';
  }
}

function shown(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 100) / 100);
}

function targetOf({ higher, target, unit }: Figure): string {
  return `${higher ? '>=' : '<'} ${shown(target)} ${unit}`;
}

function row(figure: string, target: string, measured: string, met: string): string {
  return `${figure.padEnd(36)} ${target.padStart(22)} ${measured.padStart(14)}  ${met}`;
}

function sayResult(result: ProgramResult): void {
  if (result.kind === 'skipped') say(`${result.program}: left out, ${result.reason}`);
  else if (result.kind === 'failed') console.error(`${result.program}: FAILED, ${result.reason}`);
  else for (const { figure, value, met } of result.measured) say(row(figure.name, targetOf(figure), shown(value), met ? 'yes' : 'NO'));
}

function reportOf(here: Machine, effort: Effort, results: readonly ProgramResult[], load: number, commit: string): object {
  const measured = results.flatMap((result) => (result.kind === 'measured' ? result.measured : []));
  return {
    bench: 'plimsoll',
    machine: here,
    commit,
    seed: effort.seed,
    run: `best of ${effort.rounds} x ${effort.seconds} s`,
    inputs: effort.lastInputs,
    loadBefore: Math.round(load * 100) / 100,
    figures: measured.map(({ figure, value, met }) => ({
      figure: figure.name,
      target: targetOf(figure),
      unit: figure.unit,
      measured: Math.round(value * 1_000) / 1_000,
      met,
    })),
    skipped: results.flatMap((result) => (result.kind === 'skipped' ? [{ program: result.program, reason: result.reason }] : [])),
    failed: results.flatMap((result) => (result.kind === 'failed' ? [{ program: result.program, reason: result.reason }] : [])),
    exclusions: Object.fromEntries(
      results.flatMap((result) =>
        result.kind === 'measured' ? [[result.program, result.printed['excluded'] ?? 'preparation, warm-up']] : [],
      ),
    ),
    programs: results.flatMap((result) => (result.kind === 'measured' ? [result.printed] : [])),
  };
}

/** @returns how many figures are under 60 % of the committed ones, and programs failed. */
function judge(here: Machine, measured: readonly Measured[], broken: number): number {
  const committed = readCommitted();
  if (committed === undefined || !isSameMachine(committed, here)) {
    const why = committed === undefined ? 'no figures are committed' : `the committed figures are of ${committed.cpu} x ${committed.cores}`;
    say(`not judged: ${why}`);
    say(`bench: 1 passed, ${broken} failed`);
    return broken;
  }
  let [passed, failed] = [0, broken];
  for (const { figure, value, met } of measured) {
    const before = committed.figures.get(figure.name);
    if (before === undefined || figure.wholeOnly === true) continue;
    // a time that the committed run missed too says what else the machine did
    if (!figure.higher && before >= figure.target) continue;
    // a tail of one second is a few samples, and a ratio moves with its peer: a ratio fails when it misses its own target too, a time when it misses that as far
    const near = figure.higher ? met && figure.unit === 'times' : shareOf(figure, value, figure.target) >= leastShare;
    if (shareOf(figure, value, before) >= leastShare || near) {
      passed += 1;
      continue;
    }
    failed += 1;
    console.error(`${figure.name}: ${shown(value)} ${figure.unit} is under ${leastShare * 100} % of the committed ${shown(before)}`);
  }
  say(`bench: ${passed} passed, ${failed} failed`);
  return failed + (passed === 0 ? 1 : 0);
}

async function main(): Promise<void> {
  onlyOptions(['quick', 'smoke', 'json', 'commit', 'help'], ['rounds', 'seconds', 'inputs', 'repetitions', 'seed', 'only', 'out']);
  const only = textOption('only', '');
  const asked = programs.filter(({ name }) => only === '' || name === only);
  if (asked.length === 0) mistyped(`--only: expected one of ${programs.map(({ name }) => name).join(', ')}, was ${only}`);
  const [here, effort, load, commit] = [machine(), effortAsked(), loadavg()[0], commitOf()];
  say(`${here.cpu} x ${here.cores}, ${here.memory} MiB, Node ${here.node}, commit ${commit}, seed ${effort.seed}, load ${load.toFixed(1)}`);
  say(`best of ${effort.rounds} x ${effort.seconds} s; excluded: preparation and warm-up, and what each program of bench/ names`);
  say(row('figure', 'target', 'measured', 'met'));
  const results: ProgramResult[] = [];
  for (const program of asked) {
    const result = runProgram(program, effort);
    sayResult(result);
    results.push(result);
  }
  const ended = commitOf();
  // programs that ran after somebody committed measured another tree: both ends are named
  const report = reportOf(here, effort, results, load, ended === commit ? commit : `${commit} at the start, ${ended} at the end`);
  if (json) console.log(JSON.stringify(report));
  const out = textOption('out', '');
  if (out !== '') writeFileSync(out, `${JSON.stringify(report)}\n`);
  const broken = results.filter(({ kind }) => kind === 'failed').length;
  if (broken > 0) process.exitCode = 1;
  if (hasFlag('commit') && broken > 0) console.error('bench: nothing is committed, as not all was measured');
  else if (hasFlag('commit')) await writeCommitted(report);
  const measured = results.flatMap((result) => (result.kind === 'measured' ? result.measured : []));
  if (effort.name === 'smoke' && judge(here, measured, broken) > 0) process.exitCode = 1;
}

if (hasFlag('help')) console.log(usage);
else await main();
