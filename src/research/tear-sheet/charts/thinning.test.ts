import { describe, expect, it } from 'vitest';
import { prng } from '../../../base/prng.ts';
import { linearScale, timeTicks } from './axis.ts';
import { microsFromCivil } from '../../../base/time.ts';
import { readable, thinned } from './thinning.ts';

describe('thinning', () => {
  it('keeps first, last, lowest and highest of everything it drops', () => {
    const random = prng(9);
    const values = Array.from({ length: 50_000 }, () => random.float());
    values[33_333] = 7;
    values[44_444] = -7;
    const kept = thinned(values);
    expect(kept.length).toBeLessThanOrEqual(2800);
    expect([kept[0], kept[kept.length - 1]]).toEqual([0, 49_999]);
    expect(kept).toContain(33_333);
    expect(kept).toContain(44_444);
    expect(kept.every((at, n) => n === 0 || at > kept[n - 1])).toBe(true);
  });
  it('keeps short lines whole', () => expect(thinned([1, 2, 3])).toEqual([0, 1, 2]));
  it('lets a pointer read at most 700 points, the last among them', () => {
    expect(readable(10_000).length).toBe(700);
    expect(readable(10_000)[699]).toBe(9_999);
    expect(readable(3)).toEqual([0, 1, 2]);
  });
});

describe('axes', () => {
  it('cover the values with round labels', () => {
    const { ticks, from, to, y } = linearScale(996_500, 1_060_100, 280, false);
    expect([from, to]).toEqual([980_000, 1_080_000]);
    expect(ticks).toEqual([980_000, 1_000_000, 1_020_000, 1_040_000, 1_060_000, 1_080_000]);
    expect([y(from), y(to)]).toEqual([280, 0]);
  });
  it('label years where there are years, months and days where there are not', () => {
    const texts = (from: number, to: number): string[] => timeTicks(from, to).map(({ text }) => text);
    expect(texts(microsFromCivil(2005, 1, 3), microsFromCivil(2015, 12, 31))).toEqual([
      '2005',
      '2006',
      '2007',
      '2008',
      '2009',
      '2010',
      '2011',
      '2012',
      '2013',
      '2014',
      '2015',
    ]);
    expect(texts(microsFromCivil(2020, 1, 1), microsFromCivil(2020, 4, 2))).toEqual(['2020-01', '2020-02', '2020-03', '2020-04']);
    expect(texts(microsFromCivil(2020, 1, 1), microsFromCivil(2020, 1, 3))).toHaveLength(9);
  });
});
