import { err, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import type { Decision } from '../decision.ts';
import type { Input } from '../input.ts';
import type { ByteTarget } from './byte-target.ts';
import { decodeWhole, decoderOf } from './decode.ts';
import type { Decode, Same } from './decode.ts';
import { encodeWhole, encoderOf } from './encode.ts';
import type { Encode, Members } from './encode.ts';
import { hotDecisionCodecs } from './generated/hot-decisions.ts';
import { hotInputCodecs } from './generated/hot-inputs.ts';
import { entries } from './table.ts';
import type { Entry } from './table.ts';
import { PayloadError } from './wire.ts';
import type { Payload } from './wire.ts';

/** How records of one kind become bytes. */
export interface Codec extends Entry {
  readonly encode: Encode;
  readonly decode: Decode;
  /** Of decisions that pass by the thousand: compares without writing. */
  readonly same?: Same;
}

export type RecordValue = { readonly of: 'input'; readonly input: Input } | { readonly of: 'decision'; readonly decision: Decision };

export const payloadFailures = ['UNKNOWN_TYPE', 'UNKNOWN_VERSION', 'MALFORMED'] as const;

export interface PayloadFailure {
  readonly code: (typeof payloadFailures)[number];
  readonly message: string;
}

const hotCodecs = new Map([...Object.entries(hotInputCodecs), ...Object.entries(hotDecisionCodecs)]);
const codecs = entries.map((entry): Codec => ({ ...entry, ...(hotCodecs.get(entry.kind) ?? obviousCodec(entry)) }));
const byID: (Codec | undefined)[] = [];
for (const codec of codecs) byID[codec.id] = codec;
const inputCodecs = new Map<string, Codec>(codecs.filter((codec) => codec.of === 'input').map((codec) => [codec.kind, codec]));
const decisionCodecs = new Map<string, Codec>(codecs.filter((codec) => codec.of === 'decision').map((codec) => [codec.kind, codec]));

/** Field by field from the table. */
export function obviousCodec(entry: Entry): { readonly encode: Encode; readonly decode: Decode } {
  return entry.fields === undefined
    ? { encode: encodeWhole, decode: decodeWhole(entry.kind) }
    : { encode: encoderOf(entry.fields), decode: decoderOf(entry.kind, entry.fields) };
}

export function inputCodec(input: Input): Codec {
  return found(inputCodecs.get(input.kind), input.kind);
}

export function decisionCodec(decision: Decision): Codec {
  return found(decisionCodecs.get(decision.kind), decision.kind);
}

/** Writes the payload of `value` at `at` and returns the offset behind it. @throws RangeError when a member does not fit its field. */
export function encodePayload(codec: Codec, target: ByteTarget, at: number, value: Input | Decision): number {
  return codec.encode(target, at, value as unknown as Members);
}

/** Whether `value` is written as the bytes from `at` to the payload's end; undefined = its kind has no quick way to say so, it has to be written. */
export function isWrittenAs(codec: Codec, from: Payload, at: number, value: Decision): boolean | undefined {
  return codec.same?.(from, at, value as unknown as Members);
}

/** Whether records of this number and version are inputs or decisions; unknown types and versions are refused by number. */
export function payloadOf(type: number, schema: number): Result<'input' | 'decision', PayloadFailure> {
  const known = knownCodec(type, schema);
  return known.ok ? ok(known.value.of) : known;
}

/** The value that the bytes from `at` to the payload's end hold; unknown types and versions are refused by number. */
export function decodePayload(type: number, schema: number, from: Payload, at: number): Result<RecordValue, PayloadFailure> {
  const known = knownCodec(type, schema);
  if (!known.ok) return known;
  const codec = known.value;
  try {
    const value: unknown = codec.decode(from, at);
    return ok(codec.of === 'input' ? { of: 'input', input: value as Input } : { of: 'decision', decision: value as Decision });
  } catch (error) {
    if (error instanceof PayloadError) return err({ code: 'MALFORMED', message: `${codec.kind}: ${error.message}` });
    throw error;
  }
}

function knownCodec(type: number, schema: number): Result<Codec, PayloadFailure> {
  const codec = byID[type];
  if (codec === undefined) return err({ code: 'UNKNOWN_TYPE', message: `record type ${type} is not in the schema table` });
  if (codec.version === schema) return ok(codec);
  return err({ code: 'UNKNOWN_VERSION', message: `${codec.kind}: expected version ${codec.version}, was ${schema}` });
}

function found(codec: Codec | undefined, kind: string): Codec {
  if (codec === undefined) throw new Error(`schema: no entry for kind ${kind}`);
  return codec;
}
