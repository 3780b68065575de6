import { equalBytes, hex } from './bytes.ts';
import { checkCheckpoints, checkpointsFile, readCheckpoints } from './checkpoints.ts';
import type { CheckpointList } from './checkpoints.ts';
import { checkEmergency, emergencyFile } from './emergency.ts';
import { isSignedBy, parseCheckpoint, parsePublicKey } from './note.ts';
import type { ChunkNote } from './chunk-note.ts';
import type { Checkpoint, PublicKey } from './note.ts';
import { Problems } from './problem.ts';
import type { CheckName, Problem } from './problem.ts';
import { Scan, segmentPattern } from './scan.ts';
import { directorySource } from './source.ts';
import type { FileSource } from './source.ts';

export interface VerifyOptions {
  /** Text of a signed note that was kept outside: the last head that was printed, or a witness's. */
  readonly head?: string;
  /** Verifier key (`name+id+base64`); absent: the one that lies beside the directory. */
  readonly publicKey?: string;
}

export interface Verdict {
  readonly valid: boolean;
  /** The journal was closed in good order. */
  readonly finished: boolean;
  /** Leaves of the tree, and the last seq among them. */
  readonly entries: number;
  readonly lastSeq: number;
  /** Tree root over them, hex. */
  readonly root: string;
  /** Text of the newest checkpoint; '' when there is none. */
  readonly head: string;
  /** Chunks of captured market data that its records note. */
  readonly chunks: readonly ChunkNote[];
  /** Halt records in the emergency file. */
  readonly emergencyRecords: number;
  /** One sentence. */
  readonly verdict: string;
  readonly problems: readonly Problem[];
}

const nothing: ReadonlySet<CheckName> = new Set();

/** Checks a journal against itself, its key and a head from outside. Changes nothing. */
export function verifyDirectory(directory: string, options: VerifyOptions = {}): Verdict {
  return verifyFiles(directorySource(directory), options);
}

/** @param without checks that are left out; tests show with it that each is needed. */
export function verifyFiles(source: FileSource, options: VerifyOptions = {}, without = nothing): Verdict {
  const problems = new Problems(without);
  const names = source.names();
  const checkpoints = names.includes(checkpointsFile) ? readCheckpoints(source.read(checkpointsFile), problems) : { list: [], rest: -1 };
  const head = options.head === undefined ? undefined : givenHead(options.head, problems);
  const key = keyOf(source, options, problems);
  const scan = scanSegments(source, names, wantedSizes(checkpoints, head), problems);
  checkCheckpoints(checkpoints, scan, key, problems);
  const last = checkpoints.list.at(-1)?.checkpoint;
  if (head !== undefined) checkHead(head, scan, checkpoints, key, problems);
  const finished = last?.closed === true && last.size === scan.tree.size && scan.incomplete.length === 0;
  const covered = Math.max(last?.size ?? 0, head?.size ?? 0);
  if (last?.closed === true || covered > scan.tree.size) {
    for (const { check, file, offset, what } of scan.incomplete) problems.add(check, file, offset, what);
  }
  const emergencyRecords = names.includes(emergencyFile) ? checkEmergency(source.read(emergencyFile), problems) : 0;
  return {
    valid: problems.found.length === 0,
    finished,
    entries: scan.tree.size,
    lastSeq: scan.lastSeq,
    root: hex(scan.tree.root()),
    head: last?.note ?? '',
    chunks: scan.chunks,
    emergencyRecords,
    verdict: verdictOf(problems, scan, last, head, key, finished),
    problems: problems.found,
  };
}

function scanSegments(source: FileSource, names: readonly string[], sizes: ReadonlySet<number>, problems: Problems): Scan {
  const scan = new Scan(problems, sizes);
  const segments = names.filter((name) => segmentPattern.test(name)).sort();
  if (segments.length === 0) problems.add('segmentLinks', '', 0, 'expected a first segment, found none');
  for (const [n, name] of segments.entries()) {
    if (Number(segmentPattern.exec(name)?.[1]) !== n + 1) problems.add('segmentLinks', name, 0, `expected segment ${n + 1} here`);
    if (!scan.segment(name, source.read(name), n === segments.length - 1)) break;
  }
  return scan;
}

function wantedSizes(checkpoints: CheckpointList, head: Checkpoint | undefined): ReadonlySet<number> {
  const sizes = checkpoints.list.map(({ checkpoint }) => checkpoint.size);
  return new Set(head === undefined ? sizes : [...sizes, head.size]);
}

function givenHead(text: string, problems: Problems): Checkpoint | undefined {
  const head = parseCheckpoint(text.endsWith('\n') ? text : `${text}\n`);
  if (typeof head !== 'string') return head;
  problems.add('head', '', 0, `the head given is no signed note: ${head}`);
  return undefined;
}

function keyOf(source: FileSource, options: VerifyOptions, problems: Problems): PublicKey | undefined {
  const text = options.publicKey ?? source.verifierKey();
  const key = text === undefined ? undefined : parsePublicKey(text);
  if (text !== undefined && key === undefined) problems.add('signatures', '', 0, 'the verifier key is none (expected name+id+base64)');
  return key;
}

function checkHead(head: Checkpoint, scan: Scan, { list }: CheckpointList, key: PublicKey | undefined, problems: Problems): void {
  const differs = (what: string): void => problems.add('head', '', 0, what);
  const root = scan.roots.get(head.size);
  if (root === undefined) differs(`the head covers ${head.size} entries, only ${scan.tree.size} could be read`);
  else if (!equalBytes(root, head.root)) differs(`the root over ${head.size} entries is not that of the head`);
  if (!list.some(({ checkpoint }) => checkpoint.text === head.text)) differs('the head is not among the checkpoints of the journal');
  if (key !== undefined && !isSignedBy(head, key)) problems.add('signatures', '', 0, `the head is not signed by ${key.name}`);
}

function verdictOf(
  problems: Problems,
  scan: Scan,
  last: Checkpoint | undefined,
  head: Checkpoint | undefined,
  key: PublicKey | undefined,
  finished: boolean,
): string {
  const [first] = problems.found;
  if (first !== undefined) {
    const place = first.file === '' ? '' : `${first.file} at byte ${first.offset}: `;
    return `damaged or tampered with (${problems.found.length} found): ${place}${first.what}`;
  }
  const unsigned = key === undefined ? '; signatures not checked, no verifier key' : '';
  const [end] = scan.incomplete;
  const open = finished
    ? ''
    : end === undefined
      ? '; not closed'
      : `; not closed, incomplete at its end (${end.file} at byte ${end.offset}: ${end.what})`;
  if (head !== undefined) return `valid: ${scan.tree.size} entries, the head given over ${head.size} of them holds${open}${unsigned}`;
  if (last === undefined) return `valid in itself: ${scan.tree.size} entries, no head, nothing proven about truncation${open}`;
  return `valid up to head ${last.size} ${hex(last.root)}, nothing proven about truncation${open}${unsigned}`;
}
