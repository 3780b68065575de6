import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { BacktestResult } from '../../ports/backtest.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { fixedLatency } from '../../venues/simulated/latency.ts';
import { queueModels, type QueueModel } from '../../venues/simulated/queue-place.ts';
import { runCapture } from '../backtest/capture-run.ts';
import { resultJson } from '../backtest/result-text.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { recordedSource } from '../desk/market-source.ts';
import { bookStrategies, strategyNamed } from '../desk/strategies.ts';
import { InvalidArgumentError } from 'commander';

/** What a backtest on a recorded session is asked with; the other options of the command are about bars. */
export interface CaptureOptions {
  readonly strategy: string;
  readonly data: string;
  readonly capital: string;
  readonly seed: number;
  readonly orderLatency: number;
  readonly reportLatency: number;
  readonly queue: QueueModel;
  /** Rates of 10^-8. */
  readonly feeBps: number;
  readonly out?: string;
  readonly json?: true;
}

/** A recorded session is one file, bars are a folder. */
export function isCapture(data: string): boolean {
  return statSync(data, { throwIfNoEntry: false })?.isFile() === true;
}

export async function runCaptureCommand(
  options: CaptureOptions,
  parametersOf: (definition: StrategyDefinition) => BacktestResult['params'],
  say: (result: BacktestResult) => string,
): Promise<void> {
  const { data, orderLatency, reportLatency, queue, feeBps, out } = options;
  const definition = strategyNamed(options.strategy, bookStrategies);
  if (typeof definition === 'string') throw new Refusal(exitCodes.usage, `${definition} (on a recorded session)`);
  const source = recordedSource(data, {
    orderLatency: fixedLatency(orderLatency),
    reportLatency: fixedLatency(reportLatency),
    queue,
    feeRate: feeBps,
  });
  const result = await orRefuse(() =>
    runCapture({
      source,
      definition,
      parameters: parametersOf(definition),
      capital: options.capital,
      seed: String(options.seed),
      coreDigest: coreDigest(),
      dataHash: createHash('sha256').update(readFileSync(data)).digest('hex'),
      terms: { orderLatency, reportLatency, queue, feeBps },
    }),
  );
  const text = resultJson(result);
  if (out !== undefined) writeFileSync(out, `${text}\n`);
  if (options.json === true) process.stdout.write(`${text}\n`);
  else process.stdout.write(`${source.description}\n${say(result)}${out === undefined ? '' : `written to ${out}\n`}`);
}

async function orRefuse(run: () => Promise<BacktestResult>): Promise<BacktestResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, error.message);
    throw error;
  }
}

export function queueOf(text: string): QueueModel {
  const found = queueModels.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`expected one of ${queueModels.join(', ')}, was ${text}`);
  return found;
}

/** Longest latency of one way: ten minutes. */
const maxLatency = 600_000_000;

export function latencyOf(text: string): number {
  const micros = Number(text);
  if (!(Number.isInteger(micros) && micros >= 0 && micros <= maxLatency && text.trim() !== ''))
    throw new InvalidArgumentError(`expected whole microseconds 0…${maxLatency}, was ${text}`);
  return micros;
}
