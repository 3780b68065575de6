import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { closeStep, runLive } from './live-command.ts';

/** Seconds that `npm start -- --exit` may take from a clean clone, with the installation. */
const maxStartSeconds = 60;
/** The same where packages and build are there. */
const maxInstalledStartSeconds = 30;

const tool = join(projectRoot, '../shared/tools/fresh-clone');
const checks: { what: string; holds: boolean }[] = [];

if (!existsSync(tool)) {
  checks.push({ what: 'expected ../shared/tools/fresh-clone beside the project, found none', holds: false });
} else {
  const { status, output } = await runLive('bash', [tool, 'both']);
  checks.push({ what: `fresh clone ended with ${status}`, holds: status === 0 });
  const start = /'npm start -- --exit' ended with 0 after (\d+) s/.exec(output)?.[1];
  checks.push(within('npm start -- --exit from a clean clone', start === undefined ? undefined : Number(start), maxStartSeconds));
  checks.push({ what: 'npm test from a clean clone passed', holds: /'npm test' ended with 0 after \d+ s/.test(output) });
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
