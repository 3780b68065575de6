import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { cloneFaults } from './clone-faults.ts';
import { cloneDifference } from './clone-script.ts';

const actions = 60;
const seeds = casesOf(120);

describe('POS4: a version that is swapped for its own clone, at any instant of a life at a faulty venue', () => {
  it('sends what it would have sent', () => {
    let [committed, adopted, moved, lines] = [0, 0, 0, 0];
    for (let seed = 1; seed <= seeds; seed++) {
      const { text, swapped } = cloneDifference(seed, actions);
      expect({ seed, text }).toEqual({ seed, text: '' });
      committed += swapped.committed ? 1 : 0;
      adopted += swapped.adopted;
      moved += swapped.moved;
      lines += swapped.lines.length;
    }
    console.log(
      `clones: ${seeds} pairs of lives, ${committed} swapped, ${adopted} orders adopted, lots of ${moved} listings moved, ${lines} requests`,
    );
    expect(committed).toBeGreaterThan(seeds / 3);
    expect(Math.min(adopted, moved)).toBeGreaterThan(seeds / 4);
  }, 120_000);

  it.each(cloneFaults)(
    'catches: %s',
    (fault, plant) => {
      let caught = 0;
      for (let seed = 1; seed <= 24 && caught === 0; seed++) if (cloneDifference(seed, actions, plant).text !== '') caught = seed;
      console.log(`POS4 seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    60_000,
  );
});
