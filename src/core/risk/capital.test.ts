import { describe, expect, it } from 'vitest';
import { fromSafe, splitZero, toNumber, type Split } from '../../base/split.ts';
import { bookEntryCost, capFits, capOf, checkCapital, freeCapital, setSliceCapital } from './capital.ts';
import { addRow, addSlice, createOrderGate, custodianVersion, modeOf, rowText, type OrderGate } from './order-gate.ts';
import { setRow } from './row-change.ts';

function money(n: number): Split {
  const out = splitZero();
  fromSafe(out, n);
  return out;
}

const terms = {
  sliceID: 'maker@main.USD',
  algorithm: 0,
  algorithmID: 'maker',
  accountGroup: 'main',
  currency: 0,
  total: money(1_000),
  reserve: money(100),
};

function gateOf(...versions: string[]): OrderGate {
  const gate = createOrderGate(2, 6);
  expect(addSlice(gate, terms).ok).toBe(true);
  for (const version of versions) expect(addRow(gate, 0, version).ok).toBe(true);
  return gate;
}

function free(gate: OrderGate): number {
  const out = splitZero();
  freeCapital(gate, 0, out);
  return toNumber(out);
}

describe('slices and rows', () => {
  it('a slice begins with its custodian: cap 0, REDUCING; a version begins SIMULATED', () => {
    const gate = gateOf('1.0.0');
    expect(gate.rows.map((row) => `${rowText(gate, row.ix)} ${modeOf(gate, row.ix)} ${gate.epoch[row.ix]} ${gate.stage[row.ix]}`)).toEqual([
      'maker@main.USD/custodian REDUCING 1 -1',
      'maker@main.USD/1.0.0 SIMULATED 1 -1',
    ]);
    expect(free(gate)).toBe(900);
  });
  it('what does not fit is refused in a sentence', () => {
    const gate = gateOf('1.0.0', '2', '3', '4');
    const refusals = [
      addSlice(gate, terms),
      addSlice(gate, { ...terms, sliceID: 'x', reserve: money(1_001) }),
      addSlice(gate, { ...terms, sliceID: 'x', total: money(-1) }),
      addRow(gate, 0, '1.0.0'),
      addRow(gate, 0, custodianVersion),
    ].map((answer) => (answer.ok ? 'taken' : answer.error));
    expect(refusals).toEqual([
      'slice maker@main.USD: is there already',
      'slice x: expected a reserve of at most the capital 1000, was 1001',
      'slice x: expected capital and reserve of at least 0',
      'row maker@main.USD/1.0.0: is there already',
      'row maker@main.USD/custodian: is there already',
    ]);
    expect(addRow(gate, 0, '5')).toMatchObject({ ok: true });
    expect(addRow(gate, 0, '6')).toMatchObject({ ok: false, error: 'row maker@main.USD/6: expected at most 6 rows' });
    expect(addSlice(gate, { ...terms, sliceID: 'y' })).toMatchObject({ ok: false, error: 'slice y: expected at most 6 rows' });
  });
});

describe('allocation (CAP3)', () => {
  it('counts in steps of 0.0001 and rounds down', () => {
    const out = splitZero();
    capOf(1, money(19_999), out);
    expect(toNumber(out)).toBe(1);
    capOf(3_333, money(10_001), out);
    expect(toNumber(out)).toBe(3_333);
    capOf(10_000, money(10_001), out);
    expect(toNumber(out)).toBe(10_001);
    for (const wrong of [-1, 0.5, 10_001, NaN]) expect(() => capOf(wrong, money(1), out)).toThrow('expected a whole number of 0.0001');
  });
});

describe('capital', () => {
  it('is granted out of what is free: total - reserve - sum max(cap, used)', () => {
    const gate = gateOf('1.0.0', '1.1.0');
    setRow(gate, 1, { cap: money(600), mode: 'ACTIVE' });
    expect(free(gate)).toBe(300);
    expect([capFits(gate, 2, money(300)), capFits(gate, 2, money(301)), capFits(gate, 1, money(900))]).toEqual([true, false, true]);
    expect(() => setRow(gate, 2, { cap: money(301) })).toThrow('CAP1');
  });
  it('a use above its cap holds what it uses until it has gone down', () => {
    const gate = gateOf('1.0.0', '1.1.0');
    setRow(gate, 1, { cap: money(600), mode: 'ACTIVE' });
    expect(bookEntryCost(gate, 1, money(600), false)).toBe('within');
    setRow(gate, 1, { cap: money(100), mode: 'REDUCING' });
    expect([free(gate), capFits(gate, 2, money(301))]).toEqual([300, false]);
    expect(bookEntryCost(gate, 1, money(50), false)).toBe('within');
    expect(free(gate)).toBe(800);
  });
  it('fills beyond their reservation draw from the reserve first, then overdraw the slice, and give both back', () => {
    const gate = gateOf('1.0.0');
    const { drawn, overdraft } = gate.slices[0];
    const state = (): number[] => [toNumber(drawn), toNumber(overdraft), checkCapital(gate, 0) ? 1 : 0];
    setRow(gate, 1, { cap: money(900), mode: 'ACTIVE' });
    expect([bookEntryCost(gate, 1, money(901), false), ...state()]).toEqual(['beyondCap', 1, 0, 1]);
    expect([bookEntryCost(gate, 1, money(1_000), false), ...state()]).toEqual(['beyondCap', 100, 0, 1]);
    expect([bookEntryCost(gate, 1, money(1_001), false), ...state()]).toEqual(['overdraft', 100, 1, 1]);
    expect([bookEntryCost(gate, 1, money(1_001), false), ...state()]).toEqual(['beyondCap', 100, 1, 1]);
    expect([bookEntryCost(gate, 1, money(950), false), ...state()]).toEqual(['beyondCap', 50, 0, 1]);
    expect([bookEntryCost(gate, 1, money(0), false), ...state()]).toEqual(['within', 0, 0, 1]);
  });
  it('paper lots cost nobody anything', () => {
    const gate = gateOf('1.0.0');
    expect(bookEntryCost(gate, 1, money(5_000), true)).toBe('within');
    expect(free(gate)).toBe(900);
  });
  it('a slice keeps what its rows hold', () => {
    const gate = gateOf('1.0.0');
    setRow(gate, 1, { cap: money(600), mode: 'ACTIVE' });
    expect(setSliceCapital(gate, 0, money(699), money(100))).toBe(
      'slice maker@main.USD: its rows hold 600: expected capital less reserve of at least that, was 599',
    );
    expect(setSliceCapital(gate, 0, money(700), money(100))).toBe('');
    expect(setSliceCapital(gate, 0, money(700), money(701))).toContain('expected a reserve of at most');
    expect(free(gate)).toBe(0);
  });
});
