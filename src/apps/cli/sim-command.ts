import { InvalidArgumentError, Option, type Command } from 'commander';
import { durationMicros, parseDuration } from '../../base/duration.ts';
import { isPlainObject, type PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { givenDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { exitCodes, Refusal, type ExitCode } from '../desk/exit-codes.ts';
import { simulate, type SimulatedEnd, type Simulation } from '../desk/simulate.ts';
import { bookStrategies, strategyNamed } from '../desk/strategies.ts';
import { print } from './output.ts';
import { readSpecFile } from './spec-file.ts';

export interface SimOptions {
  readonly file: string;
  readonly seed: number;
  readonly horizon: number;
  readonly use: readonly string[];
  readonly algorithm?: string;
  readonly version?: string;
  readonly capital?: string;
  readonly slice?: string;
  readonly json?: true;
}

const defaultHorizon = 'P40D';
/** Capital of the slice for a spec that names none and asks for none (BlueGreen). */
const usualCapital = '10000000';

export function addSim(plimsoll: Command, seedOf: (text: string) => number): void {
  plimsoll
    .command('sim')
    .description('runs a deployment spec on the synthetic exchange, on a virtual clock and without people, to its end')
    .requiredOption('-f, --file <spec>', 'deployment spec, YAML or JSON')
    .option('--seed <n>', 'repeats a run exactly', seedOf, 7)
    .addOption(
      new Option('--horizon <duration>', 'virtual time after which it is left as it is')
        .argParser(horizonOf)
        .default(horizonOf(defaultHorizon), defaultHorizon),
    )
    .addOption(
      new Option('--use <algorithm-vX.Y.Z=strategy>', 'registers a built-in strategy under that name and version; may be repeated')
        .argParser(gather)
        .default([], 'none'),
    )
    .option('--algorithm <id>', 'algorithm, where the spec does not name it')
    .option('--version <version>', 'version, where the spec does not name it')
    .option('--capital <decimal>', 'total capital, where the spec does not name it')
    .option(
      '--slice <id>',
      'ALGORITHM@GROUP.CURRENCY or GROUP.CURRENCY, where the spec does not name them; a spec of another slice is refused',
    )
    .option('--json', 'print one JSON object and nothing else')
    .action((options: SimOptions) => runSim(options));
}

function horizonOf(text: string): number {
  const duration = parseDuration(text);
  if (!duration.ok) throw new InvalidArgumentError(`expected an ISO 8601 duration such as P40D, was ${text}`);
  return durationMicros(duration.value);
}

function gather(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

async function runSim(options: SimOptions): Promise<void> {
  const { seed, horizon } = options;
  const spec = readSpecFile(options.file);
  const defaults = givenDefaults(options);
  const used = options.use.map(strategyUsed);
  const isUsed = (one: StrategyDefinition): boolean => used.some(({ name, version: of }) => name === one.name && of === one.version);
  const strategies = [...used, ...bookStrategies.filter((one) => !isUsed(one))];
  const json = options.json === true;
  const onProgress = (micros: number, phase: string): void => {
    if (!json && process.stderr.isTTY) process.stderr.write(`\r${timeText(micros)}  ${phase}   `);
  };
  const totalCapital = capitalOf(spec) ?? options.capital ?? usualCapital;
  const result = await simulate(spec, { seed, strategies, totalCapital, defaults, horizon, onProgress });
  if (!json && process.stderr.isTTY) process.stderr.write('\r');
  print(json, { seed, ...result }, resultText(result));
  process.exitCode = exitCodeOf(result);
}

/** `ml-model-v3.0.0=maker`: the built-in maker as ml-model 3.0.0. */
function strategyUsed(text: string): StrategyDefinition {
  const [, name, version, built] = /^(.+?)-v?(\d+\.\d+\.\d+\S*)=(\S+)$/.exec(text) ?? [];
  if (built === undefined) throw new Refusal(exitCodes.usage, `--use: expected ALGORITHM-vX.Y.Z=STRATEGY, was ${text}`);
  const found = strategyNamed(built, bookStrategies);
  if (typeof found === 'string') throw new Refusal(exitCodes.usage, `--use: ${found}`);
  return { ...found, name, version };
}

/** The capital that a spec names: the slice is made of it. */
function capitalOf(spec: PlainObject): string | undefined {
  const { configuration } = spec;
  const holder = isPlainObject(configuration) ? configuration : spec;
  for (const name of ['totalCapital', 'simulatedCapital', 'capital']) {
    const value = holder[name];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return undefined;
}

function exitCodeOf({ ends, timedOut }: Simulation): ExitCode {
  const phases = ends.map(({ phase }) => phase);
  if (phases.includes('Refused')) return exitCodes.refused;
  if (phases.includes('Aborted') || phases.includes('Degraded')) return exitCodes.aborted;
  if (phases.includes('Paused')) return exitCodes.waitsForPerson;
  return timedOut ? exitCodes.timeout : exitCodes.healthy;
}

function resultText({ ends, virtualMicros, timedOut }: Simulation): string {
  const after = `${timedOut ? 'left as it was after' : 'ended after'} ${timeText(virtualMicros)} (virtual)`;
  return [...ends.flatMap(endLines), after].join('\n');
}

function endLines(end: SimulatedEnd): readonly string[] {
  const { deploymentID, algorithmID, version, strategy, phase, reason, stages, gates, orders, fills } = end;
  const why = reason === '' ? '' : `: ${reason}`;
  return [
    `${deploymentID}  ${algorithmID} ${version}  ${strategy}  ${phase}${why}`,
    ...stages.map(({ name, allocation, afterMicros }) => `  ${timeText(afterMicros)}  ${name}, ${allocation * 100} % of the capital`),
    ...(phase === 'Refused' ? [] : [`  ${orders} orders, ${fills} fills`]),
    ...gates.map(({ gate, verdict, text }) => `  ${verdict.padEnd(12)} ${gate}: ${text}`),
  ];
}

function timeText(micros: number): string {
  const hours = micros / 3_600_000_000;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} days`;
}
