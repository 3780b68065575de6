import { parentPort, workerData } from 'node:worker_threads';
import { stateFaults } from '../../runtime/handover/round-trip.ts';
import type { RegistrationOrder, RegistrationSaid } from './registration.ts';
import { definitionsOf } from './strategy-modules.ts';

/** Entry of a thread that tries the states of versions that are to be registered, and ends: what foreign code does here no desk hears. */
const { versions } = (workerData as { readonly data: RegistrationOrder }).data;
const say = (said: RegistrationSaid): void => parentPort?.postMessage(said);
definitionsOf(versions).then(
  (definitions) => say({ faults: stateFaults(definitions) }),
  (error: unknown) => say({ failed: error instanceof Error ? error.message : String(error) }),
);
