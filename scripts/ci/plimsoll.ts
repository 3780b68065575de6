import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../src/testing/tidy/tree.ts';

/** A command that has not ended by then is killed; a guard, not a measurement (ms). */
const guardMillis = 120_000;

/** Trials of a step are counted here where nothing else is said, not among those of whoever runs it. */
const dataHome = join(tmpdir(), 'plimsoll-ci-data');

export interface CommandResult {
  /** null = ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface StartOptions {
  /** Node that runs it; left out: the one that runs this step. */
  readonly node?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A desk that a step speaks to for long may run longer (ms). */
  readonly guardMillis?: number;
}

/** A `bin/plimsoll` that runs in a process of its own, its standard output no terminal. */
export class Running {
  readonly #child: ChildProcess;
  readonly ended: Promise<CommandResult>;
  stdout = '';
  stderr = '';
  over = false;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv, millis = guardMillis) {
    const started = performance.now();
    const child = spawn(program, args, {
      cwd: projectRoot,
      env: { XDG_DATA_HOME: dataHome, ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    const guard = setTimeout(() => child.kill('SIGKILL'), millis);
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => {
        clearTimeout(guard);
        this.over = true;
        resolve({ status, stdout: this.stdout, stderr: this.stderr, seconds: (performance.now() - started) / 1_000 });
      });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits until standard output holds the pattern. @returns false when the command ended without it. */
  async says(pattern: RegExp): Promise<boolean> {
    while (!pattern.test(this.stdout) && !this.over) await sleep(50);
    return pattern.test(this.stdout);
  }
}

/** Starts `bin/plimsoll ARGS` in the project's root. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  return new Running(
    options.node ?? process.execPath,
    [join(projectRoot, 'bin/plimsoll'), ...args],
    options.env ?? process.env,
    options.guardMillis,
  );
}

/** Runs `bin/plimsoll ARGS` to its end. */
export function plimsoll(args: readonly string[], options: StartOptions = {}): Promise<CommandResult> {
  return start(args, options).ended;
}

/** The one JSON object that a command printed; undefined = it printed something else. */
export function objectOf({ stdout }: { readonly stdout: string }): unknown {
  try {
    const value: unknown = JSON.parse(stdout);
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A member by its path, `journal.root`, or by a list of names where one has dots; undefined = it is not there. */
export function member(value: unknown, path: string | readonly string[]): unknown {
  let at: unknown = value;
  for (const name of typeof path === 'string' ? path.split('.') : path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** A member that is a list; anything else is an empty one. */
export function list(value: unknown, path: string): readonly unknown[] {
  const found = member(value, path);
  return Array.isArray(found) ? found : [];
}
