import { smallCoreCapacities } from '../../core/core.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { readJournal } from '../../journal/reader.ts';
import { Replay, type ReplayDifference } from '../../runtime/replay.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';

export interface ReplayProof {
  readonly equal: boolean;
  readonly stateHash: string;
  readonly recordedStateHash: string;
  readonly inputs: number;
  readonly decisions: number;
  readonly differences: readonly ReplayDifference[];
  /** How reading ended; '' = the journal was closed in good order. */
  readonly trouble: string;
}

/** Derives every decision of a journal again and compares. `to`: last record that is looked at. */
export async function replayJournal(root: string, folder: string, to = Number.MAX_SAFE_INTEGER): Promise<ReplayProof> {
  const replay = new Replay(smallCoreCapacities, createDecisionComparer());
  let recordedStateHash = '';
  const end = await readJournal(nodeDisk(root), folder, (record) => {
    if (record.seq > to) return;
    replay.take(record);
    if (record.of === 'decision' && record.decision.kind === 'stateHashed') recordedStateHash = record.decision.stateHash;
  });
  const { equal, stateHash } = replay.finish();
  const trouble =
    end.kind === 'finished' || to < Number.MAX_SAFE_INTEGER
      ? ''
      : `${end.kind}${end.what === '' ? '' : `: ${end.what} (${end.file} at byte ${end.offset})`}`;
  return {
    equal,
    stateHash,
    recordedStateHash,
    inputs: replay.inputs,
    decisions: replay.decisions,
    differences: replay.differences,
    trouble,
  };
}
