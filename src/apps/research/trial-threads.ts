import type { World } from '../../ports/world.ts';
import type { FromWorker, TrialLink } from '../../research/trial-pool.ts';
import { moduleBeside } from '../../runtime/threads.ts';

/** Most threads of one search. */
export const maxWorkers = 256;

const entry = moduleBeside(import.meta.url, './trial-thread');

export function trialThreads(world: World, workers: number, codeDigest: string): readonly TrialLink[] {
  return Array.from({ length: workers }, (_, i): TrialLink => {
    const name = `trials ${i + 1}`;
    const thread = world.spawn({ name, entry, data: codeDigest, heapMebibytes: 0 });
    return {
      post: (message) => thread.post(message),
      onMessage: (listener) => thread.onMessage((message) => listener(message as FromWorker)),
      onEnd: (listener) => thread.onEnd((why) => listener(`${name}: ${why === '' ? 'the thread ended' : why}`)),
      close: () => thread.end(),
    };
  });
}
