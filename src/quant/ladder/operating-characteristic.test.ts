import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng.ts';
import type { LadderPlan } from './ladder-plan.ts';
import { addCounts, countOutcomes, emptyCounts, oddsOf } from './operating-characteristic.ts';
import { bootstrapReturns, iidReturns, jumpReturns, type ReturnModel } from './return-model.ts';

const hours = [1, 2, 4, 8, 24, 48];
const entry = [0, 0, 0, 2, 5, 20];
const reference: LadderPlan = {
  intervalsPerYear: 8_760,
  intervalsPerDay: 24,
  annualVol: 0.1,
  stages: hours.map((minIntervals, k) => ({ name: `S${k}`, allocation: 1, minIntervals, minE: entry[k], minStageReturn: null })),
  grid: [1, 2, 4, 8, 16, 32],
  exits: { maxDrawdown: 0.1, maxDayLoss: 0.02, harmE: 20 },
  horizon: 8_760,
};

/** The reference spec of rollout.md 2 written out once more, products kept whole: what the lanes are held against. */
function obvious(plan: LadderPlan, data: readonly number[]): { promoted: boolean; cause: string } {
  let stage = 0;
  let since = 0;
  let promoted = false;
  for (let t = 0; t < data.length; t++) {
    const seen = data.slice(0, t + 1);
    const navs = seen.reduce<number[]>((all, r) => [...all, (all.at(-1) ?? 1) * (1 + r)], []);
    const mean = (sign: number): number =>
      plan.grid.reduce((sum, bet) => sum + seen.reduce((product, r) => product * Math.max(0, 1 + sign * bet * r), 1), 0) / plan.grid.length;
    const today = seen.slice(Math.floor(t / plan.intervalsPerDay) * plan.intervalsPerDay).reduce((sum, r) => sum + r, 0);
    if (1 - navs[t] / Math.max(1, ...navs) >= (plan.exits.maxDrawdown ?? 2)) return { promoted, cause: 'drawdown' };
    if (today < -(plan.exits.maxDayLoss ?? 9)) return { promoted, cause: 'dayLoss' };
    if (mean(-1) >= (plan.exits.harmE ?? Infinity)) return { promoted, cause: 'harm' };
    const last = plan.stages.length - 1;
    if (stage === last || t + 1 - since < plan.stages[stage].minIntervals || mean(1) < plan.stages[stage + 1].minE) continue;
    const asked = plan.stages[stage].minStageReturn;
    if (asked !== null && seen.slice(since).reduce((sum, r) => sum + r, 0) < asked) continue;
    stage++;
    since = t + 1;
    promoted ||= stage === last;
  }
  return { promoted, cause: '' };
}

function fixed(data: readonly number[]): ReturnModel {
  return {
    name: 'iid',
    path: () => {
      let t = 0;
      return () => data[t++];
    },
  };
}

describe('the lanes of a ladder', () => {
  it('agree with the obvious reading of the rules on random paths of every ending', () => {
    const endings = new Map<string, number>();
    const plan: LadderPlan = {
      ...reference,
      annualVol: Math.sqrt(reference.intervalsPerYear),
      horizon: 120,
      grid: [1, 4, 16],
      exits: { maxDrawdown: 0.09, maxDayLoss: 0.04, harmE: 1.6 },
      stages: reference.stages.slice(0, 4).map((stage, k) => ({ ...stage, minE: [0, 0, 1.2, 2][k], minStageReturn: k === 1 ? 0 : null })),
    };
    const luck = prng('ladder');
    for (let path = 0; path < 400; path++) {
      const drift = 0.004 * (luck.float() - 0.5);
      const data = Array.from({ length: plan.horizon }, () => drift + 0.006 * luck.normal());
      const counts = emptyCounts([0]);
      countOutcomes(plan, fixed(data), 's', 0, 1, counts);
      const [{ promoted, causes }] = counts;
      const cause = causes.drawdown > 0 ? 'drawdown' : causes.dayLoss > 0 ? 'dayLoss' : causes.harm > 0 ? 'harm' : '';
      expect({ promoted: promoted > 0, cause }).toEqual(obvious(plan, data));
      endings.set(`${promoted} ${cause}`, (endings.get(`${promoted} ${cause}`) ?? 0) + 1);
    }
    expect([...endings.keys()]).toEqual(expect.arrayContaining(['0 ', '0 dayLoss', '0 drawdown', '0 harm', '1 ', '1 dayLoss']));
  });

  it('give the same counts however the paths are cut', () => {
    const plan = { ...reference, horizon: 500 };
    const whole = emptyCounts([0, 4]);
    countOutcomes(plan, iidReturns(), 'seed', 0, 60, whole);
    const parts = emptyCounts([0, 4]);
    for (let from = 0; from < 60; from += 7) {
      const part = emptyCounts([0, 4]);
      countOutcomes(plan, iidReturns(), 'seed', from, Math.min(60, from + 7), part);
      addCounts(parts, part);
    }
    expect(parts).toEqual(whole);
  });

  it('the reference ladder gives an algorithm without edge all of the capital with a chance near 0.0094, and rolls it back with 0.60', () => {
    const counts = emptyCounts([0, 4]);
    countOutcomes(reference, iidReturns(), 'reference', 0, 500, counts);
    const [none, four] = counts.map((one) => oddsOf(reference, one));
    expect(Math.abs(none.rollback - 0.6)).toBeLessThan(3.5 * none.rollbackError);
    expect(none.promote).toBeLessThan(0.03);
    expect(Math.abs(four.promote - 0.898)).toBeLessThan(3.5 * four.promoteError);
  });
});

describe('return models', () => {
  const moments = (model: ReturnModel, draws: number): { mean: number; variance: number; least: number } => {
    const next = model.path(prng('moments'));
    const values = Array.from({ length: draws }, next);
    const mean = values.reduce((sum, x) => sum + x, 0) / draws;
    return { mean, variance: values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / draws, least: Math.min(...values) };
  };

  it('have mean 0 and variance 1, also where jumps or clusters make the path', () => {
    const clustered = Array.from({ length: 3_000 }, (_, t) => (1 + (t % 300 < 30 ? 4 : 0)) * prng(`r${t}`).normal());
    const models = [
      iidReturns(),
      jumpReturns({ jumpsPerYear: 60, intervalsPerYear: 8_760, stressLoss: 0.01, annualVol: 0.1 }),
      bootstrapReturns(clustered, 20),
    ];
    for (const model of models) {
      const { mean, variance } = moments(model, 300_000);
      expect(Math.abs(mean), model.name).toBeLessThan(0.02);
      expect(Math.abs(variance - 1), model.name).toBeLessThan(0.1);
    }
  });

  it('jumps reach the stress loss and never pass it by more than the calm part allows', () => {
    const deviation = 0.1 / Math.sqrt(8_760);
    const { least } = moments(jumpReturns({ jumpsPerYear: 20, intervalsPerYear: 8_760, stressLoss: 0.03, annualVol: 0.1 }), 300_000);
    expect(least * deviation).toBeLessThan(-0.028);
    expect(least * deviation).toBeGreaterThan(-0.03 - 6 * deviation);
  });

  it('the bootstrap keeps the order inside its blocks and refuses what it cannot draw from', () => {
    const sawtooth = Array.from({ length: 1_000 }, (_, t) => t % 10);
    const next = bootstrapReturns(sawtooth, 50).path(prng(1));
    const values = Array.from({ length: 5_000 }, next);
    const steps = values.slice(1).filter((value, t) => value > values[t]).length;
    expect(steps / values.length).toBeGreaterThan(0.85);
    expect(() => bootstrapReturns(new Array<number>(200).fill(0.1), 5)).toThrow('expected returns that differ');
    expect(() => bootstrapReturns([0.1], 1)).toThrow('number of returns');
  });
});
