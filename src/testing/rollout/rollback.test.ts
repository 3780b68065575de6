import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { openCount } from '../../core/orders/order-store.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { maxRollbacks } from '../../core/rollout/rollout.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import { answerOf, openDesk, reportOf, risk, sentOf, sliceID, trader, type RolloutDesk, type Turn } from './rollout-desk.ts';

const back = (desk: RolloutDesk, deploymentID = 'd0'): Turn => desk.order({ verb: 'rollback', deploymentID, reason: 'test' }, trader, null);
const flat = (flatten: DeploymentSpec['rollback']['flatten']): Partial<DeploymentSpec> => ({
  rollback: { ...canary('x', '1').rollback, flatten },
});
const fill = (desk: RolloutDesk, id: number, qty: number, execID = `f${desk.turns.length}`): Turn =>
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID }));
const positions = (desk: RolloutDesk): { row: number; custodian: number } => {
  const custodian = desk.core.gate.slices[0].custodian;
  const of = (row: number): number => desk.core.risk.positions.leafPosition(row, 0, 0, false);
  return { row: of(desk.rowOf('1.0.0')), custodian: of(custodian) };
};

/** How to bring a deployment `d0` of 1.0.0 into each phase. */
const phases: readonly (readonly [string, (desk: RolloutDesk) => void])[] = [
  ['Proposed', (desk) => desk.order({ verb: 'deploy', spec: canary('d0', '1.0.0') }, trader)],
  ['Progressing', (desk) => desk.deploy(canary('d0', '1.0.0'))],
  [
    'Paused',
    (desk) => {
      desk.deploy(canary('d0', '1.0.0'));
      desk.order({ verb: 'pause', deploymentID: 'd0', reason: 'test' }, trader, null);
    },
  ],
  [
    'Healthy',
    (desk) => {
      desk.deploy(canary('d0', '1.0.0', { stages: [rung(100)] }));
      for (let n = 0; n < 70; n++) {
        desk.advance(900_000);
        desk.mark(0);
        desk.mark(1);
      }
    },
  ],
  ['Progressing', (desk) => desk.deploy(paper('d0', '1.0.0', null))],
];

describe('rollback', () => {
  for (const [phase, prepare] of phases) {
    it(`ROL2 completes from ${phase}, and twice is once`, () => {
      const desk = openDesk();
      prepare(desk);
      expect(desk.phaseOf('d0')).toBe(phase);
      const first = back(desk);
      const count = (turns: readonly Turn[], kind: string): number =>
        turns.flatMap((turn) => turn.decisions).filter((one) => one.kind === kind).length;
      expect(count([first], 'rollbackCompleted')).toBe(1);
      expect(desk.phaseOf('d0')).toBe('Aborted');
      const before = desk.turns.length;
      expect(answerOf(back(desk)).code).toBe('OK');
      desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'again' }, trader, null);
      desk.host(desk.rowOf('1.0.0'), 'exception');
      for (const kind of ['triggerFired', 'rollbackCompleted', 'rowChanged', 'phaseChanged'])
        expect(count(desk.turns.slice(before), kind)).toBe(0);
    });
  }

  it('ROL2 a rollback while it runs is the same rollback', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    back(desk);
    expect(desk.phaseOf('d0')).toBe('RollingBack');
    expect(back(desk).effects.filter((one) => one.kind !== 'answer')).toEqual([]);
    desk.say(reportOf(desk, id, 0, { execType: 'canceled', leavesQty: 0, cumQty: 0 }));
    expect(desk.phaseOf('d0')).toBe('Aborted');
  });

  it('ROL1 an order without any answer is canceled again after 500 ms and escalated at 1 s: mass cancel, a question, an alert, Degraded', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    back(desk);
    const from = desk.turns.length;
    desk.advance(499_999);
    expect(desk.turns.slice(from).flatMap((turn) => turn.effects)).toEqual([]);
    desk.advance(1);
    expect(desk.turns.slice(from).flatMap((turn) => turn.effects.map((one) => one.kind))).toEqual(['cancel']);
    desk.advance(499_999);
    expect(desk.phaseOf('d0')).toBe('RollingBack');
    desk.advance(1);
    const kinds = desk.turns.slice(from).flatMap((turn) => turn.effects.map((one) => one.kind));
    expect(kinds).toEqual(expect.arrayContaining(['massCancel', 'query', 'alert']));
    expect(desk.phaseOf('d0')).toBe('Degraded');
    expect(openCount(desk.core.orders)).toBe(1);
    expect(id).toBeGreaterThan(0);
  });

  it("POS1 a fill after the custody of RB4 is the custodian's, once, however often it is reported", () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, id, 3);
    back(desk);
    desk.advance(1_000_000);
    expect(positions(desk)).toEqual({ row: 0, custodian: 3 });
    fill(desk, id, 4, 'late');
    fill(desk, id, 4, 'late');
    expect(positions(desk)).toEqual({ row: 0, custodian: 7 });
  });

  it('POS2 a bust of a fill whose lots the custodian took leaves the lots with one owner', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, id, 10, 'f1');
    back(desk);
    expect(positions(desk)).toEqual({ row: 0, custodian: 10 });
    desk.say(reportOf(desk, id, 0, { execType: 'tradeCancel', execRefID: 'f1', execID: 'b1' }));
    expect(positions(desk)).toEqual({ row: 0, custodian: 0 });
  });

  it('ROL3 the custodian does not sell what an uncertain order of the fenced version may still sell', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', flat('market')));
    const [bought] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, bought, 10);
    const [selling] = sentOf(desk.intent(row, 'sell', 6));
    back(desk);
    desk.advance(1_000_000);
    const sent = desk.turns
      .flatMap((turn) => turn.decisions)
      .filter((one) => one.kind === 'orderSent')
      .map((one) => one.order);
    const flattening = sent.filter((one) => one.row === desk.core.gate.slices[0].custodian);
    for (const order of flattening) fill(desk, order.clOrdID, order.orderQty);
    fill(desk, selling, 6);
    expect(positions(desk).custodian).toBeGreaterThanOrEqual(0);
    desk.advance(3_000_000);
  });

  it('AUTH6 a halted version with an uncertain order and held lots is lifted by two people without losing count', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, id, 3);
    back(desk);
    desk.advance(1_000_000);
    const unhalt = { verb: 'unhalt', sliceID, version: '1.0.0', reason: 'looked' } as const;
    expect(answerOf(desk.order(unhalt, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(unhalt, trader)).code).toBe('ROLE_REQUIRED');
    expect(['OK', 'NOT_IN_THIS_PHASE']).toContain(answerOf(desk.order(unhalt)).code);
    fill(desk, id, 4, 'late');
    expect(positions(desk)).toEqual({ row: 0, custodian: 7 });
  });

  it('AUTH2 an intent under the old epoch is refused after the fence, also when the version was lifted and deployed again', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const old = desk.core.gate.epoch[row];
    back(desk);
    expect(sentOf(desk.intent(row, 'buy', 1, { epoch: old }))).toEqual([]);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    expect(answerOf(desk.order({ verb: 'unhalt', sliceID, version: '1.0.0', reason: 'looked' })).code).toBe('OK');
    desk.deploy(canary('d1', '1.0.0'));
    expect(sentOf(desk.intent(row, 'buy', 1, { epoch: old }))).toEqual([]);
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('AUTH4 nothing is deployed into a slice while a rollback is under way in it', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    desk.intent(row, 'buy', 10);
    back(desk);
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d1', '1.1.0') }, trader)).code).toBe('SWAP_OR_ROLLBACK_IN_FLIGHT');
    desk.advance(1_000_000);
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d1', '1.1.0') }, trader)).code).toBe('OK');
  });

  it('ROL5 a step that fails keeps no later one from restricting: it is said, the saga completes, a person looks', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, id, 10);
    const { marks } = desk.core;
    Object.assign(desk.core, { marks: undefined });
    const { decisions } = back(desk);
    Object.assign(desk.core, { marks });
    expect(decisions.flatMap((one) => (one.kind === 'rollbackStepDone' ? [one.step] : []))).toEqual(['RB1', 'RB2', 'RB3', 'RB4', 'RB5']);
    expect(decisions.filter((one) => one.kind === 'alertRaised').map((one) => one.subject)).toContain('ROLLBACK_STEP_FAILED');
    expect(decisions.filter((one) => one.kind === 'rollbackCompleted')).toMatchObject([{ residual: 10 }]);
    expect(desk.phaseOf('d0')).toBe('Degraded');
    expect(desk.core.gate.mode[row]).toBe(4);
    expect(sentOf(desk.intent(row, 'sell', 1, { reduceOnly: true }))).toEqual([]);
  });

  it('ROL5 a desk that has rolled back as often as it may refuses to begin what could need one more, and a trigger still fences', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const { rollbacks } = desk.core.rollout;
    const [first] = [back(desk)].map(() => rollbacks[0]);
    expect(desk.phaseOf('d0')).toBe('Aborted');
    desk.deploy(canary('d1', '1.1.0'));
    while (rollbacks.length < maxRollbacks - 2) rollbacks.push({ ...first, ix: rollbacks.length });
    expect(answerOf(desk.order({ verb: 'deploy', spec: canary('d2', '1.2.0') }, trader)).code).toBe('CAPACITY_REACHED');
    expect(answerOf(desk.order({ verb: 'unhalt', sliceID, version: '1.0.0', reason: 'x' })).code).toBe('CAPACITY_REACHED');
    rollbacks.push({ ...first, ix: rollbacks.length }, { ...first, ix: rollbacks.length + 1 });
    const other = desk.rowOf('1.1.0');
    desk.host(other, 'exception');
    expect(desk.core.gate.mode[other]).toBe(4);
    expect(desk.core.gate.mode[row]).toBe(4);
  });

  it('ROL3 lots that come to the custodian after RB4 only are worked off too', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', flat('market')));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    back(desk);
    desk.advance(1_000_000);
    const late = { lastQty: lots(10), lastPx: ticks(10_000), cumQty: 10, leavesQty: 0, execID: 'late' };
    desk.say(reportOf(desk, id, 0, { execType: 'trade', ...late }));
    const cancels = desk.turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.clOrdID] : [])));
    desk.say(reportOf(desk, cancels.at(-1) ?? 0, 0, { execType: 'cancelRejected', origClOrdID: id }));
    const from = desk.turns.length;
    desk.mark(0);
    desk.advance(1_100_000);
    const sent = desk.turns.slice(from).flatMap((turn) => turn.decisions.flatMap((one) => (one.kind === 'orderSent' ? [one.order] : [])));
    expect(sent.map(({ side, orderQty, reduceOnly }) => [side, orderQty, reduceOnly])).toEqual([['sell', 10, true]]);
  });

  it('ROL3 a flattening with a slippage bound sends nothing while there is no price to bound it by', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0', flat('limit')));
    const [id] = sentOf(desk.intent(row, 'buy', 10));
    fill(desk, id, 10);
    desk.say({ kind: 'feed', feed: 0, listing: -1, condition: 'gap', value: 0, text: '' });
    const { marks } = desk.core;
    for (const column of [marks.bid, marks.ask, marks.last, marks.middle, marks.known]) column.fill(0);
    const from = desk.turns.length;
    back(desk);
    desk.advance(2_000_000);
    const sent = (): number =>
      desk.turns.slice(from).flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'orderSent')).length;
    expect(sent()).toBe(0);
    desk.mark(0);
    desk.advance(1_000_000);
    expect(sent()).toBe(1);
  });
});
