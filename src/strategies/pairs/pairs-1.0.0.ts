import { defineStrategy } from '../define-strategy.ts';
import { takeState } from '../json-state.ts';
import { Pairs, pairsSchema } from './pairs.ts';
import { pairsParameters } from './terms.ts';

export const pairs100 = defineStrategy({
  name: 'pairs',
  version: '1.0.0',
  parameters: pairsParameters,
  create: (terms) => new Pairs(terms),
  migrate: (terms, fromSchema, bytes) =>
    takeState(pairsSchema, fromSchema, bytes, (state) => {
      const instance = new Pairs(terms);
      instance.restore(state);
      return instance;
    }),
});
