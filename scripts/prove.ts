import { cpus, totalmem } from 'node:os';
import { runLive, closeStep } from './ci/live-command.ts';
import { proofLines } from './prove/lines.ts';

// The long harnesses, one after the other: `npm run prove`, or `npm run prove -- NAME …` for some of them.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !proofLines.some((line) => line.name === name));
if (unknown.length > 0) {
  console.error(`prove: expected ${proofLines.map(({ name }) => name).join(', ')}, was ${unknown.join(', ')}`);
  process.exit(64);
}
const rows: string[] = [];
let failedLines = 0;
for (const { name, shows, run } of proofLines) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== ${name}: ${run.join(' ')}`);
  const { status, output, seconds } = await runLive(process.execPath, ['--import', 'tsx', ...run]);
  const [, passed = '0', failed = '1'] = new RegExp(`^${name}: (\\d+) passed, (\\d+) failed$`, 'm').exec(output) ?? [];
  const held = status === 0 && Number(passed) > 0 && Number(failed) === 0;
  if (!held) failedLines += 1;
  rows.push(
    `${held ? 'holds ' : 'FAILED'}  ${name.padEnd(16)} ${passed.padStart(8)} passed ${failed.padStart(6)} failed ${seconds.toFixed(0).padStart(7)} s  ${shows}`,
  );
}
console.log(
  `\n${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB, Node ${process.versions.node}`,
);
console.log(rows.join('\n'));
closeStep('prove', rows.length - failedLines, failedLines);
