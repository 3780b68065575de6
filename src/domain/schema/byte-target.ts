/** Growing bytes that records are encoded into, and their little-endian view; one owner. */
export interface ByteTarget {
  bytes: Uint8Array;
  view: DataView;
  /** Makes room up to `end` (exclusive). @throws RangeError past the target's own limit. */
  reserve(end: number): void;
}

/** @throws RangeError from `reserve` when more than `limit` bytes are asked for; `name` says what is full. */
export function byteTarget(first: number, limit: number, name: string): ByteTarget {
  const bytes = new Uint8Array(first);
  return {
    bytes,
    view: new DataView(bytes.buffer),
    reserve(end) {
      if (end <= this.bytes.length) return;
      if (end > limit) throw new RangeError(`${name}: expected at most ${limit} bytes, was ${end}`);
      const wider = new Uint8Array(Math.min(limit, Math.max(end, this.bytes.length * 2)));
      wider.set(this.bytes);
      this.bytes = wider;
      this.view = new DataView(wider.buffer);
    },
  };
}
