import type { Prng } from '../../base/prng.ts';
import { fromBigInt, splitZero, toBigInt, type Split } from '../../base/split.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { createMarks, type Marks } from '../../core/market/marks.ts';
import { bookFill, createBooking, type Booking, type BookingRefusal } from '../../core/positions/booking.ts';
import { bookCashFlow } from '../../core/positions/cash-flow.ts';
import { bustFill, correctFill, type BookedFill } from '../../core/positions/correction.ts';
import { leafOf } from '../../core/positions/leaf.ts';
import { addRow, createLedger, noLeaf, type Ledger } from '../../core/positions/ledger.ts';
import { applyStockSplit } from '../../core/positions/stock-split.ts';
import { createTransfer, transferLots } from '../../core/positions/transfer.ts';
import type { Registry } from '../../core/registry.ts';
import { cashFlowKinds } from '../../domain/input.ts';
import type { OracleFill, OracleLeaf } from './oracle.ts';
import { emptyBasis, oracleFill, oracleReplace, oracleSplit, oracleTransfer, size } from './oracle.ts';
import { rowAlgorithms, spots } from './world.ts';

/** The operations under test; a planted fault replaces one of them. */
export const ledgerOperations = { leafOf, bookFill, bustFill, correctFill, bookCashFlow, transferLots, applyStockSplit };
export type LedgerOperations = typeof ledgerOperations;

export interface OraclePurse {
  readonly row: number;
  readonly account: number;
  readonly currency: number;
  readonly simulated: boolean;
  flows: bigint;
  capital: bigint;
}

/** What the firm's cash and positions are from the fills that survived alone: no lots, no order. */
export interface Survivors {
  readonly cash: Map<number, bigint>;
  readonly units: Map<number, bigint>;
}

/** One ledger and its oracle, side by side. */
export interface Pair {
  readonly ledger: Ledger;
  readonly leaves: OracleLeaf[];
  readonly purses: Map<string, OraclePurse>;
  readonly survivors: Survivors;
  readonly marks: Marks;
  /** First thing that was not as the oracle said, in words. */
  wrong: string | undefined;
}

interface Remembered extends BookedFill {
  readonly owner: number;
}

export const operationNames = ['fill', 'bust', 'correct', 'cashFlow', 'transfer', 'stockSplit', 'refused'] as const;
export type OperationCounts = Record<(typeof operationNames)[number] | 'throughZero' | 'beyond2to53', number>;

export function noCounts(): OperationCounts {
  return { fill: 0, bust: 0, correct: 0, cashFlow: 0, transfer: 0, stockSplit: 0, refused: 0, throughZero: 0, beyond2to53: 0 };
}

const out = createBooking();
const moved = createTransfer();
const money = splitZero();
const limit53 = 2n ** 53n;

/** Runs one random history on a new ledger and on the oracle, comparing what each booking says. Stops at the first difference. */
export function runHistory(random: Prng, registry: Registry, operations: LedgerOperations, counts: OperationCounts): Pair {
  const ledger = createLedger(registry, { leaves: 4, lots: 8, moneyRows: 16 });
  rowAlgorithms.forEach((algorithm, row) => addRow(ledger, row, algorithm));
  const pair: Pair = {
    ledger,
    leaves: [],
    purses: new Map(),
    survivors: { cash: new Map(), units: new Map() },
    marks: createMarks(registry.listings.length),
    wrong: undefined,
  };
  const fills: Remembered[] = [];
  const scale = drawScale(random);
  const near = [spots[random.int(spots.length)], spots[random.int(spots.length)]];
  drawMarks(random, pair.marks, scale.px);
  const steps = random.int(200) === 0 ? 150 : 4 + random.int(14);
  for (let step = 0; step < steps && pair.wrong === undefined; step++) {
    const draw = random.int(100);
    if (draw < 62 || fills.length === 0) {
      const spot = near[random.int(2)];
      const leaf = openLeaf(pair, operations, random.int(rowAlgorithms.length), spot.account, spot.listing, random.int(12) === 0);
      stepFill(random, pair, operations, counts, fills, leaf, scale);
    } else if (draw < 72) stepReplace(random, pair, operations, counts, fills, scale, 'bust');
    else if (draw < 82) stepReplace(random, pair, operations, counts, fills, scale, 'correct');
    else if (draw < 88) stepCashFlow(random, pair, operations, counts);
    else if (draw < 96) stepTransfer(random, pair, operations, counts, fills);
    else stepStockSplit(random, pair, operations, counts);
  }
  return pair;
}

interface Scale {
  readonly qty: number;
  readonly px: number;
  readonly negative: boolean;
}

/** Sizes that stay below 2^88 with the largest tick value (1e11, 37 bits), mostly beyond 2^53. */
function drawScale(random: Prng): Scale {
  const bits = random.int(3);
  const qty = bits === 0 ? 12 : bits === 1 ? 40_000 : 2 ** (20 + random.int(5));
  const px = random.int(3) === 0 ? 15 : 2 ** (18 + random.int(7));
  return { qty, px, negative: random.int(8) === 0 };
}

function drawMarks(random: Prng, marks: Marks, px: number): void {
  for (let listing = 0; listing < marks.capacity; listing++) {
    const bid = 1 + random.int(px);
    marks.bid[listing] = bid;
    const ask = bid + 1 + random.int(3);
    marks.ask[listing] = ask;
    marks.middle[listing] = bid + ask;
    marks.known[listing] = bid + ask;
    marks.bidQty[listing] = 1;
    marks.askQty[listing] = 1;
  }
}

/** The leaf on both sides; leaves have the same number there and here. */
function openLeaf(pair: Pair, operations: LedgerOperations, row: number, account: number, listing: number, simulated: boolean): number {
  const leaf = operations.leafOf(pair.ledger, row, account, listing, simulated);
  if (leaf === noLeaf) throw new Error('history: the ledger has room for its leaves');
  if (leaf === pair.leaves.length) {
    const { instrument, venue, currency, moneyPerTickLot, baseUnitsPerLot } = pair.ledger.registry.listings[listing];
    pair.leaves.push({
      row,
      algorithm: rowAlgorithms[row],
      account,
      venue,
      listing,
      instrument,
      currency,
      simulated,
      tickValue: BigInt(moneyPerTickLot),
      baseUnits: BigInt(baseUnitsPerLot),
      position: 0n,
      lots: [],
      basis: emptyBasis(),
      realized: 0n,
      averageRealized: 0n,
      cash: 0n,
      bought: 0n,
      sold: 0n,
      trades: 0n,
      handover: 0n,
      fees: new Map(),
    });
  }
  return leaf;
}

function drawPx(random: Prng, scale: Scale): number {
  const px = 1 + random.int(scale.px);
  return scale.negative && random.int(3) === 0 ? 0 - px : random.int(200) === 0 ? 0 : px;
}

/** Zero, small, beyond 2^53, or a rebate. */
function drawCommission(random: Prng): bigint {
  const draw = random.int(6);
  if (draw === 0) return 0n;
  const fee = draw < 4 ? BigInt(random.int(1_000_000)) : BigInt(random.int(2 ** 53 - 1)) * BigInt(1 + random.int(1000));
  return random.int(4) === 0 ? -fee : fee;
}

function stepFill(
  random: Prng,
  pair: Pair,
  operations: LedgerOperations,
  counts: OperationCounts,
  fills: Remembered[],
  leaf: number,
  scale: Scale,
): void {
  const { ledger } = pair;
  const oracle = pair.leaves[leaf];
  const side = random.int(2) === 0 ? 'buy' : 'sell';
  const exact = oracle.position !== 0n && random.int(4) === 0;
  const qty = exact ? Number(size(oracle.position)) : 1 + random.int(scale.qty);
  const px = drawPx(random, scale);
  const commission = drawCommission(random);
  const currency = random.int(3) === 0 ? random.int(3) : oracle.currency;
  fromBigInt(money, commission);
  const { hi, lo } = money;
  const clOrdID = 1000 + fills.length;
  const refusal = operations.bookFill(ledger, leaf, side, lots(qty), ticks(px), hi, lo, currency, clOrdID, micros(fills.length), out);
  if (refusal !== undefined) throw new Error(`history: ${JSON.stringify(refusal)}`);
  const fill: OracleFill = { fill: out.fill, side: side === 'buy' ? 1n : -1n, lots: BigInt(qty), px: BigInt(px), commission, currency };
  const before = copyOf(oracle);
  oracleFill(oracle, fill);
  compareBooking(pair, 'fill', before, oracle);
  survive(pair, oracle, fill, 1n);
  counts.fill += 1;
  if (before.position * oracle.position < 0n) counts.throughZero += 1;
  if (size(oracle.cash) > limit53) counts.beyond2to53 += 1;
  fills.push({
    owner: leaf,
    leaf,
    fill: out.fill,
    clOrdID,
    side,
    lots: lots(qty),
    px: ticks(px),
    commissionHi: hi,
    commissionLo: lo,
    commissionCurrency: currency,
  });
}

/** Busts or corrects a fill that was not busted yet, in the leaf that owns its lots. */
function stepReplace(
  random: Prng,
  pair: Pair,
  operations: LedgerOperations,
  counts: OperationCounts,
  fills: Remembered[],
  scale: Scale,
  kind: 'bust' | 'correct',
): void {
  const at = random.int(fills.length);
  const was = fills[at];
  const oracle = pair.leaves[was.owner];
  const keepsQty = random.int(3) === 0;
  const isQty = kind === 'bust' ? 0 : keepsQty ? was.lots : Math.max(1, was.lots + random.int(scale.qty) - Math.floor(scale.qty / 2));
  const isPx = kind === 'bust' ? was.px : random.int(3) === 0 ? was.px : ticks(drawPx(random, scale));
  const commission = kind === 'bust' ? 0n : drawCommission(random);
  fromBigInt(money, commission);
  const currency = random.int(3);
  const terms = { lots: lots(isQty), px: isPx, commissionHi: money.hi, commissionLo: money.lo, commissionCurrency: currency };
  const { ledger } = pair;
  const refusal: BookingRefusal | undefined =
    kind === 'bust'
      ? operations.bustFill(ledger, was.owner, was, micros(7), out)
      : operations.correctFill(ledger, was.owner, was, terms, micros(7), out);
  if (refusal !== undefined) {
    if (refusal.code !== 'FILL_BEFORE_STOCK_SPLIT') throw new Error(`history: ${JSON.stringify(refusal)}`);
    counts.refused += 1;
    return;
  }
  const side = was.side === 'buy' ? 1n : -1n;
  const oldFill: OracleFill = {
    fill: was.fill,
    side,
    lots: BigInt(was.lots),
    px: BigInt(was.px),
    commission: feeOf(was),
    currency: was.commissionCurrency,
  };
  const newFill: OracleFill = { fill: was.fill, side, lots: BigInt(isQty), px: BigInt(isPx), commission, currency };
  const before = copyOf(oracle);
  oracleReplace(oracle, pair.leaves[was.leaf], oldFill, newFill);
  compareBooking(pair, kind, before, oracle);
  survive(pair, oracle, oldFill, -1n);
  survive(pair, oracle, newFill, 1n);
  counts[kind] += 1;
  if (kind === 'bust') fills.splice(at, 1);
  else fills[at] = { ...was, ...terms };
}

function feeOf(fill: BookedFill): bigint {
  return toBigInt({ hi: fill.commissionHi, lo: fill.commissionLo });
}

function stepCashFlow(random: Prng, pair: Pair, operations: LedgerOperations, counts: OperationCounts): void {
  const row = random.int(rowAlgorithms.length + 1) - 1;
  const simulated = row >= 0 && random.int(6) === 0;
  const account = random.int(3);
  const currency = random.int(3);
  const flow = cashFlowKinds[random.int(cashFlowKinds.length)];
  const qty = drawCommission(random);
  fromBigInt(money, qty);
  const refusal = operations.bookCashFlow(
    pair.ledger,
    { kind: 'cashFlow', flow, account, row, instrument: -1, currency, hi: money.hi, lo: money.lo, reference: '' },
    simulated,
  );
  if (refusal !== undefined) throw new Error(`history: ${JSON.stringify(refusal)}`);
  const key = `${row} ${account} ${currency} ${simulated}`;
  const purse = pair.purses.get(key) ?? { row, account, currency, simulated, flows: 0n, capital: 0n };
  pair.purses.set(key, purse);
  if (flow === 'deposit' || flow === 'transfer') purse.capital += qty;
  else purse.flows += qty;
  counts.cashFlow += 1;
}

/** Hands lots to the custodian's row or to any other row; their fills follow when the whole leaf goes. */
function stepTransfer(random: Prng, pair: Pair, operations: LedgerOperations, counts: OperationCounts, fills: Remembered[]): void {
  const held = pair.leaves.flatMap((leaf, ix) => (leaf.position === 0n ? [] : [ix]));
  if (held.length === 0) return;
  const from = held[random.int(held.length)];
  const giver = pair.leaves[from];
  const rows = [3, random.int(rowAlgorithms.length)].filter((row) => row !== giver.row);
  if (rows.length === 0) return;
  const to = openLeaf(pair, operations, rows[0], giver.account, giver.listing, giver.simulated);
  const all = random.int(2) === 0;
  const qty = all ? size(giver.position) : 1n + BigInt(random.int(Number(size(giver.position))));
  const twice = random.int(5) === 0 ? 0 : 1 + random.int(1000);
  const taker = pair.leaves[to];
  const total = giver.realized + taker.realized;
  const earned = giver.handover;
  const cash = giver.cash;
  const refusal = operations.transferLots(pair.ledger, from, to, Number(qty), twice, moved);
  if (refusal !== undefined) throw new Error(`history: ${JSON.stringify(refusal)}`);
  oracleTransfer(giver, taker, qty, BigInt(twice));
  say(pair, 'transfer earned', toBigInt(moved.earned), giver.handover - earned);
  say(pair, 'transfer cost', toBigInt(moved.cost), giver.cash - cash);
  say(pair, 'transfer realized', toBigInt(moved.realized), giver.realized + taker.realized - total);
  say(pair, 'transfer positions', BigInt(moved.fromPosition) * 2n + BigInt(moved.toPosition), giver.position * 2n + taker.position);
  if (all) fills.forEach((f, at) => (f.owner === from ? (fills[at] = { ...f, owner: to }) : undefined));
  counts.transfer += 1;
}

function stepStockSplit(random: Prng, pair: Pair, operations: LedgerOperations, counts: OperationCounts): void {
  const instrument = random.int(3);
  const n = 1 + random.int(7);
  const d = 1 + random.int(7);
  const answer = operations.applyStockSplit(pair.ledger, instrument, n, d, pair.marks);
  if (!answer.ok) throw new Error(`history: ${JSON.stringify(answer.error)}`);
  for (const { leaf, before, after, cashInLieu } of answer.value) {
    const oracle = pair.leaves[leaf];
    say(pair, 'split before', BigInt(before), oracle.position);
    const twice = BigInt(pair.marks.bid[oracle.listing] + pair.marks.ask[oracle.listing]);
    const paid = oracleSplit(oracle, BigInt(n), BigInt(d), twice);
    say(pair, 'split after', BigInt(after), oracle.position);
    say(pair, 'cash in lieu', toBigInt(cashInLieu), paid);
    if (oracle.simulated) continue;
    add(pair.survivors.units, oracle.instrument, (oracle.position - BigInt(before)) * oracle.baseUnits);
    add(pair.survivors.cash, oracle.currency, paid);
  }
  counts.stockSplit += 1;
}

/** Counts a fill in (+1) or out (-1) of what the real firm holds. */
function survive(pair: Pair, leaf: OracleLeaf, fill: OracleFill, sign: bigint): void {
  if (leaf.simulated) return;
  add(pair.survivors.units, leaf.instrument, sign * fill.side * fill.lots * leaf.baseUnits);
  add(pair.survivors.cash, leaf.currency, -sign * fill.side * fill.lots * fill.px * leaf.tickValue);
}

function add(sums: Map<number, bigint>, key: number, n: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + n);
}

interface Before {
  readonly position: bigint;
  readonly realized: bigint;
  readonly averageRealized: bigint;
  readonly cash: bigint;
  readonly entryCost: bigint;
}

function copyOf(leaf: OracleLeaf): Before {
  const { position, realized, averageRealized, cash } = leaf;
  return { position, realized, averageRealized, cash, entryCost: entryCostOf(leaf) };
}

export function entryCostOf(leaf: OracleLeaf): bigint {
  return leaf.lots.reduce((sum, lot) => sum + size(lot.cost), 0n);
}

/** What the booking said against how the oracle's leaf changed. */
function compareBooking(pair: Pair, what: string, before: Before, leaf: OracleLeaf): void {
  const booked: Booking = out;
  const is = (name: string, x: Split, y: bigint): void => say(pair, () => `${what} ${name}`, toBigInt(x), y);
  is('realized', booked.realized, leaf.realized - before.realized);
  is('averageRealized', booked.averageRealized, leaf.averageRealized - before.averageRealized);
  is('cash', booked.cash, leaf.cash - before.cash);
  is('entryCost', booked.entryCost, entryCostOf(leaf) - before.entryCost);
  say(pair, () => `${what} position`, BigInt(booked.position), leaf.position);
}

export function say(pair: Pair, where: string | (() => string), is: bigint, ought: bigint): void {
  if (is !== ought) pair.wrong ??= `${typeof where === 'string' ? where : where()}: expected ${ought}, was ${is}`;
}
