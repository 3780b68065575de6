import { addInto, cmp, fromSafe, mulDivFloorInto, mulSmallInto, setInto, splitZero, toNumber, type Split } from '../../base/split.ts';
import { convertInto, convertLastInto } from './rates.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { algorithmScope, versionScope } from './scopes.ts';

const part = splitZero();

/**
 * Capital that a scope began with, firm's currency, into `out`: its slice's (version), those of all slices of the algorithm, the firm's (firm, account).
 * @param booked to judge what is in the books, at the last rate there was; an order is judged at the rate of now
 * @returns false = no firm yet, or no rate
 */
export function capitalInto(out: Split, risk: Risk, scope: number, ix: number, booked: boolean): boolean {
  const { gate, firmCurrency, rates } = risk;
  if (firmCurrency < 0) return false;
  const convert = booked ? convertLastInto : convertInto;
  if (scope === versionScope) {
    const { total, currency } = gate.slices[gate.rows[ix].slice];
    return convert(out, rates, total, currency, firmCurrency, false);
  }
  if (scope !== algorithmScope) {
    setInto(out, risk.firmCapital);
    return true;
  }
  fromSafe(out, 0);
  for (const { algorithm, total, currency } of gate.slices) {
    if (algorithm !== ix) continue;
    if (!convert(part, rates, total, currency, firmCurrency, false)) return false;
    addInto(out, out, part);
  }
  return true;
}

/** Whether the capital of a scope is converted at a rate of the moment. */
export function isConverted({ gate, firmCurrency }: Risk, scope: number, ix: number): boolean {
  if (scope === versionScope) return gate.slices[gate.rows[ix].slice].currency !== firmCurrency;
  return scope === algorithmScope && gate.slices.some(({ algorithm, currency }) => algorithm === ix && currency !== firmCurrency);
}

const whole = splitZero();
const scaled = splitZero();

/** No money is larger: hi * 2^48 + lo. */
const mostHi = Number.MAX_SAFE_INTEGER;
const mostLo = 281_474_976_710_655;
/** Below it a sum of two is in range too. */
const mostMoney = 1.2e30;

/**
 * floor(x * bps / 10,000), exact: what is past the whole is added in wholes, so that nothing on the way is larger than the answer. An answer that no money comes
 * near is written as the largest.
 */
export function shareInto(out: Split, x: Split, bps: number): void {
  const times = Math.floor(bps / bpsOne);
  if (toNumber(x) * (times + 1) > mostMoney) {
    out.hi = mostHi;
    out.lo = mostLo;
    return;
  }
  mulDivFloorInto(whole, x, bps - times * bpsOne, bpsOne);
  mulSmallInto(scaled, x, times);
  addInto(out, scaled, whole);
}

const bound = splitZero();

/** ceil(part / whole) in bps, exact; Infinity where the whole is nothing. For refusals. */
export function shareBps(of: Split, base: Split): number {
  const total = toNumber(base);
  if (total <= 0) return Infinity;
  let n = Math.max(0, Math.floor((toNumber(of) / total) * bpsOne) - 1);
  if (n >= mostBps) return n;
  for (;;) {
    // ceil(p / w) is the first n with p <= floor(n w)
    shareInto(bound, base, n);
    if (cmp(bound, of) >= 0) return n;
    n++;
  }
}

/** Past this a share is told by doubles. */
const mostBps = 1e9;
