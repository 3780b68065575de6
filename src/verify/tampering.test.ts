import { expect, test } from 'vitest';
import { prng } from '../base/prng.ts';
import { casesOf } from '../testing/cases.ts';
import { signedVictim } from '../testing/journal/signed-victim.ts';
import { sourceOf } from '../testing/journal/small-journal.ts';
import { tamperOften } from '../testing/journal/tamper-often.ts';
import { rewind, tamper, tamperingKinds } from '../testing/journal/tampering.ts';
import type { TamperingKind } from '../testing/journal/tampering.ts';
import type { CheckName } from './problem.ts';
import { verifyFiles } from './verify.ts';

const mutations = casesOf(10_000);
const { victim, head, verifierKey } = await signedVictim();
const { image: original, forgeries } = victim;

test('the journal that nobody touched is valid, and has several of everything', () => {
  expect(verifyFiles(sourceOf(original), { head })).toMatchObject({ valid: true, finished: true, problems: [] });
  expect([...original.files.keys()].length).toBeGreaterThanOrEqual(4);
  expect(victim.notes.length).toBeGreaterThanOrEqual(3);
  for (const forgery of forgeries) expect(verifyFiles(sourceOf(forgery)).valid).toBe(true);
});

test(`each of ${mutations} seeded mutations is found with the head`, () => {
  const { counts, missed } = tamperOften(victim, head, mutations, 'tampering');
  console.log(
    `${mutations} mutations of ${counts.size} kinds, ${missed.length} missed: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
  );
  expect(missed).toEqual([]);
  expect([...counts.values()].every((count) => count >= mutations / tamperingKinds.length)).toBe(true);
});

test('a journal wound back to a checkpoint is valid in itself, which is why a head is kept outside', () => {
  for (let note = 0; note < victim.notes.length - 1; note++) {
    const [files] = rewind(victim, note);
    const source = sourceOf({ files, verifierKey });
    const alone = verifyFiles(source);
    expect(alone).toMatchObject({ valid: true, finished: false });
    expect(alone.verdict).toContain('nothing proven about truncation');
    expect(verifyFiles(source, { head }).valid).toBe(false);
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
    if (verifyFiles(sourceOf(image), { head }, new Set([check])).valid) missed += 1;
  }
  expect(missed).toBeGreaterThan(0);
});
