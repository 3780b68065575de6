import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drain, miniStart, tell, withFolder, writeCapture } from '../../testing/feeds/mini-capture.ts';
import { joined, joinedTold, read, spot, terms, told, usdm, type More } from '../../testing/feeds/mini-feed.ts';
import { createBinanceFeed } from './recorded-feed.ts';

describe('malformed lines', () => {
  const cases: readonly (readonly [what: string, line: string, text: string])[] = [
    ['no receive time', 'hello', 'mini.gz:3 receivedAt: expected 19 digits of nanoseconds and a space'],
    ['a short receive time', '1723161255 {}', 'mini.gz:3 receivedAt: expected 19 digits of nanoseconds and a space'],
    ['half a frame', `${miniStart + 9_000}000 {"stream":"btcusdt@de`, 'mini.gz:3 frame: expected JSON, was {"stream":"btcusdt@de'],
    ['another symbol', `${miniStart + 9_000}000 {"stream":"x@trade","data":{"s":"ETHUSDT"}}`, 'mini.gz:3 s: expected BTCUSDT, was ETHUSDT'],
  ];
  for (const [what, line, text] of cases) {
    test(`${what}: a gap names file, line and field; when the next depth frame follows on, the book comes back whole`, () => {
      const capture = joined()
        .raw(line)
        .depth(21, 25, 20, [['99.8', '1']], []);
      expect(told(capture)).toEqual([
        ...joinedTold,
        `gap: ${text}`,
        'snapshot b1000=1000 b999=3000 b998=1000 a1002=2000',
        'resync: depth frame 25 follows on, no depth was lost',
      ]);
      expect(read(capture).report).toMatchObject({ malformed: 1, gaps: 1, resyncs: 1 });
    });
  }

  test('a malformed depth frame is a gap that only a snapshot ends', () => {
    const capture = joined()
      .depth(21, 25, 20, [['99.85', '1']], [])
      .depth(26, 30, 25, [['99.8', '1']], [])
      .snapshot(28, [['99.5', '1']], []);
    expect(told(capture)).toEqual([
      ...joinedTold,
      'gap: mini.gz:3 b[0]: expected a positive price in steps of the listing, was 99.85',
      'gap: expected pu 20, was 25',
      'snapshot b995=1000',
      'resync: snapshot 28',
      'book b998=1000',
    ]);
  });

  test('the first 100 are kept with file, line and field, every one is counted', () => {
    const capture = joined();
    for (let i = 0; i < 130; i++) capture.frame('{');
    const { events, report } = read(capture);
    expect([report.malformed, report.faults.length]).toEqual([130, 100]);
    expect(report.faults[99]).toMatchObject({ line: 102, field: 'frame', text: 'expected JSON, was {' });
    expect(report.faults[99].file).toMatch(/mini\.gz$/);
    expect(events.filter((event) => event.kind === 'feedStatus' && event.condition === 'gap')).toHaveLength(100);
  });

  test('a malformed line before the first receive time is reported at that time', () => {
    const capture = usdm()
      .raw('cut off')
      .snapshot(15, [['100.0', '1']], []);
    const { events } = read(capture);
    expect(events.slice(0, 2).map((event) => [tell(event), event.receivedAt])).toEqual([
      ['live: BTCUSDT from mini.gz', miniStart + 1_000],
      ['gap: mini.gz:1 receivedAt: expected 19 digits of nanoseconds and a space', miniStart + 1_000],
    ]);
  });
});

describe('crossed, stale and skewed', () => {
  test('a crossed book is said once an episode, behind the change that crossed it', () => {
    const capture = joined()
      .depth(21, 25, 20, [['100.3', '1']], [])
      .depth(26, 30, 25, [['100.4', '1']], [])
      .depth(
        31,
        35,
        30,
        [
          ['100.3', '0'],
          ['100.4', '0'],
        ],
        [],
      )
      .depth(36, 40, 35, [], [['100.0', '1']]);
    expect(told(capture)).toEqual([
      ...joinedTold,
      'book b1003=1000',
      'crossed: book: bid 1003 at or above ask 1002 (ticks)',
      'book b1004=1000',
      'book b1003=0 b1004=0',
      'book a1000=1000',
      'crossed: book: bid 1000 at or above ask 1000 (ticks)',
    ]);
    expect(read(capture).report.crossed).toBe(2);
  });

  test('crossed quotes are said once and not delivered', () => {
    const capture = usdm()
      .ticker(1, '100.0', '1', '100.1', '1')
      .ticker(2, '100.1', '1', '100.1', '1')
      .ticker(3, '100.2', '1', '100.1', '1')
      .ticker(4, '100.1', '1', '100.2', '1');
    expect(told(capture)).toEqual([
      'quote 1000x1000 1001x1000',
      'crossed: quote: bid 1001 at or above ask 1001 (ticks)',
      'quote 1001x1000 1002x1000',
    ]);
  });

  test('an empty side crosses nothing', () => {
    expect(told(usdm().ticker(1, '100.0', '1', '0', '0'))).toEqual(['quote 1000x1000 0x0']);
  });

  test('a silence longer than staleAfter is said at the next message, with its length', () => {
    const capture = joined().wait(1_000_000).ticker(1, '100.0', '1', '100.2', '1').wait(999_000).ticker(2, '100.0', '1', '100.2', '2');
    const { events, report } = read(capture);
    const stale = events.filter((event) => event.kind === 'feedStatus' && event.condition === 'stale');
    expect(stale.map(tell)).toEqual(['stale: no message for 1001000 us, expected one within 1000000 us']);
    expect(stale[0]).toMatchObject({ value: 1_001_000 });
    expect([report.stale, report.longestSilence]).toEqual([1, 1_001_000]);
    expect(read(capture, { staleAfter: 999_999 }).report.stale).toBe(2);
  });

  test('a skew is said when the median has moved past the threshold, and again only when it moves on', () => {
    const capture = usdm();
    const ticks = (from: number, count: number): void => {
      for (let i = 0; i < count; i++) capture.ticker(from + i, '100.0', '1', '100.1', '1');
    };
    ticks(1, 100);
    capture.skew = 1_270_000;
    ticks(101, 200);
    capture.skew = 1_400_000;
    ticks(301, 200);
    capture.skew = -300_000;
    ticks(501, 200);
    const { events, report } = read(capture);
    const skews = events.filter((event) => event.kind === 'feedStatus' && event.condition === 'skew');
    expect(skews.map(tell)).toEqual([
      "skew: the venue's clock is 1270000 us ahead of the receiver's",
      "skew: the venue's clock is 300000 us behind the receiver's",
    ]);
    expect(skews.map((event) => event.kind === 'feedStatus' && event.value)).toEqual([1_270_000, -300_000]);
    expect([report.skewChanges, report.skew]).toEqual([2, -300_000]);
  });

  test('a burst of late frames moves no median', () => {
    const capture = usdm();
    for (let i = 1; i <= 300; i++) {
      capture.skew = i % 3 === 0 ? -2_000_000 : 0;
      capture.ticker(i, '100.0', '1', '100.1', '1');
    }
    expect(read(capture).report).toMatchObject({ skewChanges: 0, skew: 0 });
  });

  test('spot quotes and snapshots carry no time: theirs is the receive time moved by the known skew', () => {
    const capture = spot().ticker(1, '100.0', '1', '100.1', '1');
    capture.skew = 1_270_000;
    capture
      .trade(1, '100.0', '1', true)
      .ticker(2, '100.0', '1', '100.1', '1')
      .snapshot(15, [['100.0', '1']], []);
    const { events } = read(capture);
    expect(events.filter((event) => event.kind !== 'feedStatus').map((event) => event.eventTime - event.receivedAt)).toEqual([
      0, 1_270_000, 1_270_000, 1_270_000,
    ]);
  });

  test('a receive time that goes back is taken at the time above it and counted', () => {
    const capture = joined().wait(-500_000).ticker(1, '100.0', '1', '100.2', '1').wait(600_000).ticker(2, '100.0', '1', '100.2', '2');
    const { events, report } = read(capture);
    const times = events.map((event) => event.receivedAt - miniStart);
    expect(times).toEqual([1_000, 1_000, 2_000, 2_000, 104_000, 104_000]);
    expect(report.outOfOrder).toBe(1);
  });
});

describe('files', () => {
  const open = (file: string, more: More = {}) => createBinanceFeed({ file, ...terms(usdm()), ...more });

  test('a missing file, a file that is no gzip, a cut one, an empty one and one of something else are each refused in one sentence', () => {
    withFolder((folder) => {
      const whole = joined().packed();
      const write = (name: string, bytes: Buffer): string => {
        writeFileSync(join(folder, name), bytes);
        return join(folder, name);
      };
      expect(() => open(join(folder, 'none.gz'))).toThrow(/^capture .*none\.gz: cannot be read: ENOENT/);
      expect(() => open(write('plain.gz', Buffer.from('1723161255000001000 {}')))).toThrow(/^capture .*plain\.gz: expected gzip, /);
      expect(() => open(write('cut.gz', whole.subarray(0, whole.length - 12)))).toThrow(
        /^capture .*cut\.gz: the gzip ends early, its last lines are missing$/,
      );
      expect(() => open(writeCapture(folder, 'empty.gz', usdm()))).toThrow(/^capture .*empty\.gz: expected lines of .* was empty$/);
      const other = writeCapture(folder, 'other.gz', usdm().raw('20240808 09:30,1,2,3'));
      expect(() => open(other)).toThrow(/^capture .*other\.gz: expected lines of .* was "20240808 09:30,1,2,3"$/);
    });
  });

  test('a capture may go on in a second file: the numbers are judged over the border', () => {
    withFolder((folder) => {
      const first = writeCapture(folder, 'a.gz', joined());
      const next = usdm()
        .wait(10_000)
        .depth(21, 25, 20, [['99.8', '1']], []);
      const feed = open(first, { following: [writeCapture(folder, 'b.gz', next)] });
      expect(drain(feed).map(tell)).toEqual(['live: BTCUSDT from a.gz', ...joinedTold, 'book b998=1000', 'end: 3 lines']);
    });
  });

  test('peek tells the time of the next event and changes nothing', () => {
    withFolder((folder) => {
      const feed = open(writeCapture(folder, 'mini.gz', joined()));
      const seen: (number | undefined)[] = [];
      for (let at = feed.peek(); at !== undefined; at = feed.peek()) seen.push(at, feed.peek(), feed.next()?.receivedAt);
      expect(seen).toHaveLength(12);
      expect(new Set(seen).size).toBe(2);
      expect([feed.next(), feed.peek()]).toEqual([undefined, undefined]);
    });
  });
});
