import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBigInt, splitZero, toBigInt } from '../../base/split.ts';
import {
  createUnitNav,
  drawdownOf,
  hasFallen,
  indexOf,
  linkNav,
  navScopes,
  raisePeaks,
  startNav,
  startNavDay,
  startNavStage,
} from './unit-nav.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('result' as const), by: fc.bigInt({ min: -(2n * 10n ** 12n), max: 2n * 10n ** 12n }) }),
  fc.record({ kind: fc.constant('capital' as const), to: fc.bigInt({ min: 10n ** 12n, max: 10n ** 15n }) }),
  fc.constant({ kind: 'day' as const }),
  fc.constant({ kind: 'stage' as const }),
);

/** The same index in plain doubles: every return multiplied onto it. */
it('the index is the product of the returns of its links, and no drawdown is negative (MET1, MET2)', () => {
  let cases = 0;
  let links = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const nav = createUnitNav();
      const result = splitZero();
      const capital = splitZero();
      fromBigInt(capital, 10n ** 14n);
      startNav(nav, capital, result);
      let index = 1;
      let peak = 1;
      let total = 0n;
      let linkCapital = 10n ** 14n;
      let linkBasis = 0n;
      let linkIndex = 1;
      for (const one of steps) {
        if (one.kind === 'result') total += one.by;
        fromBigInt(result, total);
        index = linkIndex * (Number(linkCapital + total - linkBasis) / Number(linkCapital));
        if (one.kind === 'capital' && linkCapital + total - linkBasis > 0n) {
          fromBigInt(capital, one.to);
          linkNav(nav, capital, result);
          [linkCapital, linkBasis, linkIndex] = [one.to, total, index];
          links++;
        }
        if (one.kind === 'day') startNavDay(nav, result);
        if (one.kind === 'stage') startNavStage(nav, result);
        raisePeaks(nav, result);
        peak = Math.max(peak, index);
        if (Math.abs(indexOf(nav, result) / index - 1) > 1e-12) return false;
        if (Math.abs(drawdownOf(nav, 0, result) - (peak - index) / peak) > 1e-9) return false;
        for (let scope = 0; scope < navScopes.length; scope++) if (drawdownOf(nav, scope, result) < 0) return false;
        cases++;
      }
      return true;
    }),
    { numRuns: 500, seed: 1 },
  );
  console.log(`unit NAV: ${cases} steps, ${links} links`);
  expect(links).toBeGreaterThan(100);
});

it('inside a link the limit is met exactly: the unit before it has not fallen that far', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.integer({ min: 1, max: 999_999_999 }), (capital, billionths) => {
      const nav = createUnitNav();
      const money = splitZero();
      fromBigInt(money, capital);
      startNav(nav, money, splitZero());
      const needed = (capital * BigInt(billionths) + 999_999_999n) / 1_000_000_000n;
      const result = splitZero();
      fromBigInt(result, -needed);
      const fallen = hasFallen(nav, 0, result, billionths);
      fromBigInt(result, 1n - needed);
      cases++;
      return fallen && !hasFallen(nav, 0, result, billionths) && toBigInt(nav.peaks[0]) === capital;
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect(cases).toBe(2_000);
});

it('a link that begins with nothing left keeps the loss: every limit counts as reached until a new deployment begins', () => {
  for (const lost of [10n ** 14n, 10n ** 14n + 1n, 5n * 10n ** 14n]) {
    const nav = createUnitNav();
    const [result, capital] = [splitZero(), splitZero()];
    fromBigInt(capital, 10n ** 14n);
    startNav(nav, capital, result);
    fromBigInt(result, -lost);
    raisePeaks(nav, result);
    fromBigInt(capital, 2n * 10n ** 14n);
    linkNav(nav, capital, result);
    raisePeaks(nav, result);
    for (let scope = 0; scope < navScopes.length; scope++) {
      expect(hasFallen(nav, scope, result, 1_000_000_000)).toBe(true);
      expect(drawdownOf(nav, scope, result)).toBe(1);
    }
    startNav(nav, capital, result);
    expect(hasFallen(nav, 0, result, 1)).toBe(false);
  }
});
