import type { ParameterSpec } from '../../ports/strategy.ts';

/** Bars are group bars: closes that both legs have. Shares of the equity are whole basis points: sizes are exact. */
export const pairsParameters = {
  formation: {
    type: 'integer',
    default: 126,
    min: 30,
    max: 2_000,
    unit: 'bars',
    meaning: 'window that the regression and its tests look at',
  },
  refitEvery: { type: 'integer', default: 21, min: 1, max: 2_000, unit: 'bars', meaning: 'least distance of two refits' },
  minCorrelation: {
    type: 'number',
    default: 0.7,
    min: -1,
    max: 1,
    unit: 'correlation',
    meaning: 'correlation of the log returns that an eligible pair exceeds',
  },
  maxPValue: {
    type: 'number',
    default: 0.05,
    min: 0,
    max: 1,
    unit: 'probability',
    meaning: 'Engle-Granger p below which a pair is eligible',
  },
  window: {
    type: 'integer',
    default: 60,
    min: 2,
    max: 2_000,
    unit: 'bars',
    meaning: 'window of mean and deviation of the spread; at most the formation',
  },
  entryZ: { type: 'number', default: 2, min: 0, max: 100, unit: 'deviations', meaning: 'an entry needs |z| above it' },
  stopZ: {
    type: 'number',
    default: 3,
    min: 0,
    max: 100,
    unit: 'deviations',
    meaning: '|z| that ends a position as a loss; an entry needs |z| below it',
  },
  exitZ: { type: 'number', default: 0.5, min: 0, max: 100, unit: 'deviations', meaning: '|z| that ends a position as a success' },
  changes: {
    type: 'integer',
    default: 20,
    min: 2,
    max: 2_000,
    unit: 'bars',
    meaning: 'last changes of the spread that must be livelier than those of the formation; less than the formation',
  },
  maxBars: { type: 'integer', default: 10, min: 0, max: 100_000, unit: 'bars', meaning: 'age of a position that ends it' },
  riskBps: {
    type: 'integer',
    default: 200,
    min: 1,
    max: 10_000,
    unit: 'bps of the equity',
    meaning: 'loss of a pair at its stop that sizes it',
  },
  stopBps: {
    type: 'integer',
    default: 300,
    min: 1,
    max: 10_000,
    unit: 'bps of the position',
    meaning: 'move against a pair that is taken for its stop',
  },
  capBps: { type: 'integer', default: 500, min: 1, max: 10_000, unit: 'bps of the equity', meaning: 'most that one leg may cost' },
} as const satisfies Record<string, ParameterSpec>;

type Names = keyof typeof pairsParameters;
export type PairsTerms = { readonly [K in Names]: number };

/** @throws RangeError when one window does not fit into another. */
export function requireFittingWindows(terms: PairsTerms): void {
  if (terms.window > terms.formation)
    throw new RangeError(`window: expected at most the formation of ${terms.formation} bars, was ${terms.window}`);
  if (terms.changes >= terms.formation)
    throw new RangeError(`changes: expected less than the formation of ${terms.formation} bars, was ${terms.changes}`);
}
