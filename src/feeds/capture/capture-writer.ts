import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { FeedIx, ListingIx } from '../../domain/ids.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { ChunkColumns } from './chunk-columns.ts';
import { captureMagic, captureVersion, chunkHead, chunkMark, maxSources, rootBytes, type CaptureSource, type ChunkRoot } from './format.ts';

/** Where the bytes of a capture go. */
export interface CaptureSink {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A source with the numbers that its events carry on this desk. */
export interface WrittenSource extends CaptureSource {
  readonly feed: FeedIx;
  readonly listing: ListingIx;
}

/** A new file; one that exists is refused. @throws Error with one sentence when it cannot be written. */
export function captureFile(file: string): CaptureSink {
  const refusing = <T>(what: () => T): T => {
    try {
      return what();
    } catch (error) {
      throw new Error(`capture ${file}: cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const descriptor = refusing(() => openSync(file, 'wx'));
  return {
    write: (bytes) =>
      refusing(() => {
        for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at);
      }),
    close: () =>
      refusing(() => {
        fsyncSync(descriptor);
        closeSync(descriptor);
      }),
  };
}

/** Writes market events as a capture. A chunk goes out when it is full, at `flush` and at `close`; its root is told to `onChunk` after it was written. */
export class CaptureWriter {
  readonly #sink: CaptureSink;
  readonly #onChunk: (root: ChunkRoot) => void;
  /** By feed * 65536 + listing. */
  readonly #sources = new Map<number, number>();
  readonly #columns = new ChunkColumns();
  #root: Buffer;
  #chunk = 0;
  #buffer = new Uint8Array(1 << 16);

  constructor(sink: CaptureSink, sources: readonly WrittenSource[], onChunk: (root: ChunkRoot) => void = () => undefined) {
    if (sources.length === 0 || sources.length > maxSources)
      throw new RangeError(`capture: expected 1…${maxSources} sources, was ${sources.length}`);
    this.#sink = sink;
    this.#onChunk = onChunk;
    sources.forEach(({ feed, listing }, i) => this.#sources.set(feed * 65_536 + listing, i));
    const head = headerBytes(sources);
    this.#root = createHash('sha256').update(head).digest();
    sink.write(head);
  }

  /** @throws RangeError for an event of a source that the header does not name. */
  add(event: MarketEvent): void {
    const source = this.#sources.get(event.feed * 65_536 + event.listing);
    if (source === undefined) throw new RangeError(`capture: feed ${event.feed}, listing ${event.listing} is no source of it`);
    this.#columns.add(event, source);
    if (this.#columns.full) this.flush();
  }

  /** Closes the chunk at hand; nothing happens when it is empty. */
  flush(): void {
    const columns = this.#columns;
    const { events, levels, firstAt, lastAt } = columns;
    if (events === 0) return;
    const room = chunkHead + columns.mostBytes();
    if (this.#buffer.length < room) this.#buffer = new Uint8Array(room * 2);
    const buffer = this.#buffer;
    const end = columns.write(buffer, chunkHead);
    const view = new DataView(buffer.buffer);
    view.setUint32(0, chunkMark, true);
    view.setUint32(4, end - chunkHead, true);
    view.setUint32(8, this.#chunk, true);
    view.setUint32(12, events, true);
    const numbers = buffer.subarray(0, chunkHead - rootBytes);
    this.#root = createHash('sha256').update(this.#root).update(numbers).update(buffer.subarray(chunkHead, end)).digest();
    buffer.set(this.#root, chunkHead - rootBytes);
    this.#sink.write(buffer.subarray(0, end));
    columns.clear();
    this.#onChunk({ chunk: this.#chunk++, events, levels, firstAt, lastAt, root: this.#root.toString('hex') });
  }

  close(): void {
    this.flush();
    this.#sink.close();
  }
}

function headerBytes(sources: readonly WrittenSource[]): Uint8Array {
  const named = sources.map(({ feedID, listingID, priceUnit, lot }): CaptureSource => ({ feedID, listingID, priceUnit, lot }));
  const text = new TextEncoder().encode(JSON.stringify({ sources: named }));
  const head = new Uint8Array(Math.ceil((16 + text.length) / 8) * 8);
  const view = new DataView(head.buffer);
  head.set(new TextEncoder().encode(captureMagic), 0);
  view.setUint32(8, captureVersion, true);
  view.setUint32(12, text.length, true);
  head.set(text, 16);
  return head;
}
