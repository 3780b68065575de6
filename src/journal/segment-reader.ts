import type { Disk, WorldFile } from '../ports/world.ts';
import { headerBytes, keyIDOf, readHeader, sectorBytes, segmentMagic } from './format.ts';
import type { SegmentHeader } from './format.ts';
import { readBatch } from './record.ts';
import type { RawRecord, ReadBatch } from './record.ts';
import { segmentName } from './segment-files.ts';

/** Bytes read at once; a longer batch is read whole. */
const windowBytes = 1 << 20;

/** What a batch was read from; offsets of its records count in `bytes`. */
export interface BatchWindow {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Offset of the window in the file. */
  readonly from: number;
}

/** One segment, read forward through a window. */
export class SegmentReader {
  readonly name: string;
  readonly header: SegmentHeader;
  /** Of the key that signs its checkpoints. */
  readonly keyID: number;
  readonly #file: WorldFile;
  #position: number;
  /** Records of the batch at hand. */
  readonly #records: RawRecord[] = [];
  #window: BatchWindow = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), from: 0 };

  private constructor(name: string, file: WorldFile, header: SegmentHeader, keyID: number, position: number) {
    this.keyID = keyID;
    this.#position = position;
    this.name = name;
    this.#file = file;
    this.header = header;
  }

  /** The segment, to be read from `position` on, or what is wrong with its header. */
  static async open(disk: Disk, directory: string, number: number, position = sectorBytes): Promise<SegmentReader | string> {
    const name = segmentName(number);
    const file = await disk.open(`${directory}/${name}`, 'read');
    const bytes = await readAt(file, 0, headerBytes);
    const header = readHeader(bytes);
    if (typeof header !== 'string' && header.magic === segmentMagic && header.number === number)
      return new SegmentReader(name, file, header, keyIDOf(bytes), position);
    await file.close();
    return typeof header === 'string' ? header : `expected segment ${number}, was ${header.magic} ${header.number}`;
  }

  /** Offset of the next batch. */
  get position(): number {
    return this.#position;
  }

  get window(): BatchWindow {
    return this.#window;
  }

  /** The next batch; `fresh` reads the disk again, because a writer may have gone on. */
  async next(fresh: boolean): Promise<ReadBatch> {
    if (fresh) await this.#readWindow(windowBytes);
    for (;;) {
      const batch = readBatch(this.#window.bytes, this.#window.view, this.#position - this.#window.from, this.#records);
      if (batch.kind === 'batch') this.#position = this.#window.from + batch.end;
      if (batch.kind !== 'short') return batch;
      const before = this.#window;
      const wanted = before.from === this.#position ? before.bytes.length * 2 : 0;
      await this.#readWindow(Math.max(windowBytes, wanted));
      if (this.#window.bytes.length === 0) return { kind: 'unused' };
      if (before.from === this.#position && before.bytes.length === this.#window.bytes.length) return batch;
    }
  }

  /** Whether a valid batch begins at any sector behind the next one's first. */
  async anyBatchBehind(): Promise<boolean> {
    const rest = await readAt(this.#file, this.#position, (await this.#file.size()) - this.#position);
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    for (let at = sectorBytes; at + sectorBytes <= rest.length; at += sectorBytes) {
      if (readBatch(rest, view, at).kind === 'batch') return true;
    }
    return false;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #readWindow(length: number): Promise<void> {
    // a window past the end of a small segment would cost more than what it reads
    const left = Math.max(0, (await this.#file.size()) - this.#position);
    const bytes = await readAt(this.#file, this.#position, Math.min(length, left));
    this.#window = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), from: this.#position };
  }
}

/** Up to `length` bytes; fewer where the file ends. */
async function readAt(file: WorldFile, from: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const read = await file.read(bytes.subarray(filled), from + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
