/** A phase of a start: when it ended, milliseconds since the process began, and what all threads of the process had computed until then (milliseconds of processor time). */
export interface StartPhase {
  readonly phase: string;
  readonly millis: number;
  readonly cpuMillis: number;
}

/** Notes when each phase of a start ended. `began`: when the process began (milliseconds, `performance.timeOrigin` of its main thread). */
export class StartClock {
  readonly #began: number;
  readonly #phases: StartPhase[] = [];

  constructor(began: number = performance.timeOrigin) {
    this.#began = began;
  }

  get phases(): readonly StartPhase[] {
    return this.#phases;
  }

  done(phase: string): void {
    const { user, system } = process.cpuUsage();
    this.#phases.push({ phase, millis: performance.timeOrigin + performance.now() - this.#began, cpuMillis: (user + system) / 1_000 });
  }

  /** Phases of another thread. */
  add(phases: readonly StartPhase[]): void {
    this.#phases.push(...phases);
  }
}

/** `started in 840 ms (510 of processor time): command loaded 210 (180), core loaded 140 (120), …`: milliseconds of each phase. */
export function startText(phases: readonly StartPhase[]): string {
  const pair = (millis: number, cpuMillis: number): string => `${millis.toFixed(0)} (${cpuMillis.toFixed(0)})`;
  const parts = phases.map(({ phase, millis, cpuMillis }, n) => {
    const before = phases[n - 1] ?? { millis: 0, cpuMillis: 0 };
    return `${phase} ${pair(millis - before.millis, cpuMillis - before.cpuMillis)}`;
  });
  const { millis, cpuMillis } = phases.at(-1) ?? { millis: 0, cpuMillis: 0 };
  return `started in ${millis.toFixed(0)} ms (${cpuMillis.toFixed(0)} of processor time): ${parts.join(', ')}`;
}
