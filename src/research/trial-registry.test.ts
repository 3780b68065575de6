import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programBeside } from '../testing/program-beside.ts';
import { TrialRegistry, type TrialEntry, type TrialScope } from './trial-registry.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-registry-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ko: TrialScope = { dataHash: 'ko', instruments: ['KO', 'PEP'], from: 100, to: 200 };

function entry(runId: string, sharpe: number | null, scope = ko, algorithm = 'pairs'): TrialEntry {
  return { algorithm, version: '1.0.0', runId, kind: 'backtest', sharpe, scope };
}

describe('the registry of trials', () => {
  it('counts different runs, once each, with the variance of their Sharpe ratios', () => {
    const registry = new TrialRegistry(folder);
    registry.count([entry('a', 1), entry('b', 2)]);
    registry.count([entry('a', 1), entry('c', null)]);
    expect(registry.trialsOn('pairs', ko)).toEqual({ trials: 3, damaged: 0, variance: 0.5 });
    expect(new TrialRegistry(folder).trialsOn('pairs', ko).trials).toBe(3);
    expect(registry.algorithms()).toEqual(['pairs']);
  });
  it('keeps algorithms and markets apart, but not other dates or names of the same market', () => {
    const registry = new TrialRegistry(folder);
    registry.count([
      entry('same', 1),
      entry('a name in common, dates that overlap', 1, { dataHash: 'x', instruments: ['PEP', 'MO'], from: 150, to: 400 }),
      entry('later', 1, { dataHash: 'y', instruments: ['KO'], from: 201, to: 400 }),
      entry('other names', 1, { dataHash: 'z', instruments: ['XOM'], from: 100, to: 200 }),
      entry('other algorithm', 1, ko, 'momentum'),
    ]);
    expect(registry.trialsOn('pairs', ko).trials).toBe(2);
    expect(registry.trialsOn('momentum', ko).trials).toBe(1);
    expect(registry.trialsOn('unheard', ko)).toEqual({ trials: 0, damaged: 0, variance: 0 });
  });
  it('has a head for each algorithm: what has only grown begins with every head that it had, what was written over does not', () => {
    const registry = new TrialRegistry(folder);
    registry.count([entry('a', 1), entry('b', 2)]);
    const before = registry.headOf('pairs');
    registry.count([entry('c', 3), entry('x', 1, ko, 'momentum')]);
    const after = registry.headOf('pairs');
    expect([after.bytes > before.bytes, after.head === before.head]).toEqual([true, false]);
    expect([before, after, { ...before, bytes: 0, head: before.head }].map((head) => registry.beginsWith('pairs', head))).toEqual([
      true,
      true,
      false,
    ]);
    const [file] = readdirSync(folder).filter((name) => name.startsWith('pairs'));
    const written = readFileSync(join(folder, file), 'utf8');
    // a trial that disappears, one that is written over, and a file that begins anew
    for (const forged of [written.slice(written.indexOf('\n', 2) + 1), written.replace('"a"', '"z"'), ''])
      expect([
        (writeFileSync(join(folder, file), forged), registry.beginsWith('pairs', before)),
        registry.beginsWith('pairs', after),
      ]).toEqual([false, false]);
    writeFileSync(join(folder, file), written);
    expect(registry.beginsWith('pairs', after)).toBe(true);
  });
  it('only ever appends: what was written is still there, byte by byte', () => {
    const registry = new TrialRegistry(folder);
    registry.count([entry('a', 1)]);
    const [name] = readdirSync(folder);
    const before = readFileSync(join(folder, name), 'utf8');
    registry.count([entry('b', 1)]);
    expect(readFileSync(join(folder, name), 'utf8').startsWith(before)).toBe(true);
    const offered = Object.getOwnPropertyNames(TrialRegistry.prototype);
    expect(offered.sort()).toEqual([
      'algorithms',
      'beginsWith',
      'constructor',
      'count',
      'headOf',
      'read',
      'requireWritable',
      'trialsEver',
      'trialsOn',
    ]);
  });
  it('a line cut short by a crash spoils no other and still counts', () => {
    const registry = new TrialRegistry(folder);
    const path = join(folder, 'pairs.trials');
    registry.count(Array.from({ length: 7 }, (_, i) => entry(`r${i}`, i)));
    const whole = readFileSync(path);
    for (const kept of [1, 3, 20, whole.length - 2]) {
      writeFileSync(path, whole.subarray(0, kept));
      registry.count([entry('next', 1)]);
      const counted = registry.trialsOn('pairs', ko);
      expect(counted.damaged, `${kept} bytes`).toBe(kept === 1 ? 0 : 7);
      expect(counted.trials).toBe(counted.damaged + 1);
    }
    writeFileSync(path, whole);
    appendFileSync(path, 'rubbish\n');
    expect(registry.trialsOn('pairs', ko)).toMatchObject({ trials: 8, damaged: 1 });
  });
  it('four processes append at once and no trial is lost', async () => {
    const writer = programBeside(import.meta.url, '../testing/backtest/registry-writer');
    const appends = 40;
    const ends = await Promise.all(
      ['a', 'b', 'c', 'd'].map(
        (name) =>
          new Promise<number | null>((resolve) => {
            const child = spawn(process.execPath, [...writer, folder, name, String(appends)], { stdio: 'inherit' });
            child.on('close', resolve);
          }),
      ),
    );
    expect(ends).toEqual([0, 0, 0, 0]);
    const { entries, damaged } = new TrialRegistry(folder).read('shared');
    expect(damaged).toBe(0);
    expect(new Set(entries.map(({ runId }) => runId)).size).toBe(4 * appends * 20);
  });
});
