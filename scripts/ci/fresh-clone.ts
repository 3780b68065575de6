import { existsSync } from 'node:fs';
import { freshClone } from './fresh-clone-tool.ts';
import { closeStep, runLive } from './live-command.ts';

// The start command of the README, from a clean clone and from this tree; the tests from a clean clone are the step `test`.

/** Seconds that `npm start -- --exit` may take from a clean clone, with the installation. */
const maxStartSeconds = 60;
/** The same where packages and build are there. */
const maxInstalledStartSeconds = 30;

const checks: { what: string; holds: boolean }[] = [];

if (!existsSync(freshClone)) {
  checks.push({ what: 'expected ../shared/tools/fresh-clone beside the project, found none', holds: false });
} else {
  const { status, output } = await runLive('bash', [freshClone, 'start']);
  checks.push({ what: `fresh clone ended with ${status}`, holds: status === 0 });
  const start = /'npm start -- --exit' ended with 0 after (\d+) s/.exec(output)?.[1];
  checks.push(within('npm start -- --exit from a clean clone', start === undefined ? undefined : Number(start), maxStartSeconds));
}
const installed = await runLive('npm', ['start', '--', '--exit']);
const seconds = installed.status === 0 ? installed.seconds : undefined;
checks.push(within('npm start -- --exit when installed', seconds, maxInstalledStartSeconds));

for (const { what, holds } of checks) console.log(`${holds ? 'passed' : 'FAILED'}  ${what}`);
closeStep('fresh-clone', checks.filter((one) => one.holds).length, checks.filter((one) => !one.holds).length);

function within(what: string, seconds: number | undefined, max: number): { what: string; holds: boolean } {
  if (seconds === undefined) return { what: `${what}: did not end with 0`, holds: false };
  return { what: `${what}: ${seconds.toFixed(1)} s, at most ${max} s`, holds: seconds <= max };
}
