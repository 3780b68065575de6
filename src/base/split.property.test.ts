import { expect, test } from 'vitest';
import { casesOf } from '../testing/cases.ts';
import { prng } from './prng.ts';
import {
  addInto,
  cmp,
  columnAdd,
  columnGet,
  divHalfEvenInto,
  fromBigInt,
  fromSafe,
  moneyColumn,
  mulDivFloorInto,
  mulInto,
  mulSmallInto,
  negInto,
  splitZero,
  subInto,
  toBigInt,
  toNumber,
} from './split.ts';
import type { Split } from './split.ts';

/** bigint is the oracle: every operation, on values drawn towards the edges, must agree or refuse exactly where the range ends. */
const CASES = casesOf(120_000);
const MAX = Number.MAX_SAFE_INTEGER;
const TOP = (BigInt(MAX) << 48n) + (1n << 48n) - 1n;
const BOTTOM = -(BigInt(MAX) << 48n);
const random = prng('split');
const out = splitZero();

/** A safe integer of a random size, often next to a power of two. */
function safe(): number {
  const kind = random.int(4);
  const bits = random.int(54);
  const power = Number(1n << BigInt(bits));
  const size =
    kind === 0
      ? power + random.int(5) - 2
      : kind === 1
        ? random.int(Math.min(MAX, power))
        : kind === 2
          ? random.int(10)
          : MAX - random.int(4);
  const n = Math.min(MAX, Math.max(-MAX, size));
  return random.int(2) === 0 ? n : 0 - n;
}

function wide(): Split {
  const hi = safe();
  const lo = [0, 281474976710655, 1, Math.abs(safe()) % 281474976710656][random.int(4)];
  return { hi: hi === 0 ? 0 : hi, lo };
}

function positive(): number {
  return Math.max(1, Math.abs(safe()));
}

/** Runs one case: the result equals `exact`, or a RangeError comes where `exact` is out of range. Returns whether it was in range. */
function agrees(run: () => void, exact: bigint, words: () => string): boolean {
  const inRange = exact <= TOP && exact >= BOTTOM;
  let refused = false;
  try {
    run();
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    refused = true;
  }
  const right = inRange ? !refused && toBigInt(out) === exact && isNormal(out) : refused;
  if (!right) expect.fail(`${words()}: expected ${exact}, was ${refused ? 'refused' : toBigInt(out)}`);
  return inRange;
}

function isNormal(x: Split): boolean {
  return (
    Number.isSafeInteger(x.hi) &&
    Number.isSafeInteger(x.lo) &&
    x.lo >= 0 &&
    x.lo < 281474976710656 &&
    !Object.is(x.hi, -0) &&
    !Object.is(x.lo, -0)
  );
}

function sweep(name: string, one: () => boolean): void {
  let inRange = 0;
  for (let i = 0; i < CASES; i++) if (one()) inRange += 1;
  console.log(`${name}: ${CASES} cases, ${inRange} within the range`);
  expect(inRange).toBeGreaterThan(CASES / 10);
}

test('products of two safe integers are exact', () => {
  sweep('mulInto', () => {
    const [a, b] = [safe(), safe()];
    return agrees(
      () => mulInto(out, a, b),
      BigInt(a) * BigInt(b),
      () => `${a} * ${b}`,
    );
  });
});

test('products of a split and a safe integer are exact', () => {
  sweep('mulSmallInto', () => {
    const x = random.int(2) === 0 ? wide() : { hi: random.int(2000) - 1000, lo: Math.abs(safe()) % 281474976710656 };
    const m = safe();
    return agrees(
      () => mulSmallInto(out, x, m),
      toBigInt(x) * BigInt(m),
      () => `${toBigInt(x)} * ${m}`,
    );
  });
});

test('sums, differences and negations are exact', () => {
  sweep('addInto, subInto, negInto', () => {
    const [a, b] = [wide(), wide()];
    const [x, y] = [toBigInt(a), toBigInt(b)];
    const sum = agrees(
      () => addInto(out, a, b),
      x + y,
      () => `${x} + ${y}`,
    );
    agrees(
      () => subInto(out, a, b),
      x - y,
      () => `${x} - ${y}`,
    );
    agrees(
      () => negInto(out, a),
      -x,
      () => `-(${x})`,
    );
    return sum;
  });
});

test('floor of x num / den is exact for any sign', () => {
  sweep('mulDivFloorInto', () => {
    const x = wide();
    const den = positive();
    const num = random.int(5) === 0 ? den - random.int(Math.min(3, den)) : random.int(den + (den < MAX ? 1 : 0));
    const product = toBigInt(x) * BigInt(num);
    const quotient = product / BigInt(den);
    const exact = product < 0n && quotient * BigInt(den) !== product ? quotient - 1n : quotient;
    return agrees(
      () => mulDivFloorInto(out, x, num, den),
      exact,
      () => `${toBigInt(x)} * ${num} / ${den}`,
    );
  });
});

test('x / den rounds half to even for any sign', () => {
  sweep('divHalfEvenInto', () => {
    const den = positive();
    const x = wide();
    if (random.int(3) === 0) {
      mulInto(x, den, random.int(1 << 20) - (1 << 19));
      fromBigInt(x, toBigInt(x) + BigInt(Math.floor(den / 2)));
    }
    const size = toBigInt(x) < 0n ? -toBigInt(x) : toBigInt(x);
    const d = BigInt(den);
    const twice = 2n * (size % d);
    const up = twice > d || (twice === d && (size / d) % 2n === 1n);
    const rounded = size / d + (up ? 1n : 0n);
    return agrees(
      () => divHalfEvenInto(out, x, den),
      x.hi < 0 ? -rounded : rounded,
      () => `${toBigInt(x)} / ${den}`,
    );
  });
});

test('conversions and comparisons agree with bigint', () => {
  sweep('fromSafe, fromBigInt, toNumber, cmp', () => {
    const n = safe();
    const [a, b] = [wide(), random.int(4) === 0 ? wide() : { hi: 0, lo: 0 }];
    const [x, y] = [toBigInt(a), toBigInt(b)];
    expect(toNumber(a)).toBe(Number(x));
    expect(cmp(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0);
    agrees(
      () => fromSafe(out, n),
      BigInt(n),
      () => `fromSafe ${n}`,
    );
    return agrees(
      () => fromBigInt(out, x),
      x,
      () => `fromBigInt ${x}`,
    );
  });
});

test('a column adds up like bigints', () => {
  const rows = 16;
  const col = moneyColumn(rows);
  const sums = new Array<bigint>(rows).fill(0n);
  sweep('columnAdd', () => {
    const i = random.int(rows);
    const x = random.int(100) === 0 ? wide() : { hi: random.int(2001) - 1000, lo: Math.abs(safe()) % 281474976710656 };
    const sum = sums[i] + toBigInt(x);
    const add = (): void => {
      columnAdd(col, i, x.hi, x.lo);
      columnGet(out, col, i);
    };
    const inRange = agrees(add, sum, () => `row ${i}: ${sums[i]} + ${toBigInt(x)}`);
    if (inRange) sums[i] = sum;
    return inRange;
  });
});

test('the checker notices a result that is off by one and a refusal without reason', () => {
  expect(() =>
    agrees(
      () => fromSafe(out, 6),
      7n,
      () => 'planted',
    ),
  ).toThrow('planted: expected 7, was 6');
  expect(() =>
    agrees(
      () => fromSafe(out, 0.5),
      1n,
      () => 'planted',
    ),
  ).toThrow('planted: expected 1, was refused');
  expect(() =>
    agrees(
      () => fromSafe(out, 1),
      TOP + 1n,
      () => 'planted',
    ),
  ).toThrow('planted');
});
