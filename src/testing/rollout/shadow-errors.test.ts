import { expect, it } from 'vitest';
import { ticks } from '../../base/units.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from './rollout-desk.ts';
import { canary } from './rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const rollbackThresholds = { ...canary('none', '1.0.0').rollbackThresholds, maxErrorRate: 0.01 };

/** An order that the simulator, or the venue, takes or refuses. */
function answered(desk: RolloutDesk, row: number, execType: 'new' | 'rejected', simulated: boolean): void {
  desk.mark(0);
  desk.mark(1);
  const [id] = sentOf(desk.intent(row, 'buy', 1, { price: ticks(9_000) }));
  desk.say(reportOf(desk, id, 0, { execType, simulated }));
}

const fired = (desk: RolloutDesk): readonly string[] =>
  desk.turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'triggerFired' ? [one.rule] : [])));

/** The new version has had so many calm orders in the shadow, and has taken over. */
function afterShadow(calm: number): { readonly desk: RolloutDesk; readonly green: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const plan = blueGreen('swap', '1.0.0', '1.1.0', { rollbackThresholds });
  const minute = { days: 0, micros: 60_000_000 };
  const green = deployGreen(desk, host, plan.blueGreen === null ? plan : { ...plan, blueGreen: { ...plan.blueGreen, warmup: minute } });
  settleNow(desk, host);
  for (let n = 0; n < calm; n++) answered(desk, green, 'new', true);
  for (let n = 0; n < 70; n++) {
    const from = desk.turns.length;
    desk.advance(900_000);
    for (const turn of desk.turns.slice(from)) host.take(turn.effects);
    for (const listing of [0, 1]) desk.mark(listing);
    settleNow(desk, host);
  }
  expect(desk.core.rollout.lifecycle[green]).toBe('Active');
  return { desk, green };
}

it('errors of a version on capital are judged by its orders on capital alone: what was calm in the shadow hides none of them (rollout.md 2)', () => {
  for (const calm of [0, 300]) {
    const { desk, green } = afterShadow(calm);
    // 4 of 20 against 1 %: e is far above 100
    for (let n = 0; n < 20; n++) answered(desk, green, n % 5 === 4 ? 'rejected' : 'new', false);
    expect({ calm, fired: fired(desk) }).toEqual({ calm, fired: ['maxErrorRate'] });
  }
}, 60_000);
