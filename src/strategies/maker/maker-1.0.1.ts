import { defineStrategy } from '../define-strategy.ts';
import { takeState } from '../json-state.ts';
import { createMaker, makerSchema, type MakerTerms } from './maker.ts';
import { doublingSchema, makerStateOf } from './state.ts';
import { makerParameters } from './terms.ts';

/** Quotes as 1.0.0 does, gives an inventory up at half the loss and comes back sooner. Takes the state of either version, and gives it back. */
export const maker101 = defineStrategy({
  name: 'maker',
  version: '1.0.1',
  parameters: {
    ...makerParameters,
    stopOut: {
      type: 'number',
      default: 0.001,
      min: 0,
      max: 1,
      unit: 'of the capital',
      meaning: 'loss on the inventory at which it is closed; 0 = never',
    },
    pauseMillis: { type: 'integer', default: 2_500, min: 0, max: 3_600_000, unit: 'ms', meaning: 'time without quotes after a stop-out' },
  },
  create: (p) => createMaker(termsOf(p)),
  migrate: (p, fromSchema, bytes) =>
    takeState([makerSchema, doublingSchema], fromSchema, bytes, (state) => createMaker(termsOf(p), makerStateOf(fromSchema, state))),
});

function termsOf(p: Omit<MakerTerms, 'refresh' | 'pause'> & { readonly refreshMillis: number; readonly pauseMillis: number }): MakerTerms {
  return { ...p, refresh: p.refreshMillis * 1_000, pause: p.pauseMillis * 1_000 };
}
