/** Phases of many starts as each desk tells them, and their percentiles. */
export class PhaseTimes {
  readonly #wholes: number[] = [];
  readonly #phases = new Map<string, { readonly millis: number[]; readonly cpu: number[] }>();

  get count(): number {
    return this.#wholes.length;
  }

  /** Of the whole (ms). */
  get p99(): number {
    return Number(percentile(this.#wholes, 0.99));
  }

  /** A start that took `millis`, with what the desk said. @returns false when it told no phases. */
  take(millis: number, said: string): boolean {
    const line = /started in \d+ ms \((\d+) of processor time\): (.*)/.exec(said);
    if (line === null) return false;
    this.#wholes.push(millis);
    this.#of('(processor time of all threads until it served)').millis.push(Number(line[1]));
    for (const [, phase, wall, cpu] of line[2].matchAll(/([a-z][a-z ]*) (-?\d+) \((-?\d+)\)/g)) {
      const times = this.#of(phase);
      times.millis.push(Number(wall));
      times.cpu.push(Number(cpu));
    }
    return true;
  }

  /** A line for the whole, and one for each phase with its processor time. */
  text(title: string): string {
    const lines = [...this.#phases].map(([phase, { millis, cpu }]) => {
      const computed = cpu.length === 0 ? '' : `, processor time p50 ${percentile(cpu, 0.5)} p99 ${percentile(cpu, 0.99)}`;
      return `  ${phase}: p50 ${percentile(millis, 0.5)} p99 ${percentile(millis, 0.99)} ms${computed}`;
    });
    return [`${title}: p50 ${percentile(this.#wholes, 0.5)} ms, p99 ${percentile(this.#wholes, 0.99)} ms`, ...lines].join('\n');
  }

  #of(phase: string): { readonly millis: number[]; readonly cpu: number[] } {
    const known = this.#phases.get(phase);
    if (known !== undefined) return known;
    const fresh = { millis: [], cpu: [] };
    this.#phases.set(phase, fresh);
    return fresh;
  }
}

function percentile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN).toFixed(0);
}
