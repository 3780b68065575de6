import { readFileSync, readlinkSync } from 'node:fs';

/** Number of the calling thread in the operating system; 0 = it cannot be told (only Linux says). */
export function threadID(): number {
  try {
    return Number(/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Milliseconds that a thread of this process has really run; undefined = it cannot be told. */
export function threadCpuMillis(thread: number): number | undefined {
  if (thread === 0) return undefined;
  try {
    const nanos = Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]);
    return Number.isFinite(nanos) ? nanos / 1e6 : undefined;
  } catch {
    return undefined;
  }
}
