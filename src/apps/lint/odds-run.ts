import { availableParallelism } from 'node:os';
import { addCounts, emptyCounts, type OutcomeCounts } from '../../quant/ladder/operating-characteristic.ts';
import type { LadderPlan } from '../../quant/ladder/ladder-plan.ts';
import type { WorldThread } from '../../ports/world.ts';
import { moduleBeside, nodeWorld } from '../../runtime/threads.ts';
import type { ModelTerms, OddsJob } from './odds-job.ts';

/** A ladder whose odds are wanted, under one model. */
export interface OddsQuestion {
  readonly plan: LadderPlan;
  readonly model: ModelTerms;
  readonly sharpes: readonly number[];
}

/** Paths of one job: short enough that progress moves. */
const pathsPerJob = 100;
const mostWorkers = 64;

/** Works the questions out on all cores. The counts do not hang on how many: a path's luck comes from its number. `progress` gets the share done, 0…1. */
export async function runOdds(
  questions: readonly OddsQuestion[],
  paths: number,
  seed: string,
  progress: (share: number) => void,
): Promise<readonly (readonly OutcomeCounts[])[]> {
  const jobs: OddsJob[] = [];
  questions.forEach(({ plan, model, sharpes }, ladder) => {
    for (let from = 0; from < paths; from += pathsPerJob)
      jobs.push({ ladder, plan, model, sharpes, seed, from, to: Math.min(paths, from + pathsPerJob) });
  });
  const totals = questions.map(({ sharpes }) => emptyCounts(sharpes));
  let next = 0;
  let done = 0;
  const work = async (name: string): Promise<void> => {
    const entry = moduleBeside(import.meta.url, './odds-worker');
    const thread = nodeWorld.spawn({ name, entry, data: null, heapMebibytes: 0 });
    const answers = answersOf(thread);
    try {
      while (next < jobs.length) {
        const job = jobs[next++];
        addCounts(totals[job.ladder], await answers(job));
        progress(++done / jobs.length);
      }
    } finally {
      await thread.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostWorkers, availableParallelism(), jobs.length) }, (_, k) => work(`odds ${k}`)));
  return totals;
}

/** Asks a thread one job at a time; rejects when it ended before it answered. */
function answersOf(thread: WorldThread): (job: OddsJob) => Promise<OutcomeCounts[]> {
  let settle: { readonly resolve: (counts: OutcomeCounts[]) => void; readonly reject: (error: Error) => void } | undefined;
  thread.onMessage((message) => settle?.resolve(message as OutcomeCounts[]));
  thread.onEnd((why) => settle?.reject(new Error(`a thread ended before it answered: ${why}`)));
  return (job) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      thread.post(job);
    });
}
