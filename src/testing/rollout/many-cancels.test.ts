import { describe, expect, it } from 'vitest';
import { stateHash, step } from '../../core/engine.ts';
import { createOutcome } from '../../core/outcome.ts';
import { cancelsPerTurn, firstCancels } from '../../core/rollout/taken-back.ts';
import { findOrder } from '../../core/orders/order-store.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { canary, rung } from './rollout-specs.ts';
import { openDesk, reportOf, sentOf, trader, type RolloutDesk, type Turn } from './rollout-desk.ts';

const orders = firstCancels + 2 * cancelsPerTurn + 4;

/** A version with more open orders than one turn takes back. */
function crowded(): { readonly desk: RolloutDesk; readonly row: number; readonly ids: readonly number[] } {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const ids = Array.from({ length: orders }, () => sentOf(desk.intent(row, 'buy', 1)).at(0) ?? 0);
  expect(ids.every((id) => id > 0)).toBe(true);
  return { desk, row, ids };
}

const back = (desk: RolloutDesk): Turn => desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
const cancelsOf = (turn: Turn): readonly number[] => turn.effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : []));
const stepsOf = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap((turn) => turn.decisions.flatMap((one) => (one.kind === 'rollbackStepDone' ? [one.step] : [])));
const ends = (desk: RolloutDesk, ids: readonly number[]): void => {
  for (const id of ids) desk.say(reportOf(desk, id, 0, { execType: 'canceled', leavesQty: 0, cumQty: 0 }));
};

describe('a rollback of more orders than one turn takes back', () => {
  it('fences first, sends its first cancels in the same turn, and the others in turns between which inputs are taken', () => {
    const { desk, row, ids } = crowded();
    const other = desk.deploy(canary('d1', '1.1.0'));
    const turn = back(desk);
    const kinds = turn.effects.map((one) => one.kind);
    expect(kinds.indexOf('fence')).toBeLessThan(kinds.indexOf('cancel'));
    expect(cancelsOf(turn)).toEqual(ids.slice(0, firstCancels));
    expect(stepsOf([turn])).toEqual(['RB1']);
    // the next cancels wait for the next microsecond, an input of another version does not
    expect(sentOf(desk.intent(other, 'buy', 1))).toHaveLength(1);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    const from = desk.turns.length;
    desk.advance(3);
    const rest = desk.turns.slice(from);
    expect(rest.map((one) => cancelsOf(one).length)).toEqual([cancelsPerTurn, cancelsPerTurn, 4]);
    expect(rest.flatMap(cancelsOf)).toEqual(ids.slice(firstCancels));
    expect(stepsOf(rest)).toEqual(['RB2']);
    ends(desk, ids);
    expect(desk.phaseOf('d0')).toBe('Aborted');
  });

  it('ROL5 sends every other cancel of a turn when one of them fails, and says which did', () => {
    const { desk, ids } = crowded();
    const order = findOrder(desk.core.orders, ids[2]);
    if (order === undefined) throw new Error('expected an open order');
    const { listing } = order;
    Object.assign(order, { listing: 9_999 });
    const turn = back(desk);
    Object.assign(order, { listing });
    expect(cancelsOf(turn)).toEqual(ids.slice(0, firstCancels).filter((id) => id !== ids[2]));
    const said = turn.decisions.flatMap((one) => (one.kind === 'alertRaised' && one.subject === 'ROLLBACK_STEP_FAILED' ? [one.text] : []));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`RB2 failed, the steps behind it go on: 1 of ${orders} cancels, the first of order ${ids[2]}: `);
  });

  it('takes nothing back that has come to its end meanwhile', () => {
    const { desk, ids } = crowded();
    back(desk);
    ends(desk, ids.slice(firstCancels, firstCancels + 10));
    const from = desk.turns.length;
    desk.advance(3);
    expect(desk.turns.slice(from).flatMap(cancelsOf)).toEqual(ids.slice(firstCancels + 10));
  });

  it('sends the unanswered ones again after half a second in the same portions, and escalates all of them after one', () => {
    const { desk, ids } = crowded();
    back(desk);
    desk.advance(499_999);
    const from = desk.turns.length;
    desk.advance(4);
    const again = desk.turns.slice(from);
    expect(again.map((one) => cancelsOf(one).length)).toEqual([firstCancels, cancelsPerTurn, cancelsPerTurn, 4]);
    expect(again.flatMap(cancelsOf)).toEqual(ids);
    desk.advance(600_000);
    expect(desk.phaseOf('d0')).toBe('Degraded');
    const ladders = desk.turns.flatMap((turn) => turn.decisions).filter((one) => one.kind === 'cancelsEscalated');
    expect(ladders[0]).toMatchObject({ action: 'massCancel', open: orders });
  });

  it('goes on with the cancels that are left after a start, each order taken back', () => {
    const { desk, ids } = crowded();
    back(desk);
    const from = desk.turns.length;
    desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    desk.advance(10);
    const turns = desk.turns.slice(from);
    expect(new Set(turns.flatMap(cancelsOf))).toEqual(new Set(ids));
    expect(stepsOf(turns)).toEqual(['RB2']);
    ends(desk, ids);
    expect(desk.phaseOf('d0')).toBe('Aborted');
  });

  it('is the same from a snapshot between two portions, and the hash of the state knows how far it has come', () => {
    const { desk } = crowded();
    back(desk);
    const early = stateHash(desk.core);
    const copy = decodeCore(encodeCore(desk.core));
    if (!copy.ok) throw new Error(copy.error);
    const core = copy.value;
    expect(stateHash(core)).toBe(early);
    core.rollout.rollbacks[0].taken++;
    expect(stateHash(core)).not.toBe(early);
    core.rollout.rollbacks[0].taken--;
    const outcome = createOutcome();
    const due = core.nextDeadline();
    if (due === undefined) throw new Error('expected a deadline of the rollback');
    const turn = desk.turns.length;
    desk.advance(1);
    step(core, desk.turns[turn].seq - desk.turns[turn].decisions.length, due, { kind: 'timer', deadline: due }, outcome);
    expect(outcome.decisions).toEqual(desk.turns[turn].decisions);
    expect(stateHash(core)).toBe(stateHash(desk.core));
  });
});
