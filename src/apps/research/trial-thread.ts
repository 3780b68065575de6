import { parentPort, workerData } from 'node:worker_threads';
import { answerTrials, type ToWorker } from '../../research/trial-pool.ts';
import { createRunBacktest } from '../backtest/run-backtest.ts';

/** A thread that runs trials: `data` is the digest of the code, so that its run ids are those of the thread that began it. */
const { data } = workerData as { readonly data: string };
const answer = answerTrials(createRunBacktest(data));
parentPort?.on('message', (message: ToWorker) => {
  const reply = answer(message);
  if (reply !== undefined) parentPort?.postMessage(reply);
});
