import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { littleEndian } from './column.ts';
import { DecodedChunk } from './decoded-chunk.ts';
import {
  captureMagic,
  captureVersion,
  chunkEvents,
  chunkHead,
  chunkMark,
  maxChunkBytes,
  maxHeaderBytes,
  maxSources,
  rootBytes,
  type CaptureSource,
} from './format.ts';

/** Reads the chunks of a capture one after another; each must have the root that its bytes and the chunk before give. */
export class ChunkReader {
  readonly #file: string;
  readonly #descriptor: number;
  readonly chunk = new DecodedChunk();
  readonly sources: readonly CaptureSource[];
  #head = new Uint8Array(chunkHead);
  #body = new Uint8Array(1 << 18);
  #root: Uint8Array;
  #number = 0;
  #at = 0;
  #open = true;
  /** A sentence that says why reading ended before the end of the file. */
  problem: string | undefined;

  /** @throws Error with one sentence when the file is missing or is no capture of this version. */
  constructor(file: string) {
    if (!littleEndian) throw new Error('capture: this machine is big-endian, its format is little-endian only');
    this.#file = file;
    try {
      this.#descriptor = openSync(file, 'r');
    } catch (error) {
      throw new Error(`capture ${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    try {
      const head = this.#readHeader();
      this.sources = sourcesOf(file, head);
      this.#root = createHash('sha256').update(head).digest();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Hexadecimal root of the chunk read last. */
  get root(): string {
    return Buffer.from(this.#root).toString('hex');
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }

  /** Reads the next chunk into `chunk`; false at the end or when something is wrong, see `problem`. */
  next(): boolean {
    if (!this.#open) return false;
    const ok = this.#load();
    if (!ok) this.close();
    return ok;
  }

  #read(into: Uint8Array, length: number): number {
    let got = 0;
    while (got < length) {
      const n = readSync(this.#descriptor, into, got, length - got, this.#at);
      if (n === 0) break;
      got += n;
      this.#at += n;
    }
    return got;
  }

  #readHeader(): Uint8Array {
    const start = new Uint8Array(16);
    const file = this.#file;
    const got = this.#read(start, 16);
    const view = new DataView(start.buffer);
    if (got < 16 || Buffer.from(start.subarray(0, 8)).toString('latin1') !== captureMagic)
      throw new Error(`capture ${file}: is no capture of this product`);
    const version = view.getUint32(8, true);
    if (version !== captureVersion) throw new Error(`capture ${file}: expected format version ${captureVersion}, was ${version}`);
    const length = view.getUint32(12, true);
    if (length > maxHeaderBytes) throw new Error(`capture ${file}: expected a header of at most ${maxHeaderBytes} bytes, was ${length}`);
    const head = new Uint8Array(Math.ceil((16 + length) / 8) * 8);
    head.set(start);
    const rest = head.subarray(16);
    if (this.#read(rest, rest.length) < rest.length) throw new Error(`capture ${file}: ends within its header`);
    return head;
  }

  #load(): boolean {
    const got = this.#read(this.#head, chunkHead);
    if (got === 0) return false;
    if (got < chunkHead) return this.#fail('ends within its head');
    const view = new DataView(this.#head.buffer);
    const [mark, length, number, events] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
    if (mark !== chunkMark) return this.#fail(`expected the mark ${chunkMark}, was ${mark}`);
    if (number !== this.#number) return this.#fail(`expected its number, was ${number}`);
    if (events === 0 || events > chunkEvents) return this.#fail(`expected 1…${chunkEvents} events, was ${events}`);
    if (length % 8 !== 0 || length > maxChunkBytes)
      return this.#fail(`expected at most ${maxChunkBytes} bytes, a multiple of 8, was ${length}`);
    if (this.#body.length < length) this.#body = new Uint8Array(length * 2);
    const body = this.#body.subarray(0, length);
    const read = this.#read(body, length);
    if (read < length) return this.#fail(`expected ${length} bytes, was cut after ${read}`);
    const numbers = this.#head.subarray(0, chunkHead - rootBytes);
    const root = createHash('sha256').update(this.#root).update(numbers).update(body).digest();
    if (root.compare(this.#head, chunkHead - rootBytes) !== 0) return this.#fail('its bytes do not give its root');
    try {
      this.chunk.decode(body, events, this.sources.length);
    } catch (error) {
      if (error instanceof RangeError) return this.#fail(error.message);
      throw error;
    }
    this.#root = root;
    this.#number++;
    return true;
  }

  #fail(text: string): boolean {
    this.problem = `${basename(this.#file)} chunk ${this.#number}: ${text}`;
    return false;
  }
}

function sourcesOf(file: string, head: Uint8Array): readonly CaptureSource[] {
  const length = new DataView(head.buffer).getUint32(12, true);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(head.subarray(16, 16 + length)).toString('utf8'));
  } catch {
    throw new Error(`capture ${file}: expected a header of JSON`);
  }
  const sources: unknown = typeof value === 'object' && value !== null && 'sources' in value ? value.sources : undefined;
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > maxSources || !sources.every(isSource)) {
    throw new Error(`capture ${file}: expected a header with 1…${maxSources} sources, each with feedID, listingID, priceUnit and lot`);
  }
  return sources;
}

function isSource(value: unknown): value is CaptureSource {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return ['feedID', 'listingID', 'priceUnit', 'lot'].every((name) => typeof fields[name] === 'string');
}
