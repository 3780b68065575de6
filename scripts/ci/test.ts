import { closeStep, runLive } from './live-command.ts';
import { testCounts } from './test-summary.ts';

// The test command of the README, word for word.
const { status, output } = await runLive('npm', ['test']);
const { passed, failed } = testCounts(output, status);
closeStep('test', passed, failed);
