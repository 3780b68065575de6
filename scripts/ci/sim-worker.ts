import { createInterface } from 'node:readline';
import { runSeed, type RunOptions } from '../../src/sim/faulty/run.ts';

/** What a seed told, as one line of JSON. */
export interface SimLine {
  readonly seed: number;
  readonly events: number;
  readonly faults: readonly string[];
  readonly violation: string;
  readonly atEvent: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly cases: readonly (readonly [string, number])[];
  readonly virtualMicros: number;
  /** Time that the seed took of a core, microseconds. */
  readonly cpuMicros: number;
}

// A simulated world has its own clock and its own luck: whoever asks the machine's is found out.
function forbidden(what: string): () => never {
  return () => {
    throw new Error(`simulation: ${what} is not of this world`);
  };
}
Date.now = forbidden('the clock of the machine');
Math.random = forbidden('the luck of the machine');

for await (const line of createInterface({ input: process.stdin })) {
  const { off, ...options } = JSON.parse(line) as Omit<RunOptions, 'off'> & { readonly off: readonly string[] };
  const before = process.cpuUsage();
  const { cases, counts, ...run } = await runSeed({ ...options, off: new Set(off) });
  const { user, system } = process.cpuUsage(before);
  const told: SimLine = { ...run, counts: { ...counts }, cases: [...cases], cpuMicros: user + system };
  console.log(JSON.stringify(told));
}
