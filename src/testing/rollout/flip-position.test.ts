import { expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import type { LimitScope } from '../../domain/limit.ts';
import { openDesk, reportOf, risk, senior2, sentOf, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

function fill(desk: RolloutDesk, row: number, qty: number, simulated: boolean): void {
  const [id] = sentOf(desk.intent(row, 'buy', qty));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_001), cumQty: qty, leavesQty: 0, simulated }));
}

function limit(desk: RolloutDesk, value: number, scope: LimitScope = 'version'): void {
  const scopeID = scope === 'route' ? 'algo@main.USD/1.1.0@V' : 'algo@main.USD/1.1.0';
  desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: 'maxPosition' }, value }, risk, senior2);
}

const triggers = (desk: RolloutDesk): readonly string[] =>
  desk.turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'triggerFired' ? [one.rule] : [])));

/** 1.0.0 holds so many lots, 1.1.0 so many on paper; then it takes over, limited to `most` before that (0 = not at all). */
function takenOver(real: number, paper: number, most: number, scope?: LimitScope): { readonly desk: RolloutDesk; readonly green: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  if (real > 0) fill(desk, blue, real, false);
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  if (paper > 0) fill(desk, green, paper, true);
  if (most > 0) limit(desk, most, scope);
  settleNow(desk, host);
  expect([desk.core.rollout.lifecycle[green], desk.core.residualLots(green)]).toEqual(['Active', real]);
  return { desk, green };
}

it('lots that a version takes over past its position limit are seen with the next mark', () => {
  const { desk, green } = takenOver(10, 0, 5);
  expect(desk.core.risk.monitors.rows[green]?.position).toBe(10);
  desk.mark(0);
  expect(triggers(desk)).toEqual(['maxPosition']);
});

it('what it held on paper until then is no position of its capital', () => {
  const { desk, green } = takenOver(0, 10, 0);
  expect(desk.core.risk.monitors.rows[green]?.position).toBe(0);
  limit(desk, 8);
  desk.mark(0);
  expect(triggers(desk)).toEqual([]);
});

it('past its limit at a venue they are said in the turn of the commit', () => {
  const { desk } = takenOver(10, 0, 5, 'route');
  const turn = desk.turns.find(({ decisions }) => decisions.some(({ kind }) => kind === 'swapCommitted'));
  expect(turn?.decisions.flatMap((one) => (one.kind === 'alertRaised' ? [one.subject] : []))).toEqual(['POSITION_LIMIT']);
});
