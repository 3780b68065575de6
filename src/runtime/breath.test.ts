import { expect, test } from 'vitest';
import { stateHash } from '../core/engine.ts';
import { decodeCore, encodeCore } from '../core/snapshot.ts';
import { readSnapshot, snapshotNames, writeSnapshot } from '../journal/snapshot-file.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { SeededScript } from '../testing/rollout/seeded-script.ts';
import { dutyCycle } from './duty-cycle.ts';
import { snapshotOf } from './snapshots.ts';

const position = { segment: 1, offset: 512, lastBatch: 512, lastSeq: 9, tree: { size: 0, subtrees: [] } };

test('a snapshot that rests has the bytes of one that does not, and rests all along', async () => {
  const { core } = new SeededScript(4).run(120).desk;
  let breaths = 0;
  const breathe = (): void => {
    breaths += 1;
  };
  // a hash settles what waits to be added up
  stateHash(core);
  const whole = encodeCore(core).slice();
  expect(encodeCore(core, breathe).slice()).toEqual(whole);
  const inState = breaths;
  expect(inState).toBeGreaterThan(3);
  expect(stateHash(core, breathe)).toBe(stateHash(core));
  expect(breaths).toBeGreaterThan(inState);
  const disk = createMemoryDisk();
  const before = breaths;
  await writeSnapshot(disk, 'journal', snapshotOf(core, core.at, 'ab'.repeat(32), position, breathe), breathe);
  expect(breaths - before).toBeGreaterThan(inState);
  const [name] = await snapshotNames(disk, 'journal');
  const read = await readSnapshot(disk, 'journal', name);
  if (typeof read === 'string') throw new Error(read);
  expect(read.state).toEqual(whole);
  const decoded = decodeCore(read.state);
  expect(decoded.ok && stateHash(decoded.value)).toBe(stateHash(core));
});

test('work in slices sleeps nine times as long as it works, where it may work a tenth of the time', () => {
  const clock = { at: 0, slept: 0 };
  const sleep = (millis: number): void => {
    clock.at += millis;
    clock.slept += millis;
  };
  const breathe = dutyCycle(1, 0.1, { now: () => clock.at, sleep });
  for (let n = 0; n < 1_000; n++) {
    clock.at += 0.25;
    breathe();
  }
  expect(clock.slept).toBe(9 * 250);
  // a second in which it waited for a disk is no work of a second
  clock.at += 1_000;
  breathe();
  expect(clock.slept).toBe(9 * 250 + 90);
});
