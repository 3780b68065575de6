import type { Lots, Micros, Ticks } from '../../base/units.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx } from '../../domain/ids.ts';
import { sides, type Side } from '../../domain/order.ts';
import { execTypes, type ExecType, type Report } from '../../domain/report.ts';
import { finish, fold } from './digest.ts';

/**
 * The ring of reports by (venue, simulated, execID), in order of arrival: flat numbers, and the texts of the execIDs letter by letter in a ring of their
 * own, so that none is ever taken for another. Positions count from 0 and never come again; forgetting the oldest entry is moving one number.
 */
export interface ExecLog {
  readonly capacity: number;
  readonly cells: Float64Array;
  readonly text: Uint16Array;
  readonly buckets: Float64Array;
  head: number;
  tail: number;
  /** Letters ever written; the letter n stands at n modulo the size of `text`. */
  written: number;
  digest: number;
}

/** Most reports that are remembered (architecture, The hot path). */
export const maxExecIDs = 1_048_576;
/** Room for texts, letters for each report of the capacity: with longer execIDs on average, fewer are remembered. */
export const lettersPerExecID = 32;
/** A longer execID cannot be remembered and is a break. */
export const maxExecIDLength = 256;

/** A fill as it was booked; what a bust or a correction is about. */
export interface FillMemory {
  /** Number of the order that the venue named. */
  clOrdID: ClOrdID;
  /** Leaf of the ledger that it was booked to; -1 = not noted. */
  leaf: number;
  side: Side;
  lastQty: Lots;
  lastPx: Ticks;
  commissionHi: number;
  commissionLo: number;
  commissionCurrency: CurrencyIx;
}

const stride = 18;
const at = {
  textAt: 0,
  meta: 1,
  key: 2,
  clOrdID: 3,
  qty: 4,
  px: 5,
  commissionHi: 6,
  commissionLo: 7,
  currency: 8,
  leaf: 9,
  takenAt: 10,
  saidCumQty: 11,
  /** transactTime of a fill; of a bust or correction the hash of its execRefID. */
  stamp: 12,
  older: 13,
  /** Of a corrected fill: the correction. */
  correction: 14,
  /** The order's fill before this one. */
  earlier: 15,
  hash: 16,
  textHash: 17,
} as const;
const absent = -1;

/** State of an entry, bits 15 and 16 of `meta`; bits 0…8 text length, 9…13 execType, 14 side. */
const states = { noFill: 0, live: 1, busted: 2, corrected: 3 } as const;
const stateShift = 15;
const withoutState = 0x7fff;

const execTypeCode = Object.fromEntries(execTypes.map((execType, i) => [execType, i])) as Record<ExecType, number>;

/** @param capacity a power of two, at most `maxExecIDs`. */
export function createExecLog(capacity: number): ExecLog {
  if (!(capacity >= 8 && capacity <= maxExecIDs && (capacity & (capacity - 1)) === 0)) {
    throw new RangeError(`log of executions: expected a power of two from 8 to ${maxExecIDs}, was ${capacity}`);
  }
  return {
    capacity,
    cells: new Float64Array(capacity * stride),
    text: new Uint16Array(capacity * lettersPerExecID),
    buckets: new Float64Array(capacity).fill(absent),
    head: 0,
    tail: 0,
    written: 0,
    digest: 0,
  };
}

/** Answers to queries repeat execIDs of what they repeat, and our own timeouts have none. */
export function isRemembered(report: Report): boolean {
  return report.execID !== '' && report.execType !== 'orderStatus' && report.execType !== 'unknownOrder' && report.execType !== 'timeout';
}

/** Position of a report, -1 = not there. */
export function findExec(log: ExecLog, report: Report, execID: string): number {
  const key = keyOf(report);
  let position = log.buckets[hashOfText(execID, key) & (log.capacity - 1)];
  while (position >= log.tail) {
    const base = baseOf(log, position);
    if (log.cells[base + at.key] === key && sameText(log, base, execID)) return position;
    position = log.cells[base + at.older];
  }
  return absent;
}

/** Whether the remembered report said the same. */
export function sameContent(log: ExecLog, position: number, report: Report): boolean {
  const { cells } = log;
  const base = baseOf(log, position);
  return (
    ((cells[base + at.meta] >>> 9) & 31) === execTypeCode[report.execType] &&
    cells[base + at.clOrdID] === report.clOrdID &&
    cells[base + at.qty] === qtyOf(report) &&
    cells[base + at.px] === pxOf(report) &&
    cells[base + at.commissionHi] === report.commissionHi &&
    cells[base + at.commissionLo] === report.commissionLo &&
    cells[base + at.currency] === report.commissionCurrency &&
    cells[base + at.saidCumQty] === report.cumQty &&
    cells[base + at.stamp] === stampOf(report)
  );
}

/** Appends a report that is not there yet and is no fill. @returns its position. */
export function rememberExec(log: ExecLog, report: Report, takenAt: Micros): number {
  return remember(log, report, takenAt, states.noFill << stateShift, absent);
}

/** Appends a fill, or the corrected figures of one. @param earlier the order's last fill before. @returns its position. */
export function rememberFill(log: ExecLog, report: Report, takenAt: Micros, side: Side, earlier: number): number {
  return remember(log, report, takenAt, (side === 'sell' ? 1 << 14 : 0) | (states.live << stateShift), earlier);
}

function remember(log: ExecLog, report: Report, takenAt: Micros, bits: number, earlier: number): number {
  const { execID } = report;
  makeRoom(log, execID.length);
  const position = log.head;
  log.head = position + 1;
  const base = baseOf(log, position);
  const { cells } = log;
  const key = keyOf(report);
  const textHash = hashOfText(execID, key);
  const bucket = textHash & (log.capacity - 1);
  cells[base + at.textAt] = log.written;
  cells[base + at.meta] = execID.length | (execTypeCode[report.execType] << 9) | bits;
  cells[base + at.key] = key;
  cells[base + at.clOrdID] = report.clOrdID;
  cells[base + at.qty] = qtyOf(report);
  cells[base + at.px] = pxOf(report);
  cells[base + at.commissionHi] = report.commissionHi;
  cells[base + at.commissionLo] = report.commissionLo;
  cells[base + at.currency] = report.commissionCurrency;
  cells[base + at.leaf] = absent;
  cells[base + at.takenAt] = takenAt;
  cells[base + at.saidCumQty] = report.cumQty;
  cells[base + at.stamp] = stampOf(report);
  cells[base + at.older] = log.buckets[bucket];
  cells[base + at.correction] = absent;
  cells[base + at.earlier] = earlier;
  cells[base + at.textHash] = textHash;
  log.buckets[bucket] = position;
  writeText(log, execID);
  const hash = entryHash(cells, base);
  log.digest = (log.digest + hash) | 0;
  cells[base + at.hash] = hash;
  return position;
}

export function markBusted(log: ExecLog, position: number): void {
  setState(log, position, states.busted);
}

/** `correction` is the fill from now on. */
export function markCorrected(log: ExecLog, position: number, correction: number): void {
  if (position < log.tail) return;
  log.cells[baseOf(log, position) + at.correction] = correction;
  setState(log, position, states.corrected);
}

/** The fill that an execRefID means now: itself or its last correction; -1 = no fill, busted, or not remembered. */
export function liveFill(log: ExecLog, position: number): number {
  let p = position;
  while (p >= log.tail) {
    const base = baseOf(log, p);
    const state = log.cells[base + at.meta] >>> stateShift;
    if (state !== states.corrected) return state === states.live ? p : absent;
    p = log.cells[base + at.correction];
  }
  return absent;
}

/** A fill of the order, from `newest` back, that is the same execution under another execID: same cumQty said, quantity, price and time. -1 = none. */
export function findTwin(log: ExecLog, newest: number, report: Report): number {
  for (let p = newest; p >= log.tail; p = log.cells[baseOf(log, p) + at.earlier]) {
    const base = baseOf(log, p);
    if (
      log.cells[base + at.saidCumQty] === report.cumQty &&
      log.cells[base + at.qty] === report.lastQty &&
      log.cells[base + at.px] === report.lastPx &&
      log.cells[base + at.stamp] === report.transactTime &&
      log.cells[base + at.meta] >>> stateShift === states.live
    ) {
      return p;
    }
  }
  return absent;
}

/** Notes to which leaf of the ledger a fill was booked. */
export function noteLeaf(log: ExecLog, position: number, leaf: number): void {
  if (position >= log.tail) log.cells[baseOf(log, position) + at.leaf] = leaf;
}

export function orderOfExec(log: ExecLog, position: number): ClOrdID {
  return log.cells[baseOf(log, position) + at.clOrdID];
}

export function readFill(log: ExecLog, position: number, out: FillMemory): void {
  const { cells } = log;
  const base = baseOf(log, position);
  out.clOrdID = cells[base + at.clOrdID];
  out.leaf = cells[base + at.leaf];
  out.side = sides[(cells[base + at.meta] >>> 14) & 1];
  out.lastQty = lotsUnchecked(cells[base + at.qty]);
  out.lastPx = ticksUnchecked(cells[base + at.px]);
  out.commissionHi = cells[base + at.commissionHi];
  out.commissionLo = cells[base + at.commissionLo];
  out.commissionCurrency = cells[base + at.currency];
}

/** Forgets what was taken before `before`. */
export function forgetExecs(log: ExecLog, before: Micros): void {
  while (log.tail < log.head && log.cells[baseOf(log, log.tail) + at.takenAt] < before) forgetOldest(log);
}

/** The digest recomputed from every entry, to check the running one against. */
export function recomputeExecDigest(log: ExecLog): number {
  let sum = 0;
  for (let position = log.tail; position < log.head; position++) sum = (sum + entryHash(log.cells, baseOf(log, position))) | 0;
  return sum;
}

function makeRoom(log: ExecLog, letters: number): void {
  if (log.head - log.tail === log.capacity) forgetOldest(log);
  while (log.tail < log.head && log.written + letters - log.cells[baseOf(log, log.tail) + at.textAt] > log.text.length) forgetOldest(log);
}

function forgetOldest(log: ExecLog): void {
  log.digest = (log.digest - log.cells[baseOf(log, log.tail) + at.hash]) | 0;
  log.tail += 1;
}

function setState(log: ExecLog, position: number, state: number): void {
  if (position < log.tail) return;
  const base = baseOf(log, position);
  log.cells[base + at.meta] = (log.cells[base + at.meta] & withoutState) | (state << stateShift);
  rehash(log, base);
}

function baseOf(log: ExecLog, position: number): number {
  return (position & (log.capacity - 1)) * stride;
}

function keyOf(report: Report): number {
  return report.venue * 2 + (report.simulated ? 1 : 0);
}

function qtyOf(report: Report): number {
  return report.lastQty !== 0 ? report.lastQty : report.orderQty;
}

function pxOf(report: Report): number {
  return report.lastQty !== 0 ? report.lastPx : report.price;
}

function stampOf(report: Report): number {
  return report.execRefID === '' ? report.transactTime : hashOfText(report.execRefID, 0);
}

function writeText(log: ExecLog, text: string): void {
  const mask = log.text.length - 1;
  const from = log.written;
  for (let i = 0; i < text.length; i++) log.text[(from + i) & mask] = text.charCodeAt(i);
  log.written = from + text.length;
}

function sameText(log: ExecLog, base: number, text: string): boolean {
  if ((log.cells[base + at.meta] & 511) !== text.length) return false;
  const mask = log.text.length - 1;
  const from = log.cells[base + at.textAt];
  for (let i = 0; i < text.length; i++) if (log.text[(from + i) & mask] !== text.charCodeAt(i)) return false;
  return true;
}

/** FNV-1a (Fowler, Noll, Vo 1991) over UTF-16 code units, finished as MurmurHash3. */
function hashOfText(text: string, key: number): number {
  let h = 0x811c9dc5 ^ key;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return finish(h);
}

function rehash(log: ExecLog, base: number): void {
  const hash = entryHash(log.cells, base);
  log.digest = (log.digest - log.cells[base + at.hash] + hash) | 0;
  log.cells[base + at.hash] = hash;
}

function entryHash(cells: Float64Array, base: number): number {
  let h = fold(cells[base + at.textHash], cells[base + at.meta]);
  h = fold(h, cells[base + at.clOrdID]);
  h = fold(h, cells[base + at.qty]);
  h = fold(h, cells[base + at.px]);
  h = fold(h, cells[base + at.commissionLo]);
  return finish(h);
}
