import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { denialsOf, openDesk, reportOf, risk, sentOf, sliceID, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

interface Held {
  readonly desk: RolloutDesk;
  readonly row: number;
  /** Entry, stop and target of ten lots that are held, and of one that waits. */
  readonly held: readonly number[];
  readonly waiting: readonly number[];
}

function holder(mandatory: boolean): Held {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const key = { scope: 'version', scopeID: `${sliceID}/1.0.0`, limit: 'maxUnprotectedQty' } as const;
  if (mandatory) desk.order({ verb: 'setLimit', key, value: 0 }, risk, null);
  const bracket = { ordType: 'bracket', timeInForce: 'gtc', stopPx: ticks(9_000), targetPx: ticks(11_000) } as const;
  const held = sentOf(desk.intent(row, 'buy', 10, bracket));
  for (const id of held) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  desk.say(
    reportOf(desk, held[0], 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_000), execID: 'f', cumQty: 10, leavesQty: 0 }),
  );
  const waiting = sentOf(desk.intent(row, 'buy', 1, { ...bracket, price: ticks(9_500) }));
  for (const id of waiting) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  return { desk, row, held, waiting };
}

/** Cancels of these turns are answered; then three seconds pass. @returns whose cancels left */
function settle(desk: RolloutDesk, turns: readonly Turn[]): readonly number[] {
  const taken = turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : [])));
  for (const id of taken) desk.say(reportOf(desk, id, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
  desk.say({ kind: 'venuesCompared', breaks: 0, text: '' });
  for (let n = 0; n < 12; n++) {
    desk.mark(0);
    desk.mark(1);
    desk.advance(250_000);
  }
  return taken;
}

const start = (desk: RolloutDesk): Turn => desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
const pauseAll = (desk: RolloutDesk): Turn => desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason: 'look' }, trader, null);

describe('where a limit asks for a stop', () => {
  for (const [name, act] of [
    ['a start', start],
    ['a pause of its strategy', pauseAll],
  ] as const)
    it(`${name} takes back what waits and not the stop of what is held, and rolls nobody back for want of it`, () => {
      const { desk, held, waiting } = holder(true);
      expect(new Set(settle(desk, [act(desk)]))).toEqual(new Set(waiting));
      expect(desk.core.rollout.unprotected).toEqual([]);
      expect(desk.phaseOf('d0')).not.toBe('Aborted');
      // the stop works on
      const stopped = { execType: 'trade', lastQty: lots(10), lastPx: ticks(9_000), execID: 's', cumQty: 10, leavesQty: 0 } as const;
      desk.say(reportOf(desk, held[1], 0, stopped));
      expect(desk.core.residualLots(desk.rowOf('1.0.0'))).toBe(0);
    });

  it('an instance that begins anew and does not know of the stop closes no lots twice', () => {
    const { desk, row } = holder(true);
    settle(desk, [start(desk)]);
    expect(denialsOf(desk.intent(row, 'sell', 10))).toEqual(['PROTECTIVE_STOP_MISSING']);
    const turn = desk.intent(row, 'sell', 0, { action: 'cancelAll' });
    expect(turn.decisions.filter((one) => one.kind === 'cancelSent')).toHaveLength(2);
  });

  it('a kill and a rollback take it back all the same', () => {
    for (const verb of ['kill', 'rollback'] as const) {
      const { desk, held, waiting } = holder(true);
      const turn =
        verb === 'kill'
          ? desk.order({ verb, reason: 'x' }, trader, null)
          : desk.order({ verb, deploymentID: 'd0', reason: 'x' }, trader, null);
      const taken = turn.decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : []));
      expect([verb, new Set(taken)]).toEqual([verb, new Set([...held.slice(1), ...waiting])]);
    }
  });
});

it('where none does, a start takes every order back', () => {
  const { desk, held, waiting } = holder(false);
  expect(new Set(settle(desk, [start(desk)]))).toEqual(new Set([...held.slice(1), ...waiting]));
});
