import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../testing/quant/golden.ts';
import { automaticBlock } from './block-length.ts';

interface Golden {
  readonly series: readonly { readonly values: readonly number[]; readonly block: number }[];
}

describe('automatic block length of the stationary bootstrap', () => {
  it('agrees with arch 8.0.0 from no dependence to strong dependence', () => {
    const { series } = golden<Golden>('block-lengths');
    expect(series.length).toBe(7);
    series.forEach(({ values, block }, i) => expectClose(automaticBlock(values), Math.max(1, block), `series ${i}`));
  });
  it('grows with persistence', () => {
    const { series } = golden<Golden>('block-lengths');
    expect(automaticBlock(series[3].values)).toBeGreaterThan(3 * automaticBlock(series[2].values));
  });
  it('is 1 where nothing varies, and refuses nine values', () => {
    expect(automaticBlock(new Float64Array(50).fill(3))).toBe(1);
    expect(() => automaticBlock(new Float64Array(9))).toThrow('expected number of observations to be a whole number from 10');
  });
});
