/** Words that both threads of a measurement of wake-ups look at (Int32), and behind them the stamp of a bare one (Float64, microseconds of the shared clock). */
export const wakeWords = { rung: 0, mode: 32, done: 64 } as const;
export const stampByte = 512;
export const wakeBytes = 640;

export const wakeModes = { bare: 0, ring: 1, end: 2 } as const;

export interface WakeSetting {
  readonly words: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  /** Microseconds of each wake-up, in order. */
  readonly micros: SharedArrayBuffer;
}
