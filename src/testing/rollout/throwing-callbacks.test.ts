import { describe, expect, it, test } from 'vitest';
import { firstOfRow } from '../../core/orders/order-store.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import { CallbackDesk, callbackNames, type CallbackName, type Planted } from './callback-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen } from './swap-desk.ts';

const boom = (): never => {
  throw new Error('planted');
};
const unreadable = (): never => {
  // what no `String` can read
  throw Object.create(null);
};
const nothing = (): undefined => undefined;
const inFlight: readonly CallbackName[] = callbackNames.filter((name) => !['create', 'exportState', 'migrate', 'adopt'].includes(name));
const ladder = canary('ladder', '1.0.0', { stages: [rung(1_000, { minDuration: { days: 30, micros: 0 } })] });
const swap = blueGreen('bg', '1.0.0', '1.1.0');

const planted = (version: string, callback: CallbackName, from = 0, what: () => unknown = boom): Planted => ({
  version,
  callback,
  from,
  what,
});

/** Late enough that it has traded before. */
const fromCall = (name: CallbackName): number => (name === 'onStart' ? 0 : name === 'onQuote' ? 20 : 3);

function opened(fault: Planted | undefined): CallbackDesk {
  const desk = new CallbackDesk(fault);
  desk.deploy(ladder);
  return desk;
}

describe('a version whose callback throws', () => {
  test.each(inFlight.flatMap((name) => [[name, 'an error', boom] as const, [name, 'something unreadable', unreadable] as const]))(
    '%s throws %s: it is rolled back in the same turn, whole, and proposes nothing more',
    (name, _what, what) => {
      const desk = opened(planted('1.0.0', name, fromCall(name), what));
      desk.runTo(30);
      const row = desk.rowOf('1.0.0');
      const fired = desk.decisions.findIndex(({ decision }) => decision.kind === 'triggerFired');
      expect(desk.decisions[fired]?.decision).toMatchObject({ row, rule: 'exception', class: 'versionFault' });
      expect(desk.called('1.0.0', name)).toBe(fromCall(name) + 1);
      expect([modeOf(desk.core.gate, row), desk.core.rollout.lifecycle[row], desk.core.capitalOf(row)]).toEqual(['HALTED', 'Halted', 0]);
      expect(desk.phaseOf('ladder')).toBe('Aborted');
      expect([firstOfRow(desk.core.orders, row), desk.core.residualLots(row)]).toEqual([undefined, 0]);
      const sentAfter = desk.decisions.slice(fired).filter(({ decision }) => decision.kind === 'orderSent' && decision.order.row === row);
      expect(sentAfter).toEqual([]);
      if (name !== 'onStart') expect(desk.all('orderSent').length).toBeGreaterThan(0);
    },
  );

  it('create throws: it never begins, and the deployment ends by name', () => {
    const desk = opened(planted('1.0.0', 'create'));
    desk.runTo(5);
    expect(desk.all('triggerFired')).toMatchObject([{ rule: 'exception', text: 'create: Error: planted' }]);
    expect([desk.phaseOf('ladder'), desk.all('stageGranted').length, desk.all('orderSent').length]).toEqual(['Aborted', 0, 0]);
  });
});

/** Up to the commit: which call of which version stands at which step. */
const beforeCommit: readonly (readonly [Planted, string])[] = [
  [planted('1.0.0', 'exportState', 0), 'preparing'],
  [planted('1.0.0', 'exportState', 1), 'trying'],
  [planted('1.0.0', 'exportState', 2), 'adopting'],
  [planted('1.0.0', 'exportState', 2, nothing), 'adopting'],
  [planted('1.0.0', 'exportState', 2, () => ({ schema: 7, bytes: 'x' })), 'adopting'],
  [planted('1.0.0', 'exportState', 2, () => ({ schema: 'caller/1', bytes: new Uint8Array(2_000_000) })), 'adopting'],
  [planted('1.1.0', 'migrate', 0), 'preparing'],
  [planted('1.1.0', 'migrate', 1), 'trying'],
  [planted('1.1.0', 'migrate', 2), 'adopting'],
  [planted('1.1.0', 'migrate', 2, nothing), 'adopting'],
  [planted('1.1.0', 'migrate', 2, () => ({ ok: true })), 'adopting'],
  [planted('1.1.0', 'migrate', 2, () => ({ ok: false, error: 'state of another kind' })), 'adopting'],
  [planted('1.1.0', 'migrate', 2, unreadable), 'adopting'],
  [planted('1.1.0', 'adopt', 0), 'preparing'],
  [planted('1.1.0', 'adopt', 1), 'trying'],
  [planted('1.1.0', 'adopt', 2), 'adopting'],
  [planted('1.1.0', 'adopt', 2, nothing), 'adopting'],
  [planted('1.1.0', 'adopt', 2, () => ({ ok: false, error: ['too many lots'] })), 'adopting'],
  // the way back
  [planted('1.1.0', 'exportState', 0), 'trying'],
  [planted('1.1.0', 'exportState', 0, nothing), 'trying'],
  [planted('1.0.0', 'migrate', 0), 'trying'],
  [planted('1.0.0', 'migrate', 0, () => ({ ok: false, error: 'no way down' })), 'trying'],
];

describe('a hand-over that a callback spoils', () => {
  test.each(beforeCommit)('%o while %s: a named refusal, and the old version goes on as if nothing had been', (fault, step) => {
    const plain = opened(undefined);
    plain.runTo(40);
    const desk = opened(fault);
    desk.runTo(10);
    const blue = desk.rowOf('1.0.0');
    const [epoch, capital] = [desk.core.gate.epoch[blue], desk.core.capitalOf(blue)];
    desk.deploy(swap);
    desk.runTo(40);
    const green = desk.rowOf('1.1.0');
    expect(desk.all('swapCommitted')).toEqual([]);
    if (step === 'trying') {
      const refused = desk.all('gateJudged').find(({ gate, verdict }) => gate === 'adopt' && verdict === 'fail');
      expect(refused?.text).toMatch(/adoption was refused: .+/);
    } else {
      expect(desk.all('swapAborted')).toMatchObject([{ step }]);
      expect(desk.all('swapAborted')[0].text).not.toBe('');
    }
    expect([modeOf(desk.core.gate, blue), desk.core.gate.epoch[blue], desk.core.capitalOf(blue)]).toEqual(['ACTIVE', epoch, capital]);
    expect(desk.phaseOf('bg')).toBe('Paused');
    expect(desk.all('orderSent').filter(({ order }) => order.row === green && !order.simulated)).toEqual([]);
    for (const name of inFlight) expect([name, desk.called('1.0.0', name)]).toEqual([name, plain.called('1.0.0', name)]);
  });

  it('the old version throws when it is told that it stands by: the new one owns all, misses nothing, and the old one is halted', () => {
    const run = (fault: Planted | undefined): CallbackDesk => {
      const desk = opened(fault);
      desk.runTo(10);
      desk.deploy(swap);
      desk.runTo(40);
      return desk;
    };
    const [plain, desk] = [run(undefined), run(planted('1.0.0', 'adopt'))];
    const [blue, green] = [desk.rowOf('1.0.0'), desk.rowOf('1.1.0')];
    expect(plain.all('swapCommitted').length).toBe(1);
    expect([plain.called('1.0.0', 'adopt'), desk.called('1.0.0', 'adopt')]).toEqual([1, 1]);
    expect(desk.all('swapCommitted').length).toBe(1);
    expect([modeOf(desk.core.gate, green), desk.core.rollout.lifecycle[green]]).toEqual(['ACTIVE', 'Active']);
    expect([modeOf(desk.core.gate, blue), desk.core.rollout.lifecycle[blue]]).toEqual(['HALTED', 'Halted']);
    expect(desk.all('triggerFired')).toMatchObject([{ row: blue, rule: 'exception', text: 'Error: planted' }]);
    for (const name of inFlight) expect([name, desk.called('1.1.0', name)]).toEqual([name, plain.called('1.1.0', name)]);
  });

  test.each(inFlight.filter((name) => name !== 'onStart'))('the new version throws in %s after it took over: it is rolled back', (name) => {
    const whole = opened(undefined);
    whole.runTo(10);
    whole.deploy(swap);
    whole.runTo(12);
    const committed = whole.called('1.1.0', name);
    const desk = opened(planted('1.1.0', name, committed));
    desk.runTo(10);
    desk.deploy(swap);
    desk.runTo(40);
    const green = desk.rowOf('1.1.0');
    expect(desk.all('swapCommitted').length).toBe(1);
    expect(desk.all('triggerFired')).toMatchObject([{ row: green, rule: 'exception' }]);
    expect([modeOf(desk.core.gate, green), desk.core.rollout.lifecycle[green]]).toEqual(['HALTED', 'Halted']);
    expect([firstOfRow(desk.core.orders, green), desk.core.residualLots(green)]).toEqual([undefined, 0]);
    expect(desk.core.rollout.openSwaps.length).toBeLessThanOrEqual(1);
  });
});
