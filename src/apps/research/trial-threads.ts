import type { World } from '../../ports/world.ts';
import type { FromWorker, TrialLink } from '../../research/trial-pool.ts';

/** Most threads of one search. */
export const maxWorkers = 256;

/** In a source tree the threads run the sources, in a build the build. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './trial-thread.ts' : './trial-thread.js', import.meta.url).href;

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
