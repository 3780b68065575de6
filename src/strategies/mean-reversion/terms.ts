import type { ParameterSpec } from '../../ports/strategy.ts';

/** Shares of the equity and distances are whole basis points: sizes and stops are exact. */
export const meanReversionParameters = {
  bandPeriod: { type: 'integer', default: 20, min: 2, max: 1_000, unit: 'bars', meaning: 'length of the Bollinger bands' },
  bandWidth: {
    type: 'number',
    default: 2,
    min: 0.1,
    max: 10,
    unit: 'deviations',
    meaning: 'distance of the Bollinger bands from their mean',
  },
  rsiPeriod: { type: 'integer', default: 14, min: 2, max: 1_000, unit: 'bars', meaning: 'length of the RSI' },
  rsiEntry: { type: 'number', default: 30, min: 0, max: 100, unit: 'RSI points', meaning: 'an entry needs an RSI below it' },
  rsiExit: { type: 'number', default: 70, min: 0, max: 100, unit: 'RSI points', meaning: 'an RSI above it ends the position' },
  volumePeriod: {
    type: 'integer',
    default: 20,
    min: 1,
    max: 1_000,
    unit: 'bars',
    meaning: 'bars before the signal whose mean volume is compared with',
  },
  volumePercent: {
    type: 'integer',
    default: 150,
    min: 0,
    max: 10_000,
    unit: 'percent of the mean volume',
    meaning: 'an entry needs a volume above it',
  },
  stopBps: { type: 'integer', default: 200, min: 1, max: 9_999, unit: 'bps below the fill', meaning: 'distance of the stop' },
  riskBps: {
    type: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    unit: 'bps of the equity',
    meaning: 'loss of one position at its stop that sizes it',
  },
  capBps: { type: 'integer', default: 500, min: 1, max: 10_000, unit: 'bps of the equity', meaning: 'most that one position may cost' },
  maxPositions: { type: 'integer', default: 20, min: 1, max: 100, unit: 'instruments', meaning: 'most instruments held or about to be' },
  maxBars: { type: 'integer', default: 5, min: 0, max: 100_000, unit: 'bars', meaning: 'age of a position that ends it' },
  earningsDays: { type: 'integer', default: 3, min: 0, max: 366, unit: 'calendar days', meaning: 'no entry this near an earnings date' },
} as const satisfies Record<string, ParameterSpec>;

type Names = keyof typeof meanReversionParameters;
export type MeanReversionTerms = { readonly [K in Names]: number };

/** Earnings dates as days since 1970-01-01, by instrument. */
export type EarningsDays = ReadonlyMap<string, readonly number[]>;
