import { availableParallelism, loadavg } from 'node:os';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createDoorbell, Doorbell, maySpin } from '../src/runtime/rings/doorbell.ts';
import { createRingMemory, RingReader, RingWriter } from '../src/runtime/rings/ring.ts';
import { monotonicMicros } from '../src/runtime/shared-clock.ts';
import { nodeWorld } from '../src/runtime/threads.ts';
import { wakeFloor } from './lib/wake-floor.ts';
import { machine } from './lib/machine.ts';
import { hasFlag, numberOption } from './lib/options.ts';

/**
 * Rings between two threads. Throughput: messages of 24 bytes in batches of 64 as fast as the ring takes them, summed up and checked by the reader. Latency:
 * at `--rate` messages/s in batches of 64, from before a batch's first claim to the reader's hands, every message counted: near what the ring takes at all, so that each
 * interruption of the machine stands in a queue behind it. Wake-ups: one message to a parked reader, by turns with a bare Atomics.notify, the floor of the machine. Excluded: encoding of events, start of the thread.
 * Usage: node --import tsx bench/rings.ts [--seconds N] [--rounds N] [--seed N] [--rate N] [--json]
 */
const ringBytes = 1 << 20;
const payloadBytes = 24;
const batch = 64;
const kinds = { message: 1, end: 2 } as const;

interface Setting {
  readonly memory: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  readonly back: SharedArrayBuffer;
  readonly spinning: boolean;
  readonly latencies: SharedArrayBuffer;
}

interface Heard {
  readonly count: number;
  readonly sum: number;
  readonly sleeps: number;
}

function readAll({ memory, bell, spinning, latencies, back }: Setting): Heard {
  const reader = new RingReader(memory);
  const doorbell = new Doorbell(bell, spinning);
  const writerBell = new Doorbell(back, false);
  const micros = new Float64Array(latencies);
  let [count, sum, ended] = [0, 0, false];
  const ready = (): boolean => !reader.empty;
  while (!ended) {
    const taken = reader.poll((type, payload, at) => {
      if (type === kinds.end) {
        ended = true;
        return;
      }
      const stamp = payload.view.getFloat64(at, true);
      sum += payload.view.getUint32(at + 8, true);
      if (stamp > 0 && count < micros.length) micros[count] = monotonicMicros() - stamp;
      count++;
    }, 256);
    if (taken > 0) writerBell.ring();
    else doorbell.wait(ready, 1_000);
  }
  return { count, sum, sleeps: doorbell.sleeps };
}

/** @returns false = the ring is full. */
function put(writer: RingWriter, stamp: number, n: number): boolean {
  const at = writer.claim(payloadBytes);
  if (at < 0) return false;
  writer.view.setFloat64(at, stamp, true);
  writer.view.setUint32(at + 8, n, true);
  writer.commit(kinds.message, at + payloadBytes);
  return true;
}

interface Run {
  readonly spinning: boolean;
  readonly seconds: number;
  /** Microseconds between batches; 0 = as fast as the ring takes them. */
  readonly gap: number;
}

interface Outcome {
  readonly perSecond: number;
  readonly micros: Float64Array;
  readonly sleeps: number;
}

async function run({ spinning, seconds, gap }: Run): Promise<Outcome> {
  const [bell, back] = [createDoorbell(spinning), createDoorbell(false)];
  const latencies = new SharedArrayBuffer(gap === 0 ? 0 : Math.ceil((seconds * 1e6) / gap + 1) * batch * 8);
  const memory = createRingMemory(ringBytes);
  const setting: Setting = { memory, bell: bell.shared, back: back.shared, spinning, latencies };
  const thread = nodeWorld.spawn({ name: 'reader', entry: import.meta.url, data: setting, heapMebibytes: 0 });
  const heard = new Promise<Heard>((resolve, reject) => {
    thread.onMessage((message) => (message === 'ready' ? back.ring() : resolve(message as Heard)));
    thread.onEnd(reject);
  });
  await new Promise((resolve) => thread.onMessage(resolve));
  const writer = new RingWriter(memory, bell);
  let [n, sum] = [0, 0];
  const began = monotonicMicros();
  for (let next = began; next - began < seconds * 1e6;) {
    if (gap > 0) while (monotonicMicros() < next);
    const stamp = gap > 0 ? monotonicMicros() : 0;
    for (let i = 0; i < batch; i++) {
      while (!put(writer, stamp, n & 0xffff)) {
        writer.publish();
        back.wait(() => writer.fill < 0.5, 1);
      }
      sum += n++ & 0xffff;
    }
    writer.publish();
    next = gap > 0 ? next + gap : monotonicMicros();
  }
  while (writer.claim(0) < 0) back.wait(() => writer.fill < 0.5, 1);
  writer.abandon();
  const at = writer.claim(0);
  writer.commit(kinds.end, at);
  writer.publish();
  const { count, sum: heardSum, sleeps } = await heard;
  const elapsed = monotonicMicros() - began;
  if (count !== n || heardSum !== sum) throw new Error(`rings: expected ${n} messages of sum ${sum}, was ${count} of ${heardSum}`);
  return { perSecond: (count / elapsed) * 1e6, micros: new Float64Array(latencies).subarray(0, count).sort(), sleeps };
}

const percentile = (sorted: Float64Array, share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] * 100) / 100;

async function measure(): Promise<void> {
  const [rounds, seconds, rate] = [numberOption('rounds', 3), numberOption('seconds', 2), numberOption('rate', 5_000_000)];
  const gap = (batch * 1e6) / rate;
  const settings = maySpin(availableParallelism()) ? [false, true] : [false];
  const modes: Record<string, object> = {};
  for (const spinning of settings) {
    const throughput: number[] = [];
    const latency: Outcome[] = [];
    for (let round = 0; round < rounds; round++) {
      throughput.push((await run({ spinning, seconds, gap: 0 })).perSecond);
      latency.push(await run({ spinning, seconds, gap }));
    }
    const best = latency.reduce((a, b) => (percentile(a.micros, 0.99) <= percentile(b.micros, 0.99) ? a : b));
    modes[spinning ? 'spinning' : 'parked'] = {
      messagesPerSecond: Math.round(Math.max(...throughput)),
      p50: percentile(best.micros, 0.5),
      p99: percentile(best.micros, 0.99),
      p999: percentile(best.micros, 0.999),
      sleeps: best.sleeps,
      messages: best.micros.length,
    };
  }
  const figures = {
    bench: 'rings',
    seed: numberOption('seed', 1),
    ...machine(),
    load: loadavg()[0],
    rate,
    excluded: 'encoding of events, start of the thread',
    ...modes,
    wakes: await wakeFloor(),
  };
  console.log(hasFlag('json') ? JSON.stringify(figures) : figures);
}

if (isMainThread) void measure();
else {
  parentPort?.postMessage('ready');
  parentPort?.postMessage(readAll((workerData as { readonly data: Setting }).data));
}
