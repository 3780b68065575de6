import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';
import { createOrderFlow } from './lib/order-flow.ts';

/**
 * Resident memory after a forced collection at `--first` and at `--last` inputs of bench/lib/order-flow.ts: order rings, remembered reports and windows are
 * full by the first, so that what grows afterwards is kept for ever. Usage: node --expose-gc --import tsx bench/memory.ts [--first N] [--last N] [--seed N] [--json]
 */
function residentMebibytes(): number {
  if (typeof globalThis.gc !== 'function') throw new Error('bench/memory.ts: start node with --expose-gc');
  // the first frees, the second sees what finalizers let go, the third gives pages back
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage().rss / 1_048_576;
}

const [seed, first, last] = [numberOption('seed', 1), numberOption('first', 5_000_000), numberOption('last', 50_000_000)];
const flow = createOrderFlow(seed, numberOption('versions', 100), numberOption('listings', 100));
const growTo = (inputs: number): number => {
  while (flow.desk.inputs < inputs) flow.run(1_000);
  return residentMebibytes();
};
const atFirst = growTo(first);
const atLast = growTo(last);
flow.check();
const figures = {
  bench: 'memory',
  seed,
  ...machine(),
  excluded: 'journal, strategies',
  first,
  last,
  mebibytesAtFirst: Math.round(atFirst * 10) / 10,
  mebibytesAtLast: Math.round(atLast * 10) / 10,
  growthPercent: Math.round((atLast / atFirst - 1) * 1_000) / 10,
};
if (hasFlag('json')) console.log(JSON.stringify(figures));
else
  console.log(
    `memory: ${figures.mebibytesAtFirst} MiB at ${first} inputs, ${figures.mebibytesAtLast} MiB at ${last}: ${figures.growthPercent} % more; seed ${seed}, Node ${figures.node}, ${figures.cpu} x ${figures.cores}`,
  );
