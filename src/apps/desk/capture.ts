import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { CaptureChunk } from '../../domain/input.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { captureFile, CaptureWriter, type WrittenSource } from '../../feeds/capture/capture-writer.ts';
import type { ChunkRoot } from '../../feeds/capture/format.ts';
import type { MarketDefinition } from './definitions.ts';
import { exitCodes, Refusal } from './exit-codes.ts';

/** Chunks of one file; the next ones go into another, so that old files can be moved away or be kept for another time. */
export const chunksPerFile = 512;
/** What the events of a capture are of, beside its files: what its sources alone do not say. */
export const marketFile = 'market.json';
const namePattern = /^\d{10}\.capture$/;

/** What is captured, as a replay needs it. */
export interface CapturedMarket {
  readonly market: MarketDefinition;
  /** When the desk began, microseconds. */
  readonly startAt: Micros;
  readonly description: string;
}

/** Files of a capture in the order in which they were written. */
export function captureFiles(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => namePattern.test(name));
  return names.sort().map((name) => join(directory, name));
}

/** Whether a folder holds a capture of a desk. */
export function isCaptureFolder(path: string): boolean {
  return existsSync(join(path, marketFile));
}

export function readCapturedMarket(directory: string): CapturedMarket {
  try {
    const { market, startAt, description } = JSON.parse(readFileSync(join(directory, marketFile), 'utf8')) as CapturedMarket;
    if (typeof market?.listingID !== 'string' || !Number.isSafeInteger(startAt)) throw new Error('market and startAt are not there');
    return { market, startAt: microsUnchecked(startAt), description: String(description) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(exitCodes.refused, `${join(directory, marketFile)}: expected the market of a capture (${why})`);
  }
}

/** SHA-256 over the files of a capture, hex. */
export function captureHash(directory: string): string {
  const hash = createHash('sha256');
  for (const file of [join(directory, marketFile), ...captureFiles(directory)]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Records what a session's feed delivers, in the order and with the numbers that strategies get it, into files of a directory of its own. Each chunk is on disk before
 * the record that notes its root; the chunks that a power cut takes all the same are named by whoever holds the capture against the journal.
 */
export class SessionCapture {
  readonly #directory: string;
  readonly #captured: CapturedMarket;
  readonly #chunksPerFile: number;
  readonly #notes: CaptureChunk[] = [];
  #sources: readonly WrittenSource[] = [];
  #writer: CaptureWriter | undefined;
  #name = '';
  #number: number;
  #chunks = 0;

  /** @throws Refusal when the directory holds anything else, or the capture of another market. */
  constructor(directory: string, { market, startAt, description }: CapturedMarket, perFile: number = chunksPerFile) {
    const captured = { market, startAt, description };
    this.#directory = directory;
    this.#captured = captured;
    this.#chunksPerFile = perFile;
    if (existsSync(directory) && !isCaptureFolder(directory) && readdirSync(directory).length > 0)
      throw new Refusal(exitCodes.refused, `--capture ${directory}: expected an empty directory or a capture, is something else`);
    try {
      mkdirSync(directory, { recursive: true });
    } catch (error) {
      throw new Refusal(exitCodes.refused, `--capture ${directory}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#takeMarket();
    // files may have been moved away from the front
    this.#number = Number(captureFiles(directory).at(-1)?.slice(-'0000000000.capture'.length, -'.capture'.length) ?? 0);
  }

  #takeMarket(): void {
    const { market } = this.#captured;
    if (!isCaptureFolder(this.#directory)) {
      const { startAt, description } = this.#captured;
      writeFileSync(join(this.#directory, marketFile), `${JSON.stringify({ market, startAt, description }, null, 2)}\n`);
      return;
    }
    const before = readCapturedMarket(this.#directory).market.listingID;
    if (before !== market.listingID)
      throw new Refusal(exitCodes.refused, `--capture ${this.#directory}: expected ${before}, which it holds, was ${market.listingID}`);
  }

  /** The registered listings have their numbers now. */
  begin(core: Core): void {
    const { feedID } = this.#captured.market;
    const feed = 0;
    this.#sources = core.registry.listings.map(({ ix, listing }) => {
      const { listingID, priceUnit, lot } = listing;
      return { feed, listing: ix, feedID, listingID, priceUnit, lot };
    });
  }

  /** @returns what the journal has to note, when a chunk went to disk. */
  take(event: MarketEvent): CaptureChunk | undefined {
    this.#writer ??= this.#open();
    this.#writer.add(event);
    if (this.#chunks >= this.#chunksPerFile) this.#closeFile();
    return this.#notes.shift();
  }

  /** Closes the chunk at hand, so that a crash takes no more than what comes behind it. @returns what the journal has to note */
  flush(): readonly CaptureChunk[] {
    this.#writer?.flush();
    if (this.#chunks >= this.#chunksPerFile) this.#closeFile();
    return this.#notes.splice(0);
  }

  /** Closes what is open. @returns what the journal has to note still. */
  end(): readonly CaptureChunk[] {
    this.#closeFile();
    return this.#notes.splice(0);
  }

  #open(): CaptureWriter {
    this.#number += 1;
    this.#chunks = 0;
    this.#name = `${String(this.#number).padStart(10, '0')}.capture`;
    return new CaptureWriter(captureFile(join(this.#directory, this.#name)), this.#sources, (root) => this.#note(root));
  }

  #closeFile(): void {
    this.#writer?.close();
    this.#writer = undefined;
    this.#chunks = 0;
  }

  #note({ chunk, events, firstAt, lastAt, root }: ChunkRoot): void {
    this.#chunks = chunk + 1;
    const times = { firstAt: microsUnchecked(firstAt), lastAt: microsUnchecked(lastAt) };
    this.#notes.push({ kind: 'captureChunk', file: this.#name, chunk, events, ...times, root });
  }
}
