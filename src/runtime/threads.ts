import { Worker } from 'node:worker_threads';
import type { ThreadOrder, World, WorldThread } from '../ports/world.ts';

/** Linux knows a thread by a number of its own. The niceness is set before the code is loaded: that takes longer than anything that a host does later. */
const nicely = `const { workerData } = require('node:worker_threads');
try {
  const thread = /task\\/(\\d+)$/.exec(require('node:fs').readlinkSync('/proc/thread-self'));
  if (thread !== null) require('node:os').setPriority(Number(thread[1]), workerData.niceness);
} catch {}`;

/** Node's own threads read JavaScript only: under a loader for TypeScript the loader is registered first. */
const throughLoader = `${nicely}
import('tsx/esm/api').then(({ register }) => {
  register();
  return import(workerData.entry);
});`;
const straight = `${nicely}
import(workerData.entry);`;

/**
 * Core and gateway go before everybody, strategies and whoever only follows go after: with fewer processors than threads that want to run, a command would wait for a
 * whole slice of a strategy's time otherwise.
 */
export const niceness = { order: -5, others: 5 } as const;

/** Real threads. */
export const nodeWorld: World = {
  spawn({ name, entry, data, heapMebibytes, niceness = 0 }: ThreadOrder): WorldThread {
    const typescript = entry.endsWith('.ts');
    const worker = new Worker(typescript ? throughLoader : straight, {
      name,
      eval: true,
      workerData: { entry, data, niceness },
      ...(heapMebibytes > 0 ? { resourceLimits: { maxOldGenerationSizeMb: heapMebibytes } } : {}),
    });
    return threadOf(worker);
  },
};

function threadOf(worker: Worker): WorldThread {
  const enders: ((why: string) => void)[] = [];
  let why = '';
  worker.on('error', (error: Error) => {
    why = `${error.name}: ${error.message}`;
  });
  worker.once('exit', () => enders.forEach((ender) => ender(why)));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onEnd: (listener) => enders.push(listener),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** URL of a module beside `importer`, with the ending that the tree has as it runs: TypeScript sources or their build. */
export function moduleBeside(importer: string, name: string): string {
  return new URL(`${name}${importer.endsWith('.ts') ? '.ts' : '.js'}`, importer).href;
}
