import { nodeWorld } from '../../runtime/threads.ts';
import type { FollowerWord } from './follower-words.ts';

/** The thread that folds a desk's journal and takes its snapshots. */
export interface FollowerThread {
  /** '' or what it has found wrong: the desk may not go on trading. */
  readonly wrong: string;
  end(): Promise<void>;
}

export function startFollower(directory: string, coreDigest: string): FollowerThread {
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./follower-thread.${suffix}`, import.meta.url).href;
  const thread = nodeWorld.spawn({ name: 'follower', entry, data: { directory, coreDigest }, heapMebibytes: 0 });
  let wrong = '';
  thread.onMessage((message) => {
    const word = message as FollowerWord;
    if (word.kind === 'wrong') wrong = word.text;
  });
  thread.onEnd((why) => {
    if (why !== '') wrong = `the follower ended: ${why}`;
  });
  return {
    get wrong() {
      return wrong;
    },
    end: () => thread.end(),
  };
}
