import { prng, type Prng } from '../../src/base/prng.ts';
import { minEOfVersion } from '../../src/quant/evidence/alpha-spending.ts';
import { bernoulliMixture } from '../../src/quant/evidence/bernoulli-mixture.ts';
import { createBetting, type BettingSpec } from '../../src/quant/evidence/betting.ts';
import { sharpeMixture } from '../../src/quant/evidence/sharpe-mixture.ts';
import { jumpReturns } from '../../src/quant/ladder/return-model.ts';

/** How often a sequential test, looked at after every datum, spoke on paths without what it looks for. */
export interface AlarmCount {
  readonly name: string;
  /** Chance of a false alarm that the test promises at most. */
  readonly alpha: number;
  readonly paths: number;
  readonly data: number;
  readonly alarms: number;
  /** A test that promises what it does not keep: the count must show it. */
  readonly planted: boolean;
}

export const paths = 20_000;
const data = 250;
const stressMove = 0.03;
/** Standard deviation of a datum: loud enough for bets to be won and lost within a path. */
const loudness = 0.01;
const grid = [1, 2, 4, 8, 16, 32];

/** A path of returns whose expectation, given everything before, is 0; bounded below as declared where a bet needs it. */
type Draw = (random: Prng) => () => number;

const within = (value: number, bound: number): number => Math.max(-bound, Math.min(bound, value));
const normal: Draw = (random) => () => within(loudness * random.normal(), stressMove);
/** Louder after loud data: no independence, no constant variance, still no edge. */
const clustered: Draw = (random) => {
  let variance = 1;
  return () => {
    const value = within(loudness * Math.sqrt(variance) * random.normal(), stressMove);
    variance = 0.05 + (0.15 * value * value) / (loudness * loudness) + 0.8 * variance;
    return value;
  };
};
/** Many small gains, and now and then nearly the declared stress loss: 0.0297 x 0.04808 = 0.0015 x 0.95192. */
const tailSeller: Draw = (random) => () => (random.float() < 0.0015 / 0.0312 ? -0.0297 : 0.0015);
/** Calm returns with a loss of a quarter of the stress loss to all of it every fifty data. */
const jumps: Draw = (random) => {
  const scale = 0.004;
  const terms = { jumpsPerYear: 20, intervalsPerYear: 1_000, stressLoss: 0.02, annualVol: scale * Math.sqrt(1_000) };
  const next = jumpReturns(terms).path(random);
  return () => within(scale * next(), stressMove);
};
/** As large as the bets allow, both ways. */
const coin: Draw = (random) => () => (random.float() < 0.5 ? stressMove : -stressMove);

/** Counts the paths on which `alarm` says yes at any time. */
function count(name: string, alpha: number, length: number, alarm: (random: Prng) => boolean, planted = false): AlarmCount {
  const luck = prng(`false alarms ${name}`);
  let alarms = 0;
  for (let path = 0; path < paths; path++) if (alarm(luck)) alarms++;
  return { name, alpha, paths, data: length, alarms, planted };
}

function betting(name: string, spec: BettingSpec, draw: Draw, alpha: number, offset = 0): AlarmCount {
  return count(name, alpha, data, (random) => {
    const bets = createBetting(spec);
    if (!bets.ok) throw new Error(`${name}: ${bets.error.code}`);
    const next = draw(random);
    for (let t = 0; t < data; t++) {
      bets.value.observe(next() + offset);
      if (bets.value.value() >= 1 / alpha) return true;
    }
    return false;
  });
}

const edge: BettingSpec = { side: 'edge', nullMean: 0, grid, stressMove };
const harm: BettingSpec = { side: 'harm', nullMean: 0, grid, stressMove };

/** Differences of a challenger that is worse than its champion by exactly the margin that is allowed. */
function paired(): AlarmCount {
  const margin = 0.002;
  const spec: BettingSpec = { side: 'edge', nullMean: -margin, grid: [1, 2, 4, 8, 15], stressMove: 2 * stressMove + margin };
  const both: Draw = (random) => {
    const [mine, other] = [clustered(random), normal(random)];
    return () => mine() - other();
  };
  return betting('pairedE, worse by the margin', spec, both, 0.01, -margin);
}

/** The e-value hangs on the two counts alone: each pair of them is worked out once. */
function events(name: string, p0: number, upper: number, alpha: number, trials: number): AlarmCount {
  const known = new Map<number, number>();
  const valueOf = (n: number, of: number): number => {
    const key = n * 100_000 + of;
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = bernoulliMixture(n, of, p0, upper)));
    return value;
  };
  return count(name, alpha, trials, (random) => {
    let n = 0;
    for (let of = 1; of <= trials; of++) {
      if (random.float() < p0) n++;
      if (valueOf(n, of) >= 1 / alpha) return true;
    }
    return false;
  });
}

function eT(): AlarmCount {
  const length = 40;
  return count('e-t, normal returns of Sharpe ratio 0', 0.05, length, (random) => {
    const mixture = sharpeMixture(0, [0.1, 0.3]);
    for (let t = 0; t < length; t++) {
      mixture.observe(random.normal());
      if (mixture.value() >= 20) return true;
    }
    return false;
  });
}

/** Versions without edge, one after another, each with its share of one alpha: over all of them 1 / minE. */
function versions(): AlarmCount {
  const minE = 20;
  const tries = 6;
  const length = 120;
  return count(`edge, any of ${tries} versions one after another`, 1 / minE, tries * length, (random) => {
    for (let k = 1; k <= tries; k++) {
      const bets = createBetting(edge);
      const next = coin(random);
      for (let t = 0; t < length && bets.ok; t++) {
        bets.value.observe(next());
        if (bets.value.value() >= minEOfVersion(minE, k)) return true;
      }
    }
    return false;
  });
}

/** The planted fault: a one-sided z-test at 5 %, looked at after every datum as if it had been looked at once. */
function impatient(): AlarmCount {
  return count(
    'planted: a z-test at 5 % looked at after every datum',
    0.05,
    data,
    (random) => {
      let sum = 0;
      for (let t = 1; t <= data; t++) {
        sum += random.normal();
        if (t >= 10 && sum / Math.sqrt(t) > 1.645) return true;
      }
      return false;
    },
    true,
  );
}

/** The planted fault of the tail: bets that a loss of half the capital would ruin, bounded as if nothing worse than 3 % could happen. */
function unbounded(): AlarmCount {
  const seller: Draw = (random) => () => (random.float() < 0.002 ? -0.5 : 0.001002);
  return { ...betting('planted: bets bounded by a stress loss that is far too small', edge, seller, 0.05), planted: true };
}

/** Everything that is counted, in two shares of about the same work. */
export const jobs: readonly (readonly (() => AlarmCount)[])[] = [
  [
    () => betting('edge, normal returns', edge, normal, 0.05),
    () => betting('edge, clustered returns', edge, clustered, 0.05),
    () => betting('edge, returns with jumps', edge, jumps, 0.05),
    () => betting('edge, a tail-seller within his stress loss', edge, tailSeller, 0.05),
    () => betting('edge, as large moves as the bets allow', edge, coin, 0.05),
    () => betting('edge at 1/2, as large moves as the bets allow', edge, coin, 0.5),
    () => betting('harm, normal returns', harm, normal, 0.05),
    () => betting('harm, as large moves as the bets allow', harm, coin, 0.05),
    paired,
    versions,
    unbounded,
  ],
  [
    () => events('errors, rate exactly 1 %', 0.01, 0.5, 0.01, 400),
    () => events('wins, rate exactly one half', 0.5, 0.999, 0.05, 300),
    () => events('answers without error, rate exactly 99 %', 0.99, 0.999_99, 0.05, 600),
    eT,
    impatient,
  ],
];
