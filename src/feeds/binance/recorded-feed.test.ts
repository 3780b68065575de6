import { describe, expect, test } from 'vitest';
import { tell } from '../../testing/feeds/mini-capture.ts';
import { joined, joinedTold, read, spot, spotJoined, told, usdm } from '../../testing/feeds/mini-feed.ts';

describe('joining a snapshot', () => {
  test('USD-M: what waited is delivered behind the snapshot, from the frame with U <= lastUpdateId <= u on', () => {
    const capture = usdm()
      .depth(1, 5, 0, [['98.0', '1']], [])
      .depth(7, 12, 5, [['97.0', '1']], [])
      .depth(14, 19, 12, [['100.0', '4']], [])
      .depth(21, 25, 19, [], [['100.2', '0']])
      .snapshot(15, [['100.0', '1']], [['100.2', '2']])
      .depth(26, 30, 25, [['99.9', '3']], []);
    expect(told(capture)).toEqual(['snapshot b1000=1000 a1002=2000', 'book b1000=4000', 'book a1002=0', 'book b999=3000']);
    expect(read(capture).report).toMatchObject({ inSnapshot: 2, unusedDepthFrames: 0, gaps: 0, levels: 5 });
  });

  test('USD-M: a snapshot at the end of a frame, or between two, joins as well', () => {
    const at = usdm()
      .depth(1, 5, 0, [['98.0', '1']], [])
      .depth(7, 12, 5, [['97.0', '1']], []);
    expect(told(at.snapshot(5, [['100.0', '1']], []))).toEqual(['snapshot b1000=1000', 'book b980=1000', 'book b970=1000']);
    const between = usdm()
      .depth(1, 5, 0, [['98.0', '1']], [])
      .depth(7, 12, 5, [['97.0', '1']], []);
    expect(told(between.snapshot(6, [['100.0', '1']], []))).toEqual(['snapshot b1000=1000', 'book b970=1000']);
  });

  test('spot: frames with u <= lastUpdateId are in the snapshot, the first to apply has U <= lastUpdateId + 1 <= u', () => {
    const capture = spot()
      .depth(1, 5, 0, [['98.0', '1']], [])
      .depth(6, 15, 0, [['97.0', '1']], [])
      .depth(16, 19, 0, [['100.0', '4']], [])
      .snapshot(15, [['100.0', '1']], [['100.2', '2']]);
    expect(told(capture)).toEqual(['snapshot b1000=1000 a1002=2000', 'book b1000=4000']);
    expect(read(capture).report).toMatchObject({ inSnapshot: 2, unusedDepthFrames: 0 });
  });

  test('spot: a frame that holds the snapshot number joins too', () => {
    const capture = spot()
      .depth(10, 19, 0, [['100.0', '4']], [])
      .snapshot(15, [['100.0', '1']], []);
    expect(told(capture)).toEqual(['snapshot b1000=1000', 'book b1000=4000']);
  });

  test('a first frame that comes too late after the snapshot is a gap', () => {
    expect(
      told(
        usdm()
          .snapshot(15, [['100.0', '1']], [])
          .depth(20, 25, 18, [['99.9', '3']], []),
      ),
    ).toEqual(['snapshot b1000=1000', 'gap: expected U of at most 15 after the snapshot, was 20']);
    expect(
      told(
        spot()
          .snapshot(15, [['100.0', '1']], [])
          .depth(18, 25, 0, [['99.9', '3']], []),
      ),
    ).toEqual(['snapshot b1000=1000', 'gap: expected U of at most 16 after the snapshot, was 18']);
  });

  test('a snapshot older than what waits is not joined; the end says what had none', () => {
    const { events, report } = read(
      usdm()
        .depth(20, 25, 18, [['99.9', '3']], [])
        .snapshot(15, [['100.0', '1']], []),
    );
    expect(events.map(tell)).toEqual(['live: BTCUSDT from mini.gz', 'end: 2 lines, 1 depth frames without a snapshot']);
    expect(report.unusedDepthFrames).toBe(1);
  });

  test('a second snapshot changes nothing while the book follows on', () => {
    expect(told(joined().snapshot(18, [['1.0', '1']], []))).toEqual(joinedTold);
  });
});

describe('gaps', () => {
  test('USD-M: a lost depth frame is a gap with its numbers, and nothing is delivered for the book until a snapshot', () => {
    const capture = joined()
      .depth(31, 40, 30, [['99.8', '1']], [])
      .depth(41, 50, 40, [['99.7', '1']], [])
      .trade(1, '100.2', '0.5', false)
      .snapshot(45, [['99.5', '1']], [['100.2', '1']])
      .depth(51, 60, 50, [['99.4', '1']], []);
    expect(told(capture)).toEqual([
      ...joinedTold,
      'gap: expected pu 20, was 30',
      'trade 1 buy 500 at 1002',
      'snapshot b995=1000 a1002=1000',
      'resync: snapshot 45',
      'book b997=1000',
      'book b994=1000',
    ]);
    expect(read(capture).report).toMatchObject({ gaps: 1, resyncs: 1, inSnapshot: 1, unusedDepthFrames: 0 });
  });

  test('spot: the gap says how many updates are missing', () => {
    const { events } = read(spotJoined().depth(26, 30, 0, [['99.8', '1']], []));
    const gap = events.find((event) => event.kind === 'feedStatus' && event.condition === 'gap');
    expect(gap).toMatchObject({ text: 'expected U 21, was 26', value: 5, feed: 3, listing: 7 });
  });

  test('without a snapshot the book stays gone to the end', () => {
    const capture = joined()
      .depth(31, 40, 30, [['99.8', '1']], [])
      .depth(41, 50, 40, [['99.7', '1']], []);
    expect(told(capture)).toEqual([...joinedTold, 'gap: expected pu 20, was 30']);
    expect(read(capture).report.unusedDepthFrames).toBe(2);
  });

  test('a second gap while waiting drops what waited before it', () => {
    const capture = joined()
      .depth(31, 40, 30, [['99.8', '1']], [])
      .depth(51, 60, 50, [['99.7', '1']], [])
      .snapshot(45, [['99.5', '1']], [])
      .snapshot(55, [['99.6', '1']], []);
    expect(told(capture)).toEqual([
      ...joinedTold,
      'gap: expected pu 20, was 30',
      'snapshot b996=1000',
      'resync: snapshot 55',
      'book b997=1000',
    ]);
  });

  test('a frame that comes twice, or is older, is counted and not applied', () => {
    const capture = joined()
      .depth(10, 20, 9, [['99.9', '9']], [])
      .depth(21, 25, 20, [['99.8', '1']], []);
    expect(told(capture)).toEqual([...joinedTold, 'book b998=1000']);
    expect(read(capture).report).toMatchObject({ duplicates: 1, gaps: 0 });
  });

  test('missing trades are a gap until the next depth frame follows on; the book comes back whole', () => {
    const capture = joined()
      .trade(5, '100.2', '1', false)
      .trade(8, '100.2', '1', true)
      .depth(21, 25, 20, [['99.8', '1']], []);
    expect(told(capture)).toEqual([
      ...joinedTold,
      'trade 5 buy 1000 at 1002',
      'gap: expected trade 6, was 8',
      'trade 8 sell 1000 at 1002',
      'snapshot b1000=1000 b999=3000 b998=1000 a1002=2000',
      'resync: depth frame 25 follows on, no depth was lost',
    ]);
    expect(read(capture).report).toMatchObject({ missingTrades: 2, gaps: 1, resyncs: 1 });
  });

  test('prints of the insurance fund and of settlement take a number of the row but are no trades', () => {
    const capture = joined().trade(5, '100.2', '1', false).trade(6, '0', '0', false, 'NA').trade(7, '100.2', '1', true);
    expect(told(capture)).toEqual([...joinedTold, 'trade 5 buy 1000 at 1002', 'trade 7 sell 1000 at 1002']);
    expect(read(capture).report).toMatchObject({ trades: 2, otherFrames: 1, missingTrades: 0 });
  });

  test('trades and quotes that come twice or late are counted and left out', () => {
    const capture = joined()
      .trade(5, '100.2', '1', false)
      .trade(5, '100.2', '1', false)
      .ticker(30, '100.0', '1', '100.2', '2')
      .ticker(29, '100.0', '5', '100.2', '2');
    expect(told(capture)).toEqual([...joinedTold, 'trade 5 buy 1000 at 1002', 'quote 1000x1000 1002x2000']);
    expect(read(capture).report.duplicates).toBe(2);
  });
});
