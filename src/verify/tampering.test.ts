import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { signingKeyOf } from '../journal/signed-note.ts';
import { casesOf } from '../testing/cases.ts';
import { createMemoryDisk } from '../testing/journal/memory-disk.ts';
import { appendTurn, sampleTurns } from '../testing/journal/sample-records.ts';
import type { Turn } from '../testing/journal/sample-records.ts';
import { imageOf, openJournal, smallShape, sourceOf } from '../testing/journal/small-journal.ts';
import type { JournalImage } from '../testing/journal/small-journal.ts';
import { rewind, tamper, tamperingKinds, victimOf } from '../testing/journal/tampering.ts';
import type { TamperingKind, Victim } from '../testing/journal/tampering.ts';
import type { CheckName } from './problem.ts';
import { verifyFiles } from './verify.ts';

const mutations = casesOf(10_000);
const turns = sampleTurns(11, 60);
const shape = { ...smallShape, segmentBytes: 8192, checkpointEvery: 44 };

/** Key bytes decide nothing but signatures; fixed ones make a run repeatable. */
async function written(history: readonly Turn[], keyByte: number): Promise<JournalImage & { head: string }> {
  const disk = createMemoryDisk();
  const signingKey = signingKeyOf(smallShape.origin, new Uint8Array(32).fill(keyByte));
  const journal = await openJournal(disk, { ...shape, signingKey });
  for (const [n, turn] of history.entries()) {
    appendTurn(journal, turn);
    if (n % 6 === 0) await journal.flush();
  }
  expect((await journal.close()).ok).toBe(true);
  return { files: imageOf(disk).files, verifierKey: signingKey.verifierKey, head: journal.head() };
}

/** Turn n left out, told twice, or another one in its place. */
function otherHistory(n: number): readonly Turn[] {
  const at = (n * 7) % turns.length;
  const other = { ...sampleTurns(1000 + n, 1)[0], at: turns[at].at };
  if (n % 3 === 0) return turns.filter((_, i) => i !== at);
  if (n % 3 === 1) return [...turns.slice(0, at), turns[at], ...turns.slice(at)];
  return turns.map((turn, i) => (i === at ? other : turn));
}

const original = await written(turns, 1);
const forgeries = await Promise.all(Array.from({ length: 30 }, (_, n) => written(otherHistory(n), 2)));
const victim: Victim = victimOf(original, forgeries);

test('the journal that nobody touched is valid, and has several of everything', () => {
  expect(verifyFiles(sourceOf(original), { head: original.head })).toMatchObject({ valid: true, finished: true, problems: [] });
  expect([...original.files.keys()].length).toBeGreaterThanOrEqual(4);
  expect(victim.notes.length).toBeGreaterThanOrEqual(3);
  for (const forgery of forgeries) expect(verifyFiles(sourceOf(forgery)).valid).toBe(true);
});

test(`each of ${mutations} seeded mutations is found with the head`, () => {
  const luck = prng('tampering');
  const counts = new Map<TamperingKind, number>();
  const missed: string[] = [];
  for (let n = 0; n < mutations; n++) {
    const kind = tamperingKinds[n % tamperingKinds.length];
    const { what, image } = tamper(kind, victim, luck);
    if (verifyFiles(sourceOf(image), { head: original.head }).valid) missed.push(`${kind}: ${what}`);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  console.log(
    `${mutations} mutations of ${counts.size} kinds, ${missed.length} missed: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
  );
  expect(missed).toEqual([]);
  expect([...counts.values()].every((count) => count >= mutations / tamperingKinds.length)).toBe(true);
});

test('a journal wound back to a checkpoint is valid in itself, which is why a head is kept outside', () => {
  for (let note = 0; note < victim.notes.length - 1; note++) {
    const [files] = rewind(victim, note);
    const source = sourceOf({ files, verifierKey: original.verifierKey });
    const alone = verifyFiles(source);
    expect(alone).toMatchObject({ valid: true, finished: false });
    expect(alone.verdict).toContain('nothing proven about truncation');
    expect(verifyFiles(source, { head: original.head }).valid).toBe(false);
    expect(verifyFiles(source, { head: victim.notes[note] }).valid).toBe(true);
  }
});

const needed: readonly (readonly [CheckName, TamperingKind, number])[] = [
  ['header', 'flip headerPadding', 60],
  ['headerRecord', 'rewrite header', 1500],
  ['record', 'flip recordPadding', 60],
  ['trailer', 'flip trailer', 60],
  ['batchPadding', 'flip batchPadding', 60],
  ['unusedRest', 'flip rest', 60],
  ['checkpoints', 'delete checkpoint', 60],
  ['signatures', 'flip checkpoints', 60],
  ['head', 'truncate at checkpoint', 60],
];

test.each(needed)('a verifier without the check %s misses some of: %s', (check, kind, draws) => {
  const luck = prng(`without ${check}`);
  let missed = 0;
  // one that is missed is what is to be shown
  for (let n = 0; n < draws && missed === 0; n++) {
    const { image } = tamper(kind, victim, luck);
    if (verifyFiles(sourceOf(image), { head: original.head }, new Set([check])).valid) missed += 1;
  }
  expect(missed).toBeGreaterThan(0);
});
