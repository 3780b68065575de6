import { equalBytes } from './bytes.ts';
import { isSignedBy, parseCheckpoint } from './note.ts';
import type { Checkpoint, PublicKey } from './note.ts';
import type { Problems } from './problem.ts';
import type { Scan } from './scan.ts';

export const checkpointsFile = 'checkpoints';

/** The checkpoints of a file, with their places, and where a torn one begins (-1: none). */
export interface CheckpointList {
  readonly list: readonly { readonly checkpoint: Checkpoint; readonly offset: number }[];
  readonly rest: number;
}

/** Notes stand one behind the other, each followed by an empty line: text, empty line, signatures, empty line, … */
export function readCheckpoints(file: Uint8Array, problems: Problems): CheckpointList {
  const parts = Buffer.from(file).toString('latin1').split('\n\n');
  const list: { checkpoint: Checkpoint; offset: number }[] = [];
  let offset = 0;
  let i = 0;
  for (; i + 2 < parts.length; i += 2) {
    const length = parts[i].length + parts[i + 1].length + 3;
    const checkpoint = parseCheckpoint(Buffer.from(file.subarray(offset, offset + length)).toString('utf8'));
    if (typeof checkpoint === 'string') problems.add('checkpoints', checkpointsFile, offset, checkpoint);
    else list.push({ checkpoint, offset });
    offset += length + 1;
  }
  return { list, rest: offset === file.length ? -1 : offset };
}

/** Form, order, completeness, roots and signatures of the checkpoints against what was read. */
export function checkCheckpoints({ list, rest }: CheckpointList, scan: Scan, key: PublicKey | undefined, problems: Problems): void {
  let before = -1;
  const sizes = new Set<number>();
  const last = list.at(-1)?.checkpoint;
  for (const { checkpoint, offset } of list) {
    const differs = (what: string): void => problems.add('checkpoints', checkpointsFile, offset, what);
    const { size } = checkpoint;
    if (size < before || (size === before && checkpoint !== last)) differs(`expected a size of more than ${before}, was ${size}`);
    if (checkpoint.origin !== list[0].checkpoint.origin) differs(`expected origin ${list[0].checkpoint.origin}, was ${checkpoint.origin}`);
    if (checkpoint.closed && checkpoint !== last) differs('expected nothing behind the checkpoint that closed the journal');
    checkRoot(checkpoint, scan, differs);
    checkSignature(checkpoint, offset, scan, key, problems);
    before = size;
    sizes.add(size);
  }
  for (let size = scan.checkpointEvery; size > 0 && size <= before; size += scan.checkpointEvery) {
    if (!sizes.has(size)) problems.add('checkpoints', checkpointsFile, 0, `expected a checkpoint over ${size} entries`);
  }
  if (rest >= 0 && last?.closed === true) problems.add('checkpoints', checkpointsFile, rest, 'expected nothing behind the last checkpoint');
}

function checkRoot(checkpoint: Checkpoint, scan: Scan, differs: (what: string) => void): void {
  const { size } = checkpoint;
  const root = scan.roots.get(size);
  if (root === undefined) differs(`covers ${size} entries, only ${scan.tree.size} could be read`);
  else if (!equalBytes(root, checkpoint.root)) differs(`the root over ${size} entries does not match`);
  if (checkpoint.closed && size < scan.tree.size) differs(`closed over ${size} entries, but there are ${scan.tree.size}`);
}

function checkSignature(checkpoint: Checkpoint, offset: number, scan: Scan, key: PublicKey | undefined, problems: Problems): void {
  const differs = (what: string): void => problems.add('signatures', checkpointsFile, offset, what);
  const { signatures, origin } = checkpoint;
  if (!signatures.some((signature) => signature.name === origin && scan.keyIDs.has(signature.keyID)))
    differs('not signed by the key that the segments name');
  if (key !== undefined && !isSignedBy(checkpoint, key)) differs(`the signature of ${key.name} does not hold`);
}
