import { expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { openDesk, reportOf, sentOf } from '../rollout/rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../rollout/swap-desk.ts';

for (const instrument of [0, 1])
  it(`a split of ${instrument === 0 ? 'what the old version holds' : 'another instrument of its universe'} between its stop and the commit ends the cutover: the state that goes over knows the old lots`, () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    const blue = activeVersion(desk, '1.0.0');
    const [bought] = sentOf(desk.intent(blue, 'buy', 20));
    desk.say(
      reportOf(desk, bought, 0, { execType: 'trade', lastQty: lots(20), lastPx: ticks(10_000), cumQty: 20, leavesQty: 0, execID: 'f' }),
    );
    // the host that has to adopt is slow
    let adoption = false;
    host.spoil = (notice) => {
      if (notice.event !== 'adopted' || adoption) return notice;
      adoption = true;
      return null;
    };
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    const [swap] = desk.core.rollout.swaps;
    expect(swap.step).toBe('adopting');
    const split = {
      kind: 'corporateAction',
      action: 'split',
      instrument,
      numerator: 2,
      denominator: 1,
      exDate: micros(desk.at),
      text: '',
    } as const;
    const turn = desk.say(split);
    expect(swap.step).toBe('aborted');
    expect(turn.decisions.flatMap((one) => (one.kind === 'swapAborted' ? [one.text] : []))[0]).toContain('split');
    expect([desk.core.residualLots(blue), desk.core.residualLots(green)]).toEqual([instrument === 0 ? 40 : 20, 0]);
    expect(desk.core.rollout.lifecycle[blue]).toBe('Active');
  });

it('a split while the new version still warms up leaves the swap alone', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const blueGreenTerms = spec.blueGreen === null ? null : { ...spec.blueGreen, warmup: { days: 0, micros: 60_000_000 } };
  deployGreen(desk, host, { ...spec, blueGreen: blueGreenTerms });
  settleNow(desk, host);
  const [swap] = desk.core.rollout.swaps;
  expect(swap.step).toBe('shadowing');
  desk.say({ kind: 'corporateAction', action: 'split', instrument: 0, numerator: 2, denominator: 1, exDate: micros(desk.at), text: '' });
  expect(swap.step).toBe('shadowing');
});
