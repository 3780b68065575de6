import { parentPort, workerData } from 'node:worker_threads';
import { openJournalReader } from '../../journal/reader.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { partBytes, type PartFree, type ReadAheadOrder, type ReadAheadWord } from './read-ahead-words.ts';

/** Entry of the thread that reads a tail while another one steps it: disk, checksums, batches, leaves and roots are this one's. */
const { root, directory, from, noteEvery, expected, parts } = (workerData as { readonly data: ReadAheadOrder }).data;
const free = parts.map((_, part) => part);
let wake: () => void = () => undefined;
parentPort?.on('message', (word: PartFree) => {
  free.push(word.free);
  wake();
});

function say(word: ReadAheadWord): void {
  parentPort?.postMessage(word);
}

async function partToFill(): Promise<number> {
  for (;;) {
    const part = free.shift();
    if (part !== undefined) return part;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function read(): Promise<void> {
  const reader = openJournalReader(nodeDisk(root), directory, { root: true, together: true, noteEvery, expected, from });
  let part = -1;
  let filled = 0;
  let file = '';
  let places: (readonly [number, number])[] = [];
  const handOver = (): void => {
    if (part >= 0 && places.length > 0) say({ kind: 'part', part, memory: parts[part], file, places });
    else if (part >= 0) free.unshift(part);
    part = -1;
    filled = 0;
    places = [];
  };
  for (let batch = await reader.checked(); batch !== null; batch = await reader.checked()) {
    const { bytes, offset } = batch;
    if (batch.file !== file || filled + bytes.length > partBytes) handOver();
    file = batch.file;
    if (bytes.length > partBytes) {
      const memory = new SharedArrayBuffer(bytes.length);
      new Uint8Array(memory).set(bytes);
      say({ kind: 'part', part: -1, memory, file, places: [[0, offset]] });
      continue;
    }
    if (part < 0) part = await partToFill();
    new Uint8Array(parts[part], filled, bytes.length).set(bytes);
    places.push([filled, offset]);
    filled += bytes.length;
  }
  handOver();
  const { end, noted } = reader;
  say({ kind: 'end', end, position: reader.position(), noted });
  await reader.close();
}

read().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  say({ kind: 'failed', text: error instanceof Error ? error.message : String(error), code });
});
