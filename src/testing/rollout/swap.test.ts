import { describe, expect, it } from 'vitest';
import { toBigInt, splitZero } from '../../base/split.ts';
import { lots, ticks } from '../../base/units.ts';
import { firstOfRow } from '../../core/orders/order-store.ts';
import { modeOf, usedInto } from '../../core/risk/order-gate.ts';
import { answerOf, openDesk, reportOf, risk, senior2, sentOf, trader, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const used = (desk: RolloutDesk, row: number): bigint => {
  const out = splitZero();
  usedInto(out, desk.core.gate, row);
  return toBigInt(out);
};
const kinds = (desk: RolloutDesk): readonly string[] =>
  desk.turns.flatMap((turn) => turn.decisions.map((one) => one.kind)).filter((kind) => /swap|green|orderAdopted/i.test(kind));

/** 1.0.0 is Active, holds 10 lots and has a resting order of 20. */
function holding(): { desk: RolloutDesk; host: FakeHost; blue: number; resting: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  const blue = activeVersion(desk, '1.0.0');
  const [first] = sentOf(desk.intent(blue, 'buy', 10));
  desk.say(reportOf(desk, first, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_001), cumQty: 10, leavesQty: 0 }));
  const [resting] = sentOf(desk.intent(blue, 'buy', 20, { price: ticks(9_990) }));
  desk.say(reportOf(desk, resting, 0, { execType: 'new', cumQty: 0, leavesQty: 20 }));
  return { desk, host, blue, resting };
}

describe('a swap of two versions', () => {
  it('goes from proposal to commit in one instant: capital, lots and orders change hands, both epochs rise', () => {
    const { desk, host, blue, resting } = holding();
    const { gate } = desk.core;
    const [epoch, before] = [gate.epoch[blue], used(desk, blue)];
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    expect(kinds(desk)).toEqual(['swapProposed', 'swapPrepared', 'greenReady', 'swapFrozen', 'swapCommitted', 'orderAdopted']);
    expect([modeOf(gate, blue), modeOf(gate, green)]).toEqual(['SIMULATED', 'ACTIVE']);
    expect([gate.epoch[blue], gate.epoch[green]]).toEqual([epoch + 1, 2]);
    expect([used(desk, blue), used(desk, green)]).toEqual([0n, before]);
    expect(desk.core.residualLots(green)).toBe(10);
    expect(firstOfRow(desk.core.orders, green)?.clOrdID).toBe(resting);
    expect(firstOfRow(desk.core.orders, blue)).toBeUndefined();
    expect([desk.core.rollout.lifecycle[blue], desk.core.rollout.lifecycle[green]]).toEqual(['Standby', 'Active']);
    expect(host.steps).toEqual(['sync', 'try', 'stop', 'adopt', 'commit']);
  });

  it("a fill of an adopted order is the new version's, and so is a late fill of an order that had ended", () => {
    const { desk, host, blue, resting } = holding();
    const [canceled] = sentOf(desk.intent(blue, 'buy', 5, { price: ticks(9_980) }));
    desk.say(reportOf(desk, canceled, 0, { execType: 'new', cumQty: 0, leavesQty: 5 }));
    desk.say(reportOf(desk, canceled, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    const fill = { execType: 'trade', lastQty: lots(5), lastPx: ticks(9_990) } as const;
    const owners = [resting, canceled].flatMap((id) =>
      desk
        .say(reportOf(desk, id, 0, { ...fill, cumQty: 5, leavesQty: id === resting ? 15 : 0 }))
        .decisions.flatMap((one) => (one.kind === 'fillBooked' ? [one.row] : [])),
    );
    expect(owners).toEqual([green, green]);
    expect([desk.core.residualLots(blue), desk.core.residualLots(green)]).toEqual([0, 20]);
  });

  it('the old version can never act again under its old epoch, and the new one may under its own', () => {
    const { desk, host, blue } = holding();
    const epoch = desk.core.gate.epoch[blue];
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    const stale = desk.intent(blue, 'buy', 1, { epoch }).decisions;
    expect(stale.map((one) => (one.kind === 'orderDenied' ? one.code : one.kind))).toEqual(['STALE_EPOCH']);
    desk.tags[green] = desk.core.lastTag[green] ?? 0;
    expect(sentOf(desk.intent(green, 'buy', 1, { price: ticks(9_991) })).length).toBe(1);
  });

  it('with openOrders cancel it waits for the cancels, and aborts when they do not come within half a second', () => {
    const { desk, host, blue, resting } = holding();
    const spec = blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'transfer', openOrders: 'cancel' } });
    deployGreen(desk, host, spec);
    settleNow(desk, host);
    expect(modeOf(desk.core.gate, blue)).toBe('CANCEL_ONLY');
    expect(host.steps).toEqual(['sync', 'try', 'stop']);
    desk.mark(0);
    desk.mark(1);
    desk.advance(499_999);
    expect(kinds(desk)).not.toContain('swapAborted');
    desk.advance(1);
    expect(kinds(desk).at(-1)).toBe('swapAborted');
    expect(modeOf(desk.core.gate, blue)).toBe('ACTIVE');
    expect(desk.phaseOf('bg')).toBe('Paused');
    desk.say(reportOf(desk, resting, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
    expect(kinds(desk)).not.toContain('swapCommitted');
  });

  it('a hash that differs, another watermark and a refusal abort it, and the old version goes on', () => {
    const spoils = [
      { name: 'hash', step: 'adopted', change: { taken: 'f'.repeat(64) } },
      { name: 'watermark', step: 'adopted', change: { eventSeq: 99 } },
      { name: 'refusal', step: 'adopted', change: { event: 'refused', text: 'no' } },
      { name: 'overflow', step: 'adopted', change: { event: 'overflow', text: 'full' } },
      { name: 'hash at first', step: 'synced', change: { taken: 'f'.repeat(64) } },
    ] as const;
    for (const { name, step, change } of spoils) {
      const { desk, host, blue } = holding();
      const before = [used(desk, blue), desk.core.gate.epoch[blue]];
      host.spoil = (notice) => (notice.event === step ? { ...notice, ...change } : notice);
      deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
      settleNow(desk, host);
      expect({ name, last: kinds(desk).at(-1) }).toEqual({ name, last: 'swapAborted' });
      expect([modeOf(desk.core.gate, blue), used(desk, blue), desk.core.gate.epoch[blue]]).toEqual(['ACTIVE', ...before]);
    }
  });

  it('a kill, a rollback of either version and a pause during the freeze give everything back to the old version first', () => {
    const ends: readonly ((desk: RolloutDesk, blue: number, green: number) => void)[] = [
      (desk) => desk.order({ verb: 'kill', reason: 'test' }, trader, null),
      (desk, blue) => desk.host(blue, 'exception'),
      (desk, _blue, green) => desk.host(green, 'exception'),
      (desk) => desk.order({ verb: 'pause', deploymentID: 'bg', reason: 'test' }, risk, null),
    ];
    for (const end of ends) {
      const { desk, host, blue } = holding();
      host.spoil = (notice) => (notice.event === 'adopted' ? null : notice);
      const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
      settleNow(desk, host);
      expect(desk.core.rollout.swaps[0].step).toBe('adopting');
      end(desk, blue, green);
      const turn = desk.turns.at(-1);
      const seen = turn?.decisions.map((one) => one.kind) ?? [];
      const aborted = seen.indexOf('swapAborted');
      expect(aborted).toBeGreaterThanOrEqual(0);
      if (seen.includes('triggerFired')) expect(aborted).toBeLessThan(seen.indexOf('triggerFired'));
      expect(desk.core.rollout.openSwaps).toEqual([]);
    }
  });

  it('is finalized after its monitoring duration; then the old version is put away after the rollback window', () => {
    const { desk, host, blue } = holding();
    deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
    settleNow(desk, host);
    for (let n = 0; n < 70; n++) {
      desk.advance(900_000);
      for (const listing of [0, 1]) desk.mark(listing);
    }
    expect([kinds(desk).at(-1), desk.phaseOf('bg')]).toEqual(['swapFinalized', 'Healthy']);
    expect(desk.core.rollout.lifecycle[blue]).toBe('Standby');
    desk.advance(86_400_000_000);
    expect(desk.core.rollout.lifecycle[blue]).toBe('Retired');
    expect(desk.core.rollout.openSwaps).toEqual([]);
  });

  it('is refused under the kill switch, beside another swap, for a version that is not active, and without paper or waiver', () => {
    const { desk, host } = holding();
    const deploy = (spec: ReturnType<typeof blueGreen>): string => answerOf(desk.order({ verb: 'deploy', spec }, trader)).code;
    expect(deploy(blueGreen('x', '1.3.0', '1.1.0'))).toBe('BLUE_NOT_ACTIVE');
    deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { autoProgress: false }));
    settleNow(desk, host);
    expect(deploy(blueGreen('y', '1.0.0', '1.2.0'))).toBe('SWAP_OR_ROLLBACK_IN_FLIGHT');
    expect(desk.phaseOf('bg')).toBe('Paused');
    expect(answerOf(desk.order({ verb: 'promote', deploymentID: 'bg', reason: 'go' }, risk, senior2)).code).toBe('OK');
    host.take(desk.turns.at(-1)?.effects ?? []);
    settleNow(desk, host);
    expect(kinds(desk)).toContain('swapCommitted');
    desk.order({ verb: 'kill', reason: 'test' }, trader, null);
    expect(deploy(blueGreen('z', '1.1.0', '1.2.0'))).toBe('KILL_SWITCH_ENGAGED');
  });

  it("drained positions stay with the old version, which may only reduce; what it frees is the new one's", () => {
    const { desk, host, blue } = holding();
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'drain', openOrders: 'adopt' } }));
    settleNow(desk, host);
    const { gate, rollout } = desk.core;
    expect([modeOf(gate, blue), rollout.lifecycle[blue], desk.core.residualLots(blue)]).toEqual(['REDUCING', 'Draining', 10]);
    const [exit] = sentOf(desk.intent(blue, 'sell', 10));
    desk.say(reportOf(desk, exit, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(9_999), cumQty: 10, leavesQty: 0 }));
    expect([modeOf(gate, blue), rollout.lifecycle[blue], desk.core.residualLots(blue)]).toEqual(['SIMULATED', 'Standby', 0]);
    expect(modeOf(gate, green)).toBe('ACTIVE');
    expect(desk.core.capitalOf(green)).toBe(100_000);
  });
});
