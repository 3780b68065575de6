import { requireBetween, requireWithin } from '../preconditions.ts';
import { wilsonLower } from '../stats/wilson.ts';
import { sharpeDeviation, type SharpeEstimate } from './probabilistic-sharpe.ts';

/** What the score is made of. */
export interface TrackRecord {
  /** Per-period. */
  readonly estimate: SharpeEstimate;
  readonly periodsPerYear: number;
  /** Closed round trips. */
  readonly wins: number;
  readonly losses: number;
  /** Present one, 0 ... 1. */
  readonly drawdown: number;
}

/** One-sided 95 %. */
const z = 1.6448536269514722;
/** Weights, the Sharpe ratio that counts in full and the drawdown that counts nothing, as the formula has them. */
const weights = { sharpe: 0.4, winRate: 0.3, drawdown: 0.3 } as const;
const fullSharpe = 2;
const noDrawdown = 0.1;

const clip = (x: number): number => Math.max(0, Math.min(1, x));

/**
 * Confidence 0 ... 1 as S1 of the seed documents has it (0.4 Sharpe / 2 + 0.3 win rate + 0.3 (1 - drawdown / 10 %)), each term clipped to 0 ... 1, Sharpe ratio and win
 * rate by their lower 95 % bounds (deviation of the ratio: Bailey & Lopez de Prado 2012; rate: Wilson 1927). `undefined` without round trips or where the
 * returns leave the ratio no variance.
 */
export function seedConfidence({ estimate, periodsPerYear, wins, losses, drawdown }: TrackRecord): number | undefined {
  requireBetween('periods per year', periodsPerYear, 0, Infinity);
  requireWithin('drawdown', drawdown, 0, Infinity);
  const deviation = sharpeDeviation(estimate, 0, '2012');
  const winRate = wilsonLower(wins, wins + losses, z);
  if (deviation === undefined || winRate === undefined) return undefined;
  const sharpe = (estimate.sharpe - z * deviation) * Math.sqrt(periodsPerYear);
  return weights.sharpe * clip(sharpe / fullSharpe) + weights.winRate * clip(winRate) + weights.drawdown * clip(1 - drawdown / noDrawdown);
}

/** Confidence 0 ... 1 by evidence: 1 - 1 / K, K the e-value against "no edge"; 1 / K is a p-value that may be looked at after every datum (Ville 1939). */
export function evidenceConfidence(eValue: number): number {
  requireWithin('e-value', eValue, 0, Number.MAX_VALUE);
  return eValue > 1 ? 1 - 1 / eValue : 0;
}
