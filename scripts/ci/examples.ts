import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { Running } from './plimsoll.ts';

// Every program of examples/ runs as its reader would start it, offline, and within seconds.
const maxSeconds = 60;
const folder = join(projectRoot, 'examples');
const checks = new Checks();
// A program begins with a comment that says what it shows; what programs share does not.
const programs = readdirSync(folder).filter((name) => name.endsWith('.ts') && readFileSync(join(folder, name), 'utf8').startsWith('// '));

for (const name of programs) {
  const ended = await new Running(process.execPath, ['--import', 'tsx', join('examples', name)], process.env).ended;
  process.stdout.write(ended.stdout);
  checks.check(
    `examples/${name} in ${ended.seconds.toFixed(1)} s, at most ${maxSeconds} s`,
    ended.status === 0 && ended.seconds <= maxSeconds,
    `exit ${ended.status}: ${ended.stderr}`,
  );
}
checks.check('there are examples', programs.length >= 3, programs);
checks.close('examples');
