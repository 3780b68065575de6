import { expect, it } from 'vitest';
import { answerOf, openDesk, risk, senior2, type RolloutDesk } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const reason = 'test';
const ask = (desk: RolloutDesk, verb: 'retry' | 'resume'): string =>
  answerOf(desk.order({ verb, deploymentID: 'd', reason }, risk, senior2)).code;

it('a retry that is refused leaves the gate failed: nobody resumes over it (PRO4)', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  desk.deploy(canary('d', '1.0.0', { stages: [rung(500, { minPnL: '10' }), rung(1_000)] }));
  for (let n = 0; n < 70; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
  expect([desk.phaseOf('d'), ask(desk, 'resume')]).toEqual(['Paused', 'NOT_IN_THIS_PHASE']);
  // a cutover from it begins, and the host that is to take its state says nothing
  host.spoil = (notice) => (notice.event === 'adopted' ? null : notice);
  deployGreen(desk, host, blueGreen('s', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  expect(desk.core.rollout.swaps.map(({ step }) => step)).toEqual(['adopting']);
  expect(ask(desk, 'retry')).toBe('SWAP_OR_ROLLBACK_IN_FLIGHT');
  desk.advance(600_000);
  expect(desk.core.rollout.swaps.map(({ step }) => step)).toEqual(['aborted']);
  expect(ask(desk, 'resume')).toBe('NOT_IN_THIS_PHASE');
  expect([ask(desk, 'retry'), desk.phaseOf('d')]).toEqual(['OK', 'Progressing']);
});
