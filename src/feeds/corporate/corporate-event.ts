import { formatDecimal, roundHalfEven } from '../../base/decimal.ts';
import { isoFromDay } from '../../base/time.ts';
import { micros } from '../../base/units.ts';
import type { CorporateEvent } from '../../domain/corporate-event.ts';
import type { InstrumentIx } from '../../domain/ids.ts';
import type { CorporateAction } from '../../domain/input.ts';
import { midnightOf, type ZoneName } from '../../base/zone.ts';

/** A coefficient of a source is rounded (7.00000700001, 0.0357143): the simplest fraction within this relative distance is meant. */
const coefficientTolerance = 1e-5;
const maxDenominator = 100_000;

/** `coefficient` new shares for one old; kept as the simplest fraction near it. */
export function splitEvent(day: number, coefficient: number): CorporateEvent {
  return { kind: 'split', day, ...simplestFraction(coefficient) };
}

export function dividendEvent(day: number, cash: number): CorporateEvent {
  return { kind: 'dividend', day, cash };
}

/**
 * The input of the ledger, due at the local midnight that begins the ex-date. A split gives new units for old ones; a dividend gives micro-units of currency
 * for each share as numerator over 1,000,000 (the cash itself comes as a CashFlow); a ticker change gives 1 for 1.
 */
export function corporateActionOf(event: CorporateEvent, instrument: InstrumentIx, zone: ZoneName): CorporateAction {
  const exDate = micros(midnightOf(zone, event.day));
  const common = { kind: 'corporateAction', instrument, exDate } as const;
  const day = isoFromDay(event.day);
  switch (event.kind) {
    case 'split': {
      const { numerator, denominator } = event;
      return { ...common, action: 'split', numerator, denominator, text: `${numerator} for ${denominator} on ${day}` };
    }
    case 'dividend': {
      const cash = roundHalfEven(event.cash * 1_000_000);
      return {
        ...common,
        action: 'dividend',
        numerator: cash,
        denominator: 1_000_000,
        text: `${formatDecimal(cash, 6)} a share on ${day}`,
      };
    }
    case 'tickerChange':
      return { ...common, action: 'tickerChange', numerator: 1, denominator: 1, text: `${event.from} is ${event.to} from ${day}` };
  }
}

/** First convergent of the continued fraction within the tolerance. @throws RangeError when the number is not positive. */
export function simplestFraction(x: number): { readonly numerator: number; readonly denominator: number } {
  if (!(x > 0 && x < Infinity)) throw new RangeError(`split: expected a coefficient above 0, was ${x}`);
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  for (let rest = x; ;) {
    const whole = Math.floor(rest);
    const [p, q] = [whole * p1 + p0, whole * q1 + q0];
    if (q > maxDenominator) return { numerator: p1, denominator: q1 };
    if (Math.abs(p / q - x) <= x * coefficientTolerance || rest === whole) return { numerator: p, denominator: q };
    [p0, q0, p1, q1] = [p1, q1, p, q];
    rest = 1 / (rest - whole);
  }
}
