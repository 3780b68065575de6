import { canonicalJson } from '../../base/canonical.ts';
import { formatMoney, parseSplit } from '../../base/decimal.ts';
import { durationMicros, type Duration } from '../../base/duration.ts';
import { powi } from '../../base/math.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { cmp, splitZero, subInto, toNumber, type Split } from '../../base/split.ts';
import { MICROS_PER_DAY } from '../../base/time.ts';
import { utf8Encode } from '../../base/utf8.ts';
import type { Micros } from '../../base/units.ts';
import type { Verdict } from '../../domain/rollout.ts';
import { activeTime, type Deployment } from './deployment.ts';

/** The numbers that gates are judged on, all taken at one seq. */
export interface Evidence {
  /** Net PnL of the version's sub-ledger, since ever, in the slice's currency. */
  readonly pnl: Split;
  /** Decimals of that currency's money. */
  readonly exponent: number;
  /** Fills, and closed round trips won and lost, since ever. */
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  /** Present drawdown of the unit-NAV of this deployment, 0…1. */
  readonly drawdown: number;
  /** e-value against the allowed error rate; NaN = no sample yet. */
  readonly errorEvidence: number;
  /** Every listing of the universe has a valid, fresh mark. */
  readonly fresh: boolean;
}

export interface Judgment {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly value: number;
  readonly limit: number;
  readonly text: string;
}

/** E-value at which an error rate counts as shown (rollout.md 2). */
export const errorEvidenceLimit = 100;

/** What leaving the present stage, or a paper run, asks for. */
export interface Conditions {
  readonly minDuration: Duration;
  readonly minPnL: string;
  readonly minTrades: number;
  readonly maxDrawdown: number | null;
  readonly maxErrorRate: number | null;
  readonly minWinRate: number | null;
  readonly minSharpeRatio: number | null;
}

/** Whether the stage has lasted as long as it must. On a market clock P…D counts completed sessions and PT… open, fresh time. */
export function durationPassed(deployment: Deployment, wanted: Duration, at: Micros): boolean {
  if (deployment.spec.clock.kind === 'market') return deployment.sessions >= wanted.days && activeTime(deployment, at) >= wanted.micros;
  return activeTime(deployment, at) >= durationMicros(wanted);
}

/** Counted microseconds that are still missing; sessions are waited for by the Session input, not by a deadline. */
export function durationLeft(deployment: Deployment, wanted: Duration, at: Micros): number {
  const micros = deployment.spec.clock.kind === 'market' ? wanted.micros : wanted.micros + wanted.days * MICROS_PER_DAY;
  return Math.max(0, micros - activeTime(deployment, at));
}

/** Judges what the present stage owes, on one set of numbers. Missing numbers never pass (PRO3). */
export function judgeConditions(deployment: Deployment, conditions: Conditions, evidence: Evidence): readonly Judgment[] {
  const judgments = [judgeFresh(evidence), judgeTrades(deployment, conditions, evidence), judgePnl(deployment, conditions, evidence)];
  if (conditions.maxDrawdown !== null) judgments.push(judgeDrawdown(conditions.maxDrawdown, evidence));
  if (conditions.maxErrorRate !== null) judgments.push(judgeErrors(evidence));
  if (conditions.minWinRate !== null) judgments.push(judgeWins(deployment, conditions.minWinRate, evidence));
  return judgments;
}

export function judgeFresh(evidence: Evidence): Judgment {
  const text = evidence.fresh ? 'every listing has a fresh, valid mark' : 'a listing has no fresh, valid mark';
  return { gate: 'fresh', verdict: evidence.fresh ? 'pass' : 'inconclusive', value: evidence.fresh ? 1 : 0, limit: 1, text };
}

function judgeTrades(deployment: Deployment, conditions: Conditions, evidence: Evidence): Judgment {
  const value = evidence.trades - deployment.tradesAtGrant;
  const verdict = value >= conditions.minTrades ? 'pass' : 'inconclusive';
  return { gate: 'minTrades', verdict, value, limit: conditions.minTrades, text: `${value} fills of ${conditions.minTrades}` };
}

function judgePnl(deployment: Deployment, conditions: Conditions, evidence: Evidence): Judgment {
  const limit = splitZero();
  const stagePnl = splitZero();
  parseSplit(conditions.minPnL, evidence.exponent, limit);
  subInto(stagePnl, evidence.pnl, deployment.pnlAtGrant);
  const verdict = cmp(stagePnl, limit) >= 0 ? 'pass' : 'fail';
  const scale = powi(10, evidence.exponent);
  return {
    gate: 'minPnL',
    verdict,
    value: toNumber(stagePnl) / scale,
    limit: toNumber(limit) / scale,
    text: `net PnL of the stage ${formatMoney(stagePnl, evidence.exponent)}, at least ${conditions.minPnL}`,
  };
}

function judgeDrawdown(limit: number, evidence: Evidence): Judgment {
  const verdict = Number.isNaN(evidence.drawdown) ? 'inconclusive' : evidence.drawdown < limit ? 'pass' : 'fail';
  return {
    gate: 'maxDrawdown',
    verdict,
    value: evidence.drawdown,
    limit,
    text: Number.isNaN(evidence.drawdown)
      ? `no result yet that a drawdown could be measured on, at most ${(limit * 100).toFixed(3)} %`
      : `drawdown ${(evidence.drawdown * 100).toFixed(3)} % of ${(limit * 100).toFixed(3)} %`,
  };
}

export function judgeErrors(evidence: Evidence): Judgment {
  const value = evidence.errorEvidence;
  const verdict = Number.isNaN(value) ? 'inconclusive' : value < errorEvidenceLimit ? 'pass' : 'fail';
  return {
    gate: 'maxErrorRate',
    verdict,
    value,
    limit: errorEvidenceLimit,
    text: Number.isNaN(value)
      ? 'no order has been answered yet'
      : `evidence against the allowed error rate ${value.toFixed(2)} of ${errorEvidenceLimit}`,
  };
}

function judgeWins(deployment: Deployment, limit: number, evidence: Evidence): Judgment {
  const wins = evidence.wins - deployment.winsAtGrant;
  const closed = wins + evidence.losses - deployment.lossesAtGrant;
  const rate = closed === 0 ? NaN : wins / closed;
  const verdict = closed === 0 ? 'inconclusive' : rate >= limit ? 'pass' : 'fail';
  return { gate: 'minWinRate', verdict, value: rate, limit, text: `${wins} of ${closed} round trips won` };
}

/** SHA-256 over the canonical bytes of the numbers that a judgment saw. */
export function evidenceHash(deployment: Deployment, evidence: Evidence, judgments: readonly Judgment[], at: Micros): string {
  const { pnl, trades, wins, losses, drawdown, errorEvidence, fresh } = evidence;
  const numbers = [pnl.hi, pnl.lo, trades, wins, losses, at, deployment.stage, activeTime(deployment, at)];
  const judged = judgments.flatMap(({ value, limit }) => [value, limit]);
  const doubles = [drawdown, errorEvidence, ...judged].map((x) => (Number.isFinite(x) ? x : String(x)));
  const words = judgments.map(({ gate, text }) => `${gate}: ${text}`);
  return hex(sha256(utf8Encode(canonicalJson({ spec: deployment.spec.specHash, numbers, doubles, words, fresh }))));
}
