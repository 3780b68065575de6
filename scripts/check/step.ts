import { spawn } from 'node:child_process';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

/** One static check. `seen` counts what it looked at: a checker that saw nothing has failed, whatever it said. */
export interface Step {
  readonly name: string;
  readonly unit: string;
  run(): Promise<Finding>;
}

export interface Finding {
  readonly passed: boolean;
  readonly seen: number;
  readonly output: string;
}

export interface Verdict extends Finding {
  readonly step: Step;
  readonly seconds: number;
}

/** Runs the steps, two at a time, and tells of each as it ends; the verdicts come in the order of the steps. */
export async function runSteps(steps: readonly Step[], tell: (verdict: Verdict) => void): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < steps.length) {
      const index = next++;
      const step = steps[index];
      if (step === undefined) return;
      const started = performance.now();
      const finding = await step.run().catch(thrown);
      const blind = finding.passed && finding.seen === 0;
      const verdict = { ...finding, step, passed: finding.passed && !blind, seconds: (performance.now() - started) / 1000 };
      verdicts[index] = blind ? { ...verdict, output: `${step.name} saw no ${step.unit}: it looked at nothing` } : verdict;
      tell(verdicts[index]);
    }
  }
  await Promise.all([work(), work()]);
  return verdicts;
}

function thrown(error: unknown): Finding {
  return { passed: false, seen: 0, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Runs one of the project's tools by Node itself: no shell, no search for a program. */
export function runTool(script: string, args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: projectRoot,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status: status ?? 1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
