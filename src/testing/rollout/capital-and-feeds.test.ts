import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { canary, rung } from './rollout-specs.ts';
import {
  admin,
  admin2,
  answerOf,
  openDesk,
  reportOf,
  sentOf,
  sliceID,
  staleAfter,
  trader,
  type RolloutDesk,
  type Turn,
} from './rollout-desk.ts';

const ACTIVE = 0;
const REDUCING = 1;
const CANCEL_ONLY = 2;
const modeOf = (desk: RolloutDesk, version = '1.0.0'): number => desk.core.gate.mode[desk.rowOf(version)];
const fill = (desk: RolloutDesk, id: number, qty: number, px = 10_000): Turn =>
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px) }));
const resume = { verb: 'resume', deploymentID: 'd0', reason: 'go' } as const;
const pauseIt = (desk: RolloutDesk): Turn => desk.order({ verb: 'pause', deploymentID: 'd0', reason: 'x' }, trader, null);

/** A version that a fill beyond its reservation has taken past its cap. */
function overCap(desk: RolloutDesk): number {
  const row = desk.deploy(canary('d0', '1.0.0'));
  const [id] = sentOf(desk.intent(row, 'buy', 90));
  fill(desk, id, 90, 12_000);
  expect(modeOf(desk)).toBe(REDUCING);
  return row;
}

/** Why a version was restricted to reducing, in the turn in which it was. */
function restrictedBy(desk: RolloutDesk, { decisions }: Turn, version = '1.0.0'): readonly string[] {
  const row = desk.rowOf(version);
  return decisions.flatMap((one) => (one.kind === 'rowChanged' && one.row === row && one.mode === 'REDUCING' ? [one.reason] : []));
}

/** Buys, or sells, at 100.00 and is filled. @returns the order */
function trades(desk: RolloutDesk, side: 'buy' | 'sell', qty: number, execID: string): number {
  const [id] = sentOf(desk.intent(desk.rowOf('1.0.0'), side, qty));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(10_000), execID }));
  return id;
}

describe('what is said of a row that was taken past its cap', () => {
  const life = (reserve = '100000'): RolloutDesk => {
    const desk = openDesk(undefined, undefined, reserve);
    desk.deploy(canary('d0', '1.0.0'));
    return desk;
  };

  it('a fill', () => {
    const desk = life();
    const [id] = sentOf(desk.intent(desk.rowOf('1.0.0'), 'buy', 90));
    expect(restrictedBy(desk, fill(desk, id, 90, 12_000))).toEqual(['a fill took it past its cap']);
  });

  it('a restated order', () => {
    const desk = life();
    const [id] = sentOf(desk.intent(desk.rowOf('1.0.0'), 'buy', 90));
    const restated = reportOf(desk, id, 0, { execType: 'restated', leavesQty: 90, orderQty: lots(90), price: ticks(12_000) });
    expect(restrictedBy(desk, desk.say(restated))).toEqual(['an order that its venue restated takes it past its cap']);
  });

  it('a fill that was taken back', () => {
    const desk = life();
    trades(desk, 'buy', 90, 'a');
    const sold = trades(desk, 'sell', 90, 'b');
    trades(desk, 'buy', 90, 'c');
    const bust = reportOf(desk, sold, 0, { execType: 'tradeCancel', execRefID: 'b', leavesQty: 0 });
    expect(restrictedBy(desk, desk.say(bust))).toEqual(['a fill that its venue took back left it past its cap']);
  });

  it('a corrected fill', () => {
    const desk = life();
    const bought = trades(desk, 'buy', 90, 'a');
    const more = { execRefID: 'a', lastQty: lots(90), lastPx: ticks(12_000), leavesQty: 0 } as const;
    const turn = desk.say(reportOf(desk, bought, 0, { execType: 'tradeCorrect', ...more }));
    expect(restrictedBy(desk, turn)).toEqual(['a fill that its venue corrected took it past its cap']);
  });

  it("another row's overdraft", () => {
    const desk = life('0');
    desk.deploy(canary('d1', '1.1.0'));
    const [id] = sentOf(desk.intent(desk.rowOf('1.0.0'), 'buy', 90));
    const turn = fill(desk, id, 90, 2_000_000);
    expect(restrictedBy(desk, turn)).toEqual(['a fill took it past its cap']);
    expect(restrictedBy(desk, turn, '1.1.0')).toEqual(['its slice is overdrawn']);
  });
});

describe('a row past its cap', () => {
  it('CAP4 works again when what an order held back is free, also when nothing of it traded', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [bought] = sentOf(desk.intent(row, 'buy', 40));
    const [waits] = sentOf(desk.intent(row, 'buy', 45, { listing: 1 }));
    fill(desk, bought, 40, 14_000);
    expect(modeOf(desk)).toBe(REDUCING);
    desk.say(reportOf(desk, waits, 1, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    expect(modeOf(desk)).toBe(ACTIVE);
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('CAP1 an order that its venue restates dearer goes past the cap and the reserve with a record, restricts its row, and a kill still reaches it', () => {
    const desk = openDesk(undefined, undefined, '0');
    const row = desk.deploy(canary('d0', '1.0.0'));
    const [id] = sentOf(desk.intent(row, 'buy', 90));
    const { decisions } = desk.say(
      reportOf(desk, id, 0, { execType: 'restated', leavesQty: lots(90), orderQty: lots(90), price: ticks(1_500_000) }),
    );
    expect(decisions.filter(({ kind }) => kind === 'capitalOverdraft')).toHaveLength(1);
    expect(modeOf(desk)).toBe(REDUCING);
    expect(sentOf(desk.intent(row, 'buy', 1, { listing: 1 }))).toEqual([]);
    desk.order({ verb: 'kill', reason: 'x' }, trader, null);
    expect(modeOf(desk)).toBe(CANCEL_ONLY);
    desk.say(reportOf(desk, id, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    expect(desk.core.gate.slices[0].overdraft).toEqual({ hi: 0, lo: 0 });
  });
});

describe('stale feeds', () => {
  it('STALE a silent feed makes its rows CANCEL_ONLY within 250 ms of its deadline, not before, and a mark brings them back', () => {
    const desk = openDesk();
    const row = desk.deploy(canary('d0', '1.0.0'));
    desk.advance(staleAfter);
    expect(modeOf(desk)).toBe(ACTIVE);
    desk.advance(250_000);
    expect(modeOf(desk)).toBe(CANCEL_ONLY);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    desk.mark(0);
    desk.mark(1);
    expect(modeOf(desk)).toBe(ACTIVE);
    expect(sentOf(desk.intent(row, 'buy', 1))).toHaveLength(1);
  });

  it('STALE a heartbeat is life: no restriction while it comes', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0'));
    for (let n = 0; n < 10; n++) {
      desk.advance(staleAfter - 1);
      desk.say({ kind: 'feed', feed: 0, listing: -1, condition: 'heartbeat', value: 0, text: '' });
    }
    expect(modeOf(desk)).toBe(ACTIVE);
  });

  it('STALE resume and promote give no authority while the feed is silent', () => {
    for (const verb of ['resume', 'promote'] as const) {
      const desk = openDesk();
      const row = desk.deploy(canary('d0', '1.0.0'));
      pauseIt(desk);
      desk.advance(staleAfter + 250_000);
      desk.order({ verb, deploymentID: 'd0', reason: 'x' });
      expect([verb, modeOf(desk)]).toEqual([verb, CANCEL_ONLY]);
      expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
      desk.mark(0);
      desk.mark(1);
      expect([verb, modeOf(desk)]).toEqual([verb, ACTIVE]);
    }
  });

  it('STALE a version that warmed up under a silent feed trades only when it speaks', () => {
    const desk = openDesk();
    desk.order({ verb: 'deploy', spec: canary('d0', '1.0.0') }, trader);
    desk.host(desk.rowOf('1.0.0'), 'loaded');
    desk.advance(staleAfter + 250_000);
    desk.host(desk.rowOf('1.0.0'), 'warmed');
    expect(modeOf(desk)).toBe(CANCEL_ONLY);
    desk.mark(0);
    desk.mark(1);
    expect(modeOf(desk)).toBe(ACTIVE);
  });

  it('STALE rolls back only where the spec says so', () => {
    const desk = openDesk();
    desk.deploy(canary('d0', '1.0.0', { rollback: { ...canary('x', '1').rollback, onStale: 'rollback' } }));
    desk.advance(staleAfter + 250_000);
    expect(desk.phaseOf('d0')).toBe('Aborted');
  });
});

describe('capital', () => {
  it('CAP4 a row past its cap is REDUCING: it sells and does not buy, and is ACTIVE again within its cap', () => {
    const desk = openDesk();
    const row = overCap(desk);
    expect(sentOf(desk.intent(row, 'buy', 1))).toEqual([]);
    const [id] = sentOf(desk.intent(row, 'sell', 40, { reduceOnly: true }));
    expect(id).toBeGreaterThan(0);
    fill(desk, id, 40);
    expect(modeOf(desk)).toBe(ACTIVE);
  });

  it('CAP4 past its cap it comes back from a silent feed as REDUCING', () => {
    const desk = openDesk();
    overCap(desk);
    desk.advance(staleAfter + 250_000);
    expect(modeOf(desk)).toBe(CANCEL_ONLY);
    desk.mark(0);
    desk.mark(1);
    expect(modeOf(desk)).toBe(REDUCING);
  });

  it('CAP4 past its cap it is resumed after a kill as REDUCING', () => {
    const desk = openDesk();
    overCap(desk);
    desk.order({ verb: 'kill', reason: 'x' }, trader, null);
    desk.order(
      { verb: 'release', reason: 'x' },
      { personID: 'a', roles: ['SeniorManagement'] },
      { personID: 'b', roles: ['SeniorManagement'] },
    );
    desk.order(resume);
    expect(modeOf(desk)).toBe(REDUCING);
  });

  it('CAP1 CapitalOverdraft: past the reserve the whole slice is REDUCING and nothing in it is promoted', () => {
    const desk = openDesk(undefined, undefined, '0');
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(5_000, { entryGates: [] })], onInconclusive: 'hold' }));
    desk.order({ verb: 'waive', deploymentID: 'd0', stage: 0, gate: 'edge-5', reason: 'x' });
    desk.order({ verb: 'promote', deploymentID: 'd0', reason: 'x' });
    desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000), rung(5_000)] }));
    const [id] = sentOf(desk.intent(row, 'buy', 4_900));
    const turn = fill(desk, id, 4_900, 19_000);
    expect(turn.decisions.map((one) => one.kind)).toContain('capitalOverdraft');
    expect([modeOf(desk), modeOf(desk, '1.1.0')]).toEqual([REDUCING, REDUCING]);
    const answer = answerOf(desk.order({ verb: 'promote', deploymentID: 'd1', reason: 'x', waives: ['minDuration', 'edge-5'] }));
    expect(answer.code).toBe('NOT_ENOUGH_FREE_CAPITAL');
    expect(sentOf(desk.intent(desk.rowOf('1.1.0'), 'buy', 1))).toEqual([]);
  });

  it('CAP1 gives every row of the slice its work back when an order that is over ends the overdraft', () => {
    const desk = openDesk(undefined, undefined, '0');
    const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(5_000, { entryGates: [] })], onInconclusive: 'hold' }));
    desk.order({ verb: 'waive', deploymentID: 'd0', stage: 0, gate: 'edge-5', reason: 'x' });
    desk.order({ verb: 'promote', deploymentID: 'd0', reason: 'x' });
    desk.deploy(canary('d1', '1.1.0', { stages: [rung(1_000), rung(5_000)] }));
    const [bought] = sentOf(desk.intent(row, 'buy', 4_000));
    const [waits] = sentOf(desk.intent(row, 'buy', 900, { listing: 1 }));
    fill(desk, bought, 4_000, 21_500);
    expect([modeOf(desk), modeOf(desk, '1.1.0')]).toEqual([REDUCING, REDUCING]);
    desk.say(reportOf(desk, waits, 1, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    expect(desk.core.gate.slices[0].overdraft).toEqual({ hi: 0, lo: 0 });
    expect([modeOf(desk), modeOf(desk, '1.1.0')]).toEqual([REDUCING, ACTIVE]);
    expect(sentOf(desk.intent(desk.rowOf('1.1.0'), 'buy', 1))).toHaveLength(1);
  });

  it('CAP1 a slice is not enlarged by one person, nor by naming another currency', () => {
    const desk = openDesk();
    desk.say({ kind: 'register', what: 'currency', currency: { code: 'FIN', exponent: 12, feeDecimals: 2 } });
    const slice = {
      verb: 'setSlice',
      sliceID,
      algorithmID: 'algo',
      accountGroup: 'main',
      currency: 'USD',
      totalCapital: '2000000',
      reserve: '100000',
    } as const;
    expect(answerOf(desk.order(slice, admin, null)).code).toBe('SECOND_PERSON_REQUIRED');
    const other = { ...slice, currency: 'FIN', totalCapital: '1000000' };
    expect(answerOf(desk.order(other, admin, { ...admin2, roles: ['Admin'] })).code).not.toBe('OK');
  });

  it('POS1 an external fill is booked to the custodian and said; it counts in the capital', () => {
    const desk = openDesk();
    const { decisions, effects } = desk.say({
      kind: 'externalFill',
      account: 0,
      listing: 0,
      side: 'buy',
      lastQty: lots(5),
      lastPx: ticks(10_000),
      execID: 'x1',
      transactTime: micros(desk.at),
    });
    expect(decisions.map((one) => one.kind)).toEqual(['breakFound', 'fillBooked']);
    expect(effects.map((one) => one.kind)).toEqual(['alert']);
    expect(desk.core.risk.positions.leafPosition(desk.core.gate.slices[0].custodian, 0, 0, false)).toBe(5);
  });
});
