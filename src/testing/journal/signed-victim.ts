import { signingKeyOf } from '../../journal/signed-note.ts';
import { createMemoryDisk } from './memory-disk.ts';
import { appendTurn, sampleTurns } from './sample-records.ts';
import type { Turn } from './sample-records.ts';
import { imageOf, openJournal, smallShape } from './small-journal.ts';
import type { JournalImage } from './small-journal.ts';
import { victimOf, type Victim } from './tampering.ts';

const turns = sampleTurns(11, 60);
const shape = { ...smallShape, segmentBytes: 8192, checkpointEvery: 44 };
const forgeryCount = 30;

export interface SignedVictim {
  readonly victim: Victim;
  /** Its last signed head, kept outside. */
  readonly head: string;
  readonly verifierKey: string;
}

/** A closed journal of several segments and checkpoints, and other histories of the same desk that a forger has signed with a key of his own. */
export async function signedVictim(): Promise<SignedVictim> {
  const original = await written(turns, 1);
  const forgeries = await Promise.all(Array.from({ length: forgeryCount }, (_, n) => written(otherHistory(n), 2)));
  return { victim: victimOf(original, forgeries), head: original.head, verifierKey: original.verifierKey };
}

/** Key bytes decide nothing but signatures; fixed ones make a run repeatable. */
async function written(history: readonly Turn[], keyByte: number): Promise<JournalImage & { head: string }> {
  const disk = createMemoryDisk();
  const signingKey = signingKeyOf(smallShape.origin, new Uint8Array(32).fill(keyByte));
  const journal = await openJournal(disk, { ...shape, signingKey });
  for (const [n, turn] of history.entries()) {
    appendTurn(journal, turn);
    if (n % 6 === 0) await journal.flush();
  }
  const closed = await journal.close();
  if (!closed.ok) throw new Error(closed.message);
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
