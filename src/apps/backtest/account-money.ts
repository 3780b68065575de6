import { createHash } from 'node:crypto';
import { formatDecimal, parseDecimal } from '../../base/decimal.ts';
import { divHalfEvenInto, fromSafe, mulInto, mulSmallInto, splitZero, toNumber } from '../../base/split.ts';
import { isoFromMicros, MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { AccountCurrency, EquityCurve } from '../../ports/backtest.ts';
import { resultScale } from './listing-scale.ts';

/** A rate that is older says nothing about today: a week with its holidays. */
const maxRateAge = 7 * MICROS_PER_DAY;
const unit = 1_000_000;

/** Money of a run between the currency of its instruments and that of its account, whole 10^-6 of each. */
export class AccountMoney {
  readonly #account: AccountCurrency;
  readonly #capital: number;
  readonly #capitalInRun: number;
  readonly #wide = splitZero();

  /** @throws RangeError when the capital is no decimal, or no rate is known at the first bar. */
  constructor(account: AccountCurrency, capital: string, firstAt: number) {
    this.#account = account;
    const parsed = parseDecimal(capital, resultScale);
    if (!parsed.ok || parsed.value <= 0) throw new RangeError(`capital: expected a positive decimal of at most 6 places, was ${capital}`);
    this.#capital = parsed.value;
    this.#capitalInRun = this.#convert(this.#capital, firstAt, !account.inverted);
  }

  /** What the capital is worth at the first bar, decimal: what positions are sized by. */
  get capitalInRun(): string {
    return formatDecimal(this.#capitalInRun, resultScale);
  }

  /** Capital + what the run has made by each point, at the rate of that point, half-even. */
  equity({ time, value }: EquityCurve): EquityCurve {
    const converted = value.map((one, i) => this.#capital + this.#convert(one - this.#capitalInRun, time[i], this.#account.inverted));
    return { time, value: converted };
  }

  #convert(money: number, at: number, divide: boolean): number {
    const rate = this.#rateAt(at);
    if (divide) {
      mulInto(this.#wide, money, unit);
      divHalfEvenInto(this.#wide, this.#wide, rate);
    } else {
      fromSafe(this.#wide, money);
      mulSmallInto(this.#wide, this.#wide, rate);
      divHalfEvenInto(this.#wide, this.#wide, unit);
    }
    return toNumber(this.#wide);
  }

  /** The last close known at a time. */
  #rateAt(at: number): number {
    const { time, rate, rateID } = this.#account;
    let [low, high] = [0, time.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (time[middle] <= at) low = middle + 1;
      else high = middle;
    }
    const newest = low === 0 ? 'there is none' : `the last is of ${dateOf(time[low - 1])}`;
    if (low === 0 || at - time[low - 1] > maxRateAge)
      throw new RangeError(`rate ${rateID}: expected a close within the 7 days before ${dateOf(at)}, ${newest}`);
    return rate[low - 1];
  }
}

function dateOf(at: number): string {
  return isoFromMicros(microsUnchecked(at)).slice(0, 10);
}

/** What identifies an account's currency and its rates. */
export function accountIdentity({ currency, rateID, inverted, time, rate }: AccountCurrency): Record<string, string | boolean> {
  const hash = createHash('sha256').update(Float64Array.from(time)).update(Float64Array.from(rate)).digest('hex');
  return { currency, rateID, inverted, rateHash: hash };
}
