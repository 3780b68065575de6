import type { Seq } from '../domain/ids.ts';
import type { Disk } from '../ports/world.ts';
import { decodeRecord } from './decode-record.ts';
import { headerBody, segmentRecordType } from './format.ts';
import { inspectDirectory } from './inspect.ts';
import type { JournalRecord, RawRecord, ReadBatch } from './record.ts';
import { segmentName, segmentNumber } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import type { BatchWindow } from './segment-reader.ts';
import { createReadTree } from './leaf-batches.ts';
import { hexOf } from './shape.ts';
import { StoredDecision } from './stored-decision.ts';
import { createTree } from './tree.ts';
import type { ReadTree, TreePosition, TreeSize } from './tree.ts';

/**
 * Where reading ended. finished: the journal was closed · open: all sound, but its writer did not close it (yet) · torn: the last commit is incomplete
 * and nothing valid follows · damaged: something wrong with valid batches behind it, or wrong in itself · empty: no journal here.
 */
export interface JournalEnd {
  readonly kind: 'finished' | 'open' | 'torn' | 'damaged' | 'empty';
  /** Leaves read, and the last seq among them. */
  readonly entries: number;
  readonly lastSeq: Seq;
  /** Tree root over them, hex; '' when it was not asked for. */
  readonly root: string;
  /** Of torn and damaged: what is wrong, and where. */
  readonly file: string;
  readonly offset: number;
  readonly what: string;
}

/** Where a journal can be read on, and what must follow there. */
export interface JournalPosition {
  /** Segment, and the offset of the next batch in it; 0 and 0 = before the first segment. */
  readonly segment: number;
  readonly offset: number;
  /** Where the last batch before it begins; 0 = this segment has none yet. */
  readonly lastBatch: number;
  readonly lastSeq: Seq;
  readonly tree: TreePosition;
}

export interface ReaderOptions {
  /** Absent: from the beginning. */
  readonly from?: JournalPosition;
  /** Computes the tree root too; about a microsecond per record. */
  readonly root?: boolean;
  /** Roots are noted at each multiple of it (`noted`); needs `root`. */
  readonly noteEvery?: number;
  /** Tree roots by size that must be met (checkpoints, heads); needs `root`. */
  readonly expected?: ReadonlyMap<number, string>;
  /** Decisions are decoded when they are looked at. */
  readonly lazyDecisions?: true;
  /** Hashes leaves and nodes four at a time: for a journal of some length, because it is compiled first; needs `root`. */
  readonly together?: true;
  /** Told the rows of the tree's tiles as they grow; needs `root`. */
  readonly onTileHash?: (level: number, hash: Uint8Array, at: number) => void;
}

export function openJournalReader(disk: Disk, directory: string, options: ReaderOptions = {}): JournalReader {
  return new JournalReader(disk, directory, options.root === true ? treeOf(options) : null, options);
}

function treeOf({ from, onTileHash, together, noteEvery = 0 }: ReaderOptions): ReadTree {
  const start = { noteEvery, ...(from === undefined ? {} : { from: from.tree }) };
  if (onTileHash !== undefined) return createTree({ ...start, onTileHash });
  return together === true ? createReadTree(start) : createTree(start);
}

/** Visits every numbered record in order; where decisions are decoded lazily, each is good during its visit. */
export async function readJournal(
  disk: Disk,
  directory: string,
  visit: (record: JournalRecord) => void,
  options: ReaderOptions = {},
): Promise<JournalEnd> {
  const reader = openJournalReader(disk, directory, options);
  try {
    while ((await reader.visit(visit)) !== null);
    return reader.end;
  } finally {
    await reader.close();
  }
}

/** What recovery needs of whoever reads the end of a journal. */
export interface TailReader {
  readonly end: JournalEnd;
  readonly noted: readonly TreeSize[];
  visit(visit: (record: JournalRecord) => void): Promise<number | null>;
  position(): JournalPosition;
  close(): Promise<void>;
}

/** Bytes of a batch, its trailer included, and where it lies in its segment. */
export interface CheckedBatch {
  readonly file: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Takes a record whose place and checksum are right. @returns '' or what is wrong with what it says */
type TakeRecord = (window: BatchWindow, raw: RawRecord, file: string, offset: number) => string;

function visitorOf(visit: (record: JournalRecord) => void, stored: (() => StoredDecision) | undefined): TakeRecord {
  return (window, raw, file, offset) => {
    const record = decodeRecord(window.bytes, window.view, raw, file, offset, stored?.());
    if (!record.ok) return record.error.message;
    if (record.value !== null) visit(record.value);
    return '';
  };
}

/** Reads a journal batch by batch. After null `end` says why; where it is open or torn, `next` may be called again for what was written since. */
export class JournalReader implements TailReader {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #tree: ReadTree | null;
  readonly #expected: ReadonlyMap<number, string>;
  /** Where a decision that is decoded lazily is held; undefined = it is decoded at once. */
  readonly #stored: (() => StoredDecision) | undefined;
  #segment: SegmentReader | null = null;
  /** Segment that was opened last, and the offset behind its last batch that was read. */
  #number = 0;
  #offset = 0;
  #lastBatch = 0;
  #entries = 0;
  #lastSeq: Seq = 0;
  #resumes = false;
  #end: JournalEnd | null = null;
  #held: StoredDecision | undefined;

  constructor(disk: Disk, directory: string, tree: ReadTree | null, { from, expected, lazyDecisions }: ReaderOptions) {
    this.#disk = disk;
    this.#directory = directory;
    this.#tree = tree;
    this.#expected = expected ?? new Map();
    this.#stored = lazyDecisions === true ? () => new StoredDecision() : undefined;
    if (from === undefined) return;
    this.#entries = from.tree.size;
    this.#lastSeq = from.lastSeq;
    if (from.segment === 0) return;
    this.#number = from.segment - 1;
    this.#offset = from.offset;
    this.#lastBatch = from.lastBatch;
    this.#resumes = true;
  }

  /** Behind the last batch that was read; needs `root`. */
  position(): JournalPosition {
    if (this.#tree === null) throw new Error('journal reader: a position needs the tree');
    return { segment: this.#number, offset: this.#offset, lastBatch: this.#lastBatch, lastSeq: this.#lastSeq, tree: this.#tree.position() };
  }

  /** Sizes at which the root was asked for, with their roots. */
  get noted(): readonly TreeSize[] {
    return this.#tree?.noted ?? [];
  }

  /** Tree root over what was read, hex; needs `root`. */
  root(): string {
    return this.#tree === null ? '' : hexOf(this.#tree.root());
  }

  get end(): JournalEnd {
    if (this.#end === null) throw new Error('journal reader: the end is not reached');
    return this.#end;
  }

  /** The numbered records of the next batch; null at the end. */
  async next(): Promise<readonly JournalRecord[] | null> {
    const records: JournalRecord[] = [];
    return (await this.#read(visitorOf((record) => records.push(record), this.#stored))) === null ? null : records;
  }

  /**
   * Visits the numbered records of the next batch. Where decisions are decoded lazily one object stands for all of them, good during its visit. @returns how many;
   * null at the end, or where a record is wrong: those before it in its batch have been visited
   */
  async visit(visit: (record: JournalRecord) => void): Promise<number | null> {
    const held = (this.#held ??= new StoredDecision());
    return this.#read(visitorOf(visit, this.#stored === undefined ? undefined : () => held));
  }

  /** The next batch, of which all is asked but what its records say; null at the end. Its bytes are good until the next call. */
  async checked(): Promise<CheckedBatch | null> {
    if ((await this.#read(() => '')) === null || this.#segment === null) return null;
    const { window, name } = this.#segment;
    return { file: name, offset: this.#lastBatch, bytes: window.bytes.subarray(this.#lastBatch - window.from, this.#offset - window.from) };
  }

  async #read(take: TakeRecord): Promise<number | null> {
    if (this.#end?.kind === 'damaged' || this.#end?.kind === 'finished') return null;
    this.#end = null;
    for (;;) {
      const segment = this.#segment ?? (await this.#openSegment());
      if (segment === null) return null;
      let batch = await segment.next(false);
      if (batch.kind === 'batch') return this.#accept(segment, batch, take);
      const followed = await this.#disk.exists(this.#path(this.#number + 1));
      batch = await segment.next(true);
      if (batch.kind === 'batch') return this.#accept(segment, batch, take);
      if (batch.kind !== 'unused') return this.#badBatch(segment, batch, followed);
      if (!followed) return this.#soundEnd();
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#segment?.close();
    this.#segment = null;
  }

  async #openSegment(): Promise<SegmentReader | null> {
    const number = this.#number + 1;
    if (!(await this.#disk.exists(this.#path(number)))) return this.#soundEnd();
    const opened = await SegmentReader.open(this.#disk, this.#directory, number, this.#resumes ? this.#offset : undefined);
    const name = segmentName(number);
    if (typeof opened === 'string') return this.#stop('damaged', name, 0, opened);
    const { firstSeq, previousEntries, previousRoot } = opened.header;
    this.#segment = opened;
    this.#number = number;
    this.#offset = opened.position;
    const resumed = this.#resumes;
    this.#resumes = false;
    if (resumed) return opened;
    this.#lastBatch = 0;
    if (firstSeq !== this.#lastSeq + 1) return this.#stop('damaged', name, 24, `expected first seq ${this.#lastSeq + 1}, was ${firstSeq}`);
    if (previousEntries !== this.#entries)
      return this.#stop('damaged', name, 96, `expected ${this.#entries} entries before it, was ${previousEntries}`);
    if (this.#tree !== null && hexOf(previousRoot) !== hexOf(this.#tree.root()))
      return this.#stop('damaged', name, 64, 'the previous root does not match');
    return opened;
  }

  #accept(segment: SegmentReader, batch: Extract<ReadBatch, { readonly kind: 'batch' }>, take: TakeRecord): number | null {
    const { window, name } = segment;
    if (batch.firstLeaf !== this.#entries)
      return this.#stop('damaged', name, window.from + batch.end, `expected a batch from entry ${this.#entries}, was ${batch.firstLeaf}`);
    let taken = 0;
    for (let n = 0; n < batch.count; n++) {
      const raw = batch.records[n];
      const offset = window.from + raw.start;
      const isHeader = raw.type === segmentRecordType;
      const wrong = isHeader ? this.#wrongHeaderRecord(segment, window, raw) : this.#wrongNumber(raw);
      if (wrong !== '') return this.#stop('damaged', name, offset, wrong);
      if (!isHeader) {
        const what = take(window, raw, name, offset);
        if (what !== '') return this.#stop('damaged', name, offset, what);
        taken += 1;
      }
      this.#addLeaf(window, raw);
      const root = this.#expected.get(this.#entries);
      if (root !== undefined && root !== this.root())
        return this.#stop('damaged', name, offset, `the root over ${this.#entries} entries is not that of their checkpoint`);
    }
    this.#lastBatch = this.#offset;
    this.#offset = segment.position;
    return taken;
  }

  #wrongHeaderRecord(segment: SegmentReader, { bytes }: BatchWindow, raw: RawRecord): string {
    const same = Buffer.compare(headerBody(segment.header), bytes.subarray(raw.payload, raw.end)) === 0;
    return same && raw.seq === this.#lastSeq + 1 ? '' : "the record that repeats the segment's header differs from it";
  }

  #wrongNumber(raw: RawRecord): string {
    if (raw.seq !== this.#lastSeq + 1) return `expected seq ${this.#lastSeq + 1}, was ${raw.seq}`;
    this.#lastSeq = raw.seq;
    return '';
  }

  #addLeaf({ bytes }: BatchWindow, raw: RawRecord): void {
    this.#entries += 1;
    if (this.#tree === null) return;
    // The byte before the first record of a window is not there to carry the prefix.
    if (raw.start > 0) this.#tree.addRecord(bytes, raw.start, raw.end);
    else this.#tree.addRecord(shifted(bytes.subarray(0, raw.end)), 1, raw.end + 1);
  }

  async #badBatch(segment: SegmentReader, batch: ReadBatch, followed: boolean): Promise<null> {
    const what = batch.kind === 'bad' ? batch.what : 'a batch is cut short by the end of the file';
    const offset = batch.kind === 'bad' ? segment.window.from + batch.offset : segment.position;
    const behind = followed || (await segment.anyBatchBehind());
    return this.#stop(behind ? 'damaged' : 'torn', segment.name, offset, what);
  }

  async #soundEnd(): Promise<null> {
    const state = await inspectDirectory(this.#disk, this.#directory);
    const later = (await this.#disk.list(this.#directory)).find((name) => segmentNumber(name) > this.#number + 1);
    if (later !== undefined) return this.#stop('damaged', later, 0, `segment ${segmentName(this.#number + 1)} before it is missing`);
    return this.#stop(state === 'unfinished' ? 'open' : state, '', 0, '');
  }

  #stop(kind: JournalEnd['kind'], file: string, offset: number, what: string): null {
    const root = this.#tree === null ? '' : hexOf(this.#tree.root());
    this.#end = { kind, entries: this.#entries, lastSeq: this.#lastSeq, root, file, offset, what };
    return null;
  }

  #path(number: number): string {
    return `${this.#directory}/${segmentName(number)}`;
  }
}

function shifted(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + 1);
  out.set(bytes, 1);
  return out;
}
