import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { isSameMachine, readCommitted, writeCommitted } from './lib/committed.ts';
import { effortAsked, type Effort } from './lib/effort.ts';
import { programs, shareOf, type Figure } from './lib/figures.ts';
import { machine, type Machine } from './lib/machine.ts';
import { hasFlag, textOption } from './lib/options.ts';
import { runProgram, type Measured, type ProgramResult } from './lib/run-program.ts';

const usage = `Usage: npm run bench -- [--quick | --smoke] [--rounds N] [--seconds N] [--inputs N] [--seed N] [--only NAME] [--json] [--out FILE] [--commit] [--help]
  --only NAME   one of ${programs.map(({ name }) => name).join(', ')}
  --smoke       fails under 60 % of the committed figures, where CPU and cores are theirs
  --commit      writes bench/figures.json`;

/**
 * The figures that the product promises, measured one program after the other, each in a process of its own. TypeScript runs as it stands in the tree; CI runs
 * them compiled (docs/decisions/0037).
 * Usage: npm run bench -- [--quick | --smoke] [--rounds N] [--seconds N] [--inputs N] [--seed N] [--only NAME] [--json] [--out FILE] [--commit]
 * `--smoke` fails under 60 % of the committed figures (a latency or a ratio to a peer: when it misses its target too) where CPU and cores are theirs; `--commit` writes bench/figures.json.
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
    exclusions: Object.fromEntries(
      results.flatMap((result) =>
        result.kind === 'measured' ? [[result.program, result.printed['excluded'] ?? 'preparation, warm-up']] : [],
      ),
    ),
    programs: results.flatMap((result) => (result.kind === 'measured' ? [result.printed] : [])),
  };
}

/** @returns how many figures are under 60 % of the committed ones. */
function judge(here: Machine, measured: readonly Measured[]): number {
  const committed = readCommitted();
  if (committed === undefined || !isSameMachine(committed, here)) {
    const why = committed === undefined ? 'no figures are committed' : `the committed figures are of ${committed.cpu} x ${committed.cores}`;
    say(`not judged: ${why}`);
    say('bench: 1 passed, 0 failed');
    return 0;
  }
  let [passed, failed] = [0, 0];
  for (const { figure, value, met } of measured) {
    const before = committed.figures.get(figure.name);
    if (before === undefined) continue;
    // a tail of one second is a few samples, and a ratio moves with its peer: these fail when they miss their own target too
    if (shareOf(figure, value, before) >= leastShare || (met && (!figure.higher || figure.unit === 'times'))) {
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
  const [here, effort, load, commit] = [machine(), effortAsked(), loadavg()[0], commitOf()];
  say(`${here.cpu} x ${here.cores}, ${here.memory} MiB, Node ${here.node}, commit ${commit}, seed ${effort.seed}, load ${load.toFixed(1)}`);
  say(`best of ${effort.rounds} x ${effort.seconds} s; excluded: preparation and warm-up, and what each program of bench/ names`);
  say(row('figure', 'target', 'measured', 'met'));
  const only = textOption('only', '');
  const results: ProgramResult[] = [];
  for (const program of programs.filter(({ name }) => only === '' || name === only)) {
    const result = runProgram(program, effort);
    sayResult(result);
    results.push(result);
  }
  if (results.length === 0) throw new Error(`--only: expected one of ${programs.map(({ name }) => name).join(', ')}, was ${only}`);
  const ended = commitOf();
  // programs that ran after somebody committed measured another tree: both ends are named
  const report = reportOf(here, effort, results, load, ended === commit ? commit : `${commit} at the start, ${ended} at the end`);
  if (json) console.log(JSON.stringify(report));
  const out = textOption('out', '');
  if (out !== '') writeFileSync(out, `${JSON.stringify(report)}\n`);
  if (hasFlag('commit')) await writeCommitted(report);
  const measured = results.flatMap((result) => (result.kind === 'measured' ? result.measured : []));
  if (effort.name === 'smoke' && judge(here, measured) > 0) process.exitCode = 1;
}

if (hasFlag('help')) console.log(usage);
else await main();
