import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrialRegistry } from '../../research/trial-registry.ts';
import { crossing } from '../../testing/backtest/crossing.ts';
import { barSetOf, freeCosts, plainBacktest } from '../../testing/backtest/plain-backtest.ts';
import { countBacktest, scopeOf } from './backtest-trial.ts';

const bars = barSetOf({ A: Array.from({ length: 60 }, (_, i) => 50 + 5 * Math.sin(i / 4)) });
const run = plainBacktest([crossing]);
const request = (fast: number) =>
  ({ strategy: 'crossing', parameters: { fast }, bars, capital: '1000000', costs: freeCosts, seed: 1, keep: 'everything' }) as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-trial-'));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
});

describe('a backtest is a trial', () => {
  it('each different one once, with a record that is the same when it is run again', () => {
    for (const fast of [2, 3, 2]) expect(countBacktest(folder, request(fast), run(request(fast)), 'code')).toBe('');
    const result = run(request(2));
    expect(new TrialRegistry(folder).trialsOn('crossing', scopeOf(request(2), result)).trials).toBe(2);
    const records = readdirSync(join(folder, 'runs'));
    expect(records.length).toBe(2);
    const record = JSON.parse(readFileSync(join(folder, 'runs', `${result.runId}.json`), 'utf8')) as object;
    expect(record).toMatchObject({ runId: result.runId, params: result.params, seed: 1, dataHash: bars.dataHash, codeHash: 'code' });
  });
  it('a registry that was named and cannot be one is refused', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(() => countBacktest(path, request(2), run(request(2)), 'code')).toThrow(
      'registry: expected a folder in which trials can be counted',
    );
  });
});
