import { digestBytes } from './digest.ts';
import type { TreeSize } from './tree.ts';

/** Checkpoints of C2SP (c2sp.org/tlog-checkpoint): origin, size, base64 root, extension lines. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** The journal ended here in good order (extension line `closed`). */
  readonly closed: boolean;
}

const closedLine = 'closed';

export function checkpointText(origin: string, tree: TreeSize, closed: boolean): string {
  const root = Buffer.from(tree.root).toString('base64');
  return `${origin}\n${tree.size}\n${root}\n${closed ? `${closedLine}\n` : ''}`;
}

export function parseCheckpoint(text: string): Checkpoint | undefined {
  const lines = text.split('\n');
  if (lines.length < 4 || lines.at(-1) !== '' || !/^(0|[1-9][0-9]{0,15})$/.test(lines[1])) return undefined;
  const root = Buffer.from(lines[2], 'base64');
  if (root.length !== digestBytes || root.toString('base64') !== lines[2]) return undefined;
  return { origin: lines[0], size: Number(lines[1]), root, closed: lines.slice(3).includes(closedLine) };
}

/** The checkpoint file holds notes one after the other; between two of them stands an empty line. */
export function joinNotes(notes: readonly string[]): string {
  return notes.map((note) => `${note}\n`).join('');
}

/** The notes of a checkpoint file; text behind the last whole one is `rest`. */
export function splitNotes(file: string): { readonly notes: readonly string[]; readonly rest: string } {
  const notes: string[] = [];
  let at = 0;
  for (;;) {
    const body = file.indexOf('\n\n', at);
    const end = body < 0 ? -1 : file.indexOf('\n\n', body + 2);
    if (end < 0) return { notes, rest: file.slice(at) };
    notes.push(file.slice(at, end + 1));
    at = end + 2;
  }
}
