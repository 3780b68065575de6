import { existsSync, readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseDecimal } from '../../base/decimal.ts';
import { limitNames, limitScopes } from '../../domain/limit.ts';
import type { BacktestFees, BacktestLimit, BacktestSlippage } from '../../ports/backtest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

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
