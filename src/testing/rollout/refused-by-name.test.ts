import { expect, test } from 'vitest';
import { modeOf } from '../../core/risk/order-gate.ts';
import type { Command } from '../../domain/command.ts';
import { admin, admin2, answerOf, openDesk, risk, rolloutCapacities, senior2, sliceID, trader } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const reason = 'test';

test('the custodian is no version: nobody halts, lifts, flattens or deploys it', () => {
  const desk = openDesk();
  const custodian = desk.rowOf('custodian');
  const before = [modeOf(desk.core.gate, custodian), desk.core.gate.epoch[custodian]];
  const version = 'custodian';
  const commands: readonly Command[] = [
    { verb: 'halt', sliceID, version, reason },
    { verb: 'unhalt', sliceID, version, reason },
    { verb: 'flatten', sliceID, version, mode: 'market', slippageBps: 0, reason },
  ];
  for (const command of commands) expect(answerOf(desk.order(command, risk, senior2)).code, command.verb).toBe('UNKNOWN_VERSION');
  desk.order({ verb: 'registerVersion', algorithmID: 'algo', version, artifactDigest: 'a'.repeat(64) }, admin);
  const deployed = answerOf(desk.order({ verb: 'deploy', spec: canary('d1', version) }, trader));
  expect(deployed.code).toBe('UNKNOWN_VERSION');
  expect([modeOf(desk.core.gate, custodian), desk.core.gate.epoch[custodian]]).toEqual(before);
  expect(desk.core.rollout.deployments).toEqual([]);
});

test('a slice whose reserve is more than its capital is refused by its numbers, whether it is new or there', () => {
  const desk = openDesk();
  for (const id of [sliceID, 'other@main.USD']) {
    const algorithmID = id.split('@')[0];
    const terms = { algorithmID, accountGroup: 'main', currency: 'USD', totalCapital: '1000000', reserve: '2000000' } as const;
    const answer = answerOf(desk.order({ verb: 'setSlice', sliceID: id, ...terms }, admin, { ...admin2, roles: ['Admin'] }));
    expect(answer).toMatchObject({ code: 'LIMIT_NOT_A_SAFE_INTEGER', text: expect.stringContaining('at most the capital') as string });
  }
  const owed = { algorithmID: 'algo', accountGroup: 'main', currency: 'USD', totalCapital: '-1', reserve: '-2' } as const;
  expect(answerOf(desk.order({ verb: 'setSlice', sliceID, ...owed }, admin, admin2)).code).toBe('LIMIT_NOT_A_SAFE_INTEGER');
});

test('more capital for a slice that cannot have it waits for no second person', () => {
  const desk = openDesk(undefined, undefined, '100000', { ...rolloutCapacities, risk: { ...rolloutCapacities.risk, slices: 1 } });
  const terms = { accountGroup: 'main', currency: 'USD', totalCapital: '1000000', reserve: '1000' } as const;
  const asked = { verb: 'setSlice', sliceID: 'other@main.USD', algorithmID: 'other', ...terms } as const;
  expect(answerOf(desk.order({ verb: 'propose', command: asked }, admin, null)).code).toBe('CAPACITY_REACHED');
  expect(desk.core.rollout.algorithms).toEqual(['algo']);
  desk.deploy(canary('d1', '1.0.0', { stages: [rung(1_000)] }));
  const raised = { verb: 'setSlice', sliceID, algorithmID: 'algo', ...terms, totalCapital: '1100000', reserve: '1050000' } as const;
  expect(answerOf(desk.order({ verb: 'propose', command: raised }, admin, null)).code).toBe('NOT_ENOUGH_FREE_CAPITAL');
  expect(desk.core.rollout.proposals.size).toBe(0);
});

test('a comparison and a list of people have no revision that could be expected', () => {
  const desk = openDesk();
  expect(answerOf(desk.order({ verb: 'reconcile', reason }, risk, null, 'k1', 1)).code).toBe('EXPECTATION_NOT_KNOWN');
  expect(answerOf(desk.order({ verb: 'knowPeople', people: [] }, admin, null, 'k2', 1)).code).toBe('EXPECTATION_NOT_KNOWN');
});
