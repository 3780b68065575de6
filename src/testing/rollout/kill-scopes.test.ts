import { describe, expect, it } from 'vitest';
import type { KillTarget } from '../../domain/kill.ts';
import { canary } from './rollout-specs.ts';
import {
  answerOf,
  denialsOf,
  openDesk,
  reportOf,
  risk,
  senior,
  senior2,
  sentOf,
  sliceID,
  trader,
  type RolloutDesk,
  type Turn,
} from './rollout-desk.ts';

const venue: KillTarget = { scope: 'venue', id: 'V' };
const account: KillTarget = { scope: 'account', id: 'A1' };
const strategy: KillTarget = { scope: 'strategy', id: 'algo' };
const kill = (desk: RolloutDesk, target: KillTarget): Turn => desk.order({ verb: 'kill', reason: 'test', target }, trader, null);
const release = (desk: RolloutDesk, target: KillTarget): Turn => desk.order({ verb: 'release', reason: 'test', target }, senior, senior2);
const kindsOf = (turns: readonly Turn[]): string[] => turns.flatMap(({ effects }) => effects.map(({ kind }) => kind));
const steps = (turns: readonly Turn[]): string[] =>
  turns.flatMap(({ decisions }) =>
    decisions.flatMap((one) => (one.kind === 'killStepDone' ? [`${one.step} ${one.count} at ${one.virtualMicros}`] : [])),
  );

function trading(): { desk: RolloutDesk; row: number; id: number } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0'));
  const [id] = sentOf(desk.intent(row, 'buy', 10));
  return { desk, row, id };
}

describe('the kill switch of a venue, an account, a strategy', () => {
  for (const target of [venue, account, strategy]) {
    it(`KILL ${target.scope}: the latch goes first, then its orders; nothing new and no climb until two people release it and one resumes`, () => {
      const { desk, row, id } = trading();
      const { effects } = kill(desk, target);
      expect(effects[0]).toMatchObject({
        kind: 'kill',
        engaged: true,
        reducing: true,
        hold: target.scope === 'strategy' ? 'row' : target.scope,
      });
      expect(effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : []))).toEqual([id]);
      expect(desk.core.rollout.killed).toBe(false);
      expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual(['KILL_SWITCH_ENGAGED']);
      expect(desk.phaseOf('d0')).toBe('Paused');
      for (const verb of ['promote', 'resume'] as const)
        expect(answerOf(desk.order({ verb, deploymentID: 'd0', reason: 'x' })).code).toBe('KILL_SWITCH_ENGAGED');
      expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d1', '1.1.0') }, trader)).code).toBe('KILL_SWITCH_ENGAGED');
      const alone = desk.order({ verb: 'release', reason: 'x', target }, senior, null);
      expect(answerOf(alone).code).toBe('SECOND_PERSON_REQUIRED');
      expect(answerOf(release(desk, { scope: 'firm', id: '' })).code).toBe('OK');
      expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
      const released = release(desk, target);
      const opened = released.effects.filter((one) => one.kind === 'kill');
      expect(opened.length).toBeGreaterThan(0);
      for (const one of opened) expect(one).toMatchObject({ engaged: false, reducing: false });
      expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('OK');
      expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
    });
  }

  it('KILL of another venue, account or strategy leaves a row alone, and one that is not there is refused by name', () => {
    const { desk, row } = trading();
    desk.say({ kind: 'register', what: 'venue', venue: { ...desk.core.registry.venues[0], venueID: 'W' } });
    expect(answerOf(kill(desk, { scope: 'venue', id: 'W' })).code).toBe('OK');
    const unknown = answerOf(kill(desk, { scope: 'account', id: 'B9' }));
    expect(unknown.code).toBe('UNKNOWN_SCOPE');
    expect(unknown.text).toContain('account:B9');
    expect(answerOf(kill(desk, { scope: 'strategy', id: 'other' })).code).toBe('UNKNOWN_SCOPE');
    expect(desk.phaseOf('d0')).toBe('Progressing');
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('KILL two latches over one row: releasing one leaves the other', () => {
    const { desk, row } = trading();
    kill(desk, strategy);
    kill(desk, venue);
    release(desk, strategy);
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('KILL_SWITCH_ENGAGED');
    expect(denialsOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
    release(desk, venue);
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'd0', reason: 'go' })).code).toBe('OK');
  });

  it('KILL the custodian sends nothing into what is killed, and goes on reducing after the release', () => {
    const { desk, row } = trading();
    const { custodian } = desk.core.gate.slices[0];
    kill(desk, strategy);
    expect(desk.core.gate.mode[custodian]).toBe(2);
    release(desk, strategy);
    expect(desk.core.gate.mode[custodian]).toBe(1);
    expect(desk.core.gate.mode[row]).toBe(2);
  });
});

describe('a release', () => {
  it('KILL that names the generation it knows of does not take back a newer kill', () => {
    const { desk } = trading();
    const firm: KillTarget = { scope: 'firm', id: '' };
    kill(desk, firm);
    const { generation } = desk.core.rollout.kills[0];
    kill(desk, firm);
    const command = { verb: 'release', reason: 'x' } as const;
    const say = (expectedRevision: number, commandID: string): Turn =>
      desk.say({ kind: 'command', commandID, actor: senior, approvedBy: senior2, expectedRevision, command });
    expect(answerOf(say(generation, 'r1')).code).toBe('REVISION_CHANGED');
    expect(desk.core.rollout.killed).toBe(true);
    expect(answerOf(say(generation + 1, 'r2')).code).toBe('OK');
    expect(desk.core.rollout.killed).toBe(false);
  });

  it('KILL of a release under way and a kill behind it, the later one stands at the gateway: its generation is higher', () => {
    const { desk } = trading();
    const firm: KillTarget = { scope: 'firm', id: '' };
    kill(desk, firm);
    const released = release(desk, firm).effects.find((one) => one.kind === 'kill');
    const killed = kill(desk, firm).effects.find((one) => one.kind === 'kill');
    expect(killed?.generation).toBeGreaterThan(released?.generation ?? 0);
  });
});

describe('the clocks of a kill', () => {
  it('KILL cancels without an answer go out again after 500 ms and are escalated after 1 s: mass cancel, questions, an alert', () => {
    const { desk, id } = trading();
    const from = desk.turns.length;
    kill(desk, { scope: 'firm', id: '' });
    desk.advance(499_999);
    expect(steps(desk.turns.slice(from))).toEqual(['canceled 1 at 0']);
    desk.advance(1);
    expect(desk.turns.at(-1)?.effects.map((one) => one.kind === 'cancel' && one.target)).toEqual([id]);
    desk.advance(500_000);
    expect(steps(desk.turns.slice(from))).toEqual(['canceled 1 at 0', 'resent 1 at 500000', 'escalated 1 at 1000000']);
    expect(kindsOf(desk.turns.slice(-1))).toEqual(expect.arrayContaining(['query', 'massCancel', 'alert']));
  });

  it('KILL that the venue answers is at its end, with nothing further', () => {
    const { desk, id } = trading();
    const from = desk.turns.length;
    kill(desk, { scope: 'firm', id: '' });
    desk.advance(5_000);
    desk.say(reportOf(desk, id, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    desk.advance(3_000_000);
    expect(steps(desk.turns.slice(from))).toEqual(['canceled 1 at 0', 'ended 1 at 5000']);
    expect(kindsOf(desk.turns.slice(from + 2))).not.toContain('massCancel');
  });
});

describe('the ladder behind cancels that no venue answers', () => {
  const ladder = (deadManSwitch: 'none' | 'session' | 'timer', massCancel = true): string[] => {
    const { desk } = trading();
    Object.assign(desk.core.registry.venues[0].capabilities, { deadManSwitch, massCancel });
    const from = desk.turns.length;
    desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'x' }, risk, null);
    desk.advance(5_000_000);
    return desk.turns
      .slice(from)
      .flatMap(({ decisions, at }) =>
        decisions.flatMap((one) =>
          one.kind === 'cancelsEscalated' ? [`${one.action} at ${one.virtualMicros} of ${at > 0 ? one.open : 0}`] : [],
        ),
      );
  };

  it('ROL1 takes the rungs that the venue has, half a second each, and calls a person at the end', () => {
    expect(ladder('timer')).toEqual([
      'massCancel at 1000000 of 1',
      'dropSession at 1500000 of 1',
      'deadMan at 2000000 of 1',
      'none at 2500000 of 1',
    ]);
    expect(ladder('session')).toEqual(['massCancel at 1000000 of 1', 'dropSession at 1500000 of 1', 'none at 2000000 of 1']);
    expect(ladder('none')).toEqual(['massCancel at 1000000 of 1', 'none at 1500000 of 1']);
    expect(ladder('none', false)).toEqual(['none at 1000000 of 1']);
  });

  it('ROL1 ends where the venue answers', () => {
    const { desk, id } = trading();
    Object.assign(desk.core.registry.venues[0].capabilities, { deadManSwitch: 'timer' });
    desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'x' }, risk, null);
    desk.advance(1_200_000);
    desk.say(reportOf(desk, id, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    const from = desk.turns.length;
    desk.advance(5_000_000);
    expect(kindsOf(desk.turns.slice(from))).not.toContain('dropSession');
    expect(desk.core.rollout.escalations).toEqual([]);
  });
});
