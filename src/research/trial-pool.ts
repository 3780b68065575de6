import type { BarSet, RunBacktest } from '../ports/backtest.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { requestOf, runTrial, type TrialBase, type TrialOutcome, type TrialTask } from './trial.ts';

/** First message to a worker; the columns of the bars are shared memory. */
export interface TrialWork {
  readonly kind: 'begin';
  readonly base: TrialBase;
  readonly bars: BarSet;
}

export type ToWorker = TrialWork | { readonly kind: 'tasks'; readonly tasks: readonly TrialTask[] };
export type FromWorker =
  { readonly kind: 'outcomes'; readonly outcomes: readonly TrialOutcome[] } | { readonly kind: 'failed'; readonly sentence: string };

/** A worker as the pool sees it: a thread, or a stand-in in tests. */
export interface TrialLink {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** The worker is gone or cannot go on. */
  onEnd(listener: (sentence: string) => void): void;
  close(): Promise<void>;
}

/** Runs tasks, in whatever order, and hands over each batch of outcomes as it comes. */
export interface TrialRunner {
  /** @returns whether all were run; false = `stop` became true, what had begun was handed over. */
  run(tasks: readonly TrialTask[], take: (outcomes: readonly TrialOutcome[]) => void, stop: () => boolean): Promise<boolean>;
  close(): Promise<void>;
}

/** Most tasks of one message, and messages on their way to one worker. */
const tasksPerMessage = 8;
const messagesAhead = 2;
/** A batch in this thread ends after this long, so that signals and output get their turn (ms). */
const turnOfOwnThread = 50;

/** In this thread, between turns of the event loop. */
export function ownThreadRunner(run: RunBacktest, base: TrialBase, bars: BarSet, definition?: StrategyDefinition): TrialRunner {
  return {
    async run(tasks, take, stop) {
      let next = 0;
      while (next < tasks.length && !stop()) {
        const outcomes: TrialOutcome[] = [];
        const began = performance.now();
        while (next < tasks.length && performance.now() - began < turnOfOwnThread) {
          const task = tasks[next++];
          outcomes.push(runTrial(run, requestOf(base, bars, task, definition), task.index));
        }
        take(outcomes);
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return next === tasks.length;
    },
    close: () => Promise.resolve(),
  };
}

/** Over several workers; each has the bars and takes the next tasks when it is about to run dry. */
export function pooledRunner(links: readonly TrialLink[], base: TrialBase, bars: BarSet): TrialRunner {
  for (const link of links) link.post({ kind: 'begin', base, bars });
  let dead: string | undefined;
  let ended: ((sentence: string) => void) | undefined;
  let taken: ((link: TrialLink, outcomes: readonly TrialOutcome[]) => void) | undefined;
  const end = (sentence: string): void => {
    dead ??= sentence;
    ended?.(dead);
  };
  for (const link of links) {
    link.onEnd(end);
    link.onMessage((message) => {
      if (message.kind === 'failed') end(message.sentence);
      else taken?.(link, message.outcomes);
    });
  }
  return {
    run: (tasks, take, stop) =>
      new Promise<boolean>((resolve, reject) => {
        let next = 0;
        let waiting = 0;
        const give = (link: TrialLink): void => {
          if (next >= tasks.length || stop()) return;
          // smaller ones towards the end, so that no worker sits on a pile while the others are done
          const size = Math.max(1, Math.min(tasksPerMessage, Math.ceil((tasks.length - next) / (4 * links.length))));
          const some = tasks.slice(next, next + size);
          next += some.length;
          waiting += 1;
          link.post({ kind: 'tasks', tasks: some });
        };
        ended = (sentence) => reject(new Error(sentence));
        if (dead !== undefined) return ended(dead);
        taken = (link, outcomes) => {
          waiting -= 1;
          take(outcomes);
          give(link);
          if (waiting === 0) resolve(next === tasks.length);
        };
        for (let ahead = 0; ahead < messagesAhead; ahead++) links.forEach(give);
        if (waiting === 0) resolve(next === tasks.length);
      }),
    async close() {
      ended = undefined;
      await Promise.all(links.map((link) => link.close()));
    },
  };
}

/** The worker's side: what it answers to each message. */
export function answerTrials(run: RunBacktest): (message: ToWorker) => FromWorker | undefined {
  let work: TrialWork | undefined;
  return (message) => {
    if (message.kind === 'begin') {
      work = message;
      return undefined;
    }
    if (work === undefined) return { kind: 'failed', sentence: 'expected the bars before the first tasks' };
    const { base, bars } = work;
    try {
      return { kind: 'outcomes', outcomes: message.tasks.map((task) => runTrial(run, requestOf(base, bars, task), task.index)) };
    } catch (error) {
      return { kind: 'failed', sentence: error instanceof Error ? error.message : String(error) };
    }
  };
}
