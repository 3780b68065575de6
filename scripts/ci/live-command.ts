import { spawn } from 'node:child_process';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

export interface CommandEnd {
  readonly status: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs a command in the project's root; what it prints is seen as it comes and kept as well, without colors. @param longest it is ended after so long (ms); 0 = never. */
export function runLive(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, longest = 0): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: longest,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, output, seconds: (performance.now() - started) / 1000 }));
  });
}

/** Closes a CI step: the line that .ci/run adds up, and the exit code. */
export function closeStep(name: string, passed: number, failed: number): void {
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
