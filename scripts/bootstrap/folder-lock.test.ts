import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withFolderLock } from './folder-lock.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const never = new AbortController().signal;

/** Writes that it entered and left; between the two it waits. */
const contender = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const { withFolderLock } = await import(process.argv[1]);
const [, , lock, trace] = process.argv;
await withFolderLock(lock, new AbortController().signal, () => undefined, async () => {
  appendFileSync(trace, 'in ');
  await sleep(50);
  appendFileSync(trace, 'out ');
});
`;

test('of six processes one at a time is inside', async () => {
  const module = new URL('./folder-lock.mjs', import.meta.url).href;
  const trace = join(folder, 'trace');
  const args = ['--input-type=module', '--eval', contender, module, join(folder, 'lock'), trace];
  await Promise.all(Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, args)));
  expect(readFileSync(trace, 'utf8')).toBe('in out '.repeat(6));
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('the lock of a process that is gone is inherited, that of a living one is waited for', async () => {
  const lock = join(folder, 'lock');
  const gone = spawnSync(process.execPath, ['--eval', '']).pid;
  plantOwner(lock, gone, 10);
  const waits: string[] = [];
  await withFolderLock(
    lock,
    never,
    (owner) => waits.push(owner),
    () => Promise.resolve(),
  );
  expect(waits).toEqual([]);

  plantOwner(lock, process.pid, 10);
  const soon = AbortSignal.timeout(250);
  const waiting = withFolderLock(
    lock,
    soon,
    (owner) => waits.push(owner),
    () => Promise.resolve(),
  );
  await expect(waiting).rejects.toThrow();
  expect(waits).toEqual([String(process.pid)]);
});

test('the lock of a killed process stays taken while its child works on', async () => {
  const lock = join(folder, 'lock');
  const gone = spawnSync(process.execPath, ['--eval', '']).pid;
  plantOwner(lock, gone, 10, String(process.pid));
  const waiting = withFolderLock(
    lock,
    AbortSignal.timeout(250),
    () => undefined,
    () => Promise.resolve(),
  );
  await expect(waiting).rejects.toThrow();
});

test('the lock is free again after the work has failed', async () => {
  const lock = join(folder, 'lock');
  const failing = withFolderLock(
    lock,
    never,
    () => undefined,
    () => Promise.reject(new Error('planted')),
  );
  await expect(failing).rejects.toThrow('planted');
  expect(existsSync(lock)).toBe(false);
});

/** A lock as an owner of that process number left it, `seconds` ago. */
function plantOwner(lock: string, pid: number, seconds: number, child = ''): void {
  mkdirSync(lock);
  const owner = join(lock, `${pid}_${hostname().replace(/[^A-Za-z0-9.-]/g, '-')}_0`);
  writeFileSync(owner, child);
  const then = new Date(Date.now() - seconds * 1000);
  utimesSync(owner, then, then);
}
