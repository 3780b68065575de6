import { step } from '../../core/engine.ts';
import type { Step } from './rollout-desk.ts';
import { SeededScript } from './seeded-script.ts';
import { besideTwin, type TwinKind } from './twin-lives.ts';
import { lossesAsGains, worsePair } from './worse-results.ts';

const [actions, crashOneIn] = [40, 20];

/** Verdicts of a desk that counts how often it was asked, over its starts. */
function counting(): Step {
  let asked = 0;
  return (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    outcome.decisions.forEach((one, i) => {
      if (one.kind === 'gateJudged' && ++asked % 5 === 0) outcome.decisions[i] = { ...one, verdict: 'inconclusive', text: 'planted' };
    });
  };
}

/** More than some money is never enough. */
const bounded: Step = (core, seq, at, input, outcome) => {
  step(core, seq, at, input, outcome);
  outcome.decisions.forEach((one, i) => {
    if (one.kind === 'stageGranted' && one.cap.lo > 40_000_000_000) outcome.decisions[i] = { ...one, stage: one.stage + 1 };
  });
};

/** Who has lost more than 80 goes on, and who has not waits. */
const losing: Step = (core, seq, at, input, outcome) => {
  step(core, seq, at, input, outcome);
  outcome.decisions.forEach((one, i) => {
    if (one.kind === 'gateJudged' && one.gate === 'minPnL')
      outcome.decisions[i] = { ...one, verdict: one.value < -80 ? 'pass' : 'inconclusive' };
  });
};

function twinSaid(kind: TwinKind, seed: number, plant: Step): string {
  const tight = seed % 4 === 0;
  const { desk } = new SeededScript(seed, plant, tight).run(actions, crashOneIn);
  return besideTwin(kind, seed, desk.turns, { actions, crashOneIn, tight, step: () => plant }).text;
}

/** Faults that only show where a life is lived twice, or goes on from its journal: invariant, name, and what the lives of a seed say of it. */
export const lifeFaults: readonly (readonly [string, string, (seed: number) => string])[] = [
  [
    'PRO5',
    'a verdict hangs on how often it was asked for',
    (seed) => {
      const script = new SeededScript(seed, counting(), seed % 4 === 0);
      script.run(actions, crashOneIn);
      return script.rejudged.at(0) ?? '';
    },
  ],
  ['MET4', 'more than some money is another stage', (seed) => twinSaid('MET4', seed, bounded)],
  ['PRO6', 'who has lost more goes on', (seed) => twinSaid('PRO6', seed, losing)],
  ['PRO6', 'losses are judged as gains', (seed) => (worsePair(seed, lossesAsGains).earlier > 0 ? 'PRO6 a rung was granted earlier' : '')],
];
