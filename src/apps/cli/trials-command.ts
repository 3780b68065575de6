import type { Command } from 'commander';
import { openRegistry } from '../research/registry-folder.ts';
import { print } from './output.ts';
import { table } from './search-text.ts';

interface TrialsOptions {
  readonly registry?: string;
  readonly json?: true;
}

export function addTrials(plimsoll: Command): void {
  plimsoll
    .command('trials')
    .description('how often each algorithm was tried; nothing takes a trial back')
    .option('--registry <directory>', 'left out: the one below the data directory of the user')
    .option('--json', 'print one JSON object and nothing else')
    .action((options: TrialsOptions) => listTrials(options));
}

function listTrials(options: TrialsOptions): void {
  const registry = openRegistry(options.registry);
  const algorithms = registry.algorithms().map((algorithm) => {
    const { entries, damaged } = registry.read(algorithm);
    const runs = new Set(entries.map(({ runId }) => runId)).size;
    const markets = new Set(entries.map(({ scope }) => scope.dataHash)).size;
    return { algorithm, trials: runs + damaged, damaged, dataSets: markets };
  });
  const rows = algorithms.map(({ algorithm, trials, damaged, dataSets }) => [String(trials), String(dataSets), String(damaged), algorithm]);
  const text = rows.length === 0 ? 'no trials so far' : table(['trials', 'data sets', 'unreadable', 'algorithm'], rows).join('\n');
  print(options.json === true, { registry: registry.folder, algorithms }, `${registry.folder}\n${text}`);
}
