import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import { verifyChunks } from '../../verify/capture.ts';
import { verifyDirectory } from '../../verify/verify.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { openJournal } from '../../testing/journal/small-journal.ts';
import { runCapture } from '../backtest/capture-run.ts';
import { captureFiles, SessionCapture } from './capture.ts';
import { capturedSource } from './captured-source.ts';
import { fileSystemCheck } from './fsck.ts';
import { syntheticSource, type MarketSource } from './market-source.ts';
import { deskPeople } from './people.ts';
import { Session } from './session.ts';
import { paperSpec } from './specs.ts';
import { bookStrategies, strategyNamed } from './strategies.ts';

const capital = '1000000';
const minutes = 6;
const perFile = 2;
const maker = strategyNamed('maker', bookStrategies);
if (typeof maker === 'string') throw new Error(maker);
const definition = maker;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-capture-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const endsAt = ({ startAt }: MarketSource): number => startAt + minutes * 60_000_000;
const captureOf = (name: string): string => join(root, name, 'capture');

/** Orders of a maker on paper, without their numbers: these hang on the places of records. */
async function paper(name: string, source: MarketSource, captures: boolean): Promise<readonly string[]> {
  const orders: string[] = [];
  const journal = await openJournal(nodeDisk(join(root, name)), { segmentBytes: 1 << 22 });
  const session = new Session({
    source,
    journal,
    coreDigest: '0'.repeat(64),
    seed: '3',
    firmCapital: capital,
    durability: 'os',
    strategies: [definition],
    ...(captures ? { capture: new SessionCapture(captureOf(name), source, perFile) } : {}),
    onDecision: (at: number, decision: Decision) => {
      if (decision.kind !== 'orderSent' && decision.kind !== 'replaceSent') return;
      const { side, price, orderQty, timeInForce } = decision.order;
      // the desk that captures ends at a time, the other one with the last event
      if (at < endsAt(source)) orders.push(`${at} ${decision.kind} ${side} ${orderQty} at ${price} ${timeInForce}`);
    },
  });
  await session.open();
  await session.prepare(capital);
  const deployed = await session.deploy(
    paperSpec('maker-paper', 'maker', definition.version, source.market.currency, capital),
    deskPeople.trader,
  );
  expect(deployed.text).not.toContain('refused');
  await session.desk.advance(micros(endsAt(source)), 100_000_000, true);
  expect(await session.close('the end')).toBeUndefined();
  return orders;
}

test('a captured session gives the same orders again, on paper and in a backtest', async () => {
  const orders = await paper('first', syntheticSource(5), true);
  expect(orders.length).toBeGreaterThan(20);
  expect(captureFiles(captureOf('first')).length).toBeGreaterThan(2);
  const { chunks } = verifyDirectory(join(root, 'first/journal'));
  expect(chunks.length).toBeGreaterThan(perFile * 2);
  expect(verifyChunks(chunks, captureOf('first'))).toMatchObject({ valid: true, noted: chunks.length, sound: chunks.length, unnoted: 0 });
  expect(await paper('again', capturedSource(captureOf('first')), false)).toEqual(orders);
  const result = await runCapture({
    source: capturedSource(captureOf('first')),
    definition,
    parameters: {},
    capital,
    seed: '3',
    coreDigest: '0'.repeat(64),
    dataHash: '',
    terms: {},
  });
  const placed = orders.map((line) => {
    const [at, , side, qty] = line.split(' ');
    return { at: Number(at), side, qty };
  });
  expect(result.orders.map(({ time, side, qty }) => ({ at: time, side, qty }))).toEqual(placed);
});

/** What an attacker or a disk does to a capture, and how it is named. */
const harms: readonly {
  readonly name: string;
  readonly harm: (directory: string) => void;
  readonly kind: string;
  readonly words: RegExp;
}[] = [
  { name: 'a byte of a body', harm: (at) => flip(at, 1, (size) => size - 100), kind: 'tampered', words: /has another root/ },
  { name: 'the root beside the bytes', harm: (at) => flip(at, 1, () => headerOf(at, 1) + 20), kind: 'tampered', words: /has another root/ },
  { name: 'the header', harm: (at) => flip(at, 1, () => 40), kind: 'tampered', words: /has another root/ },
  { name: 'the mark of a chunk', harm: (at) => flip(at, 1, () => headerOf(at, 1)), kind: 'tampered', words: /has no head of a chunk/ },
  { name: 'a whole capture written anew', harm: forge, kind: 'tampered', words: /has another root/ },
  { name: 'a file that is cut', harm: (at) => cut(at, 1, 50), kind: 'truncated', words: /expected \d+ bytes, was cut after \d+/ },
  {
    name: 'a file that is cut between two chunks',
    harm: (at) => cutTo(at, 1, headerOf(at, 1) + lengthOf(at, 1)),
    kind: 'missing',
    words: /the file ends before it/,
  },
  { name: 'a file that is gone', harm: (at) => rmSync(captureFiles(at)[1]), kind: 'missing', words: /there is no such file/ },
];

function headerOf(directory: string, n: number): number {
  const bytes = readFileSync(captureFiles(directory)[n]);
  return Math.ceil((16 + bytes.readUInt32LE(12)) / 8) * 8;
}

/** Of the first chunk, its head included. */
function lengthOf(directory: string, n: number): number {
  return 48 + readFileSync(captureFiles(directory)[n]).readUInt32LE(headerOf(directory, n) + 4);
}

function flip(directory: string, n: number, at: (size: number) => number): void {
  const file = captureFiles(directory)[n];
  const bytes = readFileSync(file);
  bytes[at(bytes.length)] ^= 1;
  writeFileSync(file, bytes);
}

function cut(directory: string, n: number, bytes: number): void {
  cutTo(directory, n, statSync(captureFiles(directory)[n]).size - bytes);
}

function cutTo(directory: string, n: number, bytes: number): void {
  truncateSync(captureFiles(directory)[n], bytes);
}

/** The next file under the name of this one: sound in itself, with roots that fit its bytes. */
function forge(directory: string): void {
  const [, file, next] = captureFiles(directory);
  writeFileSync(file, readFileSync(next));
}

test('a chunk that is changed, cut short or gone is named by file, chunk and record', async () => {
  await paper('first', syntheticSource(5), true);
  const journal = join(root, 'first/journal');
  const { chunks } = verifyDirectory(journal);
  expect((await fileSystemCheck(join(root, 'first'), 'journal', '')).capture?.valid).toBe(true);
  for (const { name, harm, kind, words } of harms) {
    const copy = join(root, 'harmed');
    cpSync(captureOf('first'), copy, { recursive: true });
    harm(copy);
    const verdict = verifyChunks(chunks, copy);
    const [first] = verdict.problems;
    expect([name, verdict.valid, first?.kind], first?.what).toEqual([name, false, kind]);
    expect(first?.what).toMatch(words);
    expect(first?.what).toContain(`0000000002.capture: chunk ${first?.chunk}, which record ${first?.seq} notes,`);
    expect(verdict.problems.every(({ file }) => file === '0000000002.capture')).toBe(true);
    const checked = await fileSystemCheck(join(root, 'first'), 'journal', '', copy);
    expect(checked.sound).toBe(false);
    expect(checked.lines.join('\n')).toContain(`${kind}: 0000000002.capture`);
    rmSync(copy, { recursive: true });
  }
});

test('a directory of something else, of another market or with a hole is refused', () => {
  const taken = join(root, 'taken');
  const source = syntheticSource(5);
  new SessionCapture(taken, source);
  const { market } = source;
  expect(() => new SessionCapture(taken, { ...source, market: { ...market, listingID: 'OTHER' } })).toThrow(
    `expected ${market.listingID}, which it holds, was OTHER`,
  );
  expect(() => new SessionCapture(join(root), source)).toThrow('expected an empty directory or a capture, is something else');
  expect(() => capturedSource(taken)).toThrow('the capture holds no file');
  for (const n of [1, 3]) writeFileSync(join(taken, `000000000${n}.capture`), '');
  expect(() => capturedSource(taken)).toThrow('the capture lacks file 2 before 3');
  writeFileSync(join(taken, 'market.json'), '{}');
  expect(() => capturedSource(taken)).toThrow('expected the market of a capture');
  expect(readdirSync(taken).length).toBe(3);
});
