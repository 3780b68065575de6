import { crc32 } from './checksum.ts';
import { alignSector, putU64, trailerBytes, trailerMagic } from './format.ts';

/** Records that become a batch: bytes [from, to) of a buffer, and what their trailer says. */
export interface BatchContent {
  readonly from: number;
  readonly to: number;
  /** Leaves of the tree before the first record. */
  readonly firstLeaf: number;
  readonly count: number;
  /** Root over the records' leaves as a range of the tree. */
  readonly root: Uint8Array;
}

/** Builds batches in one buffer that grows to the longest: records, trailer, zeros to the end of the sector. */
export interface BatchBuilder {
  /** The batch as it goes to disk; valid until the next call. */
  build(records: Uint8Array, content: BatchContent): Uint8Array;
}

export function createBatchBuilder(): BatchBuilder {
  let buffer = new Uint8Array(1 << 16);
  let view = new DataView(buffer.buffer);
  return {
    build(records, { from, to, firstLeaf, count, root }) {
      const recordBytes = to - from;
      const total = alignSector(recordBytes + trailerBytes);
      if (buffer.length < total) {
        buffer = new Uint8Array(Math.max(total, buffer.length * 2));
        view = new DataView(buffer.buffer);
      }
      buffer.set(records.subarray(from, to));
      view.setUint32(recordBytes, trailerMagic, true);
      view.setUint32(recordBytes + 8, count, true);
      view.setUint32(recordBytes + 12, recordBytes, true);
      putU64(view, recordBytes + 16, firstLeaf);
      buffer.set(root, recordBytes + 24);
      view.setUint32(recordBytes + 4, crc32(buffer, view, recordBytes + 8, recordBytes + trailerBytes, trailerMagic), true);
      buffer.fill(0, recordBytes + trailerBytes, total);
      return buffer.subarray(0, total);
    },
  };
}
