import { describe, expect, it } from 'vitest';
import { stateHash } from '../../core/engine.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { Follower } from '../../runtime/follower.ts';
import { createMemoryDisk } from '../journal/memory-disk.ts';
import { openJournal, smallShape } from '../journal/small-journal.ts';
import { rolloutCapacities, openDesk, answerOf, risk, trader } from '../rollout/rollout-desk.ts';
import { placeOf } from '../../core/risk/scope-table.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { orderQtyLimit } from '../../core/risk/limits.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { firmLimit, tradingDesk } from './incident-desk.ts';

/** 2021 to 2023: somebody changed parameters of trading models in a store behind the reviewed programs, and nobody was told. */
describe('Two Sigma', () => {
  /** How many differences a follower finds that folds the journal of a desk. */
  async function followed(desk: ReturnType<typeof tradingDesk>['desk']): Promise<number> {
    const disk = createMemoryDisk();
    const journal = await openJournal(disk, { segmentBytes: 1 << 18 });
    for (const { at, input, decisions } of desk.turns) {
      const seq = journal.nextSeq;
      journal.appendInput(seq, at, input);
      decisions.forEach((decision, n) => journal.appendDecision(seq + 1 + n, at, seq, decision));
    }
    await journal.flush();
    const { coreDigest } = smallShape;
    const same = createDecisionComparer();
    const follower = new Follower({ disk, directory: 'journal', capacities: rolloutCapacities, coreDigest, same });
    expect(await follower.catchUp()).toBeGreaterThan(0);
    return follower.differences.length;
  }

  it('a number of a limit that no command changed is found by the follower at the next agreed number', async () => {
    for (const changes of [false, true]) {
      const { desk } = tradingDesk();
      firmLimit(desk, 'maxOrderQty', 50);
      const { table } = desk.core.risk.limits;
      if (changes) table.numbers[placeOf(table, firmScope, 0) + orderQtyLimit] = 50_000;
      desk.say({ kind: 'stateCheck', reason: 'agreed number' });
      expect(await followed(desk)).toBe(changes ? 1 : 0);
    }
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
