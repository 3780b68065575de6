import { lotsUnchecked, ticksUnchecked, type Lots, type Micros, type Ticks } from '../../base/units.ts';
import type { ClOrdID, CurrencyIx, VenueIx } from '../../domain/ids.ts';
import { sides, type Side } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import { finish, fold } from './digest.ts';
import { createExecIndex, enter, newestEntry, olderEntry, positionOf, type ExecIndex } from './exec-index.ts';
import { bucketOfText, createExecTexts, hashOfText, keepTexts, sameAsProbed, sameText, takeText, type ExecTexts } from './exec-texts.ts';
import { execTypeCode } from './order-code.ts';

/**
 * The ring of reports by (venue, simulated, execID), in order of arrival: flat numbers outside the collected heap, the texts of the execIDs letter by
 * letter, so that none is ever taken for another. Positions count from 0 and never come again; forgetting the oldest entry is moving one number.
 */
export interface ExecLog {
  readonly capacity: number;
  readonly words: Int32Array;
  /** Figures of fills, by the same places; never touched for other reports. */
  readonly figures: Float64Array;
  readonly texts: ExecTexts;
  readonly index: ExecIndex;
  head: number;
  tail: number;
  /** Sum of the entries' hashes modulo 2^32. */
  digest: number;
}

/** Most reports that are remembered (architecture, The hot path). */
export const maxExecIDs = 1_048_576;

/** A fill as it was booked; what a bust or a correction is about. */
export interface FillMemory {
  /** Number that the order had. */
  clOrdID: ClOrdID;
  /** Where the ledger booked it, as noted; -1 = not noted. */
  leaf: number;
  side: Side;
  lastQty: Lots;
  lastPx: Ticks;
  commissionHi: number;
  commissionLo: number;
  commissionCurrency: CurrencyIx;
}

/** What the log has to know of an order that is filled: `lastFill` is the position of its fill before, -1 = none. */
export interface FilledOrder {
  readonly clOrdID: ClOrdID;
  readonly side: Side;
  readonly lastFill: number;
}

const perEntry = 8;
/** Places in `words`. `meta`: bits 0…8 length of the text, 14 side, 15 and 16 state. `takenAt`: seconds.
 * `back`: how many positions back the order's fill before stands, 0 = none. */
const word = { textAt: 0, meta: 1, key: 2, textHash: 3, content: 4, takenAt: 5, back: 6, currency: 7 } as const;
/** Places in `figures`. `stamp`: transactTime of the report; of a corrected fill the position of its correction. */
const figure = { clOrdID: 0, qty: 1, px: 2, commissionHi: 3, commissionLo: 4, saidCumQty: 5, stamp: 6, leaf: 7 } as const;
const states = { noFill: 0, live: 1, busted: 2, corrected: 3 } as const;
const stateShift = 15;
const withoutState = 0x7fff;
const absent = -1;
const microsPerSecond = 1_000_000;

/** @param capacity a power of two, at most `maxExecIDs`. */
export function createExecLog(capacity: number): ExecLog {
  if (!(capacity >= 16 && capacity <= maxExecIDs && (capacity & (capacity - 1)) === 0)) {
    throw new RangeError(`log of executions: expected a power of two from 16 to ${maxExecIDs}, was ${capacity}`);
  }
  return {
    capacity,
    words: new Int32Array(capacity * perEntry),
    figures: new Float64Array(capacity * perEntry),
    texts: createExecTexts(capacity),
    index: createExecIndex(capacity),
    head: 0,
    tail: 0,
    digest: 0,
  };
}

/** Answers to queries repeat execIDs of what they repeat, and our own timeouts have none. */
export function isRemembered(report: Report): boolean {
  return report.execID !== '' && report.execType !== 'orderStatus' && report.execType !== 'unknownOrder' && report.execType !== 'timeout';
}

/** Answer of `probeExec` for an execID that cannot be remembered. */
export const unreadable = -2;

/** Position of a report by its own execID, -1 = not there. What is remembered next is the report that was probed last. */
export function probeExec(log: ExecLog, report: Report): number {
  const key = keyOf(report);
  const { texts, words, index } = log;
  if (!takeText(texts, report.execID, key)) return unreadable;
  const { hash } = texts;
  let entry = newestEntry(index, texts.bucket, hash, log.tail);
  while (entry !== absent) {
    const position = positionOf(entry);
    const base = baseOf(log, position);
    if (words[base + word.textHash] === hash && words[base + word.key] === key) {
      if (sameAsProbed(texts, words[base + word.textAt], words[base + word.meta] & 511, report.execID.length)) return position;
    }
    entry = olderEntry(index, entry, hash, log.tail);
  }
  return absent;
}

/** Position of the report that a bust or a correction names, -1 = not there. */
export function findReferred(log: ExecLog, report: Report): number {
  if (report.execRefID === '') return absent;
  const key = keyOf(report);
  const { words, index } = log;
  const hash = hashOfText(report.execRefID, key);
  let entry = newestEntry(index, bucketOfText(report.execRefID, key, hash), hash, log.tail);
  while (entry !== absent) {
    const position = positionOf(entry);
    const base = baseOf(log, position);
    if (words[base + word.textHash] === hash && words[base + word.key] === key) {
      if (sameText(log.texts, words[base + word.textAt], words[base + word.meta] & 511, report.execRefID)) return position;
    }
    entry = olderEntry(index, entry, hash, log.tail);
  }
  return absent;
}

/** Whether the remembered report said the same: type, order, quantities, prices, commission, execution meant. */
export function sameContent(log: ExecLog, position: number, report: Report): boolean {
  return log.words[baseOf(log, position) + word.content] === contentOf(report);
}

/** Appends the report that was probed, which is no fill. @returns its position. */
export function rememberExec(log: ExecLog, report: Report, takenAt: Micros): number {
  return remember(log, report, takenAt, 0);
}

/** Appends the report that was probed as a fill, or as the right figures of one. @returns its position, the order's last fill from now on. */
export function rememberFill(log: ExecLog, report: Report, takenAt: Micros, order: FilledOrder): number {
  const position = remember(log, report, takenAt, (order.side === 'sell' ? 1 << 14 : 0) | (states.live << stateShift));
  const base = baseOf(log, position);
  const { words, figures } = log;
  words[base + word.back] = order.lastFill < log.tail ? 0 : position - order.lastFill;
  words[base + word.currency] = report.commissionCurrency;
  figures[base + figure.clOrdID] = order.clOrdID;
  figures[base + figure.qty] = report.lastQty;
  figures[base + figure.px] = report.lastPx;
  figures[base + figure.commissionHi] = report.commissionHi;
  figures[base + figure.commissionLo] = report.commissionLo;
  figures[base + figure.saidCumQty] = report.cumQty;
  figures[base + figure.stamp] = report.transactTime;
  figures[base + figure.leaf] = absent;
  return position;
}

export function markBusted(log: ExecLog, position: number): void {
  setState(log, position, states.busted);
}

/** `correction` is the fill from now on. */
export function markCorrected(log: ExecLog, position: number, correction: number): void {
  if (position < log.tail) return;
  log.figures[baseOf(log, position) + figure.stamp] = correction;
  setState(log, position, states.corrected);
}

/** The fill that an execution means now: itself or its last correction; -1 = no fill, busted, or forgotten. */
export function liveFill(log: ExecLog, position: number): number {
  let p = position;
  while (p >= log.tail) {
    const state = stateOf(log, p);
    if (state !== states.corrected) return state === states.live ? p : absent;
    p = log.figures[baseOf(log, p) + figure.stamp];
  }
  return absent;
}

/**
 * Whether a correction of the execution at `named` was said before the one that stands at `live`: venues' reports may come out of order. A correction that
 * names the standing one, or that says no time, is none.
 */
export function isOlderCorrection(log: ExecLog, named: number, live: number, report: Report): boolean {
  return named !== live && report.transactTime > 0 && report.transactTime < log.figures[baseOf(log, live) + figure.stamp];
}

/** A fill of the order, from `newest` back, that is the same execution under another execID: same cumQty said, quantity, price and time. -1 = none. */
export function findTwin(log: ExecLog, newest: number, report: Report): number {
  const { figures } = log;
  let p = newest;
  while (p >= log.tail) {
    const base = baseOf(log, p);
    if (
      figures[base + figure.saidCumQty] === report.cumQty &&
      figures[base + figure.qty] === report.lastQty &&
      figures[base + figure.px] === report.lastPx &&
      figures[base + figure.stamp] === report.transactTime &&
      stateOf(log, p) === states.live
    ) {
      return p;
    }
    const back = log.words[base + word.back];
    if (back === 0) return absent;
    p -= back;
  }
  return absent;
}

/** Notes where in the ledger a fill was booked, any safe integer. */
export function noteLeaf(log: ExecLog, position: number, leaf: number): void {
  if (position >= log.tail) log.figures[baseOf(log, position) + figure.leaf] = leaf;
}

/** Standing fills of real orders at a venue, from position `from` on: order, lots, the venue's time. */
export function visitFills(
  log: ExecLog,
  from: number,
  venue: VenueIx,
  visit: (clOrdID: ClOrdID, lots: number, transactTime: number, bought: boolean) => void,
): void {
  const { words, figures } = log;
  for (let position = Math.max(from, log.tail); position < log.head; position++) {
    if (stateOf(log, position) !== states.live) continue;
    const base = baseOf(log, position);
    if (words[base + word.key] !== venue * 2) continue;
    const bought = ((words[base + word.meta] >>> 14) & 1) === 0;
    visit(figures[base + figure.clOrdID], figures[base + figure.qty], figures[base + figure.stamp], bought);
  }
}

/** When the oldest report that is remembered was taken, to the second (microseconds); 0 = nothing was ever forgotten. */
export function rememberedSince(log: ExecLog): number {
  return log.tail === 0 || log.tail === log.head ? 0 : (log.words[baseOf(log, log.tail) + word.takenAt] >>> 0) * microsPerSecond;
}

/** When the oldest report that is kept was taken, to the second (microseconds); Infinity = none is kept. */
export function execsSince(log: ExecLog): number {
  return log.tail === log.head ? Infinity : (log.words[baseOf(log, log.tail) + word.takenAt] >>> 0) * microsPerSecond;
}

export function orderOfExec(log: ExecLog, position: number): ClOrdID {
  return stateOf(log, position) === states.noFill ? 0 : log.figures[baseOf(log, position) + figure.clOrdID];
}

export function readFill(log: ExecLog, position: number, out: FillMemory): void {
  const { words, figures } = log;
  const base = baseOf(log, position);
  out.clOrdID = figures[base + figure.clOrdID];
  out.leaf = figures[base + figure.leaf];
  out.side = sides[(words[base + word.meta] >>> 14) & 1];
  out.lastQty = lotsUnchecked(figures[base + figure.qty]);
  out.lastPx = ticksUnchecked(figures[base + figure.px]);
  out.commissionHi = figures[base + figure.commissionHi];
  out.commissionLo = figures[base + figure.commissionLo];
  out.commissionCurrency = words[base + word.currency];
}

/** Forgets what was taken before `before`, to the second. */
export function forgetExecs(log: ExecLog, before: Micros): void {
  const second = Math.floor(before / microsPerSecond) >>> 0;
  while (log.tail < log.head && log.words[baseOf(log, log.tail) + word.takenAt] >>> 0 < second) forgetOldest(log);
}

/** The digest recomputed from every entry, to check the running one against. */
export function recomputeExecDigest(log: ExecLog): number {
  let sum = 0;
  for (let position = log.tail; position < log.head; position++) sum = (sum + entryHash(log.words, baseOf(log, position))) | 0;
  return sum;
}

function remember(log: ExecLog, report: Report, takenAt: Micros, bits: number): number {
  if (log.head - log.tail === log.capacity) forgetOldest(log);
  const position = log.head;
  log.head = position + 1;
  const base = baseOf(log, position);
  const { words, texts, index } = log;
  words[base + word.textAt] = texts.written | 0;
  words[base + word.meta] = report.execID.length | bits;
  words[base + word.key] = keyOf(report);
  words[base + word.textHash] = texts.hash;
  words[base + word.content] = contentOf(report);
  words[base + word.takenAt] = Math.floor(takenAt / microsPerSecond);
  enter(index, texts.bucket, texts.hash, position);
  keepTexts(texts, report.execID.length);
  while (texts.oldest - unsigned(texts, words[baseOf(log, log.tail) + word.textAt]) > 0) forgetOldest(log);
  log.digest = (log.digest + entryHash(words, base)) | 0;
  return position;
}

/** The count of letters at a text's beginning, from its lowest 32 bits. */
function unsigned(texts: ExecTexts, low: number): number {
  return texts.written - ((texts.written - low) >>> 0);
}

function forgetOldest(log: ExecLog): void {
  log.digest = (log.digest - entryHash(log.words, baseOf(log, log.tail))) | 0;
  log.tail += 1;
}

function setState(log: ExecLog, position: number, state: number): void {
  if (position < log.tail) return;
  const base = baseOf(log, position);
  const before = entryHash(log.words, base);
  log.words[base + word.meta] = (log.words[base + word.meta] & withoutState) | (state << stateShift);
  log.digest = (log.digest - before + entryHash(log.words, base)) | 0;
}

function stateOf(log: ExecLog, position: number): number {
  return log.words[baseOf(log, position) + word.meta] >>> stateShift;
}

function baseOf(log: ExecLog, position: number): number {
  return (position & (log.capacity - 1)) * perEntry;
}

function keyOf(report: Report): number {
  return report.venue * 2 + (report.simulated ? 1 : 0);
}

/** What is 0 on most reports is left out; the salts keep the numbers apart. */
function contentOf(report: Report): number {
  let h = fold(execTypeCode(report.execType), report.clOrdID);
  if (report.lastQty !== 0) h = fold(fold(h ^ 1, report.lastQty), report.lastPx);
  if (report.orderQty !== 0 || report.price !== 0) h = fold(fold(h ^ 2, report.orderQty), report.price);
  if (report.commissionLo !== 0 || report.commissionHi !== 0)
    h = fold(fold(h ^ Math.imul(report.commissionCurrency + 3, 0x9e3779b1), report.commissionLo), report.commissionHi);
  return report.execRefID === '' ? finish(h) : finish(h ^ hashOfText(report.execRefID, 0));
}

function entryHash(words: Int32Array, base: number): number {
  const h = Math.imul(words[base + word.textHash] ^ 0x2545f491, 0x85ebca6b) ^ Math.imul(words[base + word.content], 0xcc9e2d51);
  return finish(h ^ words[base + word.meta]);
}
