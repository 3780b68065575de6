import { createDoorbell } from '../../src/runtime/rings/doorbell.ts';
import { createRingMemory, RingWriter } from '../../src/runtime/rings/ring.ts';
import { monotonicMicros } from '../../src/runtime/shared-clock.ts';
import { moduleBeside, nodeWorld } from '../../src/runtime/threads.ts';
import { stampByte, wakeBytes, wakeModes, wakeWords, type WakeSetting } from './wake-words.ts';

/** Wake-ups of one kind before it is the other one's turn, and turns of both. */
const perTurn = 50;
const turns = 40;
/** Microseconds between two wake-ups: the sleeper lies by then. */
const gap = 100;
/** A sleeper that is not awake by then has died (microseconds). */
const longest = 10_000_000;

interface Wakes {
  readonly p50: number;
  readonly p99: number;
}

function wakesOf(micros: number[]): Wakes {
  const sorted = micros.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(sorted.length * share)] * 10) / 10;
  return { p50: at(0.5), p99: at(0.99) };
}

/**
 * What waking a parked thread costs on this machine at best, a bare Atomics.wait and notify, and what a message through a ring to a parked reader takes; by turns in the
 * same two threads, microseconds from before the first to the hands of the woken one. `times`: the ring's share of the bare one.
 */
export async function wakeFloor(): Promise<{ readonly bare: Wakes; readonly ring: Wakes; readonly times: Wakes }> {
  const bell = createDoorbell(false);
  const memory = createRingMemory(4_096);
  const setting: WakeSetting = {
    words: new SharedArrayBuffer(wakeBytes),
    ring: memory,
    bell: bell.shared,
    micros: new SharedArrayBuffer(perTurn * turns * 2 * 8),
  };
  const words = new Int32Array(setting.words);
  const stamp = new Float64Array(setting.words, stampByte, 1);
  const entry = moduleBeside(import.meta.url, './wake-thread');
  const thread = nodeWorld.spawn({ name: 'sleeper', entry, data: setting, heapMebibytes: 0 });
  await new Promise((resolve) => thread.onMessage(resolve));
  const writer = new RingWriter(memory, bell);
  const kinds: number[] = [];
  const wake = (mode: number): void => {
    for (const until = monotonicMicros() + gap; monotonicMicros() < until;);
    kinds.push(mode);
    const at = monotonicMicros();
    if (mode === wakeModes.ring) {
      const place = writer.claim(8);
      writer.view.setFloat64(place, at, true);
      writer.commit(1, place + 8);
      writer.publish();
    }
    if (mode === wakeModes.bare) {
      stamp[0] = at;
      Atomics.store(words, wakeWords.rung, kinds.length);
      Atomics.notify(words, wakeWords.rung);
    }
    for (const until = at + longest; Atomics.load(words, wakeWords.done) < kinds.length;)
      if (monotonicMicros() > until) throw new Error(`bench: expected the sleeper to be awake within ${longest / 1e6} s`);
  };
  const change = (mode: number): void => {
    Atomics.store(words, wakeWords.mode, mode);
    // whoever lies in the other one's bed gets up
    Atomics.notify(words, wakeWords.rung);
    bell.ring();
  };
  for (let turn = 0; turn < turns * 2; turn++) {
    const mode = turn % 2 === 0 ? wakeModes.bare : wakeModes.ring;
    Atomics.store(words, wakeWords.rung, kinds.length);
    change(mode);
    for (let n = 0; n < perTurn; n++) wake(mode);
  }
  change(wakeModes.end);
  await thread.end();
  const micros = [...new Float64Array(setting.micros)];
  const of = (mode: number): Wakes => wakesOf(micros.filter((_micros, n) => kinds[n] === mode));
  const [bare, ring] = [of(wakeModes.bare), of(wakeModes.ring)];
  const times = { p50: Math.round((ring.p50 / bare.p50) * 100) / 100, p99: Math.round((ring.p99 / bare.p99) * 100) / 100 };
  return { bare, ring, times };
}
