import { InvalidArgumentError, type Command } from 'commander';
import { runUp, type UpOptions } from '../up/up.ts';

function within(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`expected a whole number ${least}…${most}, was ${text}`);
    return value;
  };
}

/** `plimsoll up`. */
export function addUp(plimsoll: Command): void {
  plimsoll
    .command('up')
    .description('a desk that stays up: wall clock, simulated venues, HTTP on the loopback interface; Ctrl-C ends it in good order')
    .requiredOption('--dir <directory>', 'data directory: journal, keys, token of the API')
    .option('--config <file>', 'YAML or JSON: port, hosts, seed, firmCapital, sliceCapital, strategies, budget')
    .option('--port <n>', 'of the HTTP API on 127.0.0.1; 0 = any free one', within(0, 65_535))
    .option('--hosts <n>', 'threads that strategies run in; left out: one less than the machine has cores', within(1, 64))
    .option('--seed <n>', 'of the synthetic exchange', within(0, Number.MAX_SAFE_INTEGER))
    .option('--capture <directory>', 'record what the feed delivers there; the journal notes every chunk')
    .option('--seconds <n>', 'end after this long', within(1, 31_536_000))
    .option('--json', 'print one JSON object at the end and nothing else')
    .action((options: UpOptions) => runUp(options));
}
