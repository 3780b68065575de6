import { headerBytes, sectorBytes, trailerBytes } from '../../journal/format.ts';
import { readBatch } from '../../journal/record.ts';
import type { RawRecord } from '../../journal/record.ts';
import { segmentNumber } from '../../journal/segment-files.ts';
import type { JournalImage } from './small-journal.ts';

export const regionKinds = [
  'header',
  'headerPadding',
  'record',
  'recordPadding',
  'trailer',
  'batchPadding',
  'rest',
  'checkpoints',
] as const;
export type RegionKind = (typeof regionKinds)[number];

/** Bytes [from, to) of a file and what they are. */
export interface Region {
  readonly kind: RegionKind;
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** A batch as it lies in its file. */
export interface BatchPlace {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly firstLeaf: number;
  readonly records: readonly RawRecord[];
}

export function segmentNames(image: JournalImage): string[] {
  return [...image.files.keys()].filter((name) => segmentNumber(name) > 0).sort();
}

export function bytesOf(image: JournalImage, name: string): Uint8Array {
  const bytes = image.files.get(name);
  if (bytes === undefined) throw new Error(`image: expected a file ${name}`);
  return bytes;
}

export function batchesOf(image: JournalImage): BatchPlace[] {
  const places: BatchPlace[] = [];
  for (const file of segmentNames(image)) {
    const bytes = bytesOf(image, file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = sectorBytes; at < bytes.length;) {
      const batch = readBatch(bytes, view, at);
      if (batch.kind !== 'batch') break;
      places.push({ file, from: at, to: batch.end, firstLeaf: batch.firstLeaf, records: batch.records });
      at = batch.end;
    }
  }
  return places;
}

/** Every byte of a closed journal belongs to one region. */
export function regionsOf(image: JournalImage): Region[] {
  const regions: Region[] = [];
  const add = (kind: RegionKind, file: string, from: number, to: number): void => {
    if (to > from) regions.push({ kind, file, from, to });
  };
  const batches = batchesOf(image);
  for (const file of segmentNames(image)) {
    add('header', file, 0, headerBytes);
    add('headerPadding', file, headerBytes, sectorBytes);
    let end = sectorBytes;
    for (const batch of batches.filter((place) => place.file === file)) {
      let at = batch.from;
      for (const record of batch.records) {
        add('record', file, record.start, record.end);
        at = record.start + Math.ceil((record.end - record.start) / 8) * 8;
        add('recordPadding', file, record.end, at);
      }
      add('trailer', file, at, at + trailerBytes);
      add('batchPadding', file, at + trailerBytes, batch.to);
      end = batch.to;
    }
    add('rest', file, end, bytesOf(image, file).length);
  }
  add('checkpoints', 'checkpoints', 0, bytesOf(image, 'checkpoints').length);
  return regions;
}
