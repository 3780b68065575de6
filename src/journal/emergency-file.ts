import { entryOf } from '../domain/schema/table.ts';
import type { Disk, WorldFile } from '../ports/world.ts';
import { createBatchBuilder } from './batch.ts';
import type { BatchContent } from './batch.ts';
import { digestBytes, leafInto } from './digest.ts';
import { writeAll } from './disk-failure.ts';
import { alignRecord, emergencyMagic, headerSector, sectorBytes } from './format.ts';
import type { SegmentHeader } from './format.ts';
import type { Piece, Taken } from './record-stream.ts';
import { createZeroed } from './segment-files.ts';

/** Filled with zeros ahead like a segment; room for some hundred records of a halt. */
const emergencyBytes = 1 << 18;
export const emergencyName = 'emergency';

/** What must not be lost when the segments take no more: who asked for a halt, what fired, who lost which authority. */
const haltTypes: ReadonlySet<number> = new Set([
  entryOf('input', 'command').id,
  ...['killLatched', 'scopeKilled', 'triggerFired', 'lifecycleChanged', 'rowChanged', 'rollbackStepDone', 'rollbackCompleted'].map(
    (kind) => entryOf('decision', kind).id,
  ),
]);

/**
 * Takes halt records after the segments failed, each in a batch of its own. They are no leaves and never acknowledged; recovery merges them by seq.
 */
export class EmergencyFile {
  readonly #disk: Disk;
  readonly #file: WorldFile;
  readonly #path: string;
  readonly #keyID: number;
  readonly #batches = createBatchBuilder();
  #position = 0;
  #failed = false;
  #dropped = 0;

  constructor(disk: Disk, file: WorldFile, path: string, keyID: number) {
    this.#disk = disk;
    this.#file = file;
    this.#path = path;
    this.#keyID = keyID;
  }

  static async create(disk: Disk, directory: string, keyID: number): Promise<EmergencyFile> {
    const path = `${directory}/${emergencyName}`;
    await createZeroed(disk, path, emergencyBytes);
    return new EmergencyFile(disk, await disk.open(path, 'durable'), path, keyID);
  }

  /** Halt records that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Writes the halt records of a piece; `header` names the journal that they belong to. */
  async write(taken: Taken, piece: Piece, header: Omit<SegmentHeader, 'magic'>): Promise<void> {
    const found = haltRecords(taken, piece);
    try {
      for (const record of found) await this.#writeOne(taken, record, header);
    } catch {
      // Nothing is left to write to; the desk says what happened on standard error.
      this.#failed = true;
      this.#dropped += found.length;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** A journal that ends in good order has no use for it. */
  async remove(): Promise<void> {
    await this.#file.close();
    await this.#disk.remove(this.#path);
  }

  async #writeOne(taken: Taken, record: BatchContent, header: Omit<SegmentHeader, 'magic'>): Promise<void> {
    const batch = this.#batches.build(taken.target.bytes, record);
    if (this.#failed || this.#position + sectorBytes + batch.length > emergencyBytes) {
      this.#dropped += 1;
      return;
    }
    if (this.#position === 0) {
      await writeAll(this.#file, headerSector({ ...header, magic: emergencyMagic }, this.#keyID), 0, this.#path);
      this.#position = sectorBytes;
    }
    await writeAll(this.#file, batch, this.#position, this.#path);
    this.#position += batch.length;
  }
}

/** Each halt record of a piece as a batch of its own, at the place in the tree that it would have had. */
function haltRecords(taken: Taken, piece: Piece): BatchContent[] {
  const found: BatchContent[] = [];
  const { view, bytes } = taken.target;
  let firstLeaf = piece.firstLeaf;
  for (let at = piece.from; at < piece.to; firstLeaf++) {
    const length = view.getUint32(at, true);
    const to = at + alignRecord(length);
    if (haltTypes.has(view.getUint16(at + 28, true))) {
      const root = new Uint8Array(digestBytes);
      leafInto(bytes, at, at + length, root, 0);
      found.push({ from: at, to, firstLeaf, count: 1, root });
    }
    at = to;
  }
  return found;
}
