import { describe, expect, it } from 'vitest';
import { exposureOf } from './exposure.ts';

describe('exposure', () => {
  it('adds long and short to gross and subtracts them to net, over the equity of the moment', () => {
    const { gross, net, meanGross, maxGross, timeInMarket } = exposureOf([0, 50, 100, 0], [0, 0, 20, 40], [100, 100, 200, 80]);
    expect([...gross]).toEqual([0, 0.5, 0.6, 0.5]);
    expect([...net]).toEqual([0, 0.5, 0.4, -0.5]);
    expect([meanGross, maxGross, timeInMarket]).toEqual([0.4, 0.6, 0.75]);
  });
  it('refuses equity of 0 and lists of different length', () => {
    expect(() => exposureOf([1], [0], [0])).toThrow('expected exposure to be a finite number');
    expect(() => exposureOf([1, 2], [0], [1])).toThrow('expected long value and equity of one length, were 2 and 1');
  });
});
