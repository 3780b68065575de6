import { describe, expect, it } from 'vitest';
import { lossesAsGains, worsePair } from './worse-results.ts';

describe('PRO6: worse data never promotes earlier', () => {
  it('two lives that differ in what sales bring: the worse one has no rung earlier', () => {
    let [rungs, later] = [0, 0];
    for (let seed = 1; seed <= 24; seed++) {
      const { better, worse, earlier } = worsePair(seed);
      expect({ seed, earlier }).toEqual({ seed, earlier: 0 });
      rungs += better.filter((at) => at < Infinity).length;
      later += worse.filter((at, stage) => at > better[stage]).length;
    }
    console.log(`worse results: 24 pairs of lives, ${rungs} rungs of the better, ${later} later or never of the worse`);
    expect(later).toBeGreaterThanOrEqual(8);
  }, 120_000);

  it('catches: losses are judged as gains', () => {
    let caught = 0;
    for (let seed = 1; seed <= 24 && caught === 0; seed++) if (worsePair(seed, lossesAsGains).earlier > 0) caught = seed;
    console.log(`PRO6 seed ${caught}  losses are judged as gains`);
    expect(caught).toBeGreaterThan(0);
  }, 120_000);
});
