import { expect, it } from 'vitest';
import type { CashFlow } from '../../domain/input.ts';
import { openDesk, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const dividend = (row: number): CashFlow => ({
  kind: 'cashFlow',
  flow: 'dividend',
  account: 0,
  row,
  instrument: 0,
  currency: 0,
  hi: 0,
  lo: 1_000_000,
  reference: 'd1',
});
const sides = (desk: RolloutDesk, of: number): readonly boolean[] =>
  desk.core.ledger.purses.all.filter(({ row }) => row === of).map(({ simulated }) => simulated);

it('money that a version earns while it stands by is on its paper side, that of its successor on the real one', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  expect(desk.core.rollout.lifecycle[blue]).toBe('Standby');
  for (const row of [blue, green]) desk.say(dividend(row));
  expect([sides(desk, blue), sides(desk, green)]).toEqual([[true], [false]]);
});
