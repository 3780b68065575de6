import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { suggest } from '../../base/suggest.ts';
import { liveBudget, type Budget } from '../../runtime/hosts/budget.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** What a desk that stays up may be told; everything has a default. */
export interface UpConfig {
  /** Of the HTTP API on 127.0.0.1; 0 = any free one. */
  readonly port: number;
  /** Threads that strategies run in; 0 = one less than the machine has cores, at least one. */
  readonly hosts: number;
  /** Of the synthetic exchange and of the strategies' random streams. */
  readonly seed: number;
  readonly firmCapital: string;
  /** Of each algorithm's slice. */
  readonly sliceCapital: string;
  /** Paths of modules that export strategies of your own. */
  readonly strategies: readonly string[];
  readonly budget: Budget;
  /** Takes every alert as a POST with an `Idempotency-Key`; '' = none does. */
  readonly alertWebhook: string;
}

export const defaultConfig: UpConfig = {
  port: 0,
  hosts: 0,
  seed: 7,
  firmCapital: '100000000',
  sliceCapital: '10000000',
  strategies: [],
  budget: liveBudget,
  alertWebhook: '',
};

const ranges = {
  port: [0, 65_535],
  hosts: [0, 64],
  seed: [0, Number.MAX_SAFE_INTEGER],
  callMillis: [1, 60_000],
  heapMebibytes: [32, 65_536],
  proposalsPerSecond: [1, 1_000_000],
} as const;

/** Reads a YAML or JSON file; what it leaves out has its default, what it has too much is refused by name. */
export function readConfig(file: string): UpConfig {
  const value = parsed(file);
  known(file, value, Object.keys(defaultConfig));
  const budget = value['budget'] ?? {};
  if (!isRecord(budget)) throw refusal(file, 'budget: expected callMillis, heapMebibytes, proposalsPerSecond');
  known(file, budget, Object.keys(liveBudget), 'budget.');
  return {
    port: whole(file, value, 'port', defaultConfig.port),
    hosts: whole(file, value, 'hosts', defaultConfig.hosts),
    seed: whole(file, value, 'seed', defaultConfig.seed),
    firmCapital: decimal(file, value, 'firmCapital', defaultConfig.firmCapital),
    sliceCapital: decimal(file, value, 'sliceCapital', defaultConfig.sliceCapital),
    strategies: paths(file, value['strategies'] ?? []),
    alertWebhook: webhook(file, value['alertWebhook'] ?? ''),
    budget: {
      callMillis: whole(file, budget, 'callMillis', liveBudget.callMillis),
      heapMebibytes: whole(file, budget, 'heapMebibytes', liveBudget.heapMebibytes),
      proposalsPerSecond: whole(file, budget, 'proposalsPerSecond', liveBudget.proposalsPerSecond),
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(file: string, sentence: string): Refusal {
  return new Refusal(exitCodes.refused, `${file}: ${sentence}`);
}

function parsed(file: string): Values {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'), { maxAliasCount: 10 }) ?? {};
  } catch (error) {
    throw refusal(file, error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
  }
  if (!isRecord(value)) throw refusal(file, 'expected an object');
  return value;
}

function known(file: string, value: Values, names: readonly string[], prefix = ''): void {
  for (const name of Object.keys(value)) {
    if (!names.includes(name)) throw refusal(file, `unknown field ${prefix}${name}${suggest(name, names)}`);
  }
}

function whole(file: string, value: Values, name: keyof typeof ranges, otherwise: number): number {
  const given = value[name] ?? otherwise;
  const [least, most] = ranges[name];
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < least || given > most)
    throw refusal(file, `${name}: expected a whole number ${least}…${most}, was ${JSON.stringify(given)}`);
  return given;
}

function decimal(file: string, value: Values, name: 'firmCapital' | 'sliceCapital', otherwise: string): string {
  const given = value[name] ?? otherwise;
  const text = typeof given === 'number' ? String(given) : given;
  if (typeof text !== 'string' || !/^\d{1,15}(\.\d{1,12})?$/.test(text))
    throw refusal(file, `${name}: expected a decimal such as "1000000.00", was ${JSON.stringify(given)}`);
  return text;
}

function webhook(file: string, value: unknown): string {
  if (value === '') return '';
  if (typeof value !== 'string' || !URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw refusal(file, `alertWebhook: expected a URL of http or https, was ${JSON.stringify(value)}`);
  return value;
}

function paths(file: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string'))
    throw refusal(file, 'strategies: expected a list of paths');
  return value.map((path) => (isAbsolute(path) ? path : resolve(dirname(file), path)));
}
