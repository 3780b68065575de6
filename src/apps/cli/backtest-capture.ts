import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { BacktestFees, BacktestResult } from '../../ports/backtest.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import { sessionVenueOf } from '../../feeds/sessions/venue-session.ts';
import { fixedLatency, type Latency } from '../../venues/simulated/latency.ts';
import { queueModels, type QueueModel } from '../../venues/simulated/queue-place.ts';
import { runCapture } from '../backtest/capture-run.ts';
import { resultJson } from '../backtest/result-text.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { captureHash, isCaptureFolder } from '../desk/capture.ts';
import { capturedSource } from '../desk/captured-source.ts';
import { recordedSource } from '../desk/market-source.ts';
import { bookStrategies, strategyNamed } from '../desk/strategies.ts';
import { InvalidArgumentError } from 'commander';
import { withJournal } from './backtest-journal.ts';
import { refuseFunding, type Funding } from './funding-option.ts';
import { chargedOf } from './market-options.ts';

/** What a backtest on a recorded session is asked with; the other options of the command are about bars. */
export interface CaptureOptions {
  readonly strategy: string;
  readonly data: string;
  /** One instrument of the session, or `all` where it has but one. */
  readonly instruments: readonly string[] | 'all';
  readonly capital: string;
  readonly seed: number;
  readonly orderLatency: Latency;
  readonly reportLatency: Latency;
  readonly queue: QueueModel;
  readonly funding: Funding;
  /** Rates of 10^-8. */
  readonly feeBps: number;
  readonly fees?: BacktestFees;
  readonly journal?: string;
  readonly out?: string;
  readonly json?: true;
}

/** A recorded session is one file, or the directory that a desk captured into; bars are a folder. */
export function isCapture(data: string): boolean {
  return statSync(data, { throwIfNoEntry: false })?.isFile() === true || isCaptureFolder(data);
}

export async function runCaptureCommand(
  options: CaptureOptions,
  parametersOf: (definition: StrategyDefinition) => BacktestResult['params'],
  say: (result: BacktestResult) => string,
): Promise<void> {
  const { data, orderLatency, reportLatency, queue, out } = options;
  refuseFunding(data, options.funding);
  const rates = ratesOf(options);
  const definition = strategyNamed(options.strategy, bookStrategies);
  if (typeof definition === 'string')
    throw new Refusal(exitCodes.usage, `${definition} (${options.data} is one file, which is a recorded session; bars are a folder)`);
  const sessionTerms = { orderLatency, reportLatency, queue, ...rates, seed: String(options.seed) };
  const captured = isCaptureFolder(data);
  const source = captured ? capturedSource(data, sessionTerms) : recordedSource(data, sessionTerms, instrumentOf(options));
  const result = await withJournal(options.journal, ({ port, kept }) =>
    orRefuse(() =>
      runCapture({
        source,
        definition,
        parameters: parametersOf(definition),
        ...(kept ? { journal: port } : {}),
        capital: options.capital,
        seed: String(options.seed),
        coreDigest: coreDigest(),
        dataHash: captured ? captureHash(data) : createHash('sha256').update(readFileSync(data)).digest('hex'),
        terms: {
          ...(sessionVenueOf(data) === undefined ? {} : { instrument: source.market.symbol }),
          orderLatency: textOf(orderLatency),
          reportLatency: textOf(reportLatency),
          queue,
          ...feeTerms(rates),
        },
      }),
    ),
  );
  const text = resultJson(result);
  if (out !== undefined) writeFileSync(out, `${text}\n`);
  if (options.json === true) process.stdout.write(`${text}\n`);
  else
    process.stdout.write(
      `${source.description}\n${say(result)}${source.market.assetClass === 'perpetual' ? 'funding       none charged: the recording has no rates\n' : ''}${out === undefined ? '' : `written to ${out}\n`}${options.journal === undefined ? '' : `journal in ${options.journal}\n`}`,
    );
}

function instrumentOf({ instruments }: CaptureOptions): string | undefined {
  if (instruments === 'all') return undefined;
  if (instruments.length === 1) return instruments[0];
  throw new Refusal(exitCodes.usage, `--instruments: expected one instrument of a recorded session, were ${instruments.join(',')}`);
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

/** Whole microseconds, or `drawn=MIN:TAIL:MAX`: MIN and an exponential tail of mean TAIL, at most MAX. */
export function latencyOf(text: string): Latency {
  const [min, tail = 0, max = min, ...more] = text
    .replace(/^drawn=/, '')
    .split(':')
    .map(microsOf);
  if (!text.startsWith('drawn=') && !text.includes(':')) return fixedLatency(min);
  if (!text.startsWith('drawn=') || tail === 0 || max < min || more.length > 0)
    throw new InvalidArgumentError(
      `expected whole microseconds or drawn=MIN:TAIL:MAX with a tail above 0 and MAX from MIN on, was ${text}`,
    );
  return { kind: 'drawn', min, tail, max };
}

function microsOf(text: string): number {
  const micros = Number(text);
  if (!(Number.isInteger(micros) && micros >= 0 && micros <= maxLatency && text.trim() !== ''))
    throw new InvalidArgumentError(`expected whole microseconds 0…${maxLatency}, was ${text}`);
  return micros;
}

/** As it stands in the identity of a run. */
function textOf(latency: Latency): string | number {
  return latency.kind === 'fixed' ? latency.micros : `drawn=${latency.min}:${latency.tail}:${latency.max}`;
}

interface Rates {
  readonly makerRate: number;
  readonly takerRate: number;
}

function ratesOf({ feeBps, fees }: CaptureOptions): Rates {
  const charged = chargedOf({ feeBps, ...(fees === undefined ? {} : { fees }) });
  switch (charged.kind) {
    case 'bps':
      return { makerRate: charged.rate, takerRate: charged.rate };
    case 'makerTaker':
      return charged;
    case 'none':
    case 'perShare':
    case 'tiered':
      throw new Refusal(exitCodes.usage, `--fees: on a recorded session expected makerTaker, was ${charged.kind}: not built`);
  }
}

/** One rate for both is what a run was named by before there were two. */
function feeTerms({ makerRate, takerRate }: Rates): Readonly<Record<string, number>> {
  return makerRate === takerRate ? { feeBps: takerRate } : { makerRate, takerRate };
}
