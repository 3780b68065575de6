import { equalBytes, firstNonZero, hex } from './bytes.ts';
import { chunkNoteOf, chunkNoteType, type ChunkNote } from './chunk-note.ts';
import { batchOf, headBody, headerOf, recordHead, sector, soundBatchBehind } from './layout.ts';
import type { Batch, Entry, Header, Trailer } from './layout.ts';
import { GrowingTree, leafHash, rangeRoot } from './merkle.ts';
import type { CheckName, Problem, Problems } from './problem.ts';

export const segmentPattern = /^(\d{10})\.segment$/;
const segmentRecordType = 1;
const firstDecisionType = 256;

/** Reads segments in order and keeps what must follow from one to the next. */
export class Scan {
  readonly tree = new GrowingTree();
  /** Roots at the sizes that were asked for. */
  readonly roots = new Map<number, Uint8Array>();
  /** What an interrupted writer may leave at the very end; a fault only where the journal was closed or a checkpoint covers what is lacking. */
  readonly incomplete: Problem[] = [];
  lastSeq = 0;
  /** Chunks of captured market data that records note. */
  readonly chunks: ChunkNote[] = [];
  checkpointEvery = 0;
  readonly keyIDs = new Set<number>();
  readonly #problems: Problems;
  readonly #sizes: ReadonlySet<number>;
  #lastInput = 0;
  #number = 0;
  #before: Header | null = null;

  constructor(problems: Problems, sizes: ReadonlySet<number>) {
    this.#problems = problems;
    this.#sizes = sizes;
    this.#noteRoot();
  }

  /** @returns false when what follows cannot be told apart any more. */
  segment(name: string, file: Uint8Array, isLast: boolean): boolean {
    const header = headerOf(file, 'PLIMJRNL');
    if (header === undefined) {
      this.#problems.add('header', name, 0, `expected a header of ${sector} bytes, was ${file.length}`);
      return false;
    }
    if (header.wrong !== '') this.#problems.add('header', name, 0, header.wrong);
    this.#number += 1;
    this.#checkLinks(name, header);
    this.#before = header;
    this.checkpointEvery = header.checkpointEvery;
    this.keyIDs.add(header.keyID);
    this.#checkLength(name, file, header, isLast);
    return this.#batches(name, file, header, isLast);
  }

  #batches(name: string, file: Uint8Array, header: Header, isLast: boolean): boolean {
    for (let at = sector, first = true; ; first = false) {
      if (at === file.length || (at + 4 <= file.length && firstNonZero(file, at, at + 4) < 0)) {
        if (first)
          this.#atEnd(isLast, {
            check: 'headerRecord',
            file: name,
            offset: at,
            what: "expected a record that repeats the segment's header",
          });
        this.#checkRest(name, file, at, isLast);
        return true;
      }
      const batch = batchOf(file, at);
      const fault = this.#fault(batch);
      if (fault !== undefined && isLast && !soundBatchBehind(file, at + sector)) {
        this.incomplete.push({ file: name, ...fault });
        return true;
      }
      if (!batch.whole) {
        this.#problems.add('record', name, batch.offset, batch.what);
        return false;
      }
      this.#accept(name, header, batch.entries, batch.trailer, first);
      at = batch.end;
    }
  }

  /** Why a batch does not stand as it was committed, by its own checksums. */
  #fault(batch: Batch): { readonly check: CheckName; readonly offset: number; readonly what: string } | undefined {
    if (!batch.whole) return { check: 'record', offset: batch.offset, what: batch.what };
    const { entries, trailer } = batch;
    const wrong = entries.find((entry) => entry.wrong !== '' && this.#problems.wants('record'));
    if (wrong !== undefined) return { check: 'record', offset: wrong.offset, what: wrong.wrong };
    return trailer.wrong !== '' && this.#problems.wants('trailer')
      ? { check: 'trailer', offset: trailer.offset, what: trailer.wrong }
      : undefined;
  }

  #accept(name: string, header: Header, entries: readonly Entry[], trailer: Trailer, first: boolean): void {
    const problem = this.#problems;
    const firstEntry = this.tree.size;
    const leaves: Uint8Array[] = [];
    for (const [n, entry] of entries.entries()) {
      if (entry.wrong !== '') problem.add('record', name, entry.offset, entry.wrong);
      if (first && n === 0) this.#checkHeaderRecord(name, header, entry);
      else this.#checkSequence(name, header, entry);
      if (entry.type === chunkNoteType) this.#noteChunk(entry);
      const leaf = leafHash(entry.bytes);
      leaves.push(leaf);
      this.tree.add(leaf);
      this.#noteRoot();
    }
    const { offset } = trailer;
    if (entries.length === 0) problem.add('trailer', name, offset, 'expected at least one record before it');
    if (trailer.wrong !== '') problem.add('trailer', name, offset, trailer.wrong);
    if (trailer.count !== entries.length) problem.add('trailer', name, offset, `expected ${entries.length} records, was ${trailer.count}`);
    const recordBytes = offset - (entries[0]?.offset ?? offset);
    if (trailer.recordBytes !== recordBytes)
      problem.add('trailer', name, offset, `expected ${recordBytes} bytes, was ${trailer.recordBytes}`);
    if (trailer.firstEntry !== firstEntry)
      problem.add('trailer', name, offset, `expected first entry ${firstEntry}, was ${trailer.firstEntry}`);
    if (!equalBytes(trailer.root, rangeRoot(leaves, firstEntry)))
      problem.add('trailer', name, offset, 'the root of the batch does not match its records');
    if (trailer.dirt >= 0) problem.add('batchPadding', name, trailer.dirt, 'expected zeros behind the trailer');
  }

  #noteChunk({ bytes }: Entry): void {
    const note = chunkNoteOf(bytes);
    if (note !== undefined) this.chunks.push(note);
  }

  #checkLinks(name: string, header: Header): void {
    const differs = (offset: number, what: string): void => this.#problems.add('segmentLinks', name, offset, what);
    const before = this.#before;
    if (header.number !== this.#number) differs(12, `expected segment ${this.#number}, was ${header.number}`);
    if (header.firstSeq !== this.lastSeq + 1) differs(24, `expected first seq ${this.lastSeq + 1}, was ${header.firstSeq}`);
    if (header.previousEntries !== this.tree.size)
      differs(96, `expected ${this.tree.size} entries before it, was ${header.previousEntries}`);
    if (!equalBytes(header.previousRoot, this.tree.root()))
      differs(64, `expected previous root ${hex(this.tree.root())}, was ${hex(header.previousRoot)}`);
    if (before === null) return;
    if (header.term < before.term) differs(16, `expected a term of at least ${before.term}, was ${header.term}`);
    if (header.term !== before.term) return;
    if (header.checkpointEvery !== before.checkpointEvery)
      differs(20, `expected checkpoints every ${before.checkpointEvery}, was ${header.checkpointEvery}`);
    if (!equalBytes(header.coreDigest, before.coreDigest)) differs(32, 'expected the core digest of the segment before');
    if (header.keyID !== before.keyID) differs(108, 'expected the key of the segment before');
  }

  #checkHeaderRecord(name: string, header: Header, entry: Entry): void {
    const repeats =
      entry.type === segmentRecordType &&
      entry.bytes.length === recordHead + headBody &&
      equalBytes(entry.bytes.subarray(recordHead), header.body) &&
      entry.seq === header.firstSeq &&
      entry.term === header.term &&
      entry.causeSeq === 0;
    if (!repeats) this.#problems.add('headerRecord', name, entry.offset, 'the first record differs from the header that it repeats');
  }

  #checkSequence(name: string, header: Header, entry: Entry): void {
    const differs = (field: number, what: string): void => this.#problems.add('sequence', name, entry.offset + field, what);
    if (entry.seq !== this.lastSeq + 1) differs(8, `expected seq ${this.lastSeq + 1}, was ${entry.seq}`);
    if (entry.term !== header.term) differs(24, `expected term ${header.term}, was ${entry.term}`);
    if (entry.type < firstDecisionType) this.#lastInput = entry.seq;
    const cause = entry.type < firstDecisionType ? 0 : this.#lastInput;
    if (entry.causeSeq !== cause) differs(32, `expected causeSeq ${cause}, was ${entry.causeSeq}`);
    this.lastSeq = entry.seq;
  }

  #checkRest(name: string, file: Uint8Array, from: number, isLast: boolean): void {
    const dirt = firstNonZero(file, from, file.length);
    if (dirt < 0) return;
    this.#atEnd(isLast && !soundBatchBehind(file, from), {
      check: 'unusedRest',
      file: name,
      offset: dirt,
      what: 'expected zeros behind the last batch',
    });
  }

  #checkLength(name: string, file: Uint8Array, { segmentBytes }: Header, isLast: boolean): void {
    const what = `expected at least ${segmentBytes} bytes in whole sectors, was ${file.length}`;
    if (file.length < segmentBytes) this.#problems.add('unusedRest', name, file.length, what);
    else if (file.length % sector !== 0) this.#atEnd(isLast, { check: 'unusedRest', file: name, offset: file.length, what });
  }

  #atEnd(excusable: boolean, problem: Problem): void {
    if (excusable) this.incomplete.push(problem);
    else this.#problems.add(problem.check, problem.file, problem.offset, problem.what);
  }

  #noteRoot(): void {
    if (this.#sizes.has(this.tree.size)) this.roots.set(this.tree.size, this.tree.root());
  }
}
