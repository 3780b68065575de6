import type { JournalEnd, JournalPosition, ReaderOptions } from '../../journal/reader.ts';
import type { TreeSize } from '../../journal/tree.ts';

/** Bytes that the thread fills at once, and how many such parts it may be ahead. */
export const partBytes = 1 << 20;
export const partsAhead = 8;

/** What the thread that reads ahead begins with. */
export interface ReadAheadOrder {
  readonly root: string;
  readonly directory: string;
  readonly from: JournalPosition;
  readonly noteEvery: number;
  readonly expected: NonNullable<ReaderOptions['expected']>;
  readonly parts: readonly SharedArrayBuffer[];
}

/** Batches of one segment: [where it begins in the part, where in the file] of each. */
export interface PartRead {
  readonly kind: 'part';
  /** Place of the part among `parts`; -1 = memory of its own, for a batch that none of them can hold. */
  readonly part: number;
  readonly memory: SharedArrayBuffer;
  readonly file: string;
  readonly places: readonly (readonly [number, number])[];
}

export type ReadAheadWord =
  | PartRead
  | { readonly kind: 'end'; readonly end: JournalEnd; readonly position: JournalPosition; readonly noted: readonly TreeSize[] }
  | { readonly kind: 'failed'; readonly text: string; readonly code: string };

/** A part that has been visited. */
export interface PartFree {
  readonly free: number;
}
