import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

/** What a seed told, as one line of JSON. */
export interface SimLine {
  readonly seed: number;
  readonly events: number;
  readonly faults: readonly string[];
  readonly violation: string;
  readonly violations: readonly string[];
  readonly atEvent: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly cases: readonly (readonly [string, number])[];
  readonly virtualMicros: number;
  /** Time that the seed took of a core, microseconds. */
  readonly cpuMicros: number;
}

/** One seed to be run. */
export interface SimTask {
  readonly seed: number;
  readonly events: number;
  readonly faults?: readonly string[];
  readonly off: readonly string[];
}

const script = fileURLToPath(new URL('sim-worker.mjs', import.meta.url));

/**
 * Runs tasks on several processes until `next` has no more; `told` hears of each. @param dist the build that they run. @param flags of the engine, beside those of every worker. @returns exit
 * codes that are not 0.
 */
export async function onWorkers(
  workers: number,
  next: () => SimTask | undefined,
  told: (line: SimLine) => void,
  dist = join(projectRoot, 'dist'),
  flags: readonly string[] = [],
): Promise<readonly number[]> {
  const work = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const worker = spawn(process.execPath, ['--max-semi-space-size=64', ...flags, script, dist], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const give = (): void => {
        const task = next();
        if (task === undefined) worker.stdin.end();
        else worker.stdin.write(`${JSON.stringify(task)}\n`);
      };
      createInterface({ input: worker.stdout }).on('line', (line) => {
        told(JSON.parse(line) as SimLine);
        give();
      });
      worker.stdin.on('error', () => undefined);
      worker.on('error', reject);
      worker.on('close', (status) => resolve(status ?? 1));
      give();
    });
  const ends = await Promise.all(Array.from({ length: workers }, work));
  return ends.filter((status) => status !== 0);
}
