import { micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import { createFileJournal } from '../../journal/file-journal.ts';
import { signingKeyOf } from '../../journal/signed-note.ts';
import type { Disk } from '../../ports/world.ts';
import { hotValues } from './hot-values.ts';

/** Key of the golden journal: its seed is 0, 1, 2 … 31. */
export const goldenKey = signingKeyOf(
  'plimsoll/golden',
  Uint8Array.from({ length: 32 }, (_, i) => i),
);

const started = 1_723_075_200_000_000;
const { intent, report, mark, timer, ...decided } = hotValues;
const opening: readonly Input[] = [
  {
    kind: 'genesis',
    firm: 'Grünwald & Söhne',
    currency: 'USD',
    firmCapital: '1000000.00',
    durability: 'sync',
    clock: 'virtual',
    coreDigest: '00'.repeat(32),
    seed: '7',
  },
  { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 12, feeDecimals: 2 } },
  {
    kind: 'command',
    commandID: 'c-1',
    actor: { personID: 'ann', roles: ['RiskManager'] },
    approvedBy: null,
    expectedRevision: null,
    command: { verb: 'kill', reason: 'drill' },
  },
];
const turns: readonly { readonly input: Input; readonly decisions: readonly Decision[] }[] = [
  ...opening.map((input) => ({ input, decisions: [] })),
  ...Array.from({ length: 6 }, () => [
    { input: mark, decisions: [] },
    { input: intent, decisions: [decided.orderSent] },
    { input: report, decisions: [decided.orderStateChanged, decided.fillBooked] },
    { input: timer, decisions: [decided.cancelSent, decided.replaceSent, decided.orderDenied] },
  ]).flat(),
];

/** What the golden journal holds, in order. */
export const goldenValues: readonly (Input | Decision)[] = turns.flatMap(({ input, decisions }) => [input, ...decisions]);

/** Writes the golden journal: one commit for each input with its decisions, so that its files are the same bytes each time. */
export async function writeGolden(
  disk: Disk,
  directory: string,
): Promise<{ readonly root: string; readonly head: string; readonly entries: number }> {
  const created = await createFileJournal({
    disk,
    directory,
    origin: goldenKey.name,
    signingKey: goldenKey,
    coreDigest: '5c'.repeat(32),
    term: 1,
    durability: 'sync',
    segmentBytes: 4096,
    checkpointEvery: 16,
  });
  if (!created.ok) throw new Error(created.error.message);
  const journal = created.value;
  turns.forEach(({ input, decisions }, n) => {
    const seq = journal.nextSeq;
    const at = micros(started + 1000 * n);
    journal.appendInput(seq, at, input);
    decisions.forEach((decision, i) => journal.appendDecision(seq + 1 + i, at, seq, decision));
  });
  const closed = await journal.close();
  if (!closed.ok) throw new Error(closed.message);
  return { root: journal.root(), head: journal.head(), entries: journal.entries };
}
