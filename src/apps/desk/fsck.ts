import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEmergency } from '../../journal/emergency-records.ts';
import { readSnapshot, snapshotDirectory, snapshotNames } from '../../journal/snapshot-file.ts';
import { coreOf } from '../../runtime/snapshots.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { captureBeside, problemLines, verifyChunks, type CaptureVerdict } from '../../verify/capture.ts';
import type { ChunkNote } from '../../verify/chunk-note.ts';
import { verifyDirectory } from '../../verify/verify.ts';
import { exitCodes, Refusal } from './exit-codes.ts';

/** What a data directory holds, and whether all of it is sound. */
export interface DirectoryCheck {
  readonly sound: boolean;
  readonly verdict: string;
  readonly snapshots: readonly { readonly name: string; readonly seq: number; readonly sound: boolean; readonly note: string }[];
  readonly emergencyRecords: number;
  /** null: nothing was captured, or nothing is known of where. */
  readonly capture: CaptureVerdict | null;
  /** Reserves and unfinished writes that the next start removes. */
  readonly left: readonly string[];
  readonly lines: readonly string[];
}

const leftBehind = /^reserve-\d+$|\.part$/;

/** The stand-alone verifier over the journal and what it notes of a capture, every snapshot read and hashed, halt records and left files counted. Changes nothing. */
export async function fileSystemCheck(root: string, folder: string, digest: string, captured?: string): Promise<DirectoryCheck> {
  const disk = nodeDisk(root);
  const verdict = verifyDirectory(join(root, folder));
  const snapshots: { name: string; seq: number; sound: boolean; note: string }[] = [];
  for (const name of await snapshotNames(disk, folder)) {
    const read = await readSnapshot(disk, folder, name);
    const core = typeof read === 'string' ? read : coreOf(read, new Map());
    // one of another build may be unreadable here and sound for that build
    const foreign = typeof read !== 'string' && read.coreDigest !== digest;
    const note = typeof core !== 'string' ? '' : foreign ? `of build ${read.coreDigest.slice(0, 12)}…: ${core}` : core;
    snapshots.push({ name, seq: Number(name.slice(0, 16)), sound: foreign || note === '', note });
  }
  const names = [...(await disk.list(folder)), ...(await disk.list(snapshotDirectory(folder)))];
  const left = names.filter((name) => leftBehind.test(name));
  const emergencyRecords = (await readEmergency(disk, folder)).length;
  const capture = captureOf(verdict.chunks, captured ?? captureBeside(root), captured !== undefined);
  const sound = verdict.valid && capture?.valid !== false && snapshots.every((snapshot) => snapshot.sound);
  const lines = [
    `journal    ${verdict.verdict}`,
    ...verdict.problems.map(({ file, offset, what }) => `           ${file} at byte ${offset}: ${what}`),
    ...snapshots.map(({ name, note }) => `snapshot   ${name}: ${note === '' ? 'sound' : note}`),
    ...captureLines(verdict.chunks.length, capture),
    `emergency  ${emergencyRecords} halt records that are not merged`,
    ...(left.length === 0 ? [] : [`left       ${left.join(', ')}: the next start removes them`]),
  ];
  return { sound, verdict: verdict.verdict, snapshots, emergencyRecords, capture, left, lines };
}

/** The capture that was named, or the one that lies beside the journal. */
function captureOf(notes: readonly ChunkNote[], directory: string, named: boolean): CaptureVerdict | null {
  if (!existsSync(directory) && !named) return null;
  if (!existsSync(directory)) throw new Refusal(exitCodes.refused, `capture ${directory}: no such directory`);
  return verifyChunks(notes, directory);
}

function captureLines(noted: number, capture: CaptureVerdict | null): readonly string[] {
  if (capture !== null) return [`capture    ${capture.verdict}`, ...problemLines(capture.problems).map((line) => `           ${line}`)];
  return noted === 0 ? [] : [`capture    ${noted} chunks are noted and none was looked at: --capture says where they are`];
}
