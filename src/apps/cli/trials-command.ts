import type { Command } from 'commander';
import { isPlainObject, type PlainValue } from '../../domain/spec-parser/field-reader.ts';
import { sealTrials, type TriedVersion } from '../../domain/trial-seal.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from '../research/registry-folder.ts';
import { print } from './output.ts';
import { table } from './search-text.ts';
import { trialsIn } from './trial-gates.ts';

interface TrialsOptions {
  readonly registry?: string;
  readonly algorithm?: string;
  readonly version?: string;
  readonly parameters?: string;
  readonly json?: true;
}

export function addTrials(plimsoll: Command): void {
  plimsoll
    .command('trials')
    .description('how often each algorithm was tried; nothing takes a trial back')
    .option('--registry <directory>', 'left out: the one below the data directory of the user')
    .option('--algorithm <id>', 'with --version: what a gate dsr of a spec declares')
    .option('--version <version>', 'version whose gate it is')
    .option('--parameters <json>', 'of the spec, as it writes them', '{}')
    .option('--json', 'print one JSON object and nothing else')
    .action((options: TrialsOptions) => {
      const { algorithm, version } = options;
      if (algorithm === undefined && version === undefined) return listTrials(options);
      if (algorithm === undefined || version === undefined)
        throw new Refusal(
          exitCodes.usage,
          `${algorithm === undefined ? 'algorithm' : 'version'}: expected --algorithm with --version, was nothing`,
        );
      return sayGate(options, algorithm, version);
    });
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

/** The numbers of a gate dsr, for a spec that does not go through `deploy -f`. */
function sayGate({ registry: folder, parameters = '{}', json }: TrialsOptions, algorithmID: string, version: string): void {
  const tried: TriedVersion = { algorithmID, version, parameters: readParameters(parameters) };
  const counted = trialsIn(openRegistry(folder), tried);
  const gate = { ...counted, sealed: sealTrials(tried, counted) };
  const text = Object.entries(gate).map(([name, value]) => `${name}: ${value}`);
  print(json === true, { algorithm: algorithmID, version, gate }, text.join('\n'));
}

function readParameters(text: string): TriedVersion['parameters'] {
  try {
    const value = JSON.parse(text) as PlainValue;
    if (isPlainObject(value)) return value as TriedVersion['parameters'];
  } catch {
    // said below
  }
  throw new Refusal(exitCodes.usage, `parameters: expected a JSON object, was ${text}`);
}
