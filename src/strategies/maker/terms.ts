import type { ParameterSpec } from '../../ports/strategy.ts';

/** Parameters that every version of the maker has. */
export const makerParameters = {
  quoteShare: { type: 'number', default: 0.02, min: 0.0001, max: 0.5, unit: 'of the capital', meaning: 'size of one quote' },
  inventoryShare: {
    type: 'number',
    default: 0.1,
    min: 0.001,
    max: 1,
    unit: 'of the capital',
    meaning: 'inventory at which a side stops quoting',
  },
  halfSpread: { type: 'number', default: 1, min: 0, max: 10_000, unit: 'ticks', meaning: 'distance of a quote from the fair price' },
  lean: { type: 'number', default: 2, min: 0, max: 10_000, unit: 'ticks', meaning: 'shift of both quotes against a full inventory' },
  refreshMillis: { type: 'integer', default: 500, min: 1, max: 3_600_000, unit: 'ms', meaning: 'time between looks at the market' },
  tolerance: {
    type: 'number',
    default: 0,
    min: 0,
    max: 10_000,
    unit: 'ticks',
    meaning: 'move of the fair price that quotes do not follow',
  },
} as const satisfies Record<string, ParameterSpec>;
