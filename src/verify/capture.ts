import { join } from 'node:path';
import { hex, sha256 } from './bytes.ts';
import type { ChunkNote } from './chunk-note.ts';
import { directorySource, type FileSource } from './source.ts';

/** Captured market data as `docs/reference/capture-format.md` describes it, read here a second time from that text. */
const magic = 'PLIMCAP\n';
const version = 1;
const chunkWord = 0x4b4e4843;
const headLength = 48;
const numbersLength = 16;
const longestHeader = 1_048_576;
export const captureFilePattern = /^\d{10}\.capture$/;

/** A chunk that is not what the journal notes. */
export interface ChunkProblem {
  /** missing: nothing stands where it should · truncated: the file ends within it · tampered: its bytes, or bytes before it, are not those that were noted. */
  readonly kind: 'missing' | 'truncated' | 'tampered';
  readonly file: string;
  readonly chunk: number;
  /** Record of the journal that notes it. */
  readonly seq: number;
  readonly what: string;
}

export interface CaptureVerdict {
  readonly valid: boolean;
  /** Chunks that the journal notes, and those of them that are what it notes. */
  readonly noted: number;
  readonly sound: number;
  /** Chunks behind the last one that is noted: their record was not written any more. */
  readonly unnoted: number;
  readonly verdict: string;
  readonly problems: readonly ChunkProblem[];
}

/** A capture that is all wrong needs no longer list. */
const maxProblems = 100;

interface FoundChunk {
  readonly root: string;
  readonly events: number;
}

interface FoundFile {
  readonly chunks: readonly FoundChunk[];
  /** Why reading ended before the end of the file; '' = it did not. */
  readonly trouble: string;
  readonly cut: boolean;
}

/** Holds every chunk that a journal notes against the files of its capture. Changes nothing. */
export function verifyChunks(notes: readonly ChunkNote[], directory: string): CaptureVerdict {
  return verifyChunkFiles(notes, directorySource(directory));
}

export function verifyChunkFiles(notes: readonly ChunkNote[], source: FileSource): CaptureVerdict {
  const names = new Set(source.names().filter((name) => captureFilePattern.test(name)));
  const files = new Map<string, FoundFile>();
  const problems: ChunkProblem[] = [];
  const noted = new Map<string, number>();
  let sound = 0;
  for (const note of notes) {
    const { file, chunk } = note;
    noted.set(file, Math.max(noted.get(file) ?? 0, chunk + 1));
    const known = files.get(file) ?? (names.has(file) ? chunksOf(source.read(file)) : undefined);
    if (known !== undefined) files.set(file, known);
    const problem = problemOf(note, known);
    if (problem === undefined) sound += 1;
    else if (problems.length < maxProblems) problems.push(problem);
  }
  let unnoted = 0;
  for (const name of names) {
    const found = files.get(name) ?? chunksOf(source.read(name));
    unnoted += Math.max(0, found.chunks.length - (noted.get(name) ?? 0));
  }
  const count = notes.length;
  const more = unnoted === 0 ? '' : `; ${unnoted} chunks behind them are noted nowhere`;
  const verdict =
    sound === count
      ? `all ${count} chunks are what the journal notes${more}`
      : `${count - sound} of ${count} chunks are not what the journal notes${more}`;
  return { valid: sound === count, noted: count, sound, unnoted, verdict, problems };
}

function problemOf({ file, chunk, seq, root, events }: ChunkNote, found: FoundFile | undefined): ChunkProblem | undefined {
  const place = { file, chunk, seq };
  const named = `${file}: chunk ${chunk}, which record ${seq} notes,`;
  if (found === undefined) return { kind: 'missing', ...place, what: `${named} is missing: there is no such file` };
  const at = found.chunks.at(chunk);
  if (chunk < found.chunks.length && at !== undefined) {
    if (at.root !== root) return { kind: 'tampered', ...place, what: `${named} has another root: it or what stands before it was changed` };
    return at.events === events
      ? undefined
      : { kind: 'tampered', ...place, what: `${named} has ${at.events} events, ${events} were noted` };
  }
  if (found.trouble === '') return { kind: 'missing', ...place, what: `${named} is missing: the file ends before it` };
  const kind = found.cut ? (chunk === found.chunks.length ? 'truncated' : 'missing') : 'tampered';
  return { kind, ...place, what: `${named} cannot be read: ${found.trouble}` };
}

/** The chunks of a file as far as they can be told apart; the root of each is worked out of its bytes. */
function chunksOf(bytes: Uint8Array): FoundFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: FoundChunk[] = [];
  const ends = (trouble: string, cut: boolean): FoundFile => ({ chunks, trouble, cut });
  if (bytes.length < numbersLength) return ends('the file ends within its header', true);
  if (Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic || view.getUint32(8, true) !== version)
    return ends(`expected a capture of version ${version}`, false);
  const text = view.getUint32(12, true);
  const from = Math.ceil((numbersLength + text) / 8) * 8;
  if (text > longestHeader) return ends(`expected a header of at most ${longestHeader} bytes, was ${text}`, false);
  if (from > bytes.length) return ends('the file ends within its header', true);
  let root = sha256(bytes.subarray(0, from));
  for (let at = from; at < bytes.length;) {
    const place = `chunk ${chunks.length} at byte ${at}`;
    if (at + headLength > bytes.length) return ends(`${place} is cut after ${bytes.length - at} bytes`, true);
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at, true) !== chunkWord || view.getUint32(at + 8, true) !== chunks.length || length % 8 !== 0)
      return ends(`${place} has no head of a chunk`, false);
    const end = at + headLength + length;
    if (end > bytes.length) return ends(`${place}: expected ${headLength + length} bytes, was cut after ${bytes.length - at}`, true);
    root = sha256(Buffer.concat([root, bytes.subarray(at, at + numbersLength), bytes.subarray(at + headLength, end)]));
    // the root beside the bytes is for readers without a journal; a wrong one is a changed chunk too
    const told = hex(bytes.subarray(at + numbersLength, at + headLength));
    chunks.push({ root: told === hex(root) ? told : `${hex(root)} beside ${told}`, events: view.getUint32(at + 12, true) });
    at = end;
  }
  return ends('', false);
}

/** Where a desk puts its capture when nothing else is said. */
export function captureBeside(root: string): string {
  return join(root, 'capture');
}

/** The problems in words: of chunks of one file that are wrong in the same way, one after the other, the first and the last are named. */
export function problemLines(problems: readonly ChunkProblem[]): readonly string[] {
  const lines: string[] = [];
  for (let from = 0, to = 0; from < problems.length; from = to) {
    const { kind, file, what } = problems[from];
    for (to = from + 1; to < problems.length && problems[to].kind === kind && problems[to].file === file; to++);
    const further = to === maxProblems ? ' at least' : '';
    const behind = to === from + 1 ? '' : `; likewise the chunks behind it, to chunk ${problems[to - 1].chunk}${further}`;
    lines.push(`${kind}: ${what}${behind}`);
  }
  return lines;
}
