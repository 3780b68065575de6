import { describe, expect, it } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { DeploymentSpec, GateSpec } from '../../domain/spec.ts';
import { sealTrials } from '../../domain/trial-seal.ts';
import { answerOf, openDesk, risk, senior, senior2, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, paper, rung } from './rollout-specs.ts';

const head = (digit: string): string => digit.repeat(64);

type Accept = Extract<Command, { verb: 'acceptTrials' }>;
const counted = (trials: number, more: Partial<Accept> = {}): Accept => ({
  verb: 'acceptTrials',
  algorithmID: 'algo',
  trials,
  trialVariance: 0.5,
  head: head('a'),
  bytes: 1_000,
  ...more,
});
const accept = (desk: RolloutDesk, asked: Accept, actor: Actor = risk, second: Actor | null = senior2): string =>
  answerOf(desk.order(asked, actor, second)).code;

/** A spec with a seal that whoever knows the rule can make. */
function specOf(trials: number, more: Partial<DeploymentSpec> = {}, trialVariance = 0.5): DeploymentSpec {
  const version = more.version ?? '1.0.0';
  const sealed = sealTrials({ algorithmID: 'algo', version, parameters: {} }, { trials, trialVariance });
  const gate: GateSpec = { name: 'luck', test: 'dsr', metric: 'netReturn', parameters: { trials, trialVariance, sealed } };
  return canary(more.deploymentID ?? 'd', version, {
    expect: { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 1, micros: 0 } },
    gates: [gate],
    stages: [rung(100), rung(500, { entryGates: ['luck'] })],
    ...more,
  });
}

const deploy = (desk: RolloutDesk, spec: DeploymentSpec): readonly [string, string] => {
  const { code, text } = answerOf(desk.order({ verb: 'deploy', spec }, trader));
  return [code, text];
};

describe('a count of trials', () => {
  it('that a trader has sealed himself deploys nothing: the desk knows none, fewer, or another one', () => {
    const desk = openDesk();
    expect(deploy(desk, specOf(1))).toEqual(['TRIALS_NOT_ACCEPTED', expect.stringContaining('two people have accepted on this desk')]);
    expect(accept(desk, counted(46))).toBe('OK');
    expect(deploy(desk, specOf(1))).toEqual([
      'TRIALS_NOT_ACCEPTED',
      expect.stringContaining('expected 46, which this desk knows of algo, was 1'),
    ]);
    expect(deploy(desk, specOf(45))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, specOf(47))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, specOf(46, {}, 0.0001))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, specOf(46))[0]).toBe('OK');
  });

  it('stands for every version of the algorithm, and for what is deployed after paper', () => {
    const desk = openDesk();
    accept(desk, counted(46));
    expect(deploy(desk, specOf(1, { version: '1.1.0' }))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, paper('p', '1.0.0', specOf(1)))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, paper('p', '1.0.0', specOf(46)))[0]).toBe('OK');
  });

  it('takes two different people of the risk side; a trader is neither', () => {
    const desk = openDesk();
    expect(accept(desk, counted(1), trader, senior2)).toBe('ROLE_REQUIRED');
    expect(accept(desk, counted(1), risk, null)).toBe('SECOND_PERSON_REQUIRED');
    expect(accept(desk, counted(1), risk, risk)).toBe('SECOND_PERSON_REQUIRED');
    expect(accept(desk, counted(1), risk, trader)).toBe('ROLE_REQUIRED');
    expect(accept(desk, counted(46), senior, risk)).toBe('OK');
    const proposed = desk.order({ verb: 'propose', command: counted(40, { head: head('b'), bytes: 2_000 }) }, risk, null);
    expect(answerOf(proposed)).toMatchObject({ code: 'TRIALS_NOT_ACCEPTED', text: expect.stringContaining('never reset') as string });
  });

  it('only grows, with the registry that it was counted in', () => {
    const desk = openDesk();
    accept(desk, counted(46));
    const more = { head: head('b'), bytes: 2_000 };
    for (const [why, asked] of [
      ['fewer trials', counted(45, more)],
      ['the same number with another variance', counted(46, { ...more, trialVariance: 0.1 })],
      ['more trials in a shorter registry', counted(47, { head: head('b'), bytes: 999 })],
      ['more trials in the same bytes', counted(47, { head: head('b') })],
      ['more trials behind the same head', counted(47, { bytes: 2_000 })],
      ['another head of the same bytes', counted(46, { head: head('b') })],
      ['no trial', counted(0, more)],
      ['half a trial', counted(46.5, more)],
      ['no head', counted(47, { ...more, head: 'b' })],
      ['no bytes', counted(47, { ...more, bytes: 0 })],
      ['a negative variance', counted(47, { ...more, trialVariance: -1 })],
    ] as const)
      expect([why, accept(desk, asked)]).toEqual([why, 'TRIALS_NOT_ACCEPTED']);
    expect(accept(desk, counted(46))).toBe('OK');
    expect(accept(desk, counted(46, more))).toBe('OK');
    expect(accept(desk, counted(47, { head: head('c'), bytes: 3_000, trialVariance: 0.1 }))).toBe('OK');
    expect(accept(desk, counted(1, { algorithmID: 'nobody' }))).toBe('UNKNOWN_ALGORITHM');
    expect(deploy(desk, specOf(46))[0]).toBe('TRIALS_NOT_ACCEPTED');
    expect(deploy(desk, specOf(47, {}, 0.1))[0]).toBe('OK');
  });

  it('expects the count that its people saw, is hashed and is told in a record', () => {
    const desk = openDesk();
    const empty = stateHash(desk.core);
    const turn = desk.order(counted(46), risk, senior2, 'first', 0);
    expect(turn.decisions.find((one) => one.kind === 'trialsAccepted')).toMatchObject({
      from: 0,
      trials: 46,
      head: head('a'),
      actor: 'rita',
    });
    expect(stateHash(desk.core)).not.toBe(empty);
    const late = desk.order(counted(47, { head: head('b'), bytes: 2_000 }), risk, senior2, 'late', 0);
    expect(answerOf(late).code).toBe('REVISION_CHANGED');
  });
});
