import { existsSync } from 'node:fs';
import { closeStep, runLive } from './live-command.ts';
import { freshClone } from './fresh-clone-tool.ts';
import { testCounts } from './test-summary.ts';

// The test command of the README, word for word: from a clean clone, in an environment without what was installed by hand. Where there is no tool for that, from this tree.
const cloned = existsSync(freshClone);
const { status, output } = await (cloned ? runLive('bash', [freshClone, 'test']) : runLive('npm', ['test']));
const { passed, failed } = testCounts(output, status);
const ended = !cloned || /'npm test' ended with 0 after \d+ s/.test(output);
console.log(`${ended ? 'passed' : 'FAILED'}  npm test ${cloned ? 'from a clean clone' : 'from this tree'} ended with ${status}`);
closeStep('test', passed + (ended ? 1 : 0), failed + (ended ? 0 : 1));
