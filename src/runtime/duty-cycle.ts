import type { Breathe } from '../base/breath.ts';

/** What a duty cycle measures and sleeps by; milliseconds. */
export interface Pulse {
  now(): number;
  sleep(millis: number): void;
}

/** Work that took longer than so many slices was waited for, not worked. */
const mostSlices = 10;

/**
 * Work of a thread in short slices: a breath past `workMillis` of work sleeps so long that the slice has been `share` of the time. The thread sleeps, its event loop
 * too: for threads that nobody waits for.
 */
export function dutyCycle(workMillis: number, share: number, pulse: Pulse = threadPulse()): Breathe {
  let began = pulse.now();
  return () => {
    const worked = pulse.now() - began;
    if (worked < workMillis) return;
    pulse.sleep((Math.min(worked, mostSlices * workMillis) * (1 - share)) / share);
    began = pulse.now();
  };
}

function threadPulse(): Pulse {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return { now: () => performance.now(), sleep: (millis) => void Atomics.wait(cell, 0, 0, millis) };
}
