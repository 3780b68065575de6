import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileJournal } from '../../journal/file-journal.ts';
import type { JournalPort } from '../../ports/journal.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { KeptJournal } from '../backtest/kept-journal.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { beginJournal, headFile, takeDirectory } from '../desk/journal-files.ts';

/** Where the inputs and decisions of a run go. */
export interface RunJournal {
  readonly port: JournalPort;
  /** Whether they are kept: then the run ends with its state hash. */
  readonly kept: boolean;
}

/** Runs with a journal in `directory`, or with one that only counts; closes it after the run, also when that failed. @throws Refusal naming what is wrong */
export async function withJournal<T>(directory: string | undefined, run: (journal: RunJournal) => Promise<T>): Promise<T> {
  if (directory === undefined) return run({ port: new CountJournal(), kept: false });
  const taken = await takeDirectory(directory);
  try {
    const file = await beginJournal(taken.path, coreDigest(), 'os');
    const journal = new KeptJournal(file);
    let result: T;
    try {
      result = await run({ port: journal, kept: true });
    } finally {
      await closeFile(file, taken.path);
    }
    return result;
  } finally {
    await taken.release();
  }
}

async function closeFile(file: FileJournal, directory: string): Promise<void> {
  const closed = await file.close();
  if (!closed.ok) throw new Refusal(exitCodes.aborted, closed.message);
  if (file.head() !== '') writeFileSync(join(directory, headFile), file.head());
}
