import type { Prng } from '../base/prng.ts';

/** How the unseen value of an instrument moves. Ticks and seconds. */
export interface ValueTerms {
  /** Ticks at the start; also what the value is pulled back to over the hours. */
  readonly start: number;
  /** Typical volatility, ticks per square root of a second. */
  readonly volatility: number;
  /** Standard deviation of the logarithm of the volatility around its mean. */
  readonly volatilitySpread: number;
  /** Seconds in which half of a volatility deviation is gone. */
  readonly volatilityHalfLife: number;
  /** Jumps per second. */
  readonly jumpRate: number;
  /** Mean size of a jump in ticks (exponential, either sign). */
  readonly jumpSize: number;
  /** Seconds in which half of the distance to `start` is gone. */
  readonly pullHalfLife: number;
}

interface Shock {
  readonly at: number;
  readonly size: number;
  readonly duration: number;
}

const ln2 = 0.6931471805599453;
/** The value never falls below this share of its start. */
const floorShare = 0.05;

/** The latent fundamental value: mean-reverting stochastic volatility, jumps, a slow pull home, and shocks on demand. */
export class LatentValue {
  readonly #terms: ValueTerms;
  readonly #luck: Prng;
  readonly #shocks: Shock[] = [];
  #value: number;
  #logVolatility = 0;
  #now = 0;

  constructor(terms: ValueTerms, luck: Prng) {
    this.#terms = terms;
    this.#luck = luck;
    this.#value = terms.start;
  }

  /** Ticks, not rounded. */
  get value(): number {
    return this.#value;
  }

  /** Ticks per square root of a second, now. */
  get volatility(): number {
    const spread = this.#terms.volatilitySpread;
    return this.#terms.volatility * Math.exp(this.#logVolatility - 0.5 * spread * spread);
  }

  /** From second `at` on, over `duration` seconds, the value moves by `size` ticks on top of everything else, gently at both ends. */
  shock(at: number, size: number, duration: number): void {
    if (!(duration > 0)) throw new RangeError(`shock: expected a duration above 0 seconds, was ${duration}`);
    this.#shocks.push({ at, size, duration });
  }

  /** Moves to second `now` (not before the last one). */
  advance(now: number): void {
    const dt = now - this.#now;
    if (dt <= 0) return;
    const { volatilitySpread, volatilityHalfLife, jumpRate, jumpSize, pullHalfLife, start } = this.#terms;
    const pull = ln2 / volatilityHalfLife;
    const noise = volatilitySpread * Math.sqrt(2 * pull * dt);
    this.#logVolatility += noise * this.#luck.normal() - pull * this.#logVolatility * dt;
    this.#value += this.volatility * Math.sqrt(dt) * this.#luck.normal() + (start - this.#value) * Math.min(1, (ln2 / pullHalfLife) * dt);
    if (this.#luck.float() < jumpRate * dt) this.#value += (this.#luck.int(2) === 0 ? 1 : -1) * this.#luck.exponential(jumpSize);
    for (const { at, size, duration } of this.#shocks)
      this.#value += size * (progress((now - at) / duration) - progress((this.#now - at) / duration));
    this.#value = Math.max(floorShare * start, this.#value);
    this.#now = now;
  }
}

/** 0 before, 1 after, smooth between. */
function progress(share: number): number {
  const x = share < 0 ? 0 : share > 1 ? 1 : share;
  return x * x * (3 - 2 * x);
}
