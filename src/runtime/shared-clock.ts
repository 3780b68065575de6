/** Tries of reading both clocks in one breath; the least disturbed one counts. */
const tries = 64;

/** Difference between this thread's performance.now() and the machine's monotonic clock, milliseconds: both count the same ticks from different starts. */
function clockOffset(): number {
  let offset = -Infinity;
  for (let i = 0; i < tries; i++) offset = Math.max(offset, Number(process.hrtime.bigint()) / 1e6 - performance.now());
  return offset;
}

const offset = clockOffset();

/** Microseconds of the monotonic clock that all threads of the machine share; below 1 us exact. */
export function monotonicMicros(): number {
  return (performance.now() + offset) * 1_000;
}
