import { prng } from '../../base/prng.ts';
import { addInto, setInto } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import { rowTotalInto } from '../../core/risk/pnl.ts';
import { canary, rung } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, type Step } from './rollout-desk.ts';

const minute = 60_000_000;

/** Five minutes at each rung, and no loss to speak of. */
const minDuration = { days: 0, micros: 5 * minute };
const spec = canary('d', '1.0.0', {
  onInconclusive: 'hold',
  stages: [100, 500, 1_000].map((allocation) => rung(allocation, { minDuration, minPnL: '-5', minTrades: 2 })),
});

/**
 * The same life twice but for what its sales bring, `worse` ticks less at most.
 * @returns when each rung was granted (microseconds, Infinity = never).
 */
function grantsOf(seed: number, worse: number, plant: Step = step): readonly number[] {
  const granted = [Infinity, Infinity, Infinity];
  const desk = openDesk(plant, (turn) => {
    for (const one of turn.decisions)
      if (one.kind === 'stageGranted' && one.stage >= 0) granted[one.stage] = Math.min(granted[one.stage], turn.at);
  });
  const [life, loss] = [prng(`worse ${seed}`), prng(`worse by ${seed}`)];
  const row = desk.deploy(spec);
  let mid = 10_000;
  let held = 0;
  for (let n = 0; n < 16; n++) {
    const drift = life.int(161) - 75;
    mid = Math.max(5_000, mid + drift);
    const qty = 1 + life.int(20);
    const less = worse === 0 ? 0 : loss.int(worse + 1);
    for (let left = minute; left > 0; left -= 900_000) {
      desk.advance(900_000);
      for (const listing of [0, 1]) desk.mark(listing, mid);
    }
    const side = held > 40 || (held >= qty && life.int(2) === 0) ? 'sell' : 'buy';
    const price = ticks(side === 'buy' ? mid + 1 : mid - 1);
    const sent = side === 'sell' ? Math.min(qty, held) : qty;
    const [id] = sentOf(desk.intent(row, side, sent, { price }));
    if (id === undefined) continue;
    held += side === 'buy' ? sent : -sent;
    const lastPx = ticks(side === 'sell' ? price - less : price);
    desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(sent), lastPx, cumQty: lots(sent), leavesQty: lots(0) }));
  }
  return granted;
}

/** Two lives of a seed, one of which sells for less: when each was granted its rungs, and how many of them the worse one got earlier. */
export function worsePair(
  seed: number,
  plant?: Step,
): { readonly better: readonly number[]; readonly worse: readonly number[]; readonly earlier: number } {
  const [better, worse] = [grantsOf(seed, 0, plant), grantsOf(seed, 400, plant)];
  return { better, worse, earlier: worse.filter((at, stage) => at < better[stage]).length };
}

/** Judges the losses of a stage as its gains. */
export const lossesAsGains: Step = (core, seq, at, input, outcome) => {
  for (const deployment of core.rollout.deployments) {
    rowTotalInto(deployment.pnlAtGrant, core.risk.pnl, deployment.row, false);
    const twice = { ...deployment.pnlAtGrant };
    addInto(twice, twice, deployment.pnlAtGrant);
    setInto(deployment.pnlAtGrant, twice);
  }
  step(core, seq, at, input, outcome);
};
