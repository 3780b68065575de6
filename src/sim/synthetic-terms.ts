import type { InformedTerms } from './agents/informed.ts';
import type { MakerTerms } from './agents/maker.ts';
import type { MomentumTerms } from './agents/momentum.ts';
import type { NoiseTerms } from './agents/noise.ts';
import type { ValueTerms } from './latent-value.ts';

/** Everything that shapes one listing of the synthetic exchange. Prices in ticks, quantities in lots, rates per second. */
export interface SyntheticTerms {
  readonly value: ValueTerms;
  /** Number of background makers. */
  readonly makers: number;
  readonly maker: MakerTerms;
  readonly noise: NoiseTerms;
  readonly momentum: MomentumTerms;
  readonly informed: InformedTerms;
  /** Acts per second of all agents of a kind together. */
  readonly rates: {
    readonly maker: number;
    readonly noiseRest: number;
    readonly noiseCancel: number;
    readonly noiseTake: number;
    readonly momentum: number;
    readonly informed: number;
  };
}

/**
 * The normal regime. Around 4,000 ticks one tick is 2.5 bps; the volatility is about 2.5 % a day. Few are informed: a maker who quotes at or inside the
 * spread and keeps his inventory small earns on average.
 */
export const normalTerms: SyntheticTerms = {
  value: {
    start: 4_000,
    volatility: 0.3,
    volatilitySpread: 0.5,
    volatilityHalfLife: 120,
    jumpRate: 1 / 400,
    jumpSize: 3,
    pullHalfLife: 7_200,
  },
  makers: 3,
  maker: {
    halfSpread: 1.2,
    levels: 10,
    spacing: 1.6,
    size: 800,
    lag: 0.8,
    blur: 0.5,
    impact: 0.25,
    inventoryLimit: 6_000,
    lean: 1,
    layOff: 60,
    snipe: 3,
  },
  noise: { size: 400, sizeSpread: 0.6, distance: 7, improve: 0.15, reach: 4, runExponent: 1.6 },
  momentum: { memory: 20, threshold: 2.5, size: 300, sizeSpread: 0.5, reach: 2 },
  informed: { edge: 0.8, size: 350, sizeSpread: 0.5 },
  rates: { maker: 7, noiseRest: 6, noiseCancel: 5.6, noiseTake: 2.8, momentum: 0.3, informed: 0.4 },
};
