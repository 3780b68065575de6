import { parentPort } from 'node:worker_threads';
import { runOddsJob, type OddsJob } from './odds-job.ts';

/** Takes jobs, answers with their counts, until it is ended. */
parentPort?.on('message', (job: OddsJob) => parentPort?.postMessage(runOddsJob(job)));
