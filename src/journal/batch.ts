import { crc32 } from './checksum.ts';
import { digestBytes } from './digest.ts';
import { alignSector, putU64, trailerBytes, trailerMagic } from './format.ts';
import type { Piece, Taken } from './record-stream.ts';
import { rangeRoot } from './tree.ts';

/** Builds batches in one buffer that grows to the longest: records, trailer, zeros to the end of the sector. */
export interface BatchBuilder {
  /** The bytes of the piece as they go to disk; valid until the next call. */
  build(taken: Taken, piece: Piece): Uint8Array;
}

export function createBatchBuilder(): BatchBuilder {
  let buffer = new Uint8Array(1 << 16);
  let scratch = new Uint8Array(1 << 12);
  return {
    build(taken, piece) {
      const recordBytes = piece.to - piece.from;
      const total = alignSector(recordBytes + trailerBytes);
      if (buffer.length < total) buffer = new Uint8Array(Math.max(total, buffer.length * 2));
      const count = piece.leafTo - piece.leafFrom;
      if (scratch.length < count * digestBytes) scratch = new Uint8Array(Math.max(count * digestBytes, scratch.length * 2));
      buffer.set(taken.target.bytes.subarray(piece.from, piece.to));
      const view = new DataView(buffer.buffer, recordBytes, trailerBytes);
      view.setUint32(0, trailerMagic, true);
      view.setUint32(8, count, true);
      view.setUint32(12, recordBytes, true);
      putU64(view, 16, taken.firstLeaf + piece.leafFrom);
      buffer.set(rangeRoot(taken.leaves.bytes, piece.leafFrom, piece.leafTo, scratch), recordBytes + 24);
      view.setUint32(4, crc32(buffer, recordBytes + 8, recordBytes + trailerBytes, trailerMagic), true);
      buffer.fill(0, recordBytes + trailerBytes, total);
      return buffer.subarray(0, total);
    },
  };
}
