import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { microsUnchecked } from '../../base/units.ts';
import { feedConditions, type BookUpdate, type FeedStatus } from '../../domain/market.ts';
import { drain, tell, withFolder } from '../../testing/feeds/mini-capture.ts';
import { createCaptureFeed } from './capture-feed.ts';
import { captureFile, CaptureWriter, type WrittenSource } from './capture-writer.ts';
import {
  aggressorCodes,
  captureVersion,
  chunkLevels,
  conditionCodes,
  kindCodes,
  maxEventLevels,
  maxSources,
  maxTextLength,
} from './format.ts';

const source: WrittenSource = { feedID: 'f', listingID: 'L', priceUnit: '0.1', lot: '1', feed: 0, listing: 0 };
const stamp = { eventSeq: 1, feed: 0, feedSeq: 0, eventTime: microsUnchecked(5), receivedAt: microsUnchecked(5), listing: 0 };
const status = (text: string): FeedStatus => ({ kind: 'feedStatus', ...stamp, condition: 'live', text, value: 0 });
const book = (count: number): BookUpdate => ({
  kind: 'book',
  ...stamp,
  snapshot: true,
  count,
  sides: new Uint8Array(count),
  prices: Float64Array.from({ length: count }, (_, i) => i + 1),
  qtys: new Float64Array(count).fill(3),
});
const open = (file: string) => createCaptureFeed({ file, indicesOf: () => ({ feed: 0, listing: 0 }) });

function written(folder: string, add: (writer: CaptureWriter) => void): string {
  const file = join(folder, 'x.capture');
  const writer = new CaptureWriter(captureFile(file), [source]);
  add(writer);
  writer.close();
  return file;
}

test('a missing file, another format, another version and a broken header are each refused in one sentence', () => {
  withFolder((folder) => {
    const file = written(folder, (writer) => writer.add(status('hello')));
    const bytes = readFileSync(file);
    const refused = (name: string, change: (copy: Buffer) => Buffer): (() => unknown) => {
      const path = join(folder, name);
      writeFileSync(path, change(Buffer.from(bytes)));
      return () => open(path);
    };
    expect(() => open(join(folder, 'none'))).toThrow(/^capture .*none: cannot be read: ENOENT/);
    expect(refused('short', (b) => b.subarray(0, 9))).toThrow(/^capture .*short: is no capture of this product$/);
    expect(refused('magic', (b) => b.fill(120, 0, 1))).toThrow(/^capture .*magic: is no capture of this product$/);
    expect(refused('version', (b) => b.fill(9, 8, 9))).toThrow(`expected format version ${captureVersion}, was 9`);
    expect(refused('long', (b) => b.fill(255, 12, 16))).toThrow('expected a header of at most 1048576 bytes, was 4294967295');
    expect(refused('cut', (b) => b.subarray(0, 40))).toThrow(/ends within its header$/);
    expect(refused('json', (b) => b.fill(120, 16, 17))).toThrow(/expected a header of JSON$/);
    expect(refused('names', (b) => Buffer.from(b.toString('latin1').replace('"lot"', '"lut"'), 'latin1'))).toThrow(
      'each with feedID, listingID, priceUnit and lot',
    );
  });
});

test('a source that does not fit this desk is refused with the reason', () => {
  withFolder((folder) => {
    const file = written(folder, (writer) => writer.add(status('')));
    expect(() => createCaptureFeed({ file, indicesOf: ({ priceUnit }) => `expected price unit 0.01, was ${priceUnit}` })).toThrow(
      /x\.capture: L: expected price unit 0\.01, was 0\.1$/,
    );
  });
});

test('a file that exists is not written over; an event of an unknown source and too many levels are refused', () => {
  withFolder((folder) => {
    const file = written(folder, (writer) => {
      expect(() => writer.add({ ...status(''), listing: 3 })).toThrow('capture: feed 0, listing 3 is no source of it');
      expect(() => writer.add(book(maxEventLevels + 1))).toThrow(
        `expected at most ${maxEventLevels} levels in one book event, was ${maxEventLevels + 1}`,
      );
    });
    expect(() => captureFile(file)).toThrow(/^capture .*x\.capture: cannot be written: EEXIST/);
    expect(() => new CaptureWriter({ write: () => undefined, close: () => undefined }, [])).toThrow(
      `expected 1…${maxSources} sources, was 0`,
    );
  });
});

test('the largest book event and the longest text come back; a longer text is cut', () => {
  withFolder((folder) => {
    const longest = '€'.repeat(maxTextLength);
    const file = written(folder, (writer) => {
      writer.add(book(chunkLevels - 1));
      writer.add(book(maxEventLevels));
      for (let i = 0; i < 10; i++) writer.add(status(`${longest}!`));
    });
    const events = drain(open(file));
    expect(events).toHaveLength(12);
    const [first, second, third] = events;
    expect([first.kind === 'book' && first.count, second.kind === 'book' && second.count]).toEqual([chunkLevels - 1, maxEventLevels]);
    const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
    expect(second.kind === 'book' && same(second.prices, book(maxEventLevels).prices) && same(second.qtys, book(maxEventLevels).qtys)).toBe(
      true,
    );
    expect(tell(third)).toBe(`live: ${longest}`);
  });
});

test('a chunk that is well-hashed but out of order, or a chunk twice, is refused', () => {
  withFolder((folder) => {
    const backwards = written(folder, (writer) => {
      writer.add(status('late'));
      writer.add({ ...status('early'), receivedAt: microsUnchecked(4) });
    });
    const feed = open(backwards);
    expect(drain(feed).map(tell)).toEqual([
      'gap: x.capture chunk 0: expected events in order of receive time',
      'end: the capture is not whole',
    ]);
    const bytes = readFileSync(backwards);
    const header = 16 + Math.ceil(bytes.readUInt32LE(12) / 8) * 8;
    const twice = join(folder, 'twice');
    const writer = new CaptureWriter(captureFile(twice), [source]);
    writer.add(status('once'));
    writer.close();
    appendFileSync(twice, readFileSync(twice).subarray(header));
    expect(drain(open(twice)).map(tell)).toEqual([
      'live: once',
      'gap: twice chunk 1: expected its number, was 0',
      'end: the capture is not whole',
    ]);
  });
});

test('peek tells the time of what next brings, over borders of chunks and at the end', () => {
  withFolder((folder) => {
    const file = written(folder, (writer) => {
      for (let i = 1; i <= 5; i++) {
        writer.add({ ...status(''), receivedAt: microsUnchecked(i) });
        writer.flush();
      }
    });
    const feed = open(file);
    const times: (number | undefined)[] = [];
    for (let at = feed.peek(); at !== undefined; at = feed.peek()) times.push(at, feed.next()?.receivedAt);
    expect(times).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect([feed.next(), feed.peek()]).toEqual([undefined, undefined]);
    feed.close();
  });
});

test('codes on disk are different numbers from 0 on, and each condition has one', () => {
  for (const codes of [kindCodes, aggressorCodes, conditionCodes]) {
    expect(Object.values(codes).sort((a, b) => a - b)).toEqual(Object.keys(codes).map((_, i) => i));
  }
  expect(Object.keys(conditionCodes).sort()).toEqual([...feedConditions].sort());
});
