import type { Disk } from '../ports/world.ts';
import { decodeRecord } from './decode-record.ts';
import { emergencyMagic, headerBytes, readHeader, sectorBytes } from './format.ts';
import { readBatch } from './record.ts';
import type { JournalRecord } from './record.ts';
import { readWhole } from './whole-file.ts';

/** Emergency files that a start has put aside until their records are merged. */
const asidePattern = /^emergency(-[0-9]+)?$/;

/** Halt records that went to emergency files because the segments took no more, in the order of their terms and seqs; unreadable ends are left out. */
export async function readEmergency(disk: Disk, directory: string): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const name of await emergencyNames(disk, directory)) {
    records.push(...recordsOf(name, await readWhole(disk, `${directory}/${name}`)));
  }
  return records.sort((a, b) => a.term - b.term || a.seq - b.seq);
}

export async function emergencyNames(disk: Disk, directory: string): Promise<readonly string[]> {
  return (await disk.list(directory)).filter((name) => asidePattern.test(name));
}

function recordsOf(name: string, bytes: Uint8Array): JournalRecord[] {
  const records: JournalRecord[] = [];
  const header = readHeader(bytes.subarray(0, Math.min(bytes.length, headerBytes)));
  if (typeof header === 'string' || header.magic !== emergencyMagic) return records;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = sectorBytes; at < bytes.length;) {
    const batch = readBatch(bytes, view, at);
    if (batch.kind !== 'batch') return records;
    for (const raw of batch.records) {
      const record = decodeRecord(bytes, view, raw, name, raw.start);
      if (record.ok && record.value !== null) records.push(record.value);
    }
    at = batch.end;
  }
  return records;
}
