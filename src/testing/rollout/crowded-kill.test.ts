import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { createCore, type CoreCapacities } from '../../core/core.ts';
import { stateHash, step } from '../../core/engine.ts';
import { findOrder, openCount } from '../../core/orders/order-store.ts';
import { createOutcome } from '../../core/outcome.ts';
import { cancelsPerTurn, firstCancels } from '../../core/rollout/taken-back.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { Decision } from '../../domain/decision.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import {
  answerOf,
  denialsOf,
  openDesk,
  reportOf,
  rolloutCapacities,
  senior,
  senior2,
  sentOf,
  trader,
  type RolloutDesk,
  type Turn,
} from './rollout-desk.ts';

const roomy: CoreCapacities = {
  ...rolloutCapacities,
  orders: { openOrders: 32_768, closedOrders: 65_536, execIDs: 65_536, rows: 64, listings: 16 },
  risk: { ...rolloutCapacities.risk, openOrders: 65_536, duplicates: 65_536, orderLog: 65_536 },
};
/** A dollar each, so that a slice can have tens of thousands of them. */
const price = 101;

/** A desk with `count` open orders of one version. */
function crowded(count: number, qty = 1): { readonly desk: RolloutDesk; readonly row: number; readonly ids: readonly number[] } {
  const desk = openDesk(undefined, undefined, undefined, roomy);
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const ids: number[] = [];
  for (let n = 0; n < count; n++) {
    if (n % 64 === 0) {
      desk.advance(1_000);
      desk.mark(0, price - 1);
      desk.mark(1);
    }
    const turn = desk.intent(row, 'buy', qty, { price: ticks(price) });
    const [id] = sentOf(turn);
    if (id === undefined) throw new Error(`order ${n}: ${denialsOf(turn).join(' ')}`);
    ids.push(id);
  }
  return { desk, row, ids };
}

const killed = (desk: RolloutDesk): Turn => desk.order({ verb: 'kill', reason: 'test' }, trader, null);
const cancelsOf = (turn: Turn): readonly number[] => turn.effects.flatMap((one) => (one.kind === 'cancel' ? [one.target] : []));
const stepsOf = (turns: readonly Turn[]): readonly string[] =>
  turns.flatMap((turn) => turn.decisions.flatMap((one) => (one.kind === 'killStepDone' ? [`${one.step} ${one.count}`] : [])));
const end = (desk: RolloutDesk, id: number): Turn => desk.say(reportOf(desk, id, 0, { execType: 'canceled', leavesQty: 0, cumQty: 0 }));

/** A core that takes the same inputs at the same numbers, and what it decides. */
function replayed(turns: readonly Turn[]): { readonly decisions: readonly (readonly Decision[])[]; readonly hash: string } {
  const core = createCore(1, roomy);
  const decisions = turns.map(({ seq, at, input, decisions: known }) => {
    const outcome = createOutcome();
    step(core, seq - known.length, at, input, outcome);
    return outcome.decisions;
  });
  return { decisions, hash: stateHash(core) };
}

describe('a kill of a desk with twenty thousand open orders', () => {
  const count = 20_000;

  it('takes back an order at a venue in the turn of the kill, however many orders on paper stand before it', () => {
    const desk = openDesk(undefined, undefined, undefined, roomy);
    const onPaper = desk.deploy(paper('d0', '1.0.0', null));
    for (let n = 0; n < firstCancels + 1; n++) expect(sentOf(desk.intent(onPaper, 'buy', 1))).toHaveLength(1);
    const row = desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000)] }));
    const [id] = sentOf(desk.intent(row, 'buy', 1));
    expect(id).toBeGreaterThan(0);
    const turn = killed(desk);
    expect(cancelsOf(turn)).toHaveLength(firstCancels);
    expect(cancelsOf(turn)[0]).toBe(id);
  });

  it('latches in its own turn with a handful of cancels, lets nothing new pass, and takes every order back in turns between which inputs are taken', () => {
    const { desk, row, ids } = crowded(count);
    const turn = killed(desk);
    const kinds = turn.effects.map((one) => one.kind);
    expect(turn.effects[0]).toMatchObject({ kind: 'kill', engaged: true, reducing: true, hold: 'firm' });
    expect(kinds.lastIndexOf('authority')).toBeLessThan(kinds.indexOf('cancel'));
    expect(cancelsOf(turn)).toEqual(ids.slice(0, firstCancels));
    expect(turn.decisions.length).toBeLessThan(2 * firstCancels + 16);
    expect(desk.core.rollout.killed).toBe(true);
    expect(answerOf(turn).code).toBe('OK');
    // before the second portion
    expect(denialsOf(desk.intent(row, 'buy', 1, { price: ticks(price) }))).toHaveLength(1);
    expect(stepsOf(desk.turns)).toEqual([]);
    const from = desk.turns.length;
    while (stepsOf(desk.turns).length === 0) {
      desk.advance(1);
      expect(sentOf(desk.intent(row, 'buy', 1, { price: ticks(price) }))).toEqual([]);
    }
    const rest = desk.turns.slice(from);
    expect(Math.max(...rest.map((one) => cancelsOf(one).length))).toBe(cancelsPerTurn);
    expect(rest.flatMap(cancelsOf)).toEqual(ids.slice(firstCancels));
    expect(stepsOf(rest)).toEqual([`canceled ${count}`]);
    for (const id of ids) end(desk, id);
    expect(openCount(desk.core.orders)).toBe(0);
    expect(stepsOf(desk.turns)).toEqual([`canceled ${count}`, `ended ${count}`]);
    const again = replayed(desk.turns);
    expect(again.hash).toBe(stateHash(desk.core));
    expect(again.decisions).toEqual(desk.turns.map((one) => one.decisions));
  });
});

describe('a kill of more orders than one turn takes back', () => {
  const count = firstCancels + 2 * cancelsPerTurn + 4;

  it('goes on where it stood from a snapshot between two portions, whose hash knows how far it has come', () => {
    const { desk } = crowded(count);
    killed(desk);
    const copy = decodeCore(encodeCore(desk.core));
    if (!copy.ok) throw new Error(copy.error);
    const core = copy.value;
    expect(stateHash(core)).toBe(stateHash(desk.core));
    core.rollout.kills[0].taken++;
    expect(stateHash(core)).not.toBe(stateHash(desk.core));
    core.rollout.kills[0].taken--;
    const from = desk.turns.length;
    desk.advance(10);
    for (const { seq, at, input, decisions } of desk.turns.slice(from)) {
      const outcome = createOutcome();
      step(core, seq - decisions.length, at, input, outcome);
      expect(outcome.decisions).toEqual(decisions);
    }
    expect(stateHash(core)).toBe(stateHash(desk.core));
  });

  it('takes nothing back that has come to its end meanwhile, and asks for what is left after a start', () => {
    const { desk, ids } = crowded(count);
    killed(desk);
    for (const id of ids.slice(firstCancels, firstCancels + 10)) end(desk, id);
    const taken = new Set(desk.turns.flatMap(cancelsOf));
    const from = desk.turns.length;
    desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    desk.advance(10);
    for (const id of desk.turns.slice(from).flatMap(cancelsOf)) taken.add(id);
    const over = ids.slice(firstCancels, firstCancels + 10).filter((id) => !taken.has(id));
    expect(new Set([...taken, ...over])).toEqual(new Set(ids));
    expect(desk.turns.slice(from).flatMap(cancelsOf)).not.toContain(ids[firstCancels]);
    expect(stepsOf(desk.turns.slice(from))).toContain(`canceled ${count}`);
  });

  it("asks at once after a start for the orders of the portions before it, the custodian's too", () => {
    const desk = openDesk(undefined, undefined, undefined, roomy);
    const first = desk.deploy(canary('d0', '1.0.0', { rollback: { ...canary('x', '1').rollback, flatten: 'market' } }));
    const [bought] = sentOf(desk.intent(first, 'buy', 10));
    desk.say(reportOf(desk, bought, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_000), execID: 'f1' }));
    const rolledBack = desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    const flattening = sentOf(rolledBack);
    expect(flattening).toHaveLength(1);
    const row = desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000)] }));
    for (let n = 0; n < count; n++) expect(sentOf(desk.intent(row, 'buy', 1, { price: ticks(price) }))).toHaveLength(1);
    expect(cancelsOf(killed(desk))).toContain(flattening[0]);
    const from = desk.turns.length;
    // the cancels of the first portion are in the record, and nobody knows whether they have left
    desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'test' });
    desk.advance(10);
    expect(desk.turns.slice(from).flatMap(cancelsOf)).toContain(flattening[0]);
  });

  it('sends the unanswered ones again in portions half a second after the last has left, and escalates a second after the kill', () => {
    const { desk, ids } = crowded(count);
    killed(desk);
    desk.advance(499_999);
    const from = desk.turns.length;
    desk.advance(100);
    const again = desk.turns.slice(from).filter((one) => cancelsOf(one).length > 0);
    expect(again.map((one) => cancelsOf(one).length)).toEqual([firstCancels, cancelsPerTurn, cancelsPerTurn, 4]);
    expect(again.flatMap(cancelsOf)).toEqual(ids);
    desk.advance(600_000);
    expect(stepsOf(desk.turns)).toEqual([`canceled ${count}`, `resent ${count}`, `escalated ${count}`]);
  });

  it('a release in between takes back the rest before it opens the latch', () => {
    const { desk, ids } = crowded(count);
    killed(desk);
    const turn = desk.order({ verb: 'release', reason: 'test' }, senior, senior2);
    expect(answerOf(turn).code).toBe('OK');
    expect(cancelsOf(turn)).toEqual(ids.slice(firstCancels));
    const kinds = turn.effects.map((one) => one.kind);
    expect(kinds.lastIndexOf('cancel')).toBeLessThan(kinds.indexOf('kill'));
  });

  it('says which cancel fails and sends the others', () => {
    const { desk, ids } = crowded(count);
    const order = findOrder(desk.core.orders, ids[2]);
    if (order === undefined) throw new Error('expected an open order');
    const { listing } = order;
    Object.assign(order, { listing: 9_999 });
    const turn = killed(desk);
    Object.assign(order, { listing });
    expect(cancelsOf(turn)).toEqual(ids.slice(0, firstCancels).filter((id) => id !== ids[2]));
    const said = turn.decisions.flatMap((one) => (one.kind === 'alertRaised' && one.subject === 'KILL_STEP_FAILED' ? [one.text] : []));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`kill switch: 1 of ${count} cancels failed, the first of order ${ids[2]}: `);
  });

  it('is not over while a fill of an order that was rejected has brought it back', () => {
    const { desk, ids } = crowded(3, 2);
    killed(desk);
    desk.say(reportOf(desk, ids[0], 0, { execType: 'rejected', leavesQty: 0, cumQty: 0 }));
    desk.say(reportOf(desk, ids[0], 0, { execType: 'trade', lastQty: lots(1), lastPx: ticks(price), cumQty: 1, leavesQty: 1 }));
    end(desk, ids[1]);
    end(desk, ids[2]);
    expect(stepsOf(desk.turns)).toEqual(['canceled 3']);
    desk.say(reportOf(desk, ids[0], 0, { execType: 'canceled', leavesQty: 0, cumQty: 1 }));
    expect(stepsOf(desk.turns)).toEqual(['canceled 3', 'ended 3']);
  });
});
