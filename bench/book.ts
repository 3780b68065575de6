import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { prng } from '../src/base/prng.ts';
import { lotsUnchecked, ticksUnchecked } from '../src/base/units.ts';
import { FastBook } from '../src/venues/simulated/fast-book.ts';
import { askSide, bidSide, createExecutions, noOwner } from '../src/venues/simulated/matching-book.ts';
import type { BookSide, MatchingBook } from '../src/venues/simulated/matching-book.ts';

/**
 * Fast book beside npm nodejs-order-book on one stream of operations: 55 % limit orders, 35 % cancels of a random live order, 10 % market orders. Prices are
 * geometric around a wandering middle; market orders take about as much as adds leave over cancels, so that the books keep their size.
 * Excluded: making the stream, warm-up. Usage: node --import tsx bench/book.ts [--seed N] [--ops N] [--rounds N] [--json]
 */
interface Stream {
  readonly kind: Uint8Array;
  readonly id: Int32Array;
  readonly side: Uint8Array;
  readonly price: Int32Array;
  readonly qty: Int32Array;
}

interface Figures {
  readonly opsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

const add = 0;
const cancel = 1;
const market = 2;

function makeStream(seed: number, ops: number): Stream {
  const luck = prng(seed);
  const stream: Stream = {
    kind: new Uint8Array(ops),
    id: new Int32Array(ops),
    side: new Uint8Array(ops),
    price: new Int32Array(ops),
    qty: new Int32Array(ops),
  };
  const shadow = new FastBook(1 << 20);
  const out = createExecutions();
  const live: number[] = [];
  const place = new Int32Array(ops + 1).fill(-1);
  const drop = (id: number): void => {
    const at = place[id];
    const last = live[live.length - 1];
    live[at] = last;
    place[last] = at;
    live.length -= 1;
    place[id] = -1;
  };
  let middle = 100_000;
  let ids = 0;
  for (let i = 0; i < ops; i++) {
    const draw = luck.float();
    if (luck.float() < 0.01) middle += luck.int(3) - 1;
    const side: BookSide = luck.int(2) === 0 ? bidSide : askSide;
    stream.side[i] = side;
    stream.kind[i] = draw < 0.55 ? add : draw < 0.9 ? cancel : market;
    if (stream.kind[i] === cancel) {
      if (live.length === 0) continue;
      const id = live[luck.int(live.length)];
      stream.id[i] = id;
      shadow.cancel(id);
      drop(id);
      continue;
    }
    const distance = Math.floor(luck.exponential(12)) + 1;
    stream.price[i] = side === bidSide ? middle - distance : middle + distance;
    stream.qty[i] = stream.kind[i] === market ? 1 + luck.int(live.length > 4000 ? 28 : 16) : 1 + luck.int(9);
    if (stream.kind[i] === add) stream.id[i] = ++ids;
    submit(shadow, stream, i, out, drop);
    if (stream.kind[i] === add && shadow.has(ids)) {
      place[ids] = live.length;
      live.push(ids);
    }
  }
  return stream;
}

/** One limit or market order: takes what it can; of a limit order the rest stays. */
function submit(
  book: MatchingBook,
  stream: Stream,
  i: number,
  out: ReturnType<typeof createExecutions>,
  gone?: (id: number) => void,
): void {
  const side: BookSide = stream.side[i] === 0 ? bidSide : askSide;
  const limit = stream.kind[i] === market ? (side === bidSide ? Infinity : -Infinity) : stream.price[i];
  let left = stream.qty[i];
  do {
    left = book.match(side, limit, lotsUnchecked(left), noOwner, 0, out);
    if (gone !== undefined) for (let k = 0; k < out.count; k++) if (out.makerLeaves[k] === 0) gone(out.makerID[k]);
  } while (out.stop === 'full');
  if (left > 0 && stream.kind[i] === add)
    book.add(stream.id[i], side, ticksUnchecked(stream.price[i]), lotsUnchecked(left), noOwner, false);
}

function runFast(stream: Stream, from: number, to: number, book: MatchingBook, times?: Float64Array): void {
  const out = createExecutions();
  for (let i = from; i < to; i++) {
    const began = times === undefined ? 0 : performance.now();
    if (stream.kind[i] === cancel) book.cancel(stream.id[i]);
    else submit(book, stream, i, out);
    if (times !== undefined) times[i - from] = (performance.now() - began) * 1000;
  }
}

interface PeerBook {
  limit(options: { side: string; id: string; size: number; price: number }): unknown;
  market(options: { side: string; size: number }): unknown;
  cancel(id: string): unknown;
}

function runPeer(stream: Stream, ids: readonly string[], from: number, to: number, book: PeerBook, times?: Float64Array): void {
  for (let i = from; i < to; i++) {
    const began = times === undefined ? 0 : performance.now();
    const side = stream.side[i] === 0 ? 'buy' : 'sell';
    if (stream.kind[i] === cancel) book.cancel(ids[i]);
    else if (stream.kind[i] === market) book.market({ side, size: stream.qty[i] });
    else book.limit({ side, id: ids[i], size: stream.qty[i], price: stream.price[i] });
    if (times !== undefined) times[i - from] = (performance.now() - began) * 1000;
  }
}

/** Best of the rounds by rate; latencies of a run of their own, each operation timed. */
function measure(
  rounds: number,
  warm: number,
  ops: number,
  fresh: () => (from: number, to: number, times?: Float64Array) => void,
): Figures {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const run = fresh();
    run(0, warm);
    const began = performance.now();
    run(warm, ops);
    best = Math.max(best, ((ops - warm) / (performance.now() - began)) * 1000);
  }
  const run = fresh();
  run(0, warm);
  const times = new Float64Array(ops - warm);
  run(warm, ops, times);
  times.sort();
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { opsPerSecond: Math.round(best), p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

function main(): void {
  const option = (name: string, fallback: number): number => {
    const at = process.argv.indexOf(name);
    return at < 0 ? fallback : Number(process.argv[at + 1]);
  };
  const seed = option('--seed', 1);
  const ops = option('--ops', 1_000_000);
  const rounds = option('--rounds', 3);
  const warm = Math.floor(ops / 5);
  const stream = makeStream(seed, ops);
  const ids = Array.from(stream.id, String);
  const { OrderBook } = createRequire(import.meta.url)('nodejs-order-book') as { OrderBook: new () => PeerBook };
  const fast = measure(rounds, warm, ops, () => {
    const book = new FastBook(1 << 17);
    return (from, to, times) => runFast(stream, from, to, book, times);
  });
  const peer = measure(rounds, warm, ops, () => {
    const book = new OrderBook();
    return (from, to, times) => runPeer(stream, ids, from, to, book, times);
  });
  const left = new FastBook(1 << 17);
  runFast(stream, 0, ops, left);
  const result = {
    bench: 'book',
    seed,
    ops: ops - warm,
    rounds,
    restingAtEnd: left.size,
    mix: '55 % add, 35 % cancel, 10 % market',
    excluded: 'making of the stream, warm-up of 20 %; latencies include about 0.05 us of the clock',
    machine: `${cpus()[0].model} x ${cpus().length}`,
    node: process.version,
    fast,
    nodejsOrderBook: peer,
    timesFaster: Math.round((fast.opsPerSecond / peer.opsPerSecond) * 10) / 10,
  };
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
    return;
  }
  const line = (name: string, f: Figures): string =>
    `${name.padEnd(20)} ${f.opsPerSecond.toLocaleString('en-US').padStart(12)} ops/s   p50 ${f.p50.toFixed(2)} us   p99 ${f.p99.toFixed(2)} us   p99.9 ${f.p999.toFixed(2)} us`;
  console.log(
    `book: ${result.mix}, seed ${seed}, ${result.ops} operations, best of ${rounds}; ${result.machine}, Node ${result.node}; excluded: ${result.excluded}`,
  );
  console.log(line('fast book', fast));
  console.log(line('nodejs-order-book', peer));
  console.log(`resting at the end ${left.size}; ${result.timesFaster} times the rate`);
}

main();
