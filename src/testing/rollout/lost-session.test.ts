import { describe, expect, it } from 'vitest';
import { micros, ticks } from '../../base/units.ts';
import { isOpenBreak } from '../../core/reconcile/reconciliation.ts';
import { openCount } from '../../core/orders/order-store.ts';
import type { Decision } from '../../domain/decision.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { VenueFaults } from '../../venues/simulated/faults.ts';
import { SessionDesk } from '../venue/session-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { trader } from './rollout-desk.ts';

const flat = (flatten: DeploymentSpec['rollback']['flatten'], flattenSlippageBps = 50): Partial<DeploymentSpec> => ({
  stages: [rung(1_000)],
  rollback: { ...canary('x', '1').rollback, flatten, flattenSlippageBps },
});

/** A version with ten lots and three orders that rest. */
function holding(session: SessionDesk, flatten: DeploymentSpec['rollback']['flatten'], slippageBps = 50): number {
  const { desk } = session;
  const row = desk.deploy(canary('d0', '1.0.0', flat(flatten, slippageBps)));
  session.rest('ask', 10_001, 10);
  desk.intent(row, 'buy', 10);
  session.advance(50_000);
  for (const price of [9_900, 9_901, 9_902]) desk.intent(row, 'buy', 1, { price: ticks(price), timeInForce: 'gtc' });
  session.advance(50_000);
  expect(session.positions).toEqual({ ledger: 10, venue: 10 });
  expect(session.venue.openOrders(0)).toHaveLength(3);
  return row;
}

const decisionsFrom = (session: SessionDesk, turn: number): readonly Decision[] =>
  session.desk.turns.slice(turn).flatMap((one) => one.decisions);
const openBreaks = (session: SessionDesk): number => [...session.desk.core.reconciliation.breaks.values()].filter(isOpenBreak).length;
const actionsFrom = (session: SessionDesk, turn: number): readonly string[] =>
  decisionsFrom(session, turn).flatMap((one) => (one.kind === 'cancelsEscalated' ? [one.action] : []));

/** Cancels never arrive, and nobody says so. */
const deafToCancels: VenueFaults = {
  onRequest: (kind) => (kind === 'cancel' || kind === 'cancelAll' ? { kind: 'lose', result: 'sent' } : undefined),
  onReport: () => undefined,
};

describe('a session that is lost', () => {
  it.each(['session', 'timer'] as const)(
    'with a dead man (%s) takes its orders along, and the desk knows it when it is back',
    (deadManSwitch) => {
      const session = new SessionDesk({ deadManSwitch });
      holding(session, 'none');
      const from = session.desk.turns.length;
      session.venue.disconnect(session.at, micros(session.at + 2_000_000));
      session.advance(10_000);
      expect(session.venue.openOrders(0)).toHaveLength(deadManSwitch === 'session' ? 0 : 3);
      session.advance(500_000);
      expect(session.venue.openOrders(0)).toEqual([]);
      // nobody has heard of it yet
      expect(openCount(session.desk.core.orders)).toBe(3);
      session.advance(8_000_000);
      expect(decisionsFrom(session, from).some((one) => one.kind === 'statementJudged' && one.reason === 'reconnect')).toBe(true);
      expect(openCount(session.desk.core.orders)).toBe(0);
      expect(openBreaks(session)).toBe(0);
      expect(session.positions).toEqual({ ledger: 10, venue: 10 });
    },
  );

  it('that is back before its timer runs out keeps its orders', () => {
    const session = new SessionDesk({ deadManSwitch: 'timer' });
    holding(session, 'none');
    session.venue.disconnect(session.at, micros(session.at + 300_000));
    session.advance(6_000_000);
    expect(session.venue.openOrders(0)).toHaveLength(3);
    expect(openCount(session.desk.core.orders)).toBe(3);
  });

  it('in the middle of a rollback: the dead man cancels, the desk compares itself, and the custodian goes on', () => {
    const session = new SessionDesk({ deadManSwitch: 'session' });
    holding(session, 'market');
    session.rest('bid', 9_990, 100);
    const from = session.desk.turns.length;
    session.venue.disconnect(session.at, micros(session.at + 1_500_000));
    session.desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    session.advance(400_000);
    expect(session.venue.openOrders(0)).toEqual([]);
    expect(session.desk.phaseOf('d0')).toBe('RollingBack');
    session.advance(20_000_000);
    expect(decisionsFrom(session, from).filter((one) => one.kind === 'rollbackCompleted')).toHaveLength(1);
    expect(openCount(session.desk.core.orders)).toBe(0);
    expect(openBreaks(session)).toBe(0);
    expect(session.positions).toEqual({ ledger: 0, venue: 0 });
  });
});

describe('the ladder behind cancels, at a venue that hears none', () => {
  it('drops the session, whose dead man takes the orders back; they are known to be over, and no person is called', () => {
    const session = new SessionDesk({ deadManSwitch: 'session', massCancel: false }, deafToCancels);
    holding(session, 'market');
    session.rest('bid', 9_990, 100);
    const from = session.desk.turns.length;
    session.desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    session.advance(990_000);
    expect(session.venue.openOrders(0)).toHaveLength(3);
    session.advance(20_000);
    expect(session.venue.openOrders(0)).toEqual([]);
    session.advance(20_000_000);
    expect(actionsFrom(session, from)[0]).toBe('dropSession');
    expect(openCount(session.desk.core.orders)).toBe(0);
    expect(openBreaks(session)).toBe(0);
    expect(session.positions).toEqual({ ledger: 0, venue: 0 });
  });

  it('lets the dead-man timer run out', () => {
    const session = new SessionDesk({ deadManSwitch: 'timer' }, deafToCancels);
    holding(session, 'none');
    session.gateway.submit({ kind: 'deadMan', reducing: true, venue: 0 }, session.at);
    session.advance(499_000);
    expect(session.venue.openOrders(0)).toHaveLength(3);
    session.advance(20_000);
    expect(session.venue.openOrders(0)).toEqual([]);
    expect(openCount(session.desk.core.orders)).toBe(0);
  });
});

describe('the custodian flattens what a rollback left', () => {
  const sentByCustodian = (session: SessionDesk, from: number): readonly string[] => {
    const { custodian } = session.desk.core.gate.slices[0];
    return decisionsFrom(session, from).flatMap((one) =>
      one.kind === 'orderSent' && one.order.row === custodian
        ? [
            `${one.order.side} ${one.order.orderQty} ${one.order.ordType} ${one.order.price} ${one.order.timeInForce} ${one.order.reduceOnly ? 'reduce' : 'open'}`,
          ]
        : [],
    );
  };
  const rolledBack = (session: SessionDesk): number => {
    const from = session.desk.turns.length;
    session.desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    return from;
  };

  it('by limits that give away no more than the bound, and waits where the market is further away', () => {
    const session = new SessionDesk({});
    holding(session, 'limit', 50);
    session.rest('bid', 9_949, 100);
    const from = rolledBack(session);
    session.advance(3_000_000);
    const sent = sentByCustodian(session, from);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(new Set(sent)).toEqual(new Set(['sell 10 limit 9950 ioc reduce']));
    expect(session.positions).toEqual({ ledger: 10, venue: 10 });
    session.rest('bid', 9_950, 4);
    session.advance(1_000_000);
    expect(session.positions).toEqual({ ledger: 6, venue: 6 });
    session.rest('bid', 9_960, 100);
    session.advance(2_000_000);
    expect(session.positions).toEqual({ ledger: 0, venue: 0 });
  });

  it('at the market, down to the last lot and never past it', () => {
    const session = new SessionDesk({});
    holding(session, 'market');
    session.rest('bid', 9_000, 7);
    session.rest('bid', 8_999, 50);
    const from = rolledBack(session);
    session.advance(5_000_000);
    expect(sentByCustodian(session, from)).toEqual(['sell 10 market 0 ioc reduce']);
    expect(session.positions).toEqual({ ledger: 0, venue: 0 });
  });

  it('along the straight line of a TWAP: within a lot of it at every look, and flat at its end', () => {
    const session = new SessionDesk({});
    holding(session, 'twap');
    session.rest('bid', 9_990, 1_000);
    const from = rolledBack(session);
    const seen: number[] = [];
    for (let n = 0; n <= 10; n++) {
      session.advance(60_000_000);
      seen.push(session.positions.venue);
    }
    expect(seen.slice(0, 10)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(session.positions).toEqual({ ledger: 0, venue: 0 });
    expect(sentByCustodian(session, from).every((one) => /^sell 1 limit 9950 ioc reduce$/.test(one))).toBe(true);
  });
});
