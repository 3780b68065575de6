import { mulDivFloorInto, mulSmallInto, splitZero, toNumber, type Split } from '../../base/split.ts';
import type { CurrencyIx } from '../../domain/ids.ts';
import { convertInto } from './rates.ts';
import type { Risk } from './risk.ts';
import { divCeilInto, fromDoubleInto } from './split-more.ts';

/** Micro-money: whole units of 10^-6 of a currency. What limits count in. */
export const microExponent = 6;

const money = splitZero();

/** 10^n, 0…15. */
const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** Units of a currency with this exponent in micro-money, rounded up; x >= 0. A safe integer, or a double past every limit. */
export function microUp(x: Split, exponent: number): number {
  if (exponent >= microExponent) divCeilInto(money, x, powers[exponent - microExponent]);
  else mulSmallInto(money, x, powers[microExponent - exponent]);
  return toNumber(money);
}

/** Micro-money in one unit of a currency with this exponent: a double for estimates. */
export function microPerUnit(exponent: number): number {
  return exponent >= microExponent ? 1 / powers[exponent - microExponent] : powers[microExponent - exponent];
}

/** The same of a result of either sign, rounded toward minus infinity. */
export function microDown(x: Split, exponent: number): number {
  if (exponent >= microExponent) mulDivFloorInto(money, x, 1, powers[exponent - microExponent]);
  else mulSmallInto(money, x, powers[microExponent - exponent]);
  return toNumber(money);
}

const converted = splitZero();

/** Units of any currency (x >= 0) in micro-money of the firm's currency, rounded up; NaN = no rate. */
export function firmMicroUp(risk: Risk, x: Split, currency: CurrencyIx): number {
  if (risk.firmCurrency < 0 || !convertInto(converted, risk.rates, x, currency, risk.firmCurrency, true)) return NaN;
  return microUp(converted, risk.registry.currencies[risk.firmCurrency].exponent);
}

/** Micro-money of either sign as units of a currency with this exponent, exact from exponent 6 on, below it rounded down. */
export function fromMicro(out: Split, micro: number, exponent: number): void {
  // the cash of many accounts may pass 2^53
  fromDoubleInto(out, micro);
  if (exponent >= microExponent) mulSmallInto(out, out, powers[exponent - microExponent]);
  else mulDivFloorInto(out, out, 1, powers[microExponent - exponent]);
}
