import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { orderByClOrdID } from '../../core/core.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { reportOfNote } from '../../runtime/note-report.ts';
import { canary, rung } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, type RolloutDesk } from './rollout-desk.ts';

/** Two versions at one venue, whose specs allow 1 % of errors. */
function two(): { readonly desk: RolloutDesk; readonly one: number; readonly other: number } {
  const desk = openDesk();
  const rollbackThresholds = { ...canary('x', '1').rollbackThresholds, maxErrorRate: 0.01 };
  const one = desk.deploy(canary('d0', '1.0.0', { rollbackThresholds, stages: [rung(1_000)] }));
  return { desk, one, other: desk.deploy(canary('d1', '1.1.0', { rollbackThresholds, stages: [rung(1_000)] })) };
}

const buy = (desk: RolloutDesk, row: number): number => sentOf(desk.intent(row, 'buy', 1))[0];
const timeOut = (desk: RolloutDesk, id: number): void =>
  void desk.say(reportOf(desk, id, 0, { execType: 'timeout', execID: '', venue: -1 }));
const answer = (desk: RolloutDesk, id: number): void => void desk.say(reportOf(desk, id, 0, { execType: 'new' }));
const watchOf = (desk: RolloutDesk, row: number): readonly [number | undefined, number | undefined] => {
  const watch = desk.core.risk.monitors.rows[row];
  return [watch?.trials, watch?.errors];
};

describe('orders without an answer', () => {
  it('of a venue that says nothing at all are no errors of its versions: they are unknown, count in full, and nobody is rolled back', () => {
    const { desk, one, other } = two();
    const open = Array.from({ length: 8 }, () => [buy(desk, one), buy(desk, other)]).flat();
    for (const id of open) timeOut(desk, id);
    expect([desk.phaseOf('d0'), desk.phaseOf('d1')]).toEqual(['Progressing', 'Progressing']);
    expect([watchOf(desk, one), watchOf(desk, other)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const { gate } = desk.core;
    expect(gate.reserved.lo[one]).toBe(8 * 100_010_000);
    expect(desk.turns.flatMap(({ effects }) => effects.filter(({ kind }) => kind === 'query'))).toHaveLength(open.length);
  });

  it('of a venue that answers others meanwhile are errors of their version, and five in a row roll it back', () => {
    const { desk, one, other } = two();
    const open = Array.from({ length: 5 }, () => buy(desk, one));
    answer(desk, buy(desk, other));
    for (const id of open) timeOut(desk, id);
    expect([desk.phaseOf('d0'), desk.phaseOf('d1')]).toEqual(['RollingBack', 'Progressing']);
    expect(watchOf(desk, one)).toEqual([5, 5]);
  });

  it('are judged by what came after they were sent: a word before it says nothing about them', () => {
    const { desk, one, other } = two();
    answer(desk, buy(desk, other));
    for (let n = 0; n < 8; n++) timeOut(desk, buy(desk, one));
    expect(desk.phaseOf('d0')).toBe('Progressing');
    expect(watchOf(desk, one)).toEqual([0, 0]);
  });

  it("of a replacement count by the replacement's sending, not by its order's", () => {
    const { desk, one, other } = two();
    const first = buy(desk, one);
    answer(desk, first);
    answer(desk, buy(desk, other));
    const replacing = desk.intent(one, 'buy', 2, { action: 'replace', targetTag: 1 });
    const [second] = replacing.decisions.flatMap((turn) => (turn.kind === 'replaceSent' ? [turn.order.clOrdID] : []));
    desk.say(reportOf(desk, second, 0, { execType: 'timeout', execID: '', venue: -1, origClOrdID: first }));
    expect(watchOf(desk, one)).toEqual([1, 0]);
  });

  it('that the gateway refused by itself are no errors and no trials: eight in a row roll nobody back', () => {
    const codes = [
      'KILL_SWITCH_ENGAGED',
      'THROTTLE_QUEUE_FULL',
      'STALE_EPOCH',
      'STALE_TERM',
      'NO_ROUTE',
      'GATEWAY_FULL',
      'VENUE_REFUSED',
      'CANCELED_UNSENT',
    ] as const;
    const { desk, one } = two();
    desk.say(reportOf(desk, buy(desk, one), 0, { execType: 'rejected', leavesQty: 0, cumQty: 0 }));
    for (const code of codes) {
      const order = orderByClOrdID(desk.core, buy(desk, one));
      if (order === undefined) throw new Error('an order that was sent is known');
      desk.say(reportOfNote({ outcome: 'refused', code, order: { ...order }, replacing: false }, micros(desk.at)));
      expect(orderByClOrdID(desk.core, order.clOrdID)?.ordStatus).toBe('rejected');
    }
    expect(desk.phaseOf('d0')).toBe('Progressing');
    expect(watchOf(desk, one)).toEqual([1, 1]);
    // nor do they end a row of errors that the venue has made
    expect(desk.core.risk.monitors.rows[one]?.errorsInRow).toBe(1);
  });

  it('venue rejects stay errors, and so does a timeout of a simulator', () => {
    const { desk, one } = two();
    for (let n = 0; n < 5; n++) desk.say(reportOf(desk, buy(desk, one), 0, { execType: 'rejected', leavesQty: 0, cumQty: 0 }));
    expect(desk.phaseOf('d0')).not.toBe('Progressing');
  });

  it('what was heard of a venue is in snapshots and in the state hash', () => {
    const { desk, one, other } = two();
    fillOne(desk, other);
    const before = stateHash(desk.core);
    const copy = decodeCore(encodeCore(desk.core).slice());
    if (!copy.ok) throw new Error(copy.error);
    expect(stateHash(copy.value)).toBe(before);
    copy.value.reconciliation.heard[0] -= 1;
    expect(stateHash(copy.value)).not.toBe(before);
    expect(one).not.toBe(other);
  });
});

function fillOne(desk: RolloutDesk, row: number): void {
  desk.say(reportOf(desk, buy(desk, row), 0, { execType: 'trade', lastQty: lots(1), lastPx: ticks(10_000) }));
}
