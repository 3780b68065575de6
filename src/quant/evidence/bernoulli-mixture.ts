import { log1p } from '../../base/math.ts';
import { requireBetween, requireWhole } from '../preconditions.ts';
import { integrate } from '../stats/gauss-legendre.ts';
import { MAX_WEALTH } from './betting.ts';

/** Widest panel, in units of log p, and how many widths of its peak the integrand is followed to either side (e^-40 is left out). */
const WIDEST_PANEL = 0.5;
const REACH = 40;

/**
 * E-value against "the chance of an event is at most p0" after `events` in `trials`: the likelihood ratio to p0, averaged over p with
 * the log-uniform prior on (p0, upper), density 1 / (p ln(upper / p0)) (mixture e-process: Robbins 1970; Ramdas & Wang 2024). Valid
 * at every number of trials, so it may be watched after each; acting at 1 / alpha errs with chance at most alpha. For errors
 * upper = 0.5; a win rate above p0 takes an upper nearer to 1. Capped at MAX_WEALTH.
 */
export function bernoulliMixture(events: number, trials: number, p0: number, upper = 0.5): number {
  requireWhole('number of trials', trials, 0, Number.MAX_SAFE_INTEGER);
  requireWhole('number of events', events, 0, trials);
  requireBetween('upper end of the prior', upper, 0, 1);
  requireBetween('chance under the null', p0, 0, upper);
  const left = Math.log(p0);
  const right = Math.log(upper);
  const calm = trials - events;
  const logRatio = (u: number): number => events * (u - left) + calm * (log1p(-Math.exp(u)) - log1p(-p0));

  const likeliest = Math.min(upper, Math.max(p0, trials > 0 ? events / trials : p0));
  const mode = Math.log(likeliest);
  const odds = likeliest / (1 - likeliest);
  const slope = events - calm * odds;
  const curvature = (calm * odds) / (1 - likeliest);
  const width = 1 / Math.sqrt(slope * slope + curvature + Number.MIN_VALUE);
  const from = Math.max(left, mode - REACH * width);
  const to = Math.min(right, mode + REACH * width);
  const highest = logRatio(mode);
  const area = integrate((u) => Math.exp(logRatio(u) - highest), from, to, Math.min(width, WIDEST_PANEL));
  return Math.min(MAX_WEALTH, Math.exp(highest + Math.log(area / (right - left))));
}

/** Plain JSON. */
export interface EventCountState {
  readonly p0: number;
  readonly upper: number;
  readonly events: number;
  readonly trials: number;
}

export interface EventEvidence {
  /** One trial: whether the event (an error, a win) happened. */
  observe(happened: boolean): void;
  /** The e-value so far, from 1 on. */
  value(): number;
  exportState(): EventCountState;
}

/** Running count of trials with the e-value of `bernoulliMixture`; from 0 of 0, or continued from an exported state. */
export function eventEvidence(start: { readonly p0: number; readonly upper?: number } | EventCountState): EventEvidence {
  const p0 = start.p0;
  const upper = start.upper ?? 0.5;
  let events = 'events' in start ? start.events : 0;
  let trials = 'trials' in start ? start.trials : 0;
  bernoulliMixture(events, trials, p0, upper); // refuses what it could not judge, before the first trial
  return {
    observe(happened) {
      trials++;
      if (happened) events++;
    },
    value: () => bernoulliMixture(events, trials, p0, upper),
    exportState: () => ({ p0, upper, events, trials }),
  };
}
