import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Report } from '../../domain/report.ts';
import { plainReport } from '../../testing/orders/order-samples.ts';
import {
  createExecLog,
  findReferred,
  findTwin,
  forgetExecs,
  isOlderCorrection,
  isRemembered,
  liveFill,
  markBusted,
  markCorrected,
  noteLeaf,
  probeExec,
  readFill,
  recomputeExecDigest,
  rememberExec,
  rememberFill,
  sameContent,
  unreadable,
  type ExecLog,
} from './exec-log.ts';
import { createReportOutcome } from './report-outcome.ts';

const at = micros(1_700_000_000_000_000);
const trade: Report = {
  ...plainReport,
  execType: 'trade',
  lastQty: lots(4),
  lastPx: ticks(100),
  commissionHi: -1,
  commissionLo: 7,
  commissionCurrency: 3,
};

/** Probes and, when it is not there, remembers. @returns whether it was there. */
function meet(log: ExecLog, execID: string, report: Report = plainReport): boolean {
  if (probeExec(log, { ...report, execID }) !== -1) return true;
  rememberExec(log, { ...report, execID }, at);
  return false;
}

function book(log: ExecLog, execID: string, earlier = -1, report: Partial<Report> = {}): number {
  const said: Report = { ...trade, ...report, execID };
  probeExec(log, said);
  return rememberFill(log, said, at, { clOrdID: said.clOrdID, side: 'sell', lastFill: earlier });
}

describe('the log of executions', () => {
  it('knows a report by venue, simulator and execID', () => {
    const log = createExecLog(16);
    expect(meet(log, 'E1')).toBe(false);
    expect(meet(log, 'E1')).toBe(true);
    expect(meet(log, 'E1', { ...plainReport, venue: 1 })).toBe(false);
    expect(meet(log, 'E1', { ...plainReport, simulated: true })).toBe(false);
    expect(meet(log, 'E11')).toBe(false);
  });

  it('tells the same report from another one under its execID', () => {
    const log = createExecLog(16);
    const position = book(log, 'E1');
    const again: Report = { ...trade, execID: 'E1' };
    expect(sameContent(log, position, { ...again, leavesQty: 3, transactTime: at })).toBe(true);
    const changes: Partial<Report>[] = [
      { lastQty: lots(5) },
      { lastPx: ticks(101) },
      { clOrdID: 131_072 },
      { execType: 'new' },
      { commissionLo: 8 },
      { commissionHi: 0 },
      { execRefID: 'E0' },
      { commissionCurrency: 4 },
    ];
    for (const change of changes) expect(sameContent(log, position, { ...again, ...change })).toBe(false);
  });

  it('finds a fill by what names it, as it was booked and where', () => {
    const log = createExecLog(16);
    const position = book(log, 'E1');
    noteLeaf(log, position, 123_456_789_012_345);
    const { original } = createReportOutcome();
    readFill(log, findReferred(log, { ...trade, execRefID: 'E1' }), original);
    expect(original).toEqual({
      clOrdID: 65_536,
      leaf: 123_456_789_012_345,
      side: 'sell',
      lastQty: 4,
      lastPx: 100,
      commissionHi: -1,
      commissionLo: 7,
      commissionCurrency: 3,
    });
    expect(findReferred(log, { ...trade, execRefID: 'E2' })).toBe(-1);
    expect(findReferred(log, { ...trade, execRefID: '' })).toBe(-1);
  });

  it('follows a fill through its corrections until it is busted', () => {
    const log = createExecLog(16);
    const first = book(log, 'E1');
    const second = book(log, 'E2', first, { execType: 'tradeCorrect', execRefID: 'E1' });
    markCorrected(log, first, second);
    expect(liveFill(log, first)).toBe(second);
    markBusted(log, second);
    expect(liveFill(log, first)).toBe(-1);
    expect(liveFill(log, second)).toBe(-1);
  });

  it('tells a correction that a later one has overtaken', () => {
    const log = createExecLog(16);
    const first = book(log, 'E1', -1, { transactTime: micros(10) });
    const later = book(log, 'E3', first, { execType: 'tradeCorrect', execRefID: 'E1', transactTime: micros(30) });
    markCorrected(log, first, later);
    const isOlder = (named: number, transactTime: number): boolean =>
      isOlderCorrection(log, named, later, { ...trade, execType: 'tradeCorrect', transactTime: micros(transactTime) });
    expect(isOlder(first, 20)).toBe(true);
    expect(isOlder(first, 30)).toBe(false);
    expect(isOlder(first, 0)).toBe(false);
    expect(isOlder(later, 20)).toBe(false);
  });

  it('finds the same execution under another execID, unless it was busted', () => {
    const log = createExecLog(16);
    const first = book(log, 'E1', -1, { cumQty: 4 });
    const second = book(log, 'E2', first, { cumQty: 8 });
    expect(findTwin(log, second, { ...trade, execID: 'F', cumQty: 4 })).toBe(first);
    expect(findTwin(log, second, { ...trade, execID: 'F', cumQty: 6 })).toBe(-1);
    markBusted(log, first);
    expect(findTwin(log, second, { ...trade, execID: 'F', cumQty: 4 })).toBe(-1);
  });

  it('forgets the oldest when it is full, and what is older than a time', () => {
    const log = createExecLog(16);
    for (let i = 0; i < 20; i++) meet(log, `E${i}`);
    expect([log.tail, log.head]).toEqual([4, 20]);
    expect(probeExec(log, { ...plainReport, execID: 'E3' })).toBe(-1);
    expect(probeExec(log, { ...plainReport, execID: 'E4' })).toBe(4);
    probeExec(log, { ...plainReport, execID: 'later' });
    rememberExec(log, { ...plainReport, execID: 'later' }, micros(at + 2_000_000));
    forgetExecs(log, micros(at + 1_000_000));
    expect([log.tail, log.head]).toEqual([20, 21]);
    expect(probeExec(log, { ...plainReport, execID: 'E19' })).toBe(-1);
    expect(probeExec(log, { ...plainReport, execID: 'later' })).toBe(20);
  });

  it('keeps fewer reports when their execIDs are long, and never a letter of another', () => {
    const log = createExecLog(16);
    const long = (i: number): string => `${i}`.padStart(200, 'x');
    for (let i = 0; i < 50; i++) expect(meet(log, long(i))).toBe(false);
    expect(log.head - log.tail).toBe(3);
    for (let i = 47; i < 50; i++) expect(meet(log, long(i))).toBe(true);
  });

  it('does not remember what it could not tell apart: over 255 letters, or past U+00FF', () => {
    const log = createExecLog(16);
    expect(probeExec(log, { ...plainReport, execID: 'x'.repeat(255) })).toBe(-1);
    expect(probeExec(log, { ...plainReport, execID: 'x'.repeat(256) })).toBe(unreadable);
    expect(probeExec(log, { ...plainReport, execID: 'caf\u00e9-1' })).toBe(-1);
    expect(probeExec(log, { ...plainReport, execID: 'E\u0141' })).toBe(unreadable);
  });

  it('passes over answers to queries and our own timeouts', () => {
    expect(isRemembered(plainReport)).toBe(true);
    for (const execType of ['orderStatus', 'unknownOrder', 'timeout'] as const)
      expect(isRemembered({ ...plainReport, execType })).toBe(false);
    expect(isRemembered({ ...plainReport, execID: '' })).toBe(false);
  });

  it('is made for a power of two only', () => {
    for (const capacity of [0, 8, 24, 2_097_152]) expect(() => createExecLog(capacity)).toThrow(RangeError);
  });
});

describe('the log of executions beside a plain map', () => {
  it('remembers exactly the newest reports, whatever they are called, and keeps its digest', () => {
    let met = 0;
    let known = 0;
    const names = fc.oneof(
      fc.integer({ min: 0, max: 15 }).map((i) => `E${i}`),
      fc.integer({ min: 0, max: 20 }).map((i) => `E-${i * 65_536}-20240808`),
      fc.string({ minLength: 1, maxLength: 3 }).filter((name) => /^[\u0000-\u00ff]+$/.test(name)),
      fc.integer({ min: 0, max: 9 }).map((i) => `${i}`.repeat(60)),
    );
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 120, size: 'max' }), (execIDs) => {
        const log = createExecLog(32);
        const oracle = new Map<string, number>();
        for (const execID of execIDs) {
          const position = oracle.get(execID);
          const expected = position !== undefined && position >= log.tail ? position : -1;
          expect(probeExec(log, { ...plainReport, execID })).toBe(expected);
          met += 1;
          if (expected === -1) oracle.set(execID, rememberExec(log, { ...plainReport, execID }, at));
          else known += 1;
        }
        expect(log.digest).toBe(recomputeExecDigest(log));
        expect(log.head - log.tail).toBeLessThanOrEqual(32);
      }),
      { numRuns: 400 },
    );
    console.log(`log of executions: ${met} reports, ${known} of them known`);
    expect(known).toBeGreaterThan(1_000);
    expect(met - known).toBeGreaterThan(1_000);
  });
});
