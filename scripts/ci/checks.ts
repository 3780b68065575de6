import { closeStep } from './live-command.ts';

/** Longest part of a surprising value that is printed. */
const maxShown = 600;

/** Counts what holds and prints each sentence; what a step found stands behind a failed one. */
export class Checks {
  #passed = 0;
  #failed = 0;

  check(what: string, holds: boolean, found: unknown = undefined): boolean {
    if (holds) this.#passed++;
    else this.#failed++;
    const text = found === undefined ? '' : typeof found === 'string' ? found : JSON.stringify(found);
    console.log(`${holds ? 'passed' : 'FAILED'}  ${what}${holds || text === '' ? '' : `: found ${text.slice(0, maxShown)}`}`);
    return holds;
  }

  equal(what: string, found: unknown, expected: unknown): boolean {
    const same = JSON.stringify(found) === JSON.stringify(expected);
    return this.check(what, same, `${JSON.stringify(found) ?? 'nothing'}, expected ${JSON.stringify(expected)}`);
  }

  /** What is left out, and why. */
  skip(what: string, why: string): void {
    console.log(`skipped ${what}: ${why}`);
  }

  close(name: string): void {
    closeStep(name, this.#passed, this.#failed);
  }
}
