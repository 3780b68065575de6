import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { smallCoreCapacities } from '../core/core.ts';
import { stateHash, step } from '../core/engine.ts';
import { createOutcome } from '../core/outcome.ts';
import { continueFileJournal } from '../journal/continue-journal.ts';
import { createDecisionComparer } from '../journal/diff.ts';
import { digestOf } from '../journal/digest.ts';
import { readJournal } from '../journal/reader.ts';
import { recoveryRefusals, type FoundJournal } from '../journal/recover.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import type { MemoryDisk } from '../testing/journal/memory-disk.ts';
import { openJournal, smallShape } from '../testing/journal/small-journal.ts';
import { SeededScript } from '../testing/rollout/seeded-script.ts';
import type { Turn } from '../testing/rollout/rollout-desk.ts';
import { Follower } from './follower.ts';
import { recoverDesk, stateRefusals, type RecoverOptions } from './recovery.ts';
import { Replay } from './replay.ts';
import { snapshotSchema } from './snapshots.ts';

const options = { directory: 'journal', capacities: smallCoreCapacities, coreDigest: smallShape.coreDigest };

function recover(disk: MemoryDisk, more: Partial<RecoverOptions> = {}) {
  return recoverDesk({ ...options, disk, same: createDecisionComparer(), ...more });
}

/** A life of a desk in a journal, with snapshots on the way; the journal is left open. */
async function journaledLife(
  seed: number,
  snapshotEvery: number,
): Promise<{ readonly disk: MemoryDisk; readonly hash: string; readonly turns: readonly Turn[] }> {
  const { desk } = new SeededScript(seed).run(120);
  const disk = createMemoryDisk();
  const journal = await openJournal(disk, { segmentBytes: 1 << 18 });
  const follower = new Follower({ ...options, disk, same: createDecisionComparer() });
  for (const [n, turn] of desk.turns.entries()) {
    const seq = journal.nextSeq;
    journal.appendInput(seq, turn.at, turn.input);
    turn.decisions.forEach((decision, i) => journal.appendDecision(seq + 1 + i, turn.at, seq, decision));
    if (n % 25 === 24) await journal.flush();
    if (n % snapshotEvery === snapshotEvery - 1) {
      expect(typeof (await follower.catchUp())).toBe('number');
      await follower.snapshot();
    }
  }
  await journal.flush();
  expect(follower.differences).toEqual([]);
  return { disk, hash: stateHash(desk.core), turns: desk.turns };
}

test('every refusal of a recovery stands in its reference, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/recovery.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([A-Z_]+)`\s*\|/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual([...recoveryRefusals, ...stateRefusals].sort());
});

describe('a desk that is recovered', () => {
  it('is in the state that its journal ends with, from any snapshot and from none', async () => {
    for (const seed of [1, 2]) {
      const { disk, hash } = await journaledLife(seed, 150);
      const fast = await recover(disk);
      if (!fast.ok) throw new Error(fast.error.message);
      expect(fast.value.found.snapshotSeq).toBeGreaterThan(0);
      expect(stateHash(fast.value.core)).toBe(hash);
      for (const path of disk.paths.filter((name) => name.startsWith('journal.snapshots/'))) await disk.remove(path);
      const slow = await recover(disk);
      if (!slow.ok) throw new Error(slow.error.message);
      expect(slow.value.found.snapshotSeq).toBe(0);
      expect(stateHash(slow.value.core)).toBe(hash);
      expect(slow.value.inputs).toBeGreaterThan(fast.value.inputs);
    }
  });

  it('restricts everything first, gets back what it had when no break is open, and replays whole', async () => {
    const { disk } = await journaledLife(4, 200);
    const recovered = await recover(disk);
    if (!recovered.ok) throw new Error(recovered.error.message);
    const { core, found, at } = recovered.value;
    const before = core.gate.rows.map(({ ix }) => ({ mode: core.gate.mode[ix], epoch: core.gate.epoch[ix] }));
    const journal = await goOn(disk, found);
    const say = (input: Parameters<typeof step>[3]): readonly string[] => {
      const outcome = createOutcome();
      const seq = journal.nextSeq;
      journal.appendInput(seq, at, input);
      step(core, seq, at, input, outcome);
      outcome.decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
      return outcome.effects.map(({ kind }) => kind);
    };
    const effects = say({ kind: 'start', term: 2, coreDigest: smallShape.coreDigest, text: 'test' });
    for (const [row, { mode, epoch }] of before.entries()) {
      expect(core.gate.epoch[row]).toBe(epoch + 1);
      expect(core.gate.mode[row]).toBe(mode === 4 ? 4 : 2);
    }
    expect(effects).toContain('fence');
    say({ kind: 'venuesCompared', breaks: 1, text: 'one order is unknown' });
    expect(core.gate.rows.every(({ ix }) => core.gate.mode[ix] === 2 || core.gate.mode[ix] === 4)).toBe(true);
    say({ kind: 'venuesCompared', breaks: 0, text: '' });
    expect(core.starting).toBe(false);
    // what was HALTED or under the kill switch stays
    expect(before.every(({ mode }, row) => mode !== 4 || core.gate.mode[row] === 4)).toBe(true);
    say({ kind: 'close', reason: 'test' });
    await journal.close();
    const replay = new Replay(smallCoreCapacities, createDecisionComparer());
    await readJournal(disk, 'journal', (record) => replay.take(record));
    expect(replay.finish()).toEqual({ equal: true, stateHash: stateHash(core) });
  });

  it('does not go on where a decision is not what its inputs give, and says whose build decided it', async () => {
    const { turns } = await journaledLife(3, 1_000);
    const disk = createMemoryDisk();
    const journal = await openJournal(disk, { segmentBytes: 1 << 18 });
    for (const [n, turn] of turns.entries()) {
      const seq = journal.nextSeq;
      journal.appendInput(seq, turn.at, turn.input);
      turn.decisions.forEach((decision, i) => {
        const told = n === 40 && decision.kind === 'rowChanged' ? { ...decision, epoch: 77 } : decision;
        journal.appendDecision(seq + 1 + i, turn.at, seq, told);
      });
      if (n === 60)
        journal.appendDecision(journal.nextSeq, turn.at, seq, { kind: 'killLatched', engaged: true, actor: 'nobody', reason: 'planted' });
    }
    await journal.flush();
    expect(await recover(disk)).toMatchObject({ ok: false, error: { code: 'DECISIONS_DIFFER' } });
    expect(await recover(disk, { coreDigest: 'ef'.repeat(32) })).toMatchObject({ ok: false, error: { code: 'TAIL_OF_ANOTHER_BUILD' } });
  });

  it('starts from an older schema through its migration, and passes a snapshot over by name without one', async () => {
    const { disk, hash } = await journaledLife(2, 150);
    const name = disk.paths.filter((path) => path.startsWith('journal.snapshots/')).at(-1) ?? '';
    rewriteSchema(disk, name, 1);
    const passed = await recover(disk);
    if (!passed.ok) throw new Error(passed.error.message);
    expect(passed.value.found.passedOver[0].why).toBe(`its schema is 1, this build's is ${snapshotSchema}, and nothing migrates from 1`);
    const migrated = await recover(disk, {
      migrations: new Map(Array.from({ length: snapshotSchema - 1 }, (_, i) => [i + 1, (state: Uint8Array) => state])),
    });
    if (!migrated.ok) throw new Error(migrated.error.message);
    expect(migrated.value.found.passedOver).toEqual([]);
    expect(stateHash(migrated.value.core)).toBe(hash);
    rewriteSchema(disk, name, 99);
    const newer = await recover(disk);
    expect(newer.ok && newer.value.found.passedOver[0].why).toBe(
      `its schema is 99, this build's is ${snapshotSchema}: a newer build wrote it`,
    );
  });
});

async function goOn(disk: MemoryDisk, found: FoundJournal) {
  const journal = await continueFileJournal(
    { disk, durability: 'group', ...smallShape, directory: 'journal', term: 2, segmentBytes: 1 << 18 },
    found,
  );
  if (!journal.ok) throw new Error(journal.error.message);
  return journal.value;
}

/** Another schema version in a snapshot, its digest made right again. */
function rewriteSchema(disk: MemoryDisk, path: string, schema: number): void {
  const bytes = disk.content(path);
  new DataView(bytes.buffer).setUint32(12, schema, true);
  bytes.set(digestOf(bytes.subarray(0, bytes.length - 32)), bytes.length - 32);
  disk.put(path, bytes);
}
