import { describe, expect, it } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { rowTotalInto } from '../../core/risk/pnl.ts';
import { isFresh } from '../../core/rollout/evidence.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { Core } from '../../core/core.ts';
import type { RollbackThresholds } from '../../domain/spec.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk, type Turn } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const limits = (more: Partial<RollbackThresholds>): RollbackThresholds => ({
  ...canary('', '').rollbackThresholds,
  ...more,
});

/** A version with 10 % of 1,000,000 that holds 50 of X and 10 of Y, bought at 100.00. */
function holding(more: Partial<RollbackThresholds> = {}): { readonly desk: RolloutDesk; readonly row: number } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)], rollbackThresholds: limits(more) }));
  for (const [listing, qty] of [
    [0, 50],
    [1, 10],
  ]) {
    const [id] = sentOf(desk.intent(row, 'buy', qty, { listing }));
    desk.say(reportOf(desk, id, listing, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000) }));
  }
  return { desk, row };
}

/** Nobody sells, and nothing has ever traded. */
function oneSided(desk: RolloutDesk, listing: number): Turn {
  const { input } = desk.mark(1);
  if (input.kind !== 'mark') throw new Error('a mark is a mark');
  return desk.say({ ...input, listing, bid: ticks(1), ask: ticks(0), askQty: lots(0), last: ticks(0), feedSeq: input.feedSeq + 1_000 });
}

const money = splitZero();
const made = (core: Core, row: number): bigint => {
  rowTotalInto(money, core.risk.pnl, row, false);
  return toBigInt(money) / 1_000_000n;
};

describe('a mark that names no price', () => {
  it('hides no loss from the limits of a version', () => {
    const { desk, row } = holding({ maxLossAbsolute: '1000' });
    desk.mark(0, 8_100);
    expect(made(desk.core, row)).toBe(-950n);
    oneSided(desk, 0);
    expect(made(desk.core, row)).toBe(-950n);
    expect(desk.phaseOf('d0')).toBe('Progressing');
    // ten of Y lose 6.00 each
    desk.mark(1, 9_400);
    expect(desk.phaseOf('d0')).toBe('Aborted');
  });

  it('gives no number that a gate is judged by, until there is a price', () => {
    const { desk, row } = holding();
    expect(isFresh(desk.core, row)).toBe(true);
    oneSided(desk, 0);
    expect(isFresh(desk.core, row)).toBe(false);
    desk.mark(0);
    expect(isFresh(desk.core, row)).toBe(true);
  });

  it('leaves the price before it in the state, its hash and its snapshots', () => {
    const [dear, cheap] = [10_000, 9_000].map((price) => {
      const desk = openDesk();
      desk.mark(0, price);
      oneSided(desk, 0);
      return stateHash(desk.core);
    });
    expect(dear).not.toBe(cheap);
    const { desk, row } = holding();
    desk.mark(0, 9_000);
    oneSided(desk, 0);
    const copy = decodeCore(encodeCore(desk.core).slice());
    if (!copy.ok) throw new Error(copy.error);
    expect([made(copy.value, row), stateHash(copy.value)]).toEqual([-500n, stateHash(desk.core)]);
    expect(copy.value.marks.known[0]).toBe(18_000);
  });
});

describe('a split before the next quote', () => {
  for (const [numerator, denominator, price] of [
    [2, 1, 5_000],
    [1, 5, 50_000],
  ]) {
    it(`of ${numerator} for ${denominator} makes and loses nothing, and no limit takes it for a result`, () => {
      const { desk, row } = holding({ maxDrawdown: 0.005, maxLossAbsolute: '1000' });
      desk.say({ kind: 'corporateAction', instrument: 0, action: 'split', numerator, denominator, exDate: micros(desk.at), text: '' });
      expect(made(desk.core, row)).toBe(0n);
      desk.mark(1);
      desk.mark(0, price);
      expect([made(desk.core, row), desk.phaseOf('d0')]).toEqual([0n, 'Progressing']);
    });
  }
});
