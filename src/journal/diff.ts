import { canonicalJson } from '../base/canonical.ts';
import type { JsonValue } from '../base/canonical.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import { byteTarget } from '../domain/schema/byte-target.ts';
import { decisionCodec, encodePayload, isWrittenAs } from '../domain/schema/codec.ts';
import { jsonView } from '../domain/schema/json-view.ts';
import type { Disk } from '../ports/world.ts';
import { openJournalReader } from './reader.ts';
import type { JournalEnd, JournalReader } from './reader.ts';
import type { JournalRecord, RecordContent, RecordedBytes } from './record.ts';

/** One member that differs; `absent` where a side has none. */
export interface MemberDifference {
  /** `order.price` */
  readonly path: string;
  readonly left: string;
  readonly right: string;
}

/** The first record in which two journals differ, or a journal and what was derived again. */
export interface RecordDifference {
  readonly seq: Seq;
  readonly members: readonly MemberDifference[];
  /** The same for people, one line per member. */
  readonly text: string;
}

export interface JournalDiff {
  /** null = every record is equal. */
  readonly first: RecordDifference | null;
  /** Records compared and found equal. */
  readonly equal: number;
  readonly left: JournalEnd;
  readonly right: JournalEnd;
}

/** A record without its place: what two journals are compared by. */
export type ComparedRecord = RecordContent & { readonly seq: Seq; readonly at: number };

const absent = 'absent';

/** Members of two records that differ; null when they are equal. null as a record = there is none. */
export function diffRecords(left: ComparedRecord | null, right: ComparedRecord | null): RecordDifference | null {
  const seq = left?.seq ?? right?.seq ?? 0;
  const [a, b] = [flatView(left), flatView(right)];
  const members: MemberDifference[] = [];
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [inLeft, inRight] = [a.get(path) ?? absent, b.get(path) ?? absent];
    if (inLeft !== inRight) members.push({ path, left: inLeft, right: inRight });
  }
  if (members.length === 0) return null;
  const name = `${left === null ? 'nothing' : kindOf(left)} | ${right === null ? 'nothing' : kindOf(right)}`;
  const lines = members.map((member) => `  ${member.path}: ${member.left} | ${member.right}`);
  return { seq, members, text: [`first difference at seq ${seq} (${name})`, ...lines].join('\n') };
}

/** Reads two journals side by side up to the first record that differs. Terms and places are no difference. */
export async function diffJournals(disk: Disk, leftDirectory: string, rightDirectory: string): Promise<JournalDiff> {
  const [left, right] = [
    new RecordCursor(openJournalReader(disk, leftDirectory)),
    new RecordCursor(openJournalReader(disk, rightDirectory)),
  ];
  try {
    for (let equal = 0; ; equal++) {
      const [a, b] = [await left.next(), await right.next()];
      const first = a === null && b === null ? null : diffRecords(a, b);
      if (first !== null || a === null) return { first, equal, left: await left.end(), right: await right.end() };
    }
  } finally {
    await left.close();
    await right.close();
  }
}

/** Tells equal decisions by the bytes that they would be recorded as, or by those that one of them is recorded as. */
export interface DecisionComparer {
  (a: Decision, b: Decision): boolean;
  readonly ofBytes: (recorded: RecordedBytes, derived: Decision) => boolean;
}

/** One per replay, its buffers are used again. */
export function createDecisionComparer(): DecisionComparer {
  const buffers = [byteTarget(1024, 1 << 26, 'decision'), byteTarget(1024, 1 << 26, 'decision')] as const;
  const same = (a: Decision, b: Decision): boolean => {
    if (a.kind !== b.kind) return false;
    const codec = decisionCodec(a);
    const ends = [encodePayload(codec, buffers[0], 0, a), encodePayload(codec, buffers[1], 0, b)];
    return ends[0] === ends[1] && Buffer.compare(buffers[0].bytes.subarray(0, ends[0]), buffers[1].bytes.subarray(0, ends[1])) === 0;
  };
  const payload = { bytes: buffers[1].bytes, view: buffers[1].view, end: 0 };
  const ofBytes = ({ type, bytes, from, to }: RecordedBytes, derived: Decision): boolean => {
    const codec = decisionCodec(derived);
    if (codec.id !== type) return false;
    // records come from one window after another
    if (payload.bytes !== bytes) {
      payload.bytes = bytes;
      payload.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    payload.end = to;
    const quick = isWrittenAs(codec, payload, from, derived);
    if (quick !== undefined) return quick;
    const end = encodePayload(codec, buffers[0], 0, derived);
    return end === to - from && Buffer.compare(buffers[0].bytes.subarray(0, end), bytes.subarray(from, to)) === 0;
  };
  return Object.assign(same, { ofBytes });
}

class RecordCursor {
  readonly #reader: JournalReader;
  #batch: readonly JournalRecord[] = [];
  #next = 0;

  constructor(reader: JournalReader) {
    this.#reader = reader;
  }

  async next(): Promise<JournalRecord | null> {
    while (this.#next >= this.#batch.length) {
      const batch = await this.#reader.next();
      if (batch === null) return null;
      this.#batch = batch;
      this.#next = 0;
    }
    this.#next += 1;
    return this.#batch[this.#next - 1];
  }

  /** Where the journal ends, whatever was read of it so far. */
  async end(): Promise<JournalEnd> {
    while ((await this.#reader.next()) !== null);
    return this.#reader.end;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

function kindOf(record: ComparedRecord): string {
  return record.of === 'input' ? record.input.kind : record.decision.kind;
}

function flatView(record: ComparedRecord | null): Map<string, string> {
  const out = new Map<string, string>();
  if (record === null) return out;
  out.set('of', record.of);
  out.set('at', String(record.at));
  if (record.of === 'decision') out.set('causeSeq', String(record.causeSeq));
  flatten(jsonView(record), '', out);
  return out;
}

function flatten(value: JsonValue, path: string, out: Map<string, string>): void {
  if (value === null || typeof value !== 'object') out.set(path, JSON.stringify(value));
  else if (Array.isArray(value)) out.set(path, canonicalJson(value));
  else
    for (const [name, member] of Object.entries(value as Readonly<Record<string, JsonValue>>))
      flatten(member, path === '' ? name : `${path}.${name}`, out);
}
