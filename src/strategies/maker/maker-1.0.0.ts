import { defineStrategy } from '../define-strategy.ts';
import { takeState } from '../json-state.ts';
import { createMaker, makerSchema } from './maker.ts';
import { doublingSchema, makerStateOf } from './state.ts';
import { makerParameters } from './terms.ts';

/** Quotes both sides, leans against its inventory and closes it when it has lost too much. */
export const maker100 = defineStrategy({
  name: 'maker',
  version: '1.0.0',
  parameters: {
    ...makerParameters,
    stopOut: {
      type: 'number',
      default: 0.002,
      min: 0,
      max: 1,
      unit: 'of the capital',
      meaning: 'loss on the inventory at which it is closed; 0 = never',
    },
    pauseMillis: { type: 'integer', default: 5_000, min: 0, max: 3_600_000, unit: 'ms', meaning: 'time without quotes after a stop-out' },
  },
  create: (p) => createMaker({ ...p, refresh: p.refreshMillis * 1_000, pause: p.pauseMillis * 1_000 }),
  migrate: (p, fromSchema, bytes) =>
    takeState([makerSchema, doublingSchema], fromSchema, bytes, (state) =>
      createMaker({ ...p, refresh: p.refreshMillis * 1_000, pause: p.pauseMillis * 1_000 }, makerStateOf(fromSchema, state)),
    ),
});
