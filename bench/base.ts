import { cpus } from 'node:os';
import { byteWriter } from '../src/base/canonical.ts';
import { crc32 } from '../src/base/crc32.ts';
import { formatDecimal, parseDecimal } from '../src/base/decimal.ts';
import { timerHeap } from '../src/base/heap.ts';
import { intMap } from '../src/base/int-map.ts';
import { normCdf, normInv, pow } from '../src/base/math.ts';
import { prng } from '../src/base/prng.ts';
import { sha256 } from '../src/base/sha256.ts';
import {
  addInto,
  columnAdd,
  divHalfEvenInto,
  moneyColumn,
  mulDivFloorInto,
  mulInto,
  mulSmallInto,
  splitZero,
  subInto,
  toNumber,
} from '../src/base/split.ts';
import { isoFromMicros, parseIso } from '../src/base/time.ts';
import { microsUnchecked } from '../src/base/units.ts';

/**
 * Nanoseconds per operation of the base room, best of the rounds; money beside bigint, the integer map beside Map, pow beside Math.pow.
 * Included: the loop and the reading of the operands. Excluded: warm-up. Usage: node --import tsx bench/base.ts [--seed N] [--rounds N] [--json]
 */
type Run = (n: number) => number;

interface Bench {
  readonly name: string;
  readonly ops: number;
  readonly run: Run;
}

const MASK = 1023;
const LIVE = 100_000;

function moneyBenches(seed: number): Bench[] {
  const random = prng(seed).fork('money');
  const price = Float64Array.from({ length: MASK + 1 }, () => 6_000_000 + random.int(100_000));
  const lotValue = Float64Array.from({ length: MASK + 1 }, () => (1 + random.int(1000)) * 1e9);
  const lot = Float64Array.from({ length: MASK + 1 }, () => 1 + random.int(1000));
  const [x, sum] = [splitZero(), splitZero()];
  const cost = splitZero();
  mulInto(cost, 618003012, 123456789012345);
  const col = moneyColumn(MASK + 1);
  const each =
    (one: (i: number) => void): Run =>
    (n) => {
      for (let i = 0; i < n; i++) one(i & MASK);
      return toNumber(sum);
    };
  const mulAdd = (b: Float64Array): Run =>
    each((i) => {
      mulInto(x, price[i], b[i]);
      if ((i & 1) === 1) addInto(sum, sum, x);
      else subInto(sum, sum, x);
    });
  const bigMulAdd: Run = (n) => {
    let total = 0n;
    for (let i = 0; i < n; i++) {
      const product = BigInt(price[i & MASK]) * BigInt(lotValue[i & MASK]);
      total = (i & 1) === 1 ? total + product : total - product;
    }
    return Number(total);
  };
  return [
    { name: 'split multiply and add, beyond 2^53', ops: 3e6, run: mulAdd(lotValue) },
    { name: 'split multiply and add, small', ops: 3e6, run: mulAdd(lot) },
    { name: 'the same beyond 2^53 in bigint', ops: 1e6, run: bigMulAdd },
    { name: 'split times safe integer', ops: 3e6, run: each((i) => mulSmallInto(sum, cost, lot[i])) },
    { name: 'floor(cost x closed / held)', ops: 3e6, run: each((i) => mulDivFloorInto(sum, cost, lot[i], 1000)) },
    { name: 'the same, denominator 10^12', ops: 3e6, run: each((i) => mulDivFloorInto(sum, cost, lotValue[i], 1e12 + 39)) },
    { name: 'divide half-even', ops: 3e6, run: each((i) => divHalfEvenInto(sum, cost, lotValue[i])) },
    { name: 'column add', ops: 3e6, run: each((i) => columnAdd(col, i, (i & 1) === 1 ? 3 : -3, 12345)) },
  ];
}

function luckBenches(seed: number): Bench[] {
  const random = prng(seed).fork('luck');
  const sum =
    (next: () => number): Run =>
    (n) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += next();
      return total;
    };
  return [
    { name: 'prng 32 bits', ops: 3e6, run: sum(() => random.next32()) },
    { name: 'prng float', ops: 3e6, run: sum(() => random.float()) },
    { name: 'prng whole number below 100', ops: 3e6, run: sum(() => random.int(100)) },
    { name: 'prng normal', ops: 3e6, run: sum(() => random.normal()) },
    { name: 'prng fork', ops: 2e4, run: sum(() => random.fork('child').next32()) },
  ];
}

/** Maps at a steady 100000 live keys: read at a stride, and a moving window of rising ids. */
function mapBenches(): Bench[] {
  const [own, platform] = [intMap(LIVE + 1), new Map<number, number>()];
  for (let i = 0; i < LIVE; i++) {
    own.set(i, i);
    platform.set(i, i);
  }
  const reading = (map: { get(key: number): number | undefined }, next: () => number): Run => {
    return (n) => {
      const oldest = next() - LIVE;
      let total = 0;
      for (let i = 0; i < n; i++) total += map.get(oldest + ((i * 7919) % LIVE)) ?? 0;
      return total;
    };
  };
  let [ownID, platformID] = [LIVE, LIVE];
  const ownWindow: Run = (n) => {
    for (let i = 0; i < n; i++, ownID++) {
      own.delete(ownID - LIVE);
      own.set(ownID, i);
    }
    return own.size();
  };
  const platformWindow: Run = (n) => {
    for (let i = 0; i < n; i++, platformID++) {
      platform.delete(platformID - LIVE);
      platform.set(platformID, i);
    }
    return platform.size;
  };
  return [
    { name: 'integer map get', ops: 3e6, run: reading(own, () => ownID) },
    { name: 'Map get', ops: 3e6, run: reading(platform, () => platformID) },
    { name: 'integer map delete and set', ops: 3e6, run: ownWindow },
    { name: 'Map delete and set', ops: 3e6, run: platformWindow },
  ];
}

function mathBenches(): Bench[] {
  const sum =
    (f: (i: number) => number): Run =>
    (n) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += f(i & MASK);
      return total;
    };
  return [
    { name: 'pow', ops: 2e6, run: sum((i) => pow(1 + i * 1e-4, 17.3)) },
    { name: 'Math.pow', ops: 2e6, run: sum((i) => Math.pow(1 + i * 1e-4, 17.3)) },
    { name: 'normCdf', ops: 2e6, run: sum((i) => normCdf((i - 512) / 100)) },
    { name: 'normInv', ops: 2e6, run: sum((i) => normInv((i + 0.5) / 1024)) },
  ];
}

function byteBenches(seed: number): Bench[] {
  const random = prng(seed).fork('bytes');
  const texts = Array.from({ length: MASK + 1 }, () => formatDecimal(6_000_000 + random.int(100_000), 2));
  const moments = Array.from({ length: MASK + 1 }, (_, i) => microsUnchecked(1723161255123456 + i * 1e6));
  const isoTexts = moments.map((t) => isoFromMicros(t));
  const block = new Uint8Array(1 << 16);
  const small = block.subarray(0, 64);
  const writer = byteWriter(256);
  const heap = timerHeap<number>();
  for (let i = 0; i < 1000; i++) heap.push(random.int(1_000_000), i, i);
  const sum =
    (f: (i: number) => number): Run =>
    (n) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += f(i & MASK);
      return total;
    };
  const perByte =
    (f: (bytes: Uint8Array) => number): Run =>
    (n) => {
      let total = 0;
      for (let i = 0; i < n; i += block.length) total += f(block);
      return total;
    };
  const record = (i: number): number => {
    writer.reset();
    writer.u8(1);
    writer.u32(i);
    writer.safeInt(moments[i]);
    writer.safeInt(-i);
    writer.f64(1.5);
    writer.str('BTC-USD');
    writer.bool(true);
    return writer.length();
  };
  const turn = (i: number): number => {
    const due = heap.peekTime();
    heap.pop();
    heap.push(due + 1 + ((i * 7919) % 100_000), i, i);
    return due;
  };
  const value = <T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false }, none: T): T =>
    result.ok ? result.value : none;
  return [
    { name: 'parse a decimal', ops: 2e6, run: sum((i) => value(parseDecimal(texts[i], 2), 0)) },
    { name: 'format a decimal', ops: 1e6, run: sum((i) => formatDecimal(i, 2).length) },
    { name: 'write a record of 7 fields', ops: 1e6, run: sum(record) },
    { name: 'SHA-256, one byte of many', ops: 1 << 23, run: perByte((b) => sha256(b)[0]) },
    { name: 'SHA-256 of 64 bytes', ops: 2e5, run: sum(() => sha256(small)[0]) },
    { name: 'CRC-32, one byte of many', ops: 1 << 24, run: perByte((b) => crc32(b)) },
    { name: 'timer heap pop and push at 1000', ops: 1e6, run: sum(turn) },
    { name: 'moment to ISO text', ops: 5e5, run: sum((i) => isoFromMicros(moments[i]).length) },
    { name: 'ISO text to moment', ops: 5e5, run: sum((i) => value(parseIso(isoTexts[i]), microsUnchecked(0))) },
  ];
}

/** Best of the rounds, in nanoseconds per operation. */
function measure(bench: Bench, rounds: number): number {
  bench.run(Math.min(bench.ops, 200_000));
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const began = process.hrtime.bigint();
    bench.run(bench.ops);
    best = Math.min(best, Number(process.hrtime.bigint() - began) / bench.ops);
  }
  return Math.round(best * 10) / 10;
}

function main(): void {
  const option = (name: string, fallback: number): number => {
    const at = process.argv.indexOf(name);
    return at < 0 ? fallback : Number(process.argv[at + 1]);
  };
  const [seed, rounds] = [option('--seed', 1), option('--rounds', 5)];
  const benches = [...moneyBenches(seed), ...luckBenches(seed), ...mapBenches(), ...mathBenches(), ...byteBenches(seed)];
  const nanoseconds = Object.fromEntries(benches.map((bench) => [bench.name, measure(bench, rounds)]));
  const machine = `${cpus()[0].model} x ${cpus().length}`;
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench: 'base', seed, rounds, machine, node: process.version, excluded: 'warm-up', nanoseconds }));
    return;
  }
  console.log(`base: nanoseconds per operation, best of ${rounds}, seed ${seed}; ${machine}, Node ${process.version}; excluded: warm-up`);
  for (const [name, ns] of Object.entries(nanoseconds)) console.log(`${name.padEnd(40)} ${ns.toFixed(1).padStart(8)} ns`);
}

main();
