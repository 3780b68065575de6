import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from '../desk/simulate.ts';
import { bookStrategies } from '../desk/strategies.ts';
import type { SimulationOrder, SimulationSaid } from './simulate-order.ts';

/** Entry of a thread that runs one spec on the synthetic exchange and ends. Only built-in strategies: what a desk loaded of somebody's own stays in its hosts. */
const { spec, seed, horizon, totalCapital, defaults } = (workerData as { readonly data: SimulationOrder }).data;
const say = (said: SimulationSaid): void => parentPort?.postMessage(said);
simulate(spec, { seed, horizon, totalCapital, defaults, strategies: bookStrategies }).then(
  (result) => say({ kind: 'simulated', result }),
  (error: unknown) => say({ kind: 'failed', text: error instanceof Error ? error.message : String(error) }),
);
