import type { Disk } from '../../ports/world.ts';
import { continueFileJournal } from '../../journal/continue-journal.ts';
import type { FileJournal, FileJournalOptions } from '../../journal/file-journal.ts';
import { findJournalEnd } from '../../journal/recover.ts';
import type { FoundJournal } from '../../journal/recover.ts';
import { smallShape } from './small-journal.ts';

/** What a start on a directory finds there: nothing, a journal that it goes on with, or the reason why it does not. */
export type Restart =
  | { readonly kind: 'empty' }
  | { readonly kind: 'finished'; readonly lastSeq: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'continued'; readonly journal: FileJournal; readonly found: FoundJournal };

/** Finds the end of the journal and goes on with the next term. */
export async function restartJournal(disk: Disk, more: Partial<FileJournalOptions> = {}, heads: readonly string[] = []): Promise<Restart> {
  const found = await findJournalEnd({ disk, directory: 'journal', heads, visit: () => undefined });
  if (!found.ok) return found.error.code === 'JOURNAL_EMPTY' ? { kind: 'empty' } : { kind: 'refused', ...found.error };
  if (found.value.end.kind === 'finished') return { kind: 'finished', lastSeq: found.value.end.lastSeq };
  const term = found.value.header.term + 1;
  const journal = await continueFileJournal({ disk, directory: 'journal', durability: 'group', ...smallShape, term, ...more }, found.value);
  return journal.ok ? { kind: 'continued', journal: journal.value, found: found.value } : { kind: 'refused', ...journal.error };
}
