import { assert } from '../base/assert.ts';
import type { Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';
import { byteTarget } from '../domain/schema/byte-target.ts';
import type { ByteTarget } from '../domain/schema/byte-target.ts';
import { decisionCodec, encodePayload, inputCodec } from '../domain/schema/codec.ts';
import type { Codec } from '../domain/schema/codec.ts';
import { crc32 } from './checksum.ts';
import { digestBytes } from './digest.ts';
import {
  alignRecord,
  headerBody,
  maxBatchBytes,
  maxRecordBytes,
  putNanos,
  putU64,
  recordBudget,
  recordHeaderBytes,
  segmentMagic,
  segmentRecordSchema,
  segmentRecordType,
} from './format.ts';
import type { SegmentHeader } from './format.ts';
import type { JournalShape } from './shape.ts';
import { createTree } from './tree.ts';
import type { Tree, TreePosition } from './tree.ts';

/** Records that may go to disk as one batch; `header` set = a new segment begins with them. */
export interface Piece {
  readonly header: SegmentHeader | null;
  /** Bytes [from, to) of what was taken. */
  readonly from: number;
  readonly to: number;
  /** Leaves of the tree before it, and its own. */
  readonly firstLeaf: number;
  readonly count: number;
  /** Root over its own leaves (`Tree.endRange`). */
  readonly root: Uint8Array;
  /** Last seq in it and before it. */
  readonly lastSeq: Seq;
}

/** What an earlier writer left: its last segment, last seq and tree. The next record begins another segment. */
export interface StreamStart {
  readonly segment: number;
  readonly lastSeq: Seq;
  readonly tree: TreePosition;
}

/** Everything appended since the last taking. The buffer comes back by `giveBack`. */
export interface Taken {
  readonly target: ByteTarget;
  readonly pieces: readonly Piece[];
}

/** Most bytes that may wait to be taken: the owner falls behind its disk for good. */
export const maxWaitingBytes = 1 << 30;
/** A leaf is hashed with a prefix in the byte before it. */
const stagingStart = 8;

/**
 * Turns inputs and decisions into records, leaves and segments; all of it in memory and in order of appending, so that file and memory journals of
 * equal inputs have equal roots.
 */
export class RecordStream {
  readonly tree: Tree;
  readonly #shape: JournalShape;
  /** A piece ends before the next input when true (`durability: sync`). */
  readonly #pieceByInput: boolean;
  #target = staging();
  #spare: ByteTarget | null = null;
  #end = stagingStart;
  #pieces: Piece[] = [];
  #pieceFrom = stagingStart;
  #pieceFirstLeaf = 0;
  #header: SegmentHeader | null = null;
  #lastSeq: Seq;
  #lastInput: Seq = 0;
  #segment: number;
  #mustBegin: boolean;
  #segmentRecordBytes = 0;

  constructor(shape: JournalShape, pieceByInput: boolean, from?: StreamStart) {
    assert(shape.coreDigest.length === digestBytes, `the core digest has ${digestBytes} bytes`);
    this.#shape = shape;
    this.#pieceByInput = pieceByInput;
    this.#lastSeq = from?.lastSeq ?? 0;
    this.#segment = from?.segment ?? 0;
    this.#pieceFirstLeaf = from?.tree.size ?? 0;
    this.#mustBegin = true;
    this.tree = createTree({ ...(from === undefined ? {} : { from: from.tree }), noteEvery: shape.checkpointEvery, bytesStay: true });
  }

  get lastSeq(): Seq {
    return this.#lastSeq;
  }

  /** Bytes that wait to be taken. */
  get waitingBytes(): number {
    return this.#end - stagingStart;
  }

  appendInput(seq: Seq, at: Micros, input: Input): void {
    if (seq !== this.#lastSeq + 1) outOfOrder('input', this.#lastSeq + 1, seq);
    if (this.#pieceByInput || this.#end - this.#pieceFrom > maxBatchBytes) this.#endPiece();
    this.#lastInput = seq;
    this.#append(seq, at, 0, inputCodec(input), input);
  }

  appendDecision(seq: Seq, at: Micros, causeSeq: Seq, decision: Decision): void {
    if (seq !== this.#lastSeq + 1) outOfOrder('decision', this.#lastSeq + 1, seq);
    if (causeSeq !== this.#lastInput) outOfOrder('cause of a decision', this.#lastInput, causeSeq);
    this.#append(seq, at, causeSeq, decisionCodec(decision), decision);
  }

  /** What was appended since the last call, or null. */
  take(): Taken | null {
    if (this.#end === stagingStart) return null;
    this.#endPiece();
    const taken = { target: this.#target, pieces: this.#pieces };
    this.#target = this.#spare ?? staging();
    this.#spare = null;
    this.#pieces = [];
    this.#end = stagingStart;
    this.#pieceFrom = stagingStart;
    return taken;
  }

  giveBack(taken: Taken): void {
    this.#spare = taken.target;
  }

  #append(seq: Seq, at: Micros, causeSeq: Seq, codec: Codec, value: Input | Decision): void {
    const payload = this.#end + recordHeaderBytes;
    let end = encodePayload(codec, this.#target, payload, value);
    const bytes = alignRecord(end - this.#end);
    if (bytes > maxRecordBytes) throw new RangeError(`journal: expected a record of at most ${maxRecordBytes} bytes, was ${bytes}`);
    // an input and its decisions stand in one commit: no crash leaves the one without the others, so that segments begin with inputs
    if (this.#mustBegin || (causeSeq === 0 && this.#segmentRecordBytes + bytes > recordBudget(this.#shape.segmentBytes))) {
      this.#beginSegment(seq, at);
      end = encodePayload(codec, this.#target, this.#end + recordHeaderBytes, value);
    }
    this.#seal(end, seq, at, causeSeq, codec.id, codec.version);
    this.#lastSeq = seq;
  }

  /** What is encoded behind the last record is overwritten by the record that repeats the new header. */
  #beginSegment(firstSeq: Seq, at: Micros): void {
    this.#endPiece();
    this.#mustBegin = false;
    const { term, checkpointEvery, coreDigest, segmentBytes } = this.#shape;
    this.#segment += 1;
    this.#header = {
      magic: segmentMagic,
      number: this.#segment,
      term,
      checkpointEvery,
      firstSeq,
      coreDigest,
      previousRoot: this.tree.root(),
      previousEntries: this.tree.size,
      segmentBytes,
    };
    const body = headerBody(this.#header);
    const end = this.#end + recordHeaderBytes + body.length;
    this.#target.reserve(end);
    this.#target.bytes.set(body, this.#end + recordHeaderBytes);
    this.#segmentRecordBytes = 0;
    this.#seal(end, firstSeq, at, 0, segmentRecordType, segmentRecordSchema);
  }

  /** Completes the record that ends at `end`: header, padding, checksum, leaf. */
  #seal(end: number, seq: Seq, at: Micros, causeSeq: Seq, type: number, schema: number): void {
    const start = this.#end;
    const length = end - start;
    const padded = alignRecord(length);
    this.#target.reserve(start + padded);
    const { view, bytes } = this.#target;
    view.setUint32(start, length, true);
    putU64(view, start + 8, seq);
    putNanos(view, start + 16, at);
    view.setUint32(start + 24, this.#shape.term, true);
    view.setUint16(start + 28, type, true);
    view.setUint16(start + 30, schema, true);
    putU64(view, start + 32, causeSeq);
    view.setUint32(start + 4, crc32(bytes, view, start + 8, end, length), true);
    for (let i = end; i < start + padded; i++) bytes[i] = 0;
    this.tree.addRecord(bytes, start, end);
    this.#end = start + padded;
    this.#segmentRecordBytes += padded;
  }

  #endPiece(): void {
    if (this.#end === this.#pieceFrom) return;
    const firstLeaf = this.#pieceFirstLeaf;
    this.#pieces.push({
      header: this.#header,
      from: this.#pieceFrom,
      to: this.#end,
      firstLeaf,
      count: this.tree.size - firstLeaf,
      root: this.tree.endRange(),
      lastSeq: this.#lastSeq,
    });
    this.#pieceFirstLeaf = this.tree.size;
    this.#header = null;
    this.#pieceFrom = this.#end;
  }
}

/** Messages are made here, when there is one: a text for every record that is in order costs more than its checksum. */
function outOfOrder(what: string, expected: Seq, was: Seq): never {
  throw new Error(`journal: expected ${what} ${expected}, was ${was}`);
}

function staging(): ByteTarget {
  return byteTarget(1 << 16, maxWaitingBytes, 'records waiting for the disk');
}
