import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { prng } from '../../../base/prng.ts';
import { dayAt, runWith, tripOf } from '../../../testing/tear-sheet/small-run.ts';
import type { SheetRun } from '../sheet-run.ts';
import { tearSheetOf } from '../tear-sheet.ts';
import { MAX_PAGE_BYTES, pageOf } from './page.ts';

function pageWith(run: SheetRun, notes: { code: string; text: string }[] = []): string {
  return pageOf(tearSheetOf(run, { notes, trials: { count: 1, variance: 0 }, seed: 1 }), '0.1.0');
}

function wandering(length: number): number[] {
  const random = prng(length);
  const equity = [1000];
  for (let i = 1; i < length; i++) equity.push(equity[i - 1] * (1 + (random.float() - 0.49) / 50));
  return equity;
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('a tear sheet as a page', () => {
  it('is allowed nothing but its own style and script, which its policy names', () => {
    const page = pageWith(runWith(wandering(300)));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll('&#39;', "'") ?? '';
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '';
    expect(policy).toBe(
      `default-src 'none'; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/\b(src|href)="(?!#)/);
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });
  it('says the same twice, byte by byte', () => {
    const run = runWith(wandering(300));
    expect(pageWith(run)).toBe(pageWith(run));
  });
  it('lets no name or note become markup', () => {
    const page = pageWith(runWith(wandering(50), { strategy: '<img src=x>', instruments: ['A&B'] }), [
      { code: 'X', text: '</script><b>"' },
    ]);
    expect(page).not.toContain('<img');
    expect(page).not.toContain('</script><b>');
    expect(page).toContain('&lt;img src=x&gt; on A&amp;B');
  });
  it('stays below its limit with 6,000 points, 6,000 trades and long lists', () => {
    const equity = wandering(6_000);
    const trades = Array.from({ length: 6_000 }, (_, n) => tripOf((n % 7) - 3, n));
    const prices = ['AAA', 'BBB', 'CCC'].map((instrumentID) => ({ instrumentID, time: equity.map((_, n) => dayAt(n)), close: equity }));
    const bySome = trades.map((trade, n) => ({ ...trade, instrumentID: ['AAA', 'BBB', 'CCC'][n % 3] }));
    const time = equity.map((_, n) => dayAt(0) + n * 60_000_000 * 60);
    const instruments = Array.from({ length: 500 }, (_, n) => `NAME${n}`);
    expect(Buffer.byteLength(pageWith(runWith(equity, { time, trades: bySome, prices, instruments })))).toBeLessThan(MAX_PAGE_BYTES);
  });
  it('draws runs without trades, without variation and of two points', () => {
    expect(pageWith(runWith([100, 100]))).toContain('There was no round trip.');
    expect(pageWith(runWith([100, 100, 100]))).toContain('There is no Sharpe ratio');
    expect(pageWith(runWith([100, 101]))).toContain('The run has 1 returns; the window is 252.');
  });
  it('contains no number that is none', () => {
    expect(pageWith(runWith(wandering(600))).replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/NaN|Infinity|undefined/);
  });
});
