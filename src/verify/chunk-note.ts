import { u64 } from './bytes.ts';
import { recordHead } from './layout.ts';

/** Number of the records that note a chunk of captured market data, and of the layout that is read here. */
export const chunkNoteType = 54;
const chunkNoteVersion = 1;
/** firstAt i64, lastAt i64, chunk u32, events u32; then file and root as texts. */
const block = 24;

export interface ChunkNote {
  readonly seq: number;
  readonly file: string;
  readonly chunk: number;
  readonly events: number;
  readonly root: string;
}

/** What a record of that number notes of a capture; undefined = its layout is another one. A record whose checksum is right and whose texts are cut notes a file that is not there. */
export function chunkNoteOf(record: Uint8Array): ChunkNote | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  if (view.getUint16(30, true) !== chunkNoteVersion) return undefined;
  const texts: string[] = [];
  let at = recordHead + block;
  while (at + 4 <= record.length && texts.length < 2) {
    const length = view.getUint32(at, true);
    texts.push(Buffer.from(record.subarray(at + 4, at + 4 + length)).toString('utf8'));
    at += 4 + length;
  }
  const [file = '', root = ''] = texts;
  return { seq: u64(view, 8), chunk: view.getUint32(recordHead + 16, true), events: view.getUint32(recordHead + 20, true), file, root };
}
