import { CheckedRecords, type CheckedBytes } from '../../journal/checked-records.ts';
import {
  openJournalReader,
  type JournalEnd,
  type JournalPosition,
  type JournalReader,
  type ReaderOptions,
  type TailReader,
} from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import type { TreeSize } from '../../journal/tree.ts';
import type { World, WorldThread } from '../../ports/world.ts';
import { moduleBeside, nodeWorld } from '../../runtime/threads.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { partBytes, partsAhead, type PartRead, type ReadAheadOrder, type ReadAheadWord } from './read-ahead-words.ts';

/** Records behind which a second thread is worth its beginning: most starts have fewer to read. */
const aheadAfter = 50_000;

/**
 * Reads the tail of a data directory's journal as `openJournalReader` does, records, refusals and all; a long one through a thread that reads and checks the next
 * megabytes while this one steps what it has.
 */
export function tailReaderOf(
  root: string,
  directory: string,
  after = aheadAfter,
  world: World = nodeWorld,
): (options: ReaderOptions) => TailReader {
  return (options) => new AheadReader(root, directory, options, after, world);
}

class AheadReader implements TailReader {
  readonly #root: string;
  readonly #directory: string;
  readonly #options: ReaderOptions;
  readonly #after: number;
  readonly #world: World;
  readonly #records: CheckedRecords;
  /** Until the hand-over. */
  #near: JournalReader | null;
  #read = 0;
  #noted: readonly TreeSize[] = [];
  #thread: WorldThread | undefined;
  readonly #words: ReadAheadWord[] = [];
  #died: string | undefined;
  #wake: () => void = () => undefined;
  /** The part at hand, and the next of its batches. */
  #part: PartRead | undefined;
  #next = 0;
  readonly #memories = new Map<SharedArrayBuffer, CheckedBytes>();
  #entries = 0;
  #last: { readonly end: JournalEnd; readonly position?: JournalPosition } | undefined;

  constructor(root: string, directory: string, options: ReaderOptions, after: number, world: World) {
    this.#root = root;
    this.#directory = directory;
    this.#options = options;
    this.#after = after;
    this.#world = world;
    this.#records = new CheckedRecords(options.lazyDecisions === true);
    this.#near = openJournalReader(nodeDisk(root), directory, options);
  }

  get end(): JournalEnd {
    if (this.#near !== null) return this.#near.end;
    if (this.#last === undefined) throw new Error('journal reader: the end is not reached');
    return this.#last.end;
  }

  get noted(): readonly TreeSize[] {
    return this.#near === null ? this.#noted : this.#near.noted;
  }

  position(): JournalPosition {
    if (this.#near !== null) return this.#near.position();
    if (this.#last?.position === undefined) throw new Error('journal reader: no position behind a record that is wrong');
    return this.#last.position;
  }

  async visit(visit: (record: JournalRecord) => void): Promise<number | null> {
    const near = this.#near;
    if (near === null) return this.#visitPart(visit);
    const read = await near.visit(visit);
    if (read === null) return null;
    this.#read += read;
    if (this.#read >= this.#after) await this.#begin(near);
    return read;
  }

  async close(): Promise<void> {
    await this.#near?.close();
    await this.#thread?.end();
    this.#thread = undefined;
  }

  async #begin(near: JournalReader): Promise<void> {
    const from = near.position();
    this.#noted = near.noted;
    this.#entries = from.tree.size;
    this.#near = null;
    await near.close();
    const { noteEvery = 0, expected = new Map<number, string>() } = this.#options;
    const parts = Array.from({ length: partsAhead }, () => new SharedArrayBuffer(partBytes));
    const data: ReadAheadOrder = { root: this.#root, directory: this.#directory, from, noteEvery, expected, parts };
    const entry = moduleBeside(import.meta.url, './read-ahead-thread');
    const thread = this.#world.spawn({ name: 'read ahead', entry, data, heapMebibytes: 0 });
    this.#thread = thread;
    thread.onMessage((word) => {
      this.#words.push(word as ReadAheadWord);
      this.#wake();
    });
    thread.onEnd((why) => {
      this.#died = why;
      this.#wake();
    });
  }

  async #visitPart(visit: (record: JournalRecord) => void): Promise<number | null> {
    if (this.#last !== undefined) return null;
    const part = (this.#part ??= await this.#nextPart());
    if (part === undefined) return null;
    const [from, offset] = part.places[this.#next];
    const done = this.#records.visit(this.#bytesOf(part.memory), from, part.file, offset, visit);
    if ('what' in done) {
      const entries = this.#entries + done.leaves;
      const end: JournalEnd = {
        kind: 'damaged',
        entries,
        lastSeq: done.seq,
        root: '',
        file: part.file,
        offset: done.offset,
        what: done.what,
      };
      this.#last = { end };
      return null;
    }
    this.#entries += done.leaves;
    this.#next += 1;
    if (this.#next === part.places.length) {
      if (part.part >= 0) this.#thread?.post({ free: part.part });
      else this.#memories.delete(part.memory);
      this.#part = undefined;
      this.#next = 0;
    }
    return done.visited;
  }

  /** undefined = the end. */
  async #nextPart(): Promise<PartRead | undefined> {
    for (;;) {
      const word = this.#words.shift();
      switch (word?.kind) {
        case 'part':
          return word;
        case 'end':
          this.#noted = [...this.#noted, ...word.noted];
          this.#last = { end: word.end, position: word.position };
          return undefined;
        case 'failed':
          throw Object.assign(new Error(word.text), { code: word.code });
        case undefined:
          if (this.#died !== undefined) throw new Error(`the thread that reads the journal ended: ${this.#died}`);
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    }
  }

  #bytesOf(memory: SharedArrayBuffer): CheckedBytes {
    const known = this.#memories.get(memory);
    if (known !== undefined) return known;
    const made = { bytes: new Uint8Array(memory), view: new DataView(memory) };
    this.#memories.set(memory, made);
    return made;
  }
}
