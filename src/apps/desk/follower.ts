import { removeHalves } from '../../journal/snapshot-file.ts';
import { moduleBeside, niceness, nodeWorld } from '../../runtime/threads.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import type { FollowerWord } from './follower-words.ts';
import { journalFolder } from './journal-folder.ts';

/** The thread that folds a desk's journal and takes its snapshots. */
export interface FollowerThread {
  /** '' or what it has found wrong: the desk may not go on trading. */
  readonly wrong: string;
  /** '' or why it goes on no more. */
  readonly lame: string;
  /** '' or why the last snapshot that was due was not taken; it tries again. */
  readonly unsaved: string;
  end(): Promise<void>;
}

export function startFollower(directory: string, coreDigest: string, snapshotSeq = 0): FollowerThread {
  const entry = moduleBeside(import.meta.url, './follower-thread');
  const thread = nodeWorld.spawn({
    name: 'follower',
    entry,
    data: { directory, coreDigest, snapshotSeq },
    heapMebibytes: 0,
    niceness: niceness.others,
  });
  let wrong = '';
  let lame = '';
  let unsaved = '';
  let ending = false;
  thread.onMessage((message) => {
    const word = message as FollowerWord;
    if (word.kind === 'wrong') wrong = word.text;
    if (word.kind === 'lame') lame = word.text;
    if (word.kind === 'unsaved') unsaved = word.text;
    if (word.kind === 'snapshot') unsaved = '';
  });
  thread.onEnd((why) => {
    if (why !== '' || !ending) lame = `the follower ended: ${why === '' ? 'no reason given' : why}`;
  });
  return {
    get wrong() {
      return wrong;
    },
    get lame() {
      return lame;
    },
    get unsaved() {
      return unsaved;
    },
    end: async () => {
      ending = true;
      await thread.end();
      // it may have been in the middle of one; a disk that refuses has other troubles, which the journal tells
      await removeHalves(nodeDisk(directory), journalFolder).catch(() => undefined);
    },
  };
}

/** What a follower has to say when its desk ends, on standard error. A journal that is in trouble itself says why there is no snapshot either. */
export function tellFollower(follower: FollowerThread | undefined, journalTrouble: string): void {
  if (follower === undefined) return;
  if (follower.wrong !== '') process.stderr.write(`the follower stopped the desk: ${follower.wrong}\n`);
  else if (follower.lame !== '' && journalTrouble === '') process.stderr.write(`${follower.lame}\n`);
  else if (follower.unsaved !== '' && journalTrouble === '') process.stderr.write(`${follower.unsaved}\n`);
}
