import { spawn, type ChildProcess } from 'node:child_process';
import { programBeside } from '../../src/testing/program-beside.ts';

const entry = programBeside(import.meta.url, '../../src/testing/journal/restarting-writer');

/** A process that goes on with the journal of a directory and writes until it is killed. */
export class KilledWriter {
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #text = '';
  #errors = '';
  #heard: () => void = () => undefined;

  constructor(directory: string) {
    this.#child = spawn(process.execPath, [...entry, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
      this.#heard();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#errors += chunk));
    this.#closed = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** Resolves when it has acknowledged so many commits, or has ended. */
  acknowledgedTimes(commits: number): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = () => {
        if (this.#lines().length > commits) resolve();
      };
      void this.#closed.then(resolve);
      this.#heard();
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  get ended(): Promise<void> {
    return this.#closed;
  }

  /** Record and term that it found, NaN when it refused. */
  get found(): { readonly seq: number; readonly term: number } {
    const [, seq, term] = /^found (\d+) (\d+)$/.exec(this.#lines()[0] ?? '') ?? [];
    return { seq: Number(seq), term: Number(term) };
  }

  /** Last seq that it acknowledged, 0 = none. */
  get acknowledged(): number {
    const lines = this.#lines();
    return lines.length < 2 ? 0 : Number(lines.at(-1));
  }

  /** What it said when it refused or threw. */
  get trouble(): string {
    return `${this.#lines()[0] ?? ''} ${this.#errors.split('\n').slice(0, 3).join(' ')}`;
  }

  /** Whole lines only: a kill may cut the last one. */
  #lines(): readonly string[] {
    return this.#text.split('\n').slice(0, -1);
  }
}
