import { Worker } from 'node:worker_threads';
import type { ThreadOrder, World, WorldThread } from '../ports/world.ts';

/** Node's own threads read JavaScript only: under a loader for TypeScript the loader is registered first. */
const throughLoader = `const { workerData } = require('node:worker_threads');
import('tsx/esm/api').then(({ register }) => {
  register();
  return import(workerData.entry);
});`;

/** Real threads. */
export const nodeWorld: World = {
  spawn({ name, entry, data, heapMebibytes }: ThreadOrder): WorldThread {
    const typescript = entry.endsWith('.ts');
    const worker = new Worker(typescript ? throughLoader : new URL(entry), {
      name,
      eval: typescript,
      workerData: { entry, data },
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
