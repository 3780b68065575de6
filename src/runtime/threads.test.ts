import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { niceness, nodeWorld } from './threads.ts';

/** A thread that says how nice it is, field 19 of its line in /proc (proc(5)), and what it was handed. */
const teller = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  import { parentPort, workerData } from 'node:worker_threads';
  const fields = readFileSync('/proc/thread-self/stat', 'latin1').split(') ')[1].split(' ');
  parentPort.postMessage([Number(fields[16]), workerData.data]);
`)}`;

function nicenessOf(order: number | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const more = order === undefined ? {} : { niceness: order };
    const thread = nodeWorld.spawn({ name: 'teller', entry: teller, data: 'handed', heapMebibytes: 0, ...more });
    thread.onMessage(resolve);
    thread.onEnd((why) => reject(new Error(why)));
  });
}

test.skipIf(!existsSync('/proc/thread-self/stat'))(
  'a strategy host goes behind the others where the system tells threads apart',
  async () => {
    expect(await nicenessOf(niceness.others)).toEqual([niceness.others, 'handed']);
    expect(await nicenessOf(undefined)).toEqual([0, 'handed']);
  },
);
