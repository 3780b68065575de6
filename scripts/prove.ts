import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { closeStep, runLive } from './ci/live-command.ts';
import { proofLines, withoutHarness, type ProofLine } from './prove/lines.ts';
import { advanced, readProgress, writeProgress, type Progress } from './prove/progress.ts';

// The long harnesses, one after the other, each for one bounded portion from where its last run ended: `npm run prove [-- NAME …] [--short] [--fresh]`. What they have
// done over all runs is kept in .plimsoll/prove.json. `--short` only shows that each line works and keeps nothing.
const { values, positionals: wanted } = parseArgs({
  options: { short: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const unknown = wanted.filter((name) => !proofLines.some((line) => line.name === name));
if (unknown.length > 0) {
  console.error(`prove: expected ${proofLines.map(({ name }) => name).join(', ')}, was ${unknown.join(', ')}`);
  process.exit(64);
}
/** Longest run of a line that only shows that it works (minutes). */
const shortMinutes = 10;
const path = join(projectRoot, '.plimsoll', 'prove.json');
let book = values.fresh ? {} : readProgress(path);
const rows: string[] = [];
let failedLines = 0;
const lines = proofLines.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const began = performance.now();
const most = lines.reduce((sum, line) => sum + minutesOf(line), 0);
console.log(
  `${lines.length} lines, at most ${most} minutes: ${lines.map((line) => `${line.name} ${minutesOf(line)}`).join(', ')}; one that is not over by then has failed`,
);
for (const line of lines) await prove(line);

/** Longest run of a line (minutes). */
function minutesOf({ minutes }: ProofLine): number {
  return values.short ? Math.min(minutes, shortMinutes) : minutes;
}

async function prove(line: ProofLine): Promise<void> {
  const { name, step = name, first, short, portion } = line;
  const before: Progress | undefined = book[name];
  const from = before?.next ?? first;
  const command = line.run(from, values.short ? short : portion);
  console.log(`\n=== ${name}: ${command.join(' ')}`);
  const { status, output, seconds } = await runLive(
    process.execPath,
    ['--import', 'tsx', ...command],
    process.env,
    minutesOf(line) * 60_000,
  );
  const [, passed = '0', failed = '1'] = new RegExp(`^${step}: (\\d+) passed, (\\d+) failed$`, 'm').exec(output) ?? [];
  const run = line.read(output, from);
  const held = status === 0 && Number(passed) > 0 && Number(failed) === 0 && run !== undefined && run.cases > 0;
  if (!held) failedLines += 1;
  const after = advanced(before, run, held, seconds, first);
  if (!values.short) {
    book = { ...book, [name]: after };
    writeProgress(path, book);
  }
  const seeds = line.seedless === true ? '-' : `${from} to ${Math.max(from, (run?.next ?? from) - 1)}`;
  rows.push(rowOf(line, held, seeds, run?.cases ?? 0, seconds, values.short ? before : after));
}

function rowOf(
  { name, unit, release, shows }: ProofLine,
  held: boolean,
  seeds: string,
  cases: number,
  seconds: number,
  all: Progress | undefined,
): string {
  const sum = `${all?.cases ?? 0} of ${release}${(all?.failedRuns ?? 0) > 0 ? `, ${all?.failedRuns} runs failed` : ''}`;
  return `| ${held ? 'holds' : 'FAILED'} | ${name} | ${seeds} | ${cases} ${unit} | ${sum} | ${seconds.toFixed(0)} s | ${shows} |`;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, Node ${process.versions.node}`;
console.log(`\n${machine}, commit ${commit()}${values.short ? ', short runs: nothing is kept' : ''}\n`);
console.log(`|   | line | seeds | this run | all runs of a release | time | shows |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}`);
for (const [name, why] of withoutHarness) console.log(`| - | ${name} | | | | | ${why} |`);
console.log(`\n${rows.length} lines in ${((performance.now() - began) / 60_000).toFixed(1)} of at most ${most} minutes`);
closeStep('prove', rows.length - failedLines, failedLines);
