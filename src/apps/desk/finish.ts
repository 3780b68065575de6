import { join } from 'node:path';
import { isSettled } from '../../core/reconcile/reconciliation.ts';
import type { FileJournal } from '../../journal/file-journal.ts';
import { verifyDirectory } from '../../verify/verify.ts';
import { journalFolder } from './journal-folder.ts';
import { replayJournal } from './proof.ts';
import { compareNow } from './reconcile-desk.ts';
import type { Session } from './session.ts';

/** What a desk proves about itself when it ends. */
export interface Ending {
  readonly reconciliation: { readonly positions: number; readonly breaks: number; readonly equal: boolean };
  readonly journal: {
    readonly entries: number;
    readonly root: string;
    readonly head: string;
    readonly verified: boolean;
    readonly verdict: string;
  };
  readonly replay: { readonly equal: boolean; readonly stateHash: string };
  /** '' or why the journal could not be closed. */
  readonly trouble: string;
}

/** Positions reconciled with the venue, the journal closed and verified by the stand-alone verifier, every decision derived again. */
export async function finish(session: Session, journal: FileJournal, directory: string, reason: string): Promise<Ending> {
  await session.quiesce();
  await compareNow(session, 'close');
  const trouble = (await session.close(reason)) ?? '';
  const { positionsCompared, openBreaks, statements, stateHash } = session.view;
  const breaks = openBreaks.size;
  const equal = breaks === 0 && isSettled(session.core.reconciliation) && statements.size === session.core.registry.accounts.length;
  const head = journal.head();
  const verdict = verifyDirectory(join(directory, journalFolder), head === '' ? {} : { head });
  const replayed = await replayJournal(directory, journalFolder);
  return {
    reconciliation: { positions: positionsCompared.length, breaks, equal },
    journal: { entries: journal.entries, root: journal.root(), head, verified: verdict.valid && trouble === '', verdict: verdict.verdict },
    replay: { equal: replayed.equal && replayed.stateHash === stateHash && replayed.trouble === '', stateHash: replayed.stateHash },
    trouble,
  };
}
