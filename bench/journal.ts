import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { microsUnchecked } from '../src/base/units.ts';
import type { Decision } from '../src/domain/decision.ts';
import type { Input } from '../src/domain/input.ts';
import { byteTarget } from '../src/domain/schema/byte-target.ts';
import { decisionCodec, encodePayload, inputCodec } from '../src/domain/schema/codec.ts';
import { createFileJournal } from '../src/journal/file-journal.ts';
import type { FileJournal } from '../src/journal/file-journal.ts';
import { defaultSegmentBytes } from '../src/journal/format.ts';
import { segmentsInReserve } from '../src/journal/segment-files.ts';
import { nodeDisk } from '../src/storage/file/node-disk.ts';
import { verifyDirectory } from '../src/verify/verify.ts';
import { hotValues } from '../src/testing/journal/hot-values.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';

/**
 * Group commit of 64 records (32 intents with their orders, about 200 bytes each) beside write and fdatasync of the same bytes, all into files that were
 * filled with zeros ahead, in turns of 250 commits on the same device. The raw device is driven as a desk must drive it, without standing still meanwhile
 * (callbacks), and once more with calls that block. The journal's figure contains encoding, checksums, tree and checkpoints. `sustained` runs over segment
 * after segment and contains their filling too. `paced` appends 10 records a millisecond and counts from the time at which they were due. Usage: node --import tsx bench/journal.ts [--rounds N] [--seconds N of the sustained run] [--dir D] [--json]
 */
const recordsPerBatch = 64;
const commitsPerTurn = 250;
const turnsPerRound = 14;
const rawFileBytes = 1 << 26;

interface Lap {
  records: number;
  seconds: number;
  readonly commits: number[];
}

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

function directory(): string {
  const at = process.argv.indexOf('--dir');
  const parent = at < 0 ? join(projectRoot, '.plimsoll') : process.argv[at + 1];
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'bench-journal-'));
}

const intent = hotValues.intent;
const order = hotValues.orderSent;

function appendBatch(journal: FileJournal, at: number): void {
  for (let n = 0; n < recordsPerBatch; n += 2) {
    const seq = journal.nextSeq;
    journal.appendInput(seq, microsUnchecked(at + n), intent);
    journal.appendDecision(seq + 1, microsUnchecked(at + n), seq, order);
  }
}

/** The next batch is appended while the one before is written, as a desk does. */
async function journalTurn(journal: FileJournal, lap: Lap, commits: number): Promise<void> {
  const began = performance.now();
  let before = Promise.resolve(true);
  for (let n = 0; n < commits; n++) {
    appendBatch(journal, 1_723_075_200_000_000 + lap.records);
    const start = performance.now();
    const flushed = journal.flush().then((answer) => lap.commits.push(performance.now() - start) > 0 && answer.ok);
    if (!(await before)) throw new Error('bench: the journal failed');
    before = flushed;
    lap.records += recordsPerBatch;
  }
  await before;
  lap.seconds += (performance.now() - began) / 1000;
}

type RawCommit = (fd: number, batch: Uint8Array, place: number) => Promise<void> | void;

const blocking: RawCommit = (fd, batch, place) => {
  writeSync(fd, batch, 0, batch.length, place);
  fdatasyncSync(fd);
};

const withCallbacks: RawCommit = (fd, batch, place) =>
  new Promise((resolve, reject) => {
    write(fd, batch, 0, batch.length, place, (failed) => {
      if (failed !== null) reject(failed);
      else fdatasync(fd, (error) => (error === null ? resolve() : reject(error)));
    });
  });

async function rawTurn(commit: RawCommit, fd: number, batch: Uint8Array, lap: Lap): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < commitsPerTurn; n++) {
    const start = performance.now();
    await commit(fd, batch, lap.commits.length * batch.length);
    lap.commits.push(performance.now() - start);
    lap.records += recordsPerBatch;
  }
  lap.seconds += (performance.now() - began) / 1000;
}

function rawFile(path: string): number {
  const fd = openSync(path, 'w+');
  const zeros = new Uint8Array(1 << 20);
  for (let at = 0; at < rawFileBytes; at += zeros.length) writeSync(fd, zeros, 0, zeros.length, at);
  fdatasyncSync(fd);
  return fd;
}

/** Bytes of a batch of 64 such records on the disk. */
function batchBytes(): number {
  const padded = (payload: number): number => Math.ceil((40 + payload) / 8) * 8;
  const target = byteTarget(4096, 4096, 'bench');
  const pair = padded(encodePayload(inputCodec(intent), target, 0, intent)) + padded(encodePayload(decisionCodec(order), target, 0, order));
  return Math.ceil(((recordsPerBatch / 2) * pair + 56) / 512) * 512;
}

function encodeNanos(): Record<string, number> {
  const target = byteTarget(4096, 4096, 'bench');
  const nanos: Record<string, number> = {};
  for (const [kind, value] of Object.entries(hotValues)) {
    const isInput = kind === 'intent' || kind === 'report' || kind === 'mark' || kind === 'timer';
    const codec = isInput ? inputCodec(value as Input) : decisionCodec(value as Decision);
    const run = (count: number): void => {
      for (let n = 0; n < count; n++) encodePayload(codec, target, n & 7, value);
    };
    run(200_000);
    const start = process.hrtime.bigint();
    run(1_000_000);
    nanos[kind] = Math.round(Number(process.hrtime.bigint() - start) / 1_000_000);
  }
  return nanos;
}

async function openJournal(root: string): Promise<FileJournal> {
  const created = await createFileJournal({
    disk: nodeDisk(root),
    directory: 'journal',
    origin: 'plimsoll/bench',
    coreDigest: '0'.repeat(64),
    term: 1,
    durability: 'group',
  });
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

/** Waits until two segments lie filled in reserve and nothing else is written. */
async function reservesFilled(root: string): Promise<void> {
  const filled = (): number =>
    readdirSync(join(root, 'journal')).filter(
      (name) => name.startsWith('reserve-') && statSync(join(root, 'journal', name)).size === defaultSegmentBytes,
    ).length;
  while (filled() < segmentsInReserve) await setTimeout(20);
  await setTimeout(200);
}

async function finish(root: string, journal: FileJournal): Promise<void> {
  const closed = await journal.close();
  if (!closed.ok) throw new Error(closed.message);
  const { valid, verdict } = verifyDirectory(join(root, 'journal'), { head: journal.head() });
  rmSync(root, { recursive: true });
  if (!valid) throw new Error(`bench: ${verdict}`);
}

function emptyLap(): Lap {
  return { records: 0, seconds: 0, commits: [] };
}

/** Less than a segment of each, in turns. */
async function round(): Promise<{ journal: Lap; raw: Lap; rawBlocking: Lap }> {
  const root = directory();
  const own = await openJournal(root);
  const fds = [rawFile(join(root, 'raw')), rawFile(join(root, 'raw-blocking'))];
  await journalTurn(own, emptyLap(), commitsPerTurn);
  await reservesFilled(root);
  const [journal, raw, rawBlocking] = [emptyLap(), emptyLap(), emptyLap()];
  const batch = new Uint8Array(batchBytes()).fill(7);
  for (let turn = 0; turn < turnsPerRound; turn++) {
    await journalTurn(own, journal, commitsPerTurn);
    await rawTurn(withCallbacks, fds[0], batch, raw);
    await rawTurn(blocking, fds[1], batch, rawBlocking);
  }
  for (const fd of fds) closeSync(fd);
  await finish(root, own);
  return { journal, raw, rawBlocking };
}

async function sustained(seconds: number): Promise<Lap> {
  const root = directory();
  const journal = await openJournal(root);
  const lap = emptyLap();
  while (lap.seconds < seconds) await journalTurn(journal, lap, commitsPerTurn);
  await finish(root, journal);
  return lap;
}

/** Records a millisecond of the paced run: 10,000 a second, of which each is durable when its commit ends. */
const pacedPerMilli = 10;

/** Appends at a given rate, whatever the disk does, and notes when each millisecond's records were durable. */
async function paced(seconds: number): Promise<Lap> {
  const root = directory();
  const journal = await openJournal(root);
  await journalTurn(journal, emptyLap(), commitsPerTurn);
  await reservesFilled(root);
  const lap = emptyLap();
  const waiting: Promise<unknown>[] = [];
  const began = performance.now();
  for (let due = 0; due < seconds * 1_000;) {
    const now = performance.now() - began;
    for (; due <= now && due < seconds * 1_000; due++) {
      for (let n = 0; n < pacedPerMilli; n += 2) {
        const seq = journal.nextSeq;
        const at = microsUnchecked(1_723_075_200_000_000 + due * 1_000);
        journal.appendInput(seq, at, intent);
        journal.appendDecision(seq + 1, at, seq, order);
      }
      lap.records += pacedPerMilli;
      // counted from when the records were due
      const start = began + due;
      waiting.push(journal.flush().then(() => lap.commits.push(performance.now() - start)));
    }
    await setTimeout(1);
  }
  await Promise.all(waiting);
  lap.seconds = (performance.now() - began) / 1000;
  await finish(root, journal);
  return lap;
}

function figures(lap: Lap): { recordsPerSecond: number; p50us: number; p99us: number } {
  const sorted = Float64Array.from(lap.commits).sort();
  const at = (q: number): number => Math.round(sorted[Math.floor(q * sorted.length)] * 1000);
  return { recordsPerSecond: Math.round(lap.records / lap.seconds), p50us: at(0.5), p99us: at(0.99) };
}

async function main(): Promise<void> {
  const rounds = option('rounds', 5);
  const encode = encodeNanos();
  const results = [];
  for (let n = 0; n < rounds; n++) {
    const laps = await round();
    const [journal, raw, rawBlocking] = [figures(laps.journal), figures(laps.raw), figures(laps.rawBlocking)];
    const share = journal.recordsPerSecond / raw.recordsPerSecond;
    results.push({ journal, raw, rawBlocking, share, seconds: laps.journal.seconds + laps.raw.seconds + laps.rawBlocking.seconds });
  }
  const best = results.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const report = {
    bench: 'journal',
    seed: 'none',
    recordsPerBatch,
    batchBytes: batchBytes(),
    rounds,
    excluded: 'opening, closing, verification; of the rounds also the filling of segments ahead',
    machine: `${cpus()[0].model.trim()} x ${cpus().length}`,
    node: process.version,
    ...best,
    sustained: figures(await sustained(option('seconds', 10))),
    paced: figures(await paced(option('seconds', 10))),
    shares: results.map(({ share }) => Math.round(share * 100) / 100),
    encodeNanos: encode,
  };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(report));
    return;
  }
  const line = (name: string, f: ReturnType<typeof figures>): string =>
    `${name.padEnd(22)} ${f.recordsPerSecond.toLocaleString('en-US').padStart(9)} records/s   commit p50 ${f.p50us} us   p99 ${f.p99us} us`;
  console.log(
    `journal: batches of ${recordsPerBatch} records, ${report.batchBytes} bytes; quietest of ${rounds} rounds; ${report.machine}, Node ${report.node}; excluded: ${report.excluded}`,
  );
  console.log(line('journal, group commit', best.journal));
  console.log(line('raw write + fdatasync', best.raw));
  console.log(line('raw, blocking calls', best.rawBlocking));
  console.log(line('journal, sustained', report.sustained));
  console.log(line('journal, 10,000 a second', report.paced));
  console.log(
    `${(best.share * 100).toFixed(0)} % of the raw device, ${((best.journal.recordsPerSecond / best.rawBlocking.recordsPerSecond) * 100).toFixed(0)} % of blocking calls (all rounds: ${report.shares.map((share) => `${(share * 100).toFixed(0)} %`).join(', ')})`,
  );
  console.log(
    `encode, ns: ${Object.entries(encode)
      .map(([kind, ns]) => `${kind} ${ns}`)
      .join(', ')}`,
  );
}

await main();
