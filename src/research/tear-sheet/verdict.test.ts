import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import { dayAt, runWith, tripOf } from '../../testing/tear-sheet/small-run.ts';
import type { SheetRun, SheetTrials } from './sheet-run.ts';
import { tearSheetOf } from './tear-sheet.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const one: SheetTrials = { count: 1, variance: 0 };

/** Equity whose returns have this mean in deviations of 1 %, nearly normal. */
function equityWith(edge: number, length: number, seed: number): number[] {
  const random = prng(seed);
  const equity = [100];
  for (let i = 1; i < length; i++) {
    let noise = -6;
    for (let n = 0; n < 12; n++) noise += random.float();
    equity.push(equity[i - 1] * (1 + 0.01 * (edge + noise)));
  }
  return equity;
}

function verdict(equity: readonly number[], trials = one, more: Partial<SheetRun> = {}): Verdict {
  return verdictOf(tearSheetOf(runWith(equity, more), { notes: [], trials, seed: 1 }));
}

const weights = ({ findings }: Verdict): Record<string, string> => Object.fromEntries(findings.map(({ code, weight }) => [code, weight]));
const textOf = ({ findings }: Verdict, code: string): string => findings.find((finding) => finding.code === code)?.text ?? '';

describe('verdict', () => {
  it('a long record with a planted edge passes every test', () => {
    const found = verdict(equityWith(0.15, 2000, 1));
    expect(found.edge).toBe(true);
    expect(weights(found)).toMatchObject({
      SHARPE_INTERVAL: 'supports',
      PROBABILISTIC_SHARPE: 'supports',
      DEFLATED_SHARPE: 'supports',
      MINIMUM_TRACK_RECORD: 'supports',
    });
  });
  it('noise does not, and the sentence says why', () => {
    const found = verdict(equityWith(0, 800, 2));
    expect(found.edge).toBe(false);
    expect(found.headline).toBe('This run does not establish an edge.');
    expect(textOf(found, 'SHARPE_INTERVAL')).toMatch(/includes zero: this record cannot tell/);
  });
  it('the same edge in a short record is too short', () => {
    expect(textOf(verdict(equityWith(0.1, 60, 4)), 'MINIMUM_TRACK_RECORD')).toMatch(
      /The track record is too short: 59 returns|No track record/,
    );
  });
  it('the same record as the best of many trials is no edge any more', () => {
    const equity = equityWith(0.15, 2000, 1);
    const found = verdict(equity, { count: 1000, variance: 0.01 });
    expect(weights(found)['DEFLATED_SHARPE']).toBe('against');
    expect(found.edge).toBe(false);
    expect(textOf(found, 'DEFLATED_SHARPE')).toMatch(
      /^1,000 trials were made, of which luck alone would have shown a best Sharpe ratio of/,
    );
  });
  it('losing is said plainly', () => {
    const found = verdict(equityWith(-0.2, 2000, 5));
    expect(textOf(found, 'SHARPE_INTERVAL')).toMatch(/below zero, the strategy loses/);
    expect(textOf(found, 'MINIMUM_TRACK_RECORD')).toMatch(/No track record of any length would do/);
  });
  it('equity that never moves has nothing to judge', () => {
    const found = verdict([100, 100, 100]);
    expect([found.edge, weights(found)]).toEqual([false, { NO_SHARPE: 'against', FEW_TRADES: 'limits' }]);
  });
  it('hands on every note, in its own words', () => {
    const sheet = tearSheetOf(runWith([100, 101, 100]), {
      notes: [{ code: 'SURVIVORS_ONLY', text: 'survivors only' }],
      trials: one,
      seed: 1,
    });
    expect(textOf(verdictOf(sheet), 'SURVIVORS_ONLY')).toBe('Survivors only.');
  });
});

describe('limits of a run', () => {
  const equity = equityWith(0, 30, 7);
  it('says when few trades made it all', () => {
    const trades = [tripOf(50), ...Array.from({ length: 9 }, (_, n) => tripOf(-2, n + 2))];
    expect(textOf(verdict(equity, one, { trades }), 'FEW_WINNERS')).toBe(
      'Without its best trade of 10 the closed trades lose: 32 USD becomes −18.',
    );
    const even = Array.from({ length: 10 }, (_, n) => tripOf(2, n + 1));
    expect(weights(verdict(equity, one, { trades: even }))).not.toHaveProperty('FEW_WINNERS');
  });
  it('says when no slippage was paid, what was denied and what is open', () => {
    const fills = [{ instrumentID: 'AAA', side: 'buy', qty: 1, px: 10, time: dayAt(1), fee: 0, notional: 10, slippage: 0 }] as const;
    const found = verdict(equity, one, { fills, denials: 3 });
    expect(weights(found)).toMatchObject({ NO_SLIPPAGE: 'limits', DENIALS: 'limits', OPEN_AT_END: 'limits' });
    expect(textOf(found, 'DENIALS')).toMatch(/^The risk gate denied 3 orders/);
    const slipped = [{ ...fills[0], slippage: 0.1 }];
    expect(weights(verdict(equity, one, { fills: slipped }))).not.toHaveProperty('NO_SLIPPAGE');
  });
});

describe('the page that explains the verdict', () => {
  const codesIn = (path: string): string[] => [
    ...new Set(readFileSync(new URL(path, import.meta.url), 'utf8').match(/(?<=code: |const code = |\| )'[A-Z_]{5,}'/g) ?? []),
  ];
  it('names every code that a sheet can show', () => {
    const codes = [...codesIn('verdict.ts'), ...codesIn('../honesty.ts')].map((quoted) => quoted.slice(1, -1));
    const page = readFileSync(new URL('../../../docs/how-to/read-a-tear-sheet.md', import.meta.url), 'utf8');
    expect(codes.length).toBeGreaterThanOrEqual(17);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});
