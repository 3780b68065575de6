import { parentPort, workerData } from 'node:worker_threads';
import { Doorbell } from '../../src/runtime/rings/doorbell.ts';
import { RingReader } from '../../src/runtime/rings/ring.ts';
import { monotonicMicros } from '../../src/runtime/shared-clock.ts';
import { stampByte, wakeModes, wakeWords, type WakeSetting } from './wake-words.ts';

/** Entry of the thread that is woken: by a bare Atomics.notify, or by what a ring's writer publishes, as it is told. */
const setting = (workerData as { readonly data: WakeSetting }).data;
const words = new Int32Array(setting.words);
const stamp = new Float64Array(setting.words, stampByte, 1);
const micros = new Float64Array(setting.micros);
const reader = new RingReader(setting.ring);
const bell = new Doorbell(setting.bell, false);
const longest = 1_000;
let count = 0;

function took(at: number): void {
  micros[count] = monotonicMicros() - at;
  Atomics.store(words, wakeWords.done, ++count);
}

function bare(): void {
  const before = Atomics.load(words, wakeWords.rung);
  if (before <= count) Atomics.wait(words, wakeWords.rung, before, longest);
  if (Atomics.load(words, wakeWords.rung) > count && Atomics.load(words, wakeWords.mode) === wakeModes.bare) took(stamp[0]);
}

function fromRing(): void {
  const taken = reader.poll((_type, payload, at) => took(payload.view.getFloat64(at, true)), 1);
  if (taken === 0) bell.wait(() => !reader.empty || Atomics.load(words, wakeWords.mode) !== wakeModes.ring, longest);
}

parentPort?.postMessage('ready');
for (let mode = wakeModes.bare as number; mode !== wakeModes.end; mode = Atomics.load(words, wakeWords.mode)) {
  if (mode === wakeModes.bare) bare();
  else fromRing();
}
