import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How far a line has come over all its runs. */
export interface Progress {
  readonly next: number;
  readonly cases: number;
  readonly runs: number;
  readonly failedRuns: number;
  readonly seconds: number;
}

export type ProgressBook = Readonly<Record<string, Progress>>;

/** What earlier runs have left; a file that cannot be read is told, not begun anew. */
export function readProgress(path: string): ProgressBook {
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProgressBook;
  } catch (error) {
    throw new Error(`${path} cannot be read (${String(error)}): move it away, or begin anew with --fresh`, { cause: error });
  }
}

/** Put into place whole, so that an interrupted run leaves what was there. */
export function writeProgress(path: string, book: ProgressBook): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(book, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** A line after one more run. A run that failed is not counted and is run again from where it began. */
export function advanced(
  before: Progress | undefined,
  run: { readonly cases: number; readonly next: number } | undefined,
  held: boolean,
  seconds: number,
  first: number,
): Progress {
  const { next = first, cases = 0, runs = 0, failedRuns = 0, seconds: spent = 0 } = before ?? {};
  const counts = held && run !== undefined;
  return {
    next: counts ? run.next : next,
    cases: cases + (counts ? run.cases : 0),
    runs: runs + 1,
    failedRuns: failedRuns + (counts ? 0 : 1),
    seconds: Math.round(spent + seconds),
  };
}
