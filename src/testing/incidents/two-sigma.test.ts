import { describe, expect, it } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import { openDesk, answerOf, risk, trader } from '../rollout/rollout-desk.ts';
import { placeOf } from '../../core/risk/scope-table.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { orderQtyLimit } from '../../core/risk/limits.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { firmLimit, tradingDesk } from './incident-desk.ts';

/** 2021 to 2023: somebody changed parameters of trading models in a store behind the reviewed programs, and nobody was told. */
describe('Two Sigma', () => {
  it('a number of a limit that no command changed gives another state hash, which the follower compares', () => {
    const life = (): ReturnType<typeof tradingDesk>['desk'] => {
      const { desk } = tradingDesk();
      firmLimit(desk, 'maxOrderQty', 50);
      return desk;
    };
    const [honest, changed] = [life(), life()];
    expect(stateHash(changed.core)).toBe(stateHash(honest.core));
    const { table } = changed.core.risk.limits;
    table.numbers[placeOf(table, firmScope, 0) + orderQtyLimit] = 50_000;
    const said = (desk: typeof honest): unknown => desk.say({ kind: 'stateCheck', reason: 'agreed number' }).decisions;
    expect(said(changed)).not.toEqual(said(honest));
  });

  it('a check that was switched off by hand gives another state hash', () => {
    const life = (): ReturnType<typeof tradingDesk>['desk'] => {
      const { desk } = tradingDesk();
      firmLimit(desk, 'maxOrderQty', 50);
      return desk;
    };
    const [honest, changed] = [life(), life()];
    changed.core.risk.limits.active[orderQtyLimit] = 0;
    expect(stateHash(changed.core)).not.toBe(stateHash(honest.core));
  });

  it('a running version does not take other parameters: another spec for it is refused', () => {
    const { desk } = tradingDesk();
    const other = canary('d1', '1.0.0', { parameters: { threshold: 1 }, specHash: 'f'.repeat(64) });
    expect(answerOf(desk.order({ verb: 'deploy', spec: other }, trader, null)).code).toBe('ALREADY_DEPLOYED');
    const same = canary('d0', '1.0.0', { parameters: { threshold: 1 }, specHash: 'f'.repeat(64) });
    expect(answerOf(desk.order({ verb: 'deploy', spec: same }, trader, null)).code).toBe('ALREADY_DEPLOYED');
  });

  it('an approval is for the spec that was read: another spec under the same name is not approved', () => {
    const desk = openDesk();
    const entryApproval = { count: 1, roles: ['RiskManager'] } as const;
    desk.deploy(canary('d0', '1.0.0', { stages: [rung(100), rung(500, { entryApproval })] }));
    const { specHash } = desk.core.rollout.deployments[0].spec;
    const approve = (hash: string): string =>
      answerOf(desk.order({ verb: 'approve', deploymentID: 'd0', stage: 1, specHash: hash }, risk, null)).code;
    expect(approve('e'.repeat(64))).toBe('SPEC_HASH_DIFFERS');
    expect(approve(specHash)).toBe('OK');
  });
});
