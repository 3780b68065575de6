import { existsSync, readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseDecimal } from '../../base/decimal.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import type { BacktestFees, BacktestLimit, BacktestSlippage } from '../../ports/backtest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** Rates count 10^-8: this many of them in a basis point. */
export const ratesPerBps = 10_000;

/** Places of a price unit of adjusted bars, and of money in a result. */
const places = 6;

/** `squareRoot`, or `halfSpread=0.01` with the half spread in currency units. */
export function slippageOf(text: string): BacktestSlippage {
  if (text === 'none' || text === 'squareRoot') return { kind: text };
  const half = /^halfSpread=(.+)$/.exec(text)?.[1];
  const ticks = half === undefined ? undefined : parseDecimal(half, places);
  if (ticks?.ok !== true || ticks.value < 0)
    throw new InvalidArgumentError(`expected none, squareRoot or halfSpread=0.01 (currency units), was ${text}`);
  return { kind: 'halfSpread', ticks: ticks.value };
}

/** Currency units per share, in whole 10^-6. */
export function perShareOf(text: string): BacktestFees {
  const fee = parseDecimal(text, places);
  if (!fee.ok || fee.value < 0) throw new InvalidArgumentError(`expected a decimal of at most ${places} places from 0 on, was ${text}`);
  return { kind: 'perShare', moneyPerLot: fee.value };
}

const feeModels = 'makerTaker=-0.5:2 (basis points) or tiered=0:10,1000000:8 (currency units traded in the month : basis points)';

/** Fees that hang on who waited, or on what was traded before in the month. */
export function feesOf(text: string): BacktestFees {
  const both = /^makerTaker=([^:]+):([^:]+)$/.exec(text);
  if (both !== null) return { kind: 'makerTaker', makerRate: rateOf(both[1]), takerRate: rateOf(both[2]) };
  const tiers = /^tiered=(.+)$/.exec(text)?.[1].split(',') ?? [];
  if (tiers.length === 0) throw new InvalidArgumentError(`expected ${feeModels}, was ${text}`);
  const read = tiers.map((tier) => {
    const [from, rate, more] = tier.split(':');
    if (!/^\d+$/.test(from) || rate === undefined || more !== undefined)
      throw new InvalidArgumentError(`expected ${feeModels}, was ${text}`);
    return { fromNotional: Number(from), rate: rateOf(rate) };
  });
  if (read[0].fromNotional !== 0 || read.some((tier, n) => n > 0 && tier.fromNotional <= read[n - 1].fromNotional))
    throw new InvalidArgumentError(`expected tiers that begin at 0 and rise, was ${text}`);
  return { kind: 'tiered', tiers: read };
}

/** Basis points, negative = a rebate, as 10^-8 of the notional. */
function rateOf(text: string): number {
  const rate = parseDecimal(text.trim(), 4);
  if (!rate.ok || Math.abs(rate.value) > 10_000 * ratesPerBps)
    throw new InvalidArgumentError(`expected -10000…10000 basis points in steps of 0.0001, was ${text}`);
  return rate.value;
}

/** Limits of the gate from a JSON file: a list of `{ "scope", "scopeID", "limit", "value" }`. @throws Refusal naming the entry */
export function readLimits(file: string | undefined): readonly BacktestLimit[] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw new Refusal(exitCodes.usage, `limits: expected a file, was ${file}, which is not there`);
  const entries = parsed(file);
  if (!Array.isArray(entries)) throw new Refusal(exitCodes.usage, `limits: expected a list of limits in ${file}`);
  return entries.map((entry: unknown, n) => limitOf(entry, n));
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal(exitCodes.usage, `limits: ${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function limitOf(entry: unknown, n: number): BacktestLimit {
  const { scope, scopeID = '', limit, value } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  const at = `limits, entry ${n + 1}`;
  const knownScope = limitScopes.find((one) => one === scope);
  const knownLimit = limitNames.find((one) => one === limit);
  if (knownScope === undefined)
    throw new Refusal(exitCodes.usage, `${at}: expected a scope of ${limitScopes.join(', ')}, was ${JSON.stringify(scope)}`);
  if (knownLimit === undefined)
    throw new Refusal(exitCodes.usage, `${at}: expected a limit of ${limitNames.join(', ')}, was ${JSON.stringify(limit)}`);
  if (typeof scopeID !== 'string') throw new Refusal(exitCodes.usage, `${at}: expected a text as scopeID, was ${JSON.stringify(scopeID)}`);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Refusal(exitCodes.usage, `${at}: expected a whole number from 0 on as value, was ${JSON.stringify(value)}`);
  return { scope: knownScope, scopeID, limit: knownLimit, value };
}
