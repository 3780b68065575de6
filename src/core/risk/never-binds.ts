import type { LimitName } from '../../domain/limit.ts';
import { microUp } from './firm-money.ts';
import type { Risk } from './risk.ts';

/** Limits on money that is at most the firm's. A credit line is none: it adds to the capital. */
const ofTheFirmsMoney: ReadonlySet<LimitName> = new Set<LimitName>(['maxNotional', 'maxDailyLoss']);

/** Why a limit could never be reached, since the capital ends before it: it would only look like one. Undefined = it can be. */
export function neverBinds({ registry, firmCapital, firmCurrency }: Risk, limit: LimitName, value: number): string | undefined {
  if (!ofTheFirmsMoney.has(limit) || firmCurrency < 0) return undefined;
  const capital = microUp(firmCapital, registry.currencies[firmCurrency].exponent);
  return value <= capital
    ? undefined
    : `expected at most the firm's capital, ${capital} micro-money, was ${value}: what is never reached limits nothing`;
}
