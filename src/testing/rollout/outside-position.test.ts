import { expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { canary, rung } from './rollout-specs.ts';
import { openDesk, reportOf, risk, senior2, sentOf } from './rollout-desk.ts';

it('lots that come from outside past a position limit are said in that turn, and open orders that add to them are taken back', () => {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const key = { scope: 'account', scopeID: 'A1', limit: 'maxPosition' } as const;
  desk.order({ verb: 'setLimit', key, value: 100 }, risk, senior2);
  const [id] = sentOf(desk.intent(row, 'buy', 10, { price: ticks(9_990) }));
  desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  const { decisions } = desk.say({
    kind: 'externalFill',
    account: 0,
    listing: 0,
    side: 'buy',
    lastQty: lots(150),
    lastPx: ticks(10_000),
    execID: 'o1',
    transactTime: micros(desk.at),
  });
  expect(decisions.flatMap((one) => (one.kind === 'alertRaised' ? [one.subject] : []))).toContain('POSITION_LIMIT');
  expect(decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : []))).toEqual([id]);
});
