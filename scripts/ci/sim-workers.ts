import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SimLine } from './sim-worker.ts';

/** One seed to be run. */
export interface SimTask {
  readonly seed: number;
  readonly events: number;
  readonly faults?: readonly string[];
  readonly off: readonly string[];
}

/** Runs tasks on several processes until `next` has no more; `told` hears of each. @returns exit codes that are not 0. */
export async function onWorkers(
  workers: number,
  next: () => SimTask | undefined,
  told: (line: SimLine) => void,
  script = fileURLToPath(new URL('sim-worker.ts', import.meta.url)),
): Promise<readonly number[]> {
  const work = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const worker = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', script], {
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
