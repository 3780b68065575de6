import { expect, test } from 'vitest';
import { micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import type { Turn } from '../testing/journal/sample-records.ts';
import { openJournal } from '../testing/journal/small-journal.ts';
import { createDecisionComparer, diffJournals, diffRecords } from './diff.ts';

const turns = sampleTurns(5, 80);

async function write(
  disk: ReturnType<typeof createMemoryDisk>,
  directory: string,
  history: readonly Turn[],
  flushEvery: number,
): Promise<void> {
  const journal = await openJournal(disk, { directory });
  for (const [n, turn] of history.entries()) {
    appendTurn(journal, turn);
    if (n % flushEvery === 0) await journal.flush();
  }
  await journal.close();
}

test('journals of equal inputs have no difference, however they were batched', async () => {
  const disk = createMemoryDisk();
  await write(disk, 'a', turns, 3);
  await write(disk, 'b', turns, 7);
  const diff = await diffJournals(disk, 'a', 'b');
  expect(diff.first).toBeNull();
  expect(diff.equal).toBe(turns.reduce((sum, turn) => sum + 1 + turn.decisions.length, 0));
  expect(diff.left).toMatchObject({ kind: 'finished', lastSeq: diff.equal });
});

test('the first changed decision is shown with the members that differ', async () => {
  const at = turns.findIndex((turn) => turn.decisions.length > 1);
  const denied: Decision = {
    kind: 'orderDenied',
    row: 1,
    tag: 2,
    action: 'new',
    listing: 3,
    code: 'FAT_FINGER_PRICE',
    value: 10.5,
    limit: 9,
    scope: '',
  };
  const other: Decision = { ...denied, limit: 8 };
  const history = (decision: Decision) => turns.map((turn, n) => (n === at ? { ...turn, decisions: [decision] } : turn));
  const disk = createMemoryDisk();
  await write(disk, 'a', history(denied), 3);
  await write(disk, 'b', history(other), 3);
  const { first, equal } = await diffJournals(disk, 'a', 'b');
  expect(first?.seq).toBe(equal + 1);
  expect(first?.members).toEqual([{ path: 'limit', left: '9', right: '8' }]);
  expect(first?.text).toBe(`first difference at seq ${equal + 1} (orderDenied | orderDenied)\n  limit: 9 | 8`);
});

test('a journal that ends earlier differs where it ends', async () => {
  const disk = createMemoryDisk();
  await write(disk, 'a', turns, 3);
  await write(disk, 'b', turns.slice(0, 20), 3);
  const { first, right } = await diffJournals(disk, 'a', 'b');
  expect(first?.seq).toBe(right.lastSeq + 1);
  expect(first?.text).toContain('| nothing)');
  expect(first?.members[0]).toEqual({ path: 'of', left: 'input', right: 'absent' });
});

test('members inside an order are named by their path', () => {
  const record = (stop: number) =>
    ({
      of: 'decision',
      seq: 9,
      at: micros(1),
      causeSeq: 8,
      decision: { kind: 'capitalOverdraft', row: stop, beyond: { hi: 0, lo: 5 } },
    }) as const;
  expect(diffRecords(record(1), record(1))).toBeNull();
  expect(diffRecords(record(1), record(2))?.members).toEqual([{ path: 'row', left: '1', right: '2' }]);
});

test('decisions are compared by the bytes that they would be recorded as', () => {
  const same = createDecisionComparer();
  let compared = 0;
  const decisions = turns.flatMap((turn) => turn.decisions);
  for (const [n, decision] of decisions.entries()) {
    expect(same(decision, structuredClone(decision))).toBe(true);
    const other = decisions[(n + 1) % decisions.length];
    if (JSON.stringify(other) !== JSON.stringify(decision)) expect(same(decision, other)).toBe(false);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(50);
});
