import { describe, expect, it } from 'vitest';
import { lifeFaults } from './life-faults.ts';
import { SeededScript } from './seeded-script.ts';
import { besideTwin, twinKinds } from './twin-lives.ts';

const mostSeeds = 120;

describe('lives that are lived twice', () => {
  it.each(twinKinds)('%s holds beside a twin with other money', (kind) => {
    let compared = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const life = { actions: 40, crashOneIn: 20, tight: seed % 4 === 0 };
      const script = new SeededScript(seed, undefined, life.tight);
      const end = besideTwin(kind, seed, script.run(40, 20).desk.turns, life);
      expect({ seed, text: end.text, rejudged: script.rejudged }).toEqual({ seed, text: '', rejudged: [] });
      compared += end.compared;
    }
    console.log(`${kind}: 40 pairs of lives, ${compared} turns compared`);
    expect(compared).toBeGreaterThan(2_000);
  });

  it.each(lifeFaults)('%s catches: %s', (invariant, fault, said) => {
    let caught = 0;
    for (let seed = 1; seed <= mostSeeds && caught === 0; seed++) if (attempt(() => said(seed)).startsWith(`${invariant} `)) caught = seed;
    console.log(`${invariant} seed ${caught}  ${fault}`);
    expect(caught).toBeGreaterThan(0);
  });
});

/** A spoiled core may meet one of its own assertions first, which is another way of being caught, and none that is counted here. */
function attempt(said: () => string): string {
  try {
    return said();
  } catch {
    return '';
  }
}
