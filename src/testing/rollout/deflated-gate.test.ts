import { describe, expect, it } from 'vitest';
import { judgeDeclared } from '../../core/rollout/declared-gates.ts';
import { findDeployment } from '../../core/rollout/deploy.ts';
import type { Judgment } from '../../core/rollout/judgment.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { sealTrials } from '../../domain/trial-seal.ts';
import { answerOf, openDesk, risk, senior2, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, paper, rung } from './rollout-specs.ts';

/** 250 intervals make a year. */
const interval = { days: 0, micros: (365 * 86_400_000_000) / 250 };

interface Said {
  readonly trials: number;
  readonly trialVariance: number;
  readonly version?: string;
  readonly parameters?: DeploymentSpec['parameters'];
}

function dsr({ trials, trialVariance, version = '1.0.0', parameters = {} }: Said, more: GateSpec['parameters'] = {}): GateSpec {
  const sealed = sealTrials({ algorithmID: 'algo', version, parameters }, { trials, trialVariance });
  return { name: 'luck', test: 'dsr', metric: 'netReturn', parameters: { trials, trialVariance, sealed, ...more } };
}

function spec(gate: GateSpec, more: Partial<DeploymentSpec> = {}): DeploymentSpec {
  const expect = { annualVol: null, stressLossPerInterval: 0.03, interval };
  return canary('d', '1.0.0', { expect, gates: [gate], stages: [rung(100), rung(500, { entryGates: ['luck'] })], ...more });
}

/** Two people accept a count, each from a longer registry. */
function accept(desk: RolloutDesk, { trials, trialVariance }: Said): RolloutDesk {
  const head = { head: trials.toString(16).padStart(64, '0'), bytes: trials };
  desk.order({ verb: 'acceptTrials', algorithmID: 'algo', trials, trialVariance, ...head }, risk, senior2);
  return desk;
}

/** Returns with the moments of the published example. `later`: what two people accept after it was deployed. */
function judged(said: Said, later?: Said): Judgment {
  const desk = accept(openDesk(), said);
  const gate = dsr(said);
  desk.deploy(spec(gate));
  if (later !== undefined) accept(desk, later);
  const count = 1_250;
  const variance = (count - 1) / count;
  const moments = {
    count,
    mean: 2.5 / Math.sqrt(250),
    second: count - 1,
    third: -3 * count * variance * Math.sqrt(variance),
    fourth: 10 * count * variance * variance,
  };
  Object.assign(desk.core.rollout.tracks[0].moments, moments);
  const deployment = findDeployment(desk.core, 'd');
  if (deployment === undefined) throw new Error('expected a deployment');
  return judgeDeclared(desk.core, deployment, 'luck', gate);
}

const answered = (desk: RolloutDesk, one: DeploymentSpec): readonly [string, string] => {
  const { code, text } = answerOf(desk.order({ verb: 'deploy', spec: one }, trader));
  return [code, text];
};

describe('a gate on the deflated Sharpe ratio', () => {
  it('agrees with the example of Bailey & Lopez de Prado (2014): 0.9004 of 100 trials does not pass 0.95, 0.9505 of 46 does', () => {
    const [hundred, fewer] = [100, 46].map((trials) => judged({ trials, trialVariance: 0.5 }));
    expect([hundred.value.toFixed(4), hundred.verdict, hundred.limit]).toEqual(['0.9004', 'inconclusive', 0.95]);
    expect([fewer.value.toFixed(4), fewer.verdict]).toEqual(['0.9505', 'pass']);
    // 0.113172 of an interval
    expect(hundred.text).toBe('DSR 0.9004 of 0.95: 100 trials of luck show 1.79 of a year, it 2.50 after 1250 returns');
  });

  it('takes the higher count that was accepted while it runs, from its next judgment on, and never the looser of the two', () => {
    const few = { trials: 46, trialVariance: 0.5 };
    const more = judged(few, { trials: 100, trialVariance: 0.5 });
    expect([more.value.toFixed(4), more.verdict]).toEqual(['0.9004', 'inconclusive']);
    expect(more.text).toBe(
      'DSR 0.9004 of 0.95: 100 trials of luck show 1.79 of a year, it 2.50 after 1250 returns; it declared 46, this desk has accepted 100 since',
    );
    // more trials that vary less would show less by luck: what was declared stands then
    const calm = judged(few, { trials: 47, trialVariance: 0.0001 });
    expect([calm.value.toFixed(4), calm.verdict]).toEqual(['0.9505', 'pass']);
    expect(calm.text).toBe('DSR 0.9505 of 0.95: 46 trials of luck show 1.59 of a year, it 2.50 after 1250 returns');
  });

  it('without enough returns it is inconclusive, on paper too', () => {
    const desk = accept(openDesk(), { trials: 46, trialVariance: 0.5 });
    const gate = dsr({ trials: 46, trialVariance: 0.5 });
    desk.deploy({ ...paper('p', '1.0.0', null), gates: [gate], expect: { annualVol: null, stressLossPerInterval: 0.03, interval } });
    const deployment = findDeployment(desk.core, 'p');
    if (deployment === undefined) throw new Error('expected a deployment');
    expect(judgeDeclared(desk.core, deployment, 'luck', gate)).toMatchObject({ verdict: 'inconclusive', value: NaN });
  });

  it.each<readonly [string, GateSpec, Partial<DeploymentSpec>, string]>([
    ['no count', dsr({ trials: 46, trialVariance: 0.5 }, { trials: 'many' }), {}, 'expected the count of the registry of trials'],
    ['no seal', dsr({ trials: 46, trialVariance: 0.5 }, { sealed: 0 }), {}, 'expected the count of the registry of trials'],
    ['a count that is none', dsr({ trials: 0, trialVariance: 0.5 }), {}, 'trials: expected a whole number 1…'],
    ['half a trial', dsr({ trials: 2.5, trialVariance: 0.5 }), {}, 'trials: expected a whole number 1…'],
    ['trials whose ratios nobody knows', dsr({ trials: 9, trialVariance: 0 }), {}, 'fewer than two of them have a Sharpe ratio'],
    ['a negative variance', dsr({ trials: 9, trialVariance: -1 }), {}, 'trialVariance: expected 0…'],
    ['a count typed over', dsr({ trials: 46, trialVariance: 0.5 }, { trials: 2 }), {}, 'sealed: 2 trials were counted for another version'],
    [
      'the seal of another version',
      dsr({ trials: 46, trialVariance: 0.5, version: '1.1.0' }),
      {},
      'sealed: 46 trials were counted for another version',
    ],
    [
      'other parameters',
      dsr({ trials: 46, trialVariance: 0.5 }),
      { parameters: { lookback: 20 } },
      'sealed: 46 trials were counted for another version',
    ],
    ['no probability', dsr({ trials: 46, trialVariance: 0.5 }, { minimum: 1 }), {}, 'minimum: expected a probability'],
  ])('%s is refused by name', (_what, gate, more, sentence) => {
    const [code, text] = answered(openDesk(), spec(gate, more));
    expect([code, text]).toEqual(['GATE_NOT_JUDGED', expect.stringContaining(sentence)]);
  });

  it('a count never shrinks, whichever version says it, and may grow', () => {
    const desk = accept(openDesk(), { trials: 46, trialVariance: 0.5 });
    desk.deploy(spec(dsr({ trials: 46, trialVariance: 0.5 })));
    const next = (trials: number, trialVariance: number): readonly [string, string] =>
      answered(desk, { ...spec(dsr({ trials, trialVariance, version: '1.1.0' })), version: '1.1.0', deploymentID: `d${trials}` });
    for (const [trials, variance] of [
      [45, 0.5],
      [46, 0.1],
    ])
      expect(next(trials, variance)).toEqual(['GATE_NOT_JUDGED', expect.stringContaining('the number of trials is never reset')]);
    expect(next(47, 0.1)[0]).toBe('TRIALS_NOT_ACCEPTED');
    accept(desk, { trials: 47, trialVariance: 0.1 });
    expect(next(47, 0.1)[0]).toBe('OK');
  });

  it('two gates that say different numbers contradict each other', () => {
    const gates = [dsr({ trials: 46, trialVariance: 0.5 }), { ...dsr({ trials: 2, trialVariance: 0.5 }), name: 'other' }];
    expect(answered(openDesk(), { ...spec(gates[0]), gates })).toEqual([
      'GATE_NOT_JUDGED',
      expect.stringContaining('the spec says 46 and 2'),
    ]);
  });
});
