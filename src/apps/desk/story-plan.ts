import { clumsy100 } from '../../strategies/clumsy/clumsy-1.0.0.ts';
import { maker100 } from '../../strategies/maker/maker-1.0.0.ts';
import { maker101 } from '../../strategies/maker/maker-1.0.1.ts';
import { maker110 } from '../../strategies/maker/maker-1.1.0.ts';
import type { LadderTerms, SwapTerms } from './specs.ts';

/** Everything about the story that depends on its market. */
export interface StoryPlan {
  readonly totalCapital: string;
  readonly good: LadderTerms;
  readonly faulty: LadderTerms;
  readonly clumsy: LadderTerms;
  /** 1.0.1 takes over from 1.0.0. */
  readonly swap: SwapTerms;
  /** Limits that the desk begins with, in the units of domain/limit.ts; prices in bps, durations in microseconds. */
  readonly fatFingerBps: number;
  readonly priceCollarBps: number;
  readonly duplicateWindow: number;
  /** Virtual seconds per wall second when nothing else is asked for. */
  readonly speed: number;
  /** The story ends here at the latest, microseconds after its beginning. */
  readonly atMost: number;
  /** The climb has shown what it can by then, microseconds after its beginning. */
  readonly climbAtMost: number;
  /** The market is made so that all of it is seen; a recording ends where its evidence ends. */
  readonly whole: boolean;
}

export const storyStrategies = [maker100, maker101, maker110, clumsy100];

/** An hour on the synthetic exchange. */
export const syntheticPlan: StoryPlan = {
  totalCapital: '10000000',
  good: {
    paper: 'PT10M',
    micro: 'PT10M',
    small: 'PT10M',
    medium: 'PT10M',
    minTrades: 20,
    totalCapital: '10000000',
    currency: 'USD',
    maxDailyLoss: 0.02,
    maxDrawdown: 0.05,
    parameters: { quoteShare: 0.04, inventoryShare: 0.12, halfSpread: 1, lean: 2, refreshMillis: 500, stopOut: 0.002, pauseMillis: 5000 },
    evidence: {
      interval: 'PT30S',
      stressLoss: 0.0025,
      bets: [25, 50, 100, 200, 400],
      // its stage of 10 % asks for none by itself: what the first version has to show, 1.97, is seen within the hour
      edgeE: 1.2,
      maxErrors: 0.01,
      errorsE: 20,
      harmE: 20,
    },
  },
  faulty: {
    paper: 'PT10M',
    micro: 'PT1H',
    small: 'PT1H',
    medium: 'PT1H',
    minTrades: 20,
    totalCapital: '10000000',
    currency: 'USD',
    maxDailyLoss: 0.02,
    maxDrawdown: 0.05,
    parameters: {
      quoteShare: 0.04,
      inventoryShare: 0.9,
      halfSpread: 1,
      lean: 0,
      refreshMillis: 500,
      doubleAfter: 0.5,
      doubleMillis: 1000,
      mostShare: 0.9,
    },
  },
  clumsy: {
    paper: 'PT10M',
    micro: 'PT1H',
    small: 'PT1H',
    medium: 'PT1H',
    minTrades: 1,
    totalCapital: '10000000',
    currency: 'USD',
    maxDailyLoss: 0.02,
    maxDrawdown: 0.05,
    parameters: { qty: 10, awayTicks: 20 },
  },
  swap: {
    paper: 'PT15M',
    paperCapital: '1000000',
    warmup: 'PT1M',
    monitoring: 'PT2M',
    parameters: { quoteShare: 0.04, inventoryShare: 0.12, halfSpread: 1, lean: 2, refreshMillis: 500 },
  },
  fatFingerBps: 500,
  priceCollarBps: 300,
  duplicateWindow: 1_000_000,
  speed: 180,
  atMost: 3 * 3_600_000_000,
  climbAtMost: 3_000_000_000,
  whole: true,
};

/** Five minutes and three quarters of a real market: short stages, and loss limits that fit what can be lost in them. */
export const recordedPlan: StoryPlan = {
  ...syntheticPlan,
  good: {
    ...syntheticPlan.good,
    paper: 'PT45S',
    micro: 'PT45S',
    small: 'PT45S',
    medium: 'PT45S',
    minTrades: 3,
    currency: 'USDT',
    maxDailyLoss: 0.002,
    maxDrawdown: 0.002,
    parameters: { quoteShare: 0.05, inventoryShare: 0.2, halfSpread: 1, lean: 2, refreshMillis: 250, stopOut: 0.0005, pauseMillis: 5000 },
    evidence: { interval: 'PT5S', stressLoss: 0.001, bets: [100, 250, 500, 1000], edgeE: 2, maxErrors: 0.05, errorsE: 20, harmE: 20 },
  },
  faulty: {
    ...syntheticPlan.faulty,
    currency: 'USDT',
    maxDailyLoss: 0.0002,
    maxDrawdown: 0.0005,
    parameters: {
      quoteShare: 0.1,
      inventoryShare: 0.9,
      halfSpread: 0,
      lean: 0,
      refreshMillis: 250,
      doubleAfter: 1,
      doubleMillis: 500,
      mostShare: 0.9,
    },
  },
  swap: {
    paper: 'PT45S',
    paperCapital: '100000',
    warmup: 'PT20S',
    monitoring: 'PT20S',
    parameters: { quoteShare: 0.05, inventoryShare: 0.2, halfSpread: 1, lean: 2, refreshMillis: 250 },
  },
  clumsy: { ...syntheticPlan.clumsy, currency: 'USDT', parameters: { qty: 1, awayTicks: 500 } },
  speed: 20,
  atMost: 3_600_000_000,
  climbAtMost: 240_000_000,
  whole: false,
};
