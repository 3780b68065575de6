import { describe, expect, it } from 'vitest';
import { splitZero, toBigInt } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { canary, rung } from './rollout-specs.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, sliceID, type RolloutDesk } from './rollout-desk.ts';
import { blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

/** 1.0.0 is on the first of two rungs, holds 10 lots, and 1.1.0 took over from it. */
function replaced(positions: 'transfer' | 'drain'): { desk: RolloutDesk; blue: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const day = { days: 1, micros: 0 };
  const blue = desk.deploy(canary('ladder', '1.0.0', { stages: [rung(500, { minDuration: day }), rung(1_000)] }));
  const [first] = sentOf(desk.intent(blue, 'buy', 10));
  desk.say(reportOf(desk, first, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_001), cumQty: 10, leavesQty: 0 }));
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions, openOrders: 'adopt' } }));
  settleNow(desk, host);
  return { desk, blue };
}

const capOf = (desk: RolloutDesk, row: number): bigint => {
  const out = splitZero();
  capInto(out, desk.core.gate, row);
  return toBigInt(out);
};
const days = (desk: RolloutDesk, count: number): void => {
  for (let n = 0; n < 96 * count; n++) {
    desk.advance(900_000_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
};

describe('a version that another one took over from', () => {
  it('gets no capital by resume, retry, promote or allocate, and its ladder does not go on', () => {
    for (const positions of ['transfer', 'drain'] as const) {
      const { desk, blue } = replaced(positions);
      const lifecycle = positions === 'transfer' ? 'Standby' : 'Draining';
      expect([desk.core.rollout.lifecycle[blue], desk.phaseOf('ladder')]).toEqual([lifecycle, 'Paused']);
      const deploymentID = 'ladder';
      const answers = [
        desk.order({ verb: 'resume', deploymentID, reason: 'test' }, risk, null),
        desk.order({ verb: 'promote', deploymentID, reason: 'test', waives: ['minDuration'] }, risk, senior2),
        desk.order({ verb: 'allocate', sliceID, version: '1.0.0', allocation: 500, reason: 'test' }, risk, senior2),
      ].map((turn) => answerOf(turn));
      expect(answers.map(({ code }) => code)).toEqual(['NOT_IN_THIS_PHASE', 'NOT_IN_THIS_PHASE', 'NOT_IN_THIS_PHASE']);
      expect(answers[0].text).toBe(`resume: another version took over from ${sliceID}/1.0.0, which is ${lifecycle}`);
      days(desk, 0.5);
      expect([desk.phaseOf('ladder'), capOf(desk, blue), modeOf(desk.core.gate, blue)]).toEqual([
        'Paused',
        0n,
        positions === 'transfer' ? 'SIMULATED' : 'REDUCING',
      ]);
    }
  });

  it('may work off what it holds again when a pause of its strategy ends, and nothing more', () => {
    const { desk, blue } = replaced('drain');
    desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason: 'test' }, risk, null);
    expect(modeOf(desk.core.gate, blue)).toBe('CANCEL_ONLY');
    desk.order({ verb: 'startStrategy', algorithmID: 'algo', reason: 'test' }, risk, senior2);
    expect([modeOf(desk.core.gate, blue), desk.phaseOf('ladder'), capOf(desk, blue)]).toEqual(['REDUCING', 'Paused', 0n]);
    expect(sentOf(desk.intent(blue, 'buy', 1))).toEqual([]);
    expect(sentOf(desk.intent(blue, 'sell', 10)).length).toBe(1);
  });
});

describe('a version that took over', () => {
  it('can be given less by one person, at once, and never more; its watch goes on', () => {
    const { desk } = replaced('transfer');
    const green = desk.rowOf('1.1.0');
    const before = capOf(desk, green);
    expect(before).toBeGreaterThan(0n);
    const less = { verb: 'allocate', sliceID, version: '1.1.0', allocation: 100, reason: 'test' } as const;
    expect(answerOf(desk.order(less, risk, null)).code).toBe('OK');
    expect(capOf(desk, green)).toBeLessThan(before);
    const lowered = capOf(desk, green);
    for (const allocation of [101, 500])
      expect(answerOf(desk.order({ ...less, allocation }, risk, senior2)).text).toBe(
        `${sliceID}/1.1.0 holds no stage of a ladder: its share can be lowered, nothing says how far it may rise`,
      );
    days(desk, 0.5);
    expect([desk.phaseOf('bg'), capOf(desk, green), modeOf(desk.core.gate, green)]).toEqual(['Healthy', lowered, 'ACTIVE']);
    expect(answerOf(desk.order({ ...less, allocation: 0 }, risk, null)).code).toBe('OK');
    expect([capOf(desk, green), modeOf(desk.core.gate, green)]).toEqual([0n, 'REDUCING']);
  });
});
