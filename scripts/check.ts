import { whatIsAllowed } from '../src/testing/tidy/what-is-allowed.ts';
import { runSteps, type Verdict } from './check/step.ts';
import { steps } from './check/steps.ts';

/** Of a failed step the first lines are shown: the rest mostly follows from them. */
const maxShownLines = 60;

const only = process.argv.slice(2);
const chosen = only.length === 0 ? steps : steps.filter((step) => only.includes(step.name));
if (chosen.length === 0) throw new Error(`expected one of ${steps.map((step) => step.name).join(', ')}, was ${only.join(' ')}`);
const verdicts = await runSteps(chosen, tell);
const failed = verdicts.filter((verdict) => !verdict.passed);
console.log(`\n${verdicts.map(row).join('\n')}`);
if (failed.length > 0) console.log(`failed: ${failed.map((one) => one.step.name).join(', ')}`);
console.log(`check: ${verdicts.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function tell(verdict: Verdict): void {
  if (verdict.passed) return;
  const lines = verdict.output.trimEnd().split('\n');
  console.log(`\n--- ${verdict.step.name}\n${lines.slice(0, maxShownLines).join('\n')}`);
  if (lines.length > maxShownLines) console.log(`… ${lines.length - maxShownLines} more lines`);
  for (const sentence of whatIsAllowed(verdict.output)) console.log(`allowed: ${sentence}`);
}

function row({ step, passed, seconds, seen }: Verdict): string {
  return `${step.name.padEnd(22)} ${passed ? 'passed' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s   ${seen} ${step.unit}`;
}
