import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { stateHash } from '../../core/engine.ts';
import type { GateJudged } from '../../domain/decision.ts';
import type { OrderCompared } from '../../domain/order-compared.ts';
import type { Report } from '../../domain/report.ts';
import type { GateSpec } from '../../domain/spec.ts';
import { answerOf, openDesk, reportOf, RolloutDesk, sentOf, trader, type Turn } from './rollout-desk.ts';
import { canary, paper, rung } from './rollout-specs.ts';

const second = 1_000_000;

/** A version on paper with all of the capital, and a live one with a hundredth of it. */
function both(gates: readonly GateSpec[] = []): { readonly desk: RolloutDesk; readonly live: number; readonly shadow: number } {
  const desk = openDesk();
  const shadow = desk.deploy({ ...paper('p', '1.1.0', null), promotionCriteria: null });
  const stages = [rung(100), rung(200, { entryGates: gates.map(({ name }) => name) })];
  const live = desk.deploy(canary('d', '1.0.0', { stages, gates, onInconclusive: 'hold' }));
  return { desk, live, shadow };
}

interface Sent {
  readonly qty: number;
  readonly price?: number;
  readonly side?: 'buy' | 'sell';
}

function send(desk: RolloutDesk, row: number, { qty, price = 10_001, side = 'buy' }: Sent): number {
  const [id] = sentOf(desk.intent(row, side, qty, { price: ticks(price) }));
  if (id === undefined) throw new Error(JSON.stringify(desk.turns.at(-1)?.decisions));
  return id;
}

function fill(desk: RolloutDesk, id: number, qty: number, px: number, of: number, more: Partial<Report> = {}): Turn {
  const simulated = isSimulated(desk, id);
  const done = { cumQty: lots(of), leavesQty: lots(0) };
  return desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), simulated, ...done, ...more }));
}

function isSimulated(desk: RolloutDesk, id: number): boolean {
  return desk.turns.some((turn) =>
    turn.decisions.some((one) => one.kind === 'orderSent' && one.order.clOrdID === id && one.order.simulated),
  );
}

function pass(desk: RolloutDesk, by = 2 * second): void {
  for (let left = by; left > 0; left -= second / 2) {
    desk.advance(Math.min(left, second / 2));
    desk.mark(0);
    desk.mark(1);
  }
}

function compared(desk: RolloutDesk): readonly OrderCompared[] {
  return desk.turns.flatMap((turn) => turn.decisions.filter((one) => one.kind === 'orderCompared'));
}

describe('orders of a live version beside those of one on paper', () => {
  it('are counterparts when side, instrument, time, limit and the quantity by capital are alike: each difference is said once both have ended', () => {
    const { desk, live, shadow } = both();
    const there = send(desk, shadow, { qty: 5_000 });
    desk.advance(400_000);
    const here = send(desk, live, { qty: 50 });
    fill(desk, there, 5_000, 10_000, 5_000);
    pass(desk);
    expect(compared(desk)).toEqual([]);
    fill(desk, here, 30, 10_001, 30, { leavesQty: lots(20) });
    desk.say(reportOf(desk, here, 0, { execType: 'canceled', cumQty: lots(30), leavesQty: lots(0) }));
    const [one, ...more] = compared(desk);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      row: live,
      besideRow: shadow,
      as: 'paper',
      outcome: 'matched',
      why: 'none',
      clOrdID: here,
      besideClOrdID: there,
    });
    expect(one).toMatchObject({ timeApart: 400_000, orderQty: 50, besideQty: 5_000, filledQty: 30, besideFilledQty: 5_000, limitApart: 0 });
    // 10,001 against a middle of 10,000 that was bought at by the other
    expect(one.cost).toBeCloseTo(1, 12);
    expect(one.besideCost).toBe(0);
    expect(one.priceApart).toBeCloseTo(1, 12);
    expect(one.filledApart).toBeCloseTo(0.6 - 1, 12);
    expect(one.fillTimeApart).toBe(1_600_000);
    expect(one.notional).toBeCloseTo(30 * 100.01, 9);
  });

  it('choose the nearest counterpart by limit, not the first that is alike', () => {
    const { desk, live, shadow } = both();
    const far = send(desk, shadow, { qty: 1_000, price: 10_004 });
    const near = send(desk, shadow, { qty: 1_000, price: 10_001 });
    const here = send(desk, live, { qty: 10, price: 10_001 });
    for (const [id, qty] of [
      [far, 1_000],
      [near, 1_000],
      [here, 10],
    ] as const)
      fill(desk, id, qty, 10_000, qty);
    pass(desk);
    expect(compared(desk).map(({ outcome, clOrdID, besideClOrdID }) => [outcome, clOrdID, besideClOrdID])).toEqual([
      ['matched', here, near],
      ['onlyBeside', 0, far],
    ]);
  });

  it.each([
    ['side', { qty: 10, side: 'sell' as const, price: 9_999 }, 'nothing'],
    ['limit', { qty: 10, price: 10_020 }, 'price'],
    ['quantity', { qty: 14 }, 'quantity'],
  ])('that differ in %s are alone, and it is said why', (_what, other, why) => {
    const { desk, live, shadow } = both();
    send(desk, shadow, { qty: 1_000 });
    send(desk, live, other);
    pass(desk);
    expect(compared(desk).map(({ outcome, why: said }) => [outcome, said])).toEqual([
      ['onlyLive', why],
      ['onlyBeside', why],
    ]);
  });

  it('more than a second apart are alone', () => {
    const { desk, live, shadow } = both();
    send(desk, shadow, { qty: 1_000 });
    pass(desk, second + second / 2);
    send(desk, live, { qty: 10 });
    pass(desk);
    expect(compared(desk).map(({ outcome }) => outcome)).toEqual(['onlyBeside', 'onlyLive']);
  });

  it('follow a replacement by its new number, and a bust takes its fill back', () => {
    const { desk, live, shadow } = both();
    const there = send(desk, shadow, { qty: 1_000 });
    const first = send(desk, live, { qty: 10 });
    desk.say(reportOf(desk, first, 0, { execType: 'new', leavesQty: lots(10) }));
    const replaced = desk.intent(live, 'buy', 10, { action: 'replace', targetTag: desk.tags[live] ?? 0, price: ticks(10_001) });
    const again = replaced.decisions.find((one) => one.kind === 'replaceSent');
    if (again?.kind !== 'replaceSent') throw new Error('expected a replace');
    const second2 = again.order.clOrdID;
    desk.say(reportOf(desk, second2, 0, { execType: 'replaced', origClOrdID: first, leavesQty: lots(10) }));
    fill(desk, second2, 4, 10_003, 4, { leavesQty: lots(6), execID: 'wrong' });
    desk.say(reportOf(desk, second2, 0, { execType: 'tradeCancel', execRefID: 'wrong', cumQty: lots(0), leavesQty: lots(10) }));
    fill(desk, second2, 10, 10_001, 10);
    fill(desk, there, 1_000, 10_001, 1_000);
    pass(desk);
    expect(compared(desk)).toMatchObject([{ outcome: 'matched', clOrdID: second2, filledQty: 10, filledApart: 0 }]);
    expect(compared(desk)[0].cost).toBeCloseTo(1, 12);
  });

  it('are in the snapshot and in the state hash, and a replay compares the same', () => {
    const { desk, live, shadow } = both();
    send(desk, shadow, { qty: 1_000 });
    const before = stateHash(desk.core);
    const here = send(desk, live, { qty: 10 });
    desk.core.rollout.comparisons[0].own[0].filledQty = 1;
    const changed = stateHash(desk.core);
    desk.core.rollout.comparisons[0].own[0].filledQty = 0;
    expect(new Set([before, changed, stateHash(desk.core)]).size).toBe(3);
    const copy = decodeCore(encodeCore(desk.core));
    if (!copy.ok) throw new Error(copy.error);
    expect(stateHash(copy.value)).toBe(stateHash(desk.core));
    fill(desk, here, 10, 10_000, 10);
    pass(desk);
    const again = new RolloutDesk();
    for (const turn of desk.turns) {
      again.at = turn.at;
      expect(again.say(turn.input).decisions).toEqual(turn.decisions);
    }
    expect(stateHash(again.core)).toBe(stateHash(desk.core));
  });
});

describe('the error of the slippage model as a gate', () => {
  const gate = (parameters: GateSpec['parameters'] = {}): GateSpec => ({
    name: 'model',
    metric: 'slippage',
    test: 'modelError',
    parameters: { orders: 30, ...parameters },
  });

  /** So many pairs of orders, whose slippage is predicted and realized in ticks. */
  function pairs(
    n: number,
    predicted: (n: number) => number,
    realized: (n: number) => number,
    one = gate(),
  ): { desk: RolloutDesk; last: GateJudged | undefined } {
    const { desk, live, shadow } = both([one]);
    for (let i = 0; i < n; i++) {
      const side = i % 2 === 0 ? 'buy' : 'sell';
      const sign = i % 2 === 0 ? 1 : -1;
      const price = 10_000 + sign * 5;
      const there = send(desk, shadow, { qty: 1_000, side, price });
      const here = send(desk, live, { qty: 10, side, price });
      fill(desk, there, 1_000, 10_000 + sign * predicted(i), 1_000);
      fill(desk, here, 10, 10_000 + sign * realized(i), 10);
      pass(desk);
    }
    pass(desk, 61 * second);
    const judged = desk.turns.flatMap((turn) =>
      turn.decisions.filter((d) => d.kind === 'gateJudged' && d.gate === 'model'),
    ) as readonly GateJudged[];
    return { desk, last: judged.at(-1) };
  }

  it('passes once it is shown to be within, on one seq with the hash of its inputs', () => {
    const { desk, last } = pairs(
      30,
      (i) => 1 + (i % 3),
      (i) => 1 + (i % 3),
    );
    expect(last).toMatchObject({ verdict: 'pass', value: 0, limit: 0.05 });
    expect(last?.inputsHash).toMatch(/^[0-9a-f]{64}$/);
    expect(last?.atSeq).toBeGreaterThan(0);
    expect(desk.core.rollout.deployments[1].stage).toBe(1);
  });

  it('is the notional-weighted absolute error of decision 19, and fails when shown to be beyond', () => {
    const { desk, last } = pairs(
      30,
      (i) => 1 + (i % 3),
      (i) => 2 + (i % 3),
    );
    // |p - r| = 1 bps in each, r = 2, 3, 4: sum of N cancels but for the fill prices
    const [mean, n] = [3, 30];
    expect(last).toMatchObject({ verdict: 'fail', limit: 0.05 });
    expect(last?.value).toBeCloseTo(n / (n * mean), 3);
    expect(desk.core.rollout.deployments[1]).toMatchObject({ stage: 0, phase: 'Paused', failedGate: 'model' });
  });

  it('is inconclusive before its first look, and where nothing runs beside it', () => {
    expect(
      pairs(
        29,
        () => 1,
        () => 1,
      ).last,
    ).toMatchObject({ verdict: 'inconclusive' });
    const desk = openDesk();
    desk.deploy(
      canary('d', '1.0.0', { stages: [rung(100), rung(200, { entryGates: ['model'] })], gates: [gate()], onInconclusive: 'hold' }),
    );
    pass(desk, 62 * second);
    const judged = desk.turns.flatMap((turn) => turn.decisions).filter((one) => one.kind === 'gateJudged' && one.gate === 'model');
    expect(judged.at(-1)).toMatchObject({ verdict: 'inconclusive', text: 'no order was executed here and beside it in the shadow yet' });
  });

  it('is declared before its first order, and no retry, pause or new deployment of the version resets it', () => {
    const { desk } = pairs(
      30,
      () => 1,
      () => 3,
    );
    const before = structuredClone(desk.core.rollout.slippage);
    expect(before).toMatchObject([{ ordinal: 1, orders: 30, looks: 1, word: 'fail' }]);
    desk.order({ verb: 'retry', deploymentID: 'd', reason: 'again' });
    desk.order({ verb: 'abort', deploymentID: 'd', reason: 'another run' });
    expect(desk.phaseOf('d')).toBe('Aborted');
    desk.order({ verb: 'unhalt', sliceID: 'algo@main.USD', version: '1.0.0', reason: 'again' });
    const stages = [rung(100), rung(200, { entryGates: ['model'] })];
    const answer = answerOf(desk.order({ verb: 'deploy', spec: canary('e', '1.0.0', { stages, gates: [gate()] }) }, trader));
    if (answer.code !== 'OK') throw new Error(answer.text);
    for (const event of ['loaded', 'warmed'] as const) desk.host(desk.rowOf('1.0.0'), event);
    expect(desk.core.rollout.slippage).toEqual(before);
  });

  it.each([
    [{ maximum: 0 }, 'maximum: expected a share'],
    [{ orders: 29 }, 'orders: expected 30'],
    [{ alpha: 0.5 }, 'alpha: expected a probability'],
    [{ against: 'champion' }, 'against: modelError is judged beside a shadow'],
  ])('refuses %o by name', (parameters, text) => {
    const desk = openDesk();
    const spec = canary('d', '1.0.0', { stages: [rung(100), rung(200, { entryGates: ['model'] })], gates: [gate(parameters)] });
    expect(answerOf(desk.order({ verb: 'deploy', spec }, trader))).toMatchObject({ code: 'GATE_NOT_JUDGED' });
    expect(answerOf(desk.turns.at(-1) as Turn).text).toContain(text);
  });
});
