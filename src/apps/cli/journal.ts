import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoFromMicros } from '../../base/time.ts';
import { jsonView } from '../../domain/schema/json-view.ts';
import { diffJournals } from '../../journal/diff.ts';
import { readJournal } from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { problemLines, verifyChunks } from '../../verify/capture.ts';
import { verifyDirectory } from '../../verify/verify.ts';
import { coreDigest } from '../desk/core-digest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { findJournal } from '../desk/journal-files.ts';
import { replayJournal } from '../desk/proof.ts';
import { print } from './output.ts';

export interface JsonOption {
  readonly json?: true;
}

export interface VerifyOptions extends JsonOption {
  readonly head?: string;
  readonly key?: string;
  readonly capture?: string;
}

export interface ReplayOptions extends JsonOption {
  readonly to?: number;
}

export interface TailOptions extends JsonOption {
  readonly lines: number;
}

function readGiven(file: string, what: string): string {
  if (!existsSync(file)) throw new Refusal(exitCodes.refused, `${what} ${file}: no such file`);
  return readFileSync(file, 'utf8');
}

/** 0 valid, 1 damaged or tampered. */
export async function runJournalVerify(directory: string, options: VerifyOptions): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const verdict = verifyDirectory(join(root, folder), {
    ...(options.head === undefined ? {} : { head: readGiven(options.head, 'head') }),
    ...(options.key === undefined ? {} : { publicKey: readGiven(options.key, 'key') }),
  });
  if (options.capture !== undefined && !existsSync(options.capture))
    throw new Refusal(exitCodes.refused, `capture ${options.capture}: no such directory`);
  const capture = options.capture === undefined ? undefined : verifyChunks(verdict.chunks, options.capture);
  const lines = [
    verdict.verdict,
    `${verdict.entries} entries, root ${verdict.root}`,
    ...verdict.problems.map(({ file, offset, what }) => (file === '' ? what : `${file} at byte ${offset}: ${what}`)),
    ...(capture === undefined ? [] : [capture.verdict, ...problemLines(capture.problems)]),
  ];
  const { chunks, ...body } = verdict;
  print(options.json === true, { ...body, chunks: chunks.length, ...(capture === undefined ? {} : { capture }) }, lines.join('\n'));
  if (!verdict.valid || capture?.valid === false) process.exitCode = exitCodes.aborted;
}

export async function runJournalReplay(directory: string, options: ReplayOptions): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const proof = await replayJournal(root, folder, options.to);
  const hashEqual = proof.recordedStateHash === '' || options.to !== undefined || proof.recordedStateHash === proof.stateHash;
  const equal = proof.equal && hashEqual && (proof.trouble === '' || proof.trouble === 'open');
  const lines = [
    `${proof.inputs} inputs stepped again, ${proof.decisions} decisions compared: ${equal ? 'equal' : proof.equal && hashEqual ? 'equal as far as it can be read' : 'DIFFERENT'}`,
    `state hash ${proof.stateHash}${hashEqual ? '' : `, recorded ${proof.recordedStateHash}`}`,
    ...(proof.trouble === '' ? [] : [`the journal is ${proof.trouble}`]),
    ...proof.differences.map(differenceText),
  ];
  print(options.json === true, { ...proof, equal, coreDigest: coreDigest() }, lines.join('\n'));
  if (!equal) process.exitCode = exitCodes.aborted;
}

function differenceText({
  seq,
  recorded,
  derived,
}: {
  readonly seq: number;
  readonly recorded: unknown;
  readonly derived: unknown;
}): string {
  return `record ${seq}\n  recorded ${JSON.stringify(recorded)}\n  derived  ${JSON.stringify(derived)}`;
}

export async function runJournalTail(directory: string, options: TailOptions): Promise<void> {
  const { root, folder } = await findJournal(directory);
  const last: JournalRecord[] = [];
  const end = await readJournal(nodeDisk(root), folder, (record) => {
    last.push(record);
    if (last.length > options.lines) last.shift();
  });
  const records = last.map((record) => ({
    seq: record.seq,
    at: isoFromMicros(record.at),
    kind: record.of === 'input' ? record.input.kind : record.decision.kind,
    view: { ...jsonView(record), ...(record.of === 'decision' ? { causeSeq: record.causeSeq } : {}) },
  }));
  const lines = records.map(
    ({ seq, at, kind, view }) => `${String(seq).padStart(8)} ${at.slice(11, 26)} ${kind.padEnd(18)} ${short(view)}`,
  );
  if (end.kind === 'damaged') {
    lines.push(`the journal is damaged behind record ${end.lastSeq}: ${end.what} (${end.file} at byte ${end.offset})`);
    process.exitCode = exitCodes.aborted;
  }
  print(options.json === true, { end: end.kind, records }, lines.join('\n'));
}

function short(value: object): string {
  const text = JSON.stringify(value).replaceAll('"', '');
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

/** Two journals, or a journal and its own replay. */
export async function runJournalDiff(directory: string, other: string | undefined, options: JsonOption): Promise<void> {
  const left = await findJournal(directory);
  if (other === undefined) {
    const proof = await replayJournal(left.root, left.folder);
    print(
      options.json === true,
      { equal: proof.equal, differences: proof.differences },
      proof.equal ? 'every decision is derived again as it was recorded' : proof.differences.map(differenceText).join('\n'),
    );
    if (!proof.equal) process.exitCode = exitCodes.aborted;
    return;
  }
  const right = await findJournal(other);
  const diff = await diffJournals(nodeDisk('/'), join(left.root, left.folder).slice(1), join(right.root, right.folder).slice(1));
  print(options.json === true, diff, diff.first === null ? `equal over ${diff.equal} records` : diff.first.text);
  if (diff.first !== null) process.exitCode = exitCodes.aborted;
}
