/** What the verifier checks, by name. */
export const checkNames = [
  /** Magic, version and checksum of a segment's header, zeros behind it. */
  'header',
  /** The first record of a segment repeats its header. */
  'headerRecord',
  /** Number, first seq, entries, root, term and digest follow from the segments before. */
  'segmentLinks',
  /** Length, checksum and padding of a record. */
  'record',
  /** seq, causeSeq and term of a record. */
  'sequence',
  /** Count, bytes, first entry, range root and checksum of a batch's trailer. */
  'trailer',
  /** Zeros from a trailer to the end of its sector. */
  'batchPadding',
  /** Zeros from the last batch of a segment to the end of its file, and how long that is. */
  'unusedRest',
  /** Form, order, completeness and roots of the checkpoints. */
  'checkpoints',
  /** Signatures of the checkpoints and of the head. */
  'signatures',
  /** The head given from outside: origin, size, root, and that it is among the checkpoints. */
  'head',
  /** Form of the emergency file. */
  'emergency',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface Problem {
  readonly check: CheckName;
  readonly file: string;
  /** Byte in the file. */
  readonly offset: number;
  readonly what: string;
}

/** A journal that is all wrong needs no longer list. */
export const maxProblems = 100;

/** Collects what is wrong. Tests switch checks off to see that each is needed. */
export class Problems {
  readonly found: Problem[] = [];
  readonly #without: ReadonlySet<CheckName>;

  constructor(without: ReadonlySet<CheckName>) {
    this.#without = without;
  }

  wants(check: CheckName): boolean {
    return !this.#without.has(check);
  }

  add(check: CheckName, file: string, offset: number, what: string): void {
    if (this.wants(check) && this.found.length < maxProblems) this.found.push({ check, file, offset, what });
  }
}
