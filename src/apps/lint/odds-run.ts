import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addCounts, emptyCounts, type OutcomeCounts } from '../../quant/ladder/operating-characteristic.ts';
import type { LadderPlan } from '../../quant/ladder/ladder-plan.ts';
import { runOddsJob, type ModelTerms, type OddsJob } from './odds-job.ts';

/** A ladder whose odds are wanted, under one model. */
export interface OddsQuestion {
  readonly plan: LadderPlan;
  readonly model: ModelTerms;
  readonly sharpes: readonly number[];
}

/** Paths of one job: short enough that progress moves. */
const pathsPerJob = 100;
const mostWorkers = 64;
const workerURL = new URL('./odds-worker.js', import.meta.url);

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
  const worker = async (): Promise<void> => {
    const thread = new Worker(workerURL);
    try {
      while (next < jobs.length) {
        const job = jobs[next++];
        addCounts(totals[job.ladder], await answerOf(thread, job));
        progress(++done / jobs.length);
      }
    } finally {
      await thread.terminate();
    }
  };
  if (!existsSync(workerURL)) {
    // run from sources, which worker threads do not load: the same jobs, here
    for (const job of jobs) {
      addCounts(totals[job.ladder], runOddsJob(job));
      progress(++done / jobs.length);
    }
    return totals;
  }
  await Promise.all(Array.from({ length: Math.min(mostWorkers, availableParallelism(), jobs.length) }, worker));
  return totals;
}

function answerOf(thread: Worker, job: OddsJob): Promise<OutcomeCounts[]> {
  return new Promise((resolve, reject) => {
    const answered = (counts: OutcomeCounts[]): void => end(() => resolve(counts));
    const failed = (error: unknown): void => end(() => reject(error instanceof Error ? error : new Error(String(error))));
    const ended = (code: number): void => end(() => reject(new Error(`a worker ended with ${code} before it answered`)));
    const end = (settle: () => void): void => {
      // by name: removing all would take the thread's own listeners too, and it would fall silent
      thread.off('message', answered).off('error', failed).off('exit', ended);
      settle();
    };
    thread.on('message', answered).on('error', failed).on('exit', ended);
    thread.postMessage(job);
  });
}
