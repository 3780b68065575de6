import { InvalidArgumentError, type Command } from 'commander';
import { runDemo, type DemoOptions } from './demo.ts';
import { countOf, jsonOption, wholeOf } from './option-values.ts';
import { runPaper, type PaperOptions } from './paper.ts';

/** Commands that run a desk of their own. */
export function addRuns(plimsoll: Command): void {
  plimsoll
    .command('demo')
    .description('the story: a version climbs the ladder, a bad one is rolled back, the journal proves it')
    .option('--seed <n>', 'repeats a run exactly', wholeOf, 7)
    .option('--speed <n>', 'virtual seconds per second, or max', speedOf)
    .option('--data <file>', 'recorded market data (Binance capture) instead of the synthetic exchange')
    .option('--dir <directory>', 'keep the journal there')
    .option('--exit', 'end after the story instead of waiting for Ctrl-C')
    .option(...jsonOption)
    .action((options: DemoOptions) => runDemo(options));
  plimsoll
    .command('paper')
    .description('a desk on paper: one strategy on recorded data or the synthetic exchange')
    .option('--strategy <name>', 'maker, momentum or clumsy, or the path of a module that exports your own', 'momentum')
    .option(
      '--data <file>',
      'recorded market data (Binance capture, session of another venue, directory of --capture); left out: the synthetic exchange',
    )
    .option('--instrument <symbol>', 'the one of a recorded session that has several')
    .option('--capture <directory>', 'record what the feed delivers there; the journal notes every chunk')
    .option('--dir <directory>', 'keep the journal there')
    .option('--hosts <n>', 'strategies run in this many threads of their own; left out: on the thread of the desk', countOf)
    .option('--minutes <n>', 'virtual minutes on the synthetic exchange', countOf, 10)
    .option('--seed <n>', 'repeats a run exactly', wholeOf, 7)
    .option('--speed <n>', 'virtual seconds per second, or max', speedOf, 'max')
    .option(...jsonOption)
    .action((options: PaperOptions) => runPaper(options));
}

function speedOf(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (!(speed > 0 && speed <= 1e6)) throw new InvalidArgumentError(`expected max or a number 0…1000000, was ${text}`);
  return speed;
}
