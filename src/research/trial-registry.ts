import { accessSync, closeSync, constants, fdatasyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from '../base/crc32.ts';
import { hex, sha256 } from '../base/sha256.ts';
import { utf8Encode } from '../base/utf8.ts';
import { variance } from '../quant/stats/moments.ts';

/** What was tried, and on which data: enough to count it and to say how much luck a choice among all of it had. */
export interface TrialEntry {
  readonly algorithm: string;
  readonly version: string;
  readonly runId: string;
  readonly kind: 'backtest' | 'sweep' | 'walk-forward';
  /** Annualized; null = the equity did not vary. */
  readonly sharpe: number | null;
  readonly scope: TrialScope;
}

/** Data of a trial: what it traded, from when to when. */
export interface TrialScope {
  readonly dataHash: string;
  readonly instruments: readonly string[];
  /** Close times of the first and last bar, UTC microseconds. */
  readonly from: number;
  readonly to: number;
}

export interface TrialCount {
  /** Different runs of the algorithm on this data, and lines that cannot be read any more. */
  readonly trials: number;
  readonly damaged: number;
  /** Of their Sharpe ratios, annualized ones squared; 0 with fewer than two. */
  readonly variance: number;
}

/** What the registry says about an algorithm up to a byte. */
export interface RegistryHead {
  /** SHA-256, hex. */
  readonly head: string;
  readonly bytes: number;
}

/** Trials that share one line: an append is one write of whole lines, so the lines of several writers never mix. */
const trialsPerLine = 256;
const ending = '.trials';
const kinds: readonly string[] = ['backtest', 'sweep', 'walk-forward'];

/**
 * Registry of trials: one file per algorithm, to which lines are only ever appended. Several processes may append at once (each append is one write at the
 * end of the file); a line that a crash cut short fails its checksum, spoils no other, and still counts as a trial. Nothing here removes anything.
 */
export class TrialRegistry {
  readonly folder: string;

  /** Makes the folder. @throws the system's error when that cannot be */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @throws the system's error when nothing can be appended here */
  requireWritable(): void {
    accessSync(this.folder, constants.W_OK);
  }

  /** Appends and syncs; when it returns, the trials are counted. */
  count(entries: readonly TrialEntry[]): void {
    const byAlgorithm = new Map<string, TrialEntry[]>();
    for (const entry of entries) byAlgorithm.set(entry.algorithm, [...(byAlgorithm.get(entry.algorithm) ?? []), entry]);
    for (const [algorithm, own] of byAlgorithm) {
      const file = openSync(this.#fileOf(algorithm), 'a', 0o644);
      try {
        const block = utf8Encode(linesFor(own).join(''));
        const written = writeSync(file, block);
        if (written < block.length)
          throw new Error(`registry ${this.folder}: expected ${block.length} bytes to be written, were ${written}`);
        fdatasyncSync(file);
      } finally {
        closeSync(file);
      }
    }
  }

  /**
   * Trials of the algorithm whose data has an instrument and a time in common with `scope`: other dates or names of the same market are no fresh start. The
   * same run twice is one trial.
   */
  trialsOn(algorithm: string, scope: TrialScope): TrialCount {
    const { entries, damaged } = this.read(algorithm);
    const names = new Set(scope.instruments);
    const sharpes = new Map<string, number | null>();
    for (const entry of entries) {
      const { dataHash, instruments, from, to } = entry.scope;
      const shared = dataHash === scope.dataHash || instruments.some((name) => names.has(name));
      if (shared && from <= scope.to && to >= scope.from) sharpes.set(entry.runId, entry.sharpe);
    }
    const known = [...sharpes.values()].filter((sharpe) => sharpe !== null);
    return { trials: sharpes.size + damaged, damaged, variance: sampleVariance(known) };
  }

  /** Trials of the algorithm on whatever data, and the versions that were among them. */
  trialsEver(algorithm: string): TrialCount & { readonly versions: ReadonlySet<string> } {
    const { entries, damaged } = this.read(algorithm);
    const sharpes = new Map(entries.map(({ runId, sharpe }) => [runId, sharpe]));
    const known = [...sharpes.values()].filter((sharpe) => sharpe !== null);
    const versions = new Set(entries.map(({ version }) => version));
    return { trials: sharpes.size + damaged, damaged, variance: sampleVariance(known), versions };
  }

  /** Every readable entry of an algorithm in the order written. */
  read(algorithm: string): { readonly entries: readonly TrialEntry[]; readonly damaged: number } {
    const entries: TrialEntry[] = [];
    let damaged = 0;
    for (const line of textOf(this.#fileOf(algorithm)).split('\n')) {
      if (line === '') continue;
      const parsed = parseLine(algorithm, line);
      if (typeof parsed === 'number') damaged += parsed;
      else entries.push(...parsed);
    }
    return { entries, damaged };
  }

  /** The head of what is written about an algorithm: SHA-256 over its bytes so far. A registry that has only grown begins with every head that it ever had. */
  headOf(algorithm: string): RegistryHead {
    return headOver(bytesOf(this.#fileOf(algorithm)));
  }

  /** Whether what is written about an algorithm begins with what that head was taken of. */
  beginsWith(algorithm: string, { head, bytes }: RegistryHead): boolean {
    const present = bytesOf(this.#fileOf(algorithm));
    return present.length >= bytes && headOver(present.subarray(0, bytes)).head === head;
  }

  algorithms(): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(ending))
      .map((name) => decodeURIComponent(name.slice(0, -ending.length)))
      .sort();
  }

  #fileOf(algorithm: string): string {
    return join(this.folder, `${encodeURIComponent(algorithm)}${ending}`);
  }
}

/** `count TAB checksum TAB JSON`, with a line feed before it too: what a crash cut short before it stays a line of its own. */
function linesFor(entries: readonly TrialEntry[]): string[] {
  const byScope = new Map<string, TrialEntry[]>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.scope);
    const own = byScope.get(key);
    if (own === undefined) byScope.set(key, [entry]);
    else own.push(entry);
  }
  const lines: string[] = [];
  for (const own of byScope.values()) {
    for (let first = 0; first < own.length; first += trialsPerLine) {
      const some = own.slice(first, first + trialsPerLine);
      const trials = some.map(({ kind, version, runId, sharpe }) => [kind, version, runId, sharpe]);
      const json = JSON.stringify({ scope: own[0].scope, trials });
      lines.push(`\n${some.length}\t${checksum(json)}\t${json}\n`);
    }
  }
  return lines;
}

/** The entries of a line; of a damaged one how many trials it stands for, at least one. */
function parseLine(algorithm: string, line: string): readonly TrialEntry[] | number {
  const [count, sum, json] = line.split('\t', 3);
  const promised = Math.max(1, Math.min(trialsPerLine, Math.trunc(Number(count)) || 1));
  if (json === undefined || sum !== checksum(json)) return promised;
  const { scope, trials } = JSON.parse(json) as { scope: TrialScope; trials: [TrialEntry['kind'], string, string, number | null][] };
  if (!Array.isArray(trials) || trials.some(([kind]) => !kinds.includes(kind))) return promised;
  return trials.map(([kind, version, runId, sharpe]) => ({ algorithm, version, runId, kind, sharpe, scope }));
}

function checksum(json: string): string {
  return crc32(utf8Encode(json)).toString(16).padStart(8, '0');
}

function textOf(path: string): string {
  return Buffer.from(bytesOf(path)).toString('utf8');
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Uint8Array(0);
    throw error;
  }
}

function headOver(written: Uint8Array): RegistryHead {
  return { head: hex(sha256(written)), bytes: written.length };
}

function sampleVariance(values: readonly number[]): number {
  return values.length < 2 ? 0 : variance(values, 'sample');
}
