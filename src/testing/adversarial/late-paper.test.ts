import { expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import { createOutcome } from '../../core/outcome.ts';
import { checkSums } from '../../core/positions/check-sums.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { ProgressivePlan } from '../../domain/spec.ts';
import { heldOf } from '../../runtime/held.ts';
import type { OwnEvent } from '../../runtime/host-port.ts';
import { ownEventsOf } from '../../runtime/own-events.ts';
import { openDesk, reportOf, risk, senior2, sentOf, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { canary, paper, rung } from '../rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../rollout/swap-desk.ts';

function seconds(desk: RolloutDesk, n: number): void {
  for (let left = n * 2; left > 0; left--) {
    for (const listing of [0, 1]) desk.mark(listing);
    desk.advance(500_000);
  }
}

const fillOnPaper = (desk: RolloutDesk, id: number, qty: number): Turn =>
  desk.say(
    reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(9_000), cumQty: qty, leavesQty: 0, simulated: true }),
  );

function heardOf(desk: RolloutDesk, decisions: Turn['decisions']): readonly OwnEvent[] {
  const heard: OwnEvent[] = [];
  ownEventsOf(desk.core, decisions, heard);
  return heard;
}

/** 1.0.0 has an order at the simulator whose cancel is never answered, and the next deployment of it has begun. */
function outlived(next: 'live' | 'paper'): {
  readonly desk: RolloutDesk;
  readonly row: number;
  readonly id: number;
  readonly from: number;
} {
  const desk = openDesk();
  const rollbackThresholds = { ...canary('x', '1').rollbackThresholds, maxErrorRate: 0.01 };
  const then = next === 'live' ? canary('again', '1.0.0', { stages: [rung(1_000)], rollbackThresholds }) : paper('again', '1.0.0', null);
  const row = desk.deploy(paper('p', '1.0.0', then));
  seconds(desk, 1);
  const [id] = sentOf(desk.intent(row, 'buy', 1_000, { price: ticks(9_000), timeInForce: 'gtc' }));
  desk.say(reportOf(desk, id, 0, { execType: 'new', simulated: true }));
  seconds(desk, 70);
  expect(desk.phaseOf('p')).toBe('Healthy');
  const from = desk.turns.length;
  desk.host(row, 'loaded');
  desk.host(row, 'warmed');
  expect(desk.phaseOf('again')).toBe('Progressing');
  return { desk, row, id, from };
}

it('an order at the simulator that outlives its run is taken back again when the next one begins', () => {
  const { desk, id, from } = outlived('live');
  const again = desk.turns.slice(from).flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'cancelSent'));
  expect(again.map(({ target }) => target)).toEqual([id]);
});

it('its late fill is no position of the capital that the version trades by now: no limit of it is breached, and nothing of it is used', () => {
  const { desk, row, id } = outlived('live');
  const key = { scope: 'version', scopeID: 'algo@main.USD/1.0.0', limit: 'maxPosition' } as const;
  desk.order({ verb: 'setLimit', key, value: 100 }, risk, senior2);
  fillOnPaper(desk, id, 1_000);
  seconds(desk, 1);
  expect(desk.phaseOf('again')).toBe('Progressing');
  expect(desk.core.residualLots(row)).toBe(0);
  expect([desk.core.gate.reserved.lo[row], desk.core.gate.entryCost.lo[row]]).toEqual([0, 0]);
});

it('its rejects and timeouts are no errors of the version that trades capital by now', () => {
  const { desk, row, id } = outlived('live');
  for (let n = 0; n < 9; n++) desk.say(reportOf(desk, id, 0, { execType: 'timeout', execID: '', simulated: true }));
  expect(desk.core.risk.monitors.rows[row]).toMatchObject({ trials: 0, errors: 0 });
  expect(desk.phaseOf('again')).toBe('Progressing');
});

it.each(['live', 'paper'] as const)(
  'its late fill is none of the instance that runs now (%s): it neither holds nor hears of it',
  (next) => {
    const { desk, row, id } = outlived(next);
    const { decisions } = fillOnPaper(desk, id, 1_000);
    expect(heldOf(desk.core, row).positions).toEqual([]);
    expect(heardOf(desk, decisions)).toEqual([]);
    const end = desk.say(reportOf(desk, id, 0, { execType: 'cancelRejected', cumQty: 1_000, leavesQty: 0, simulated: true }));
    expect(end.decisions.map(({ kind }) => kind)).toEqual(['orderStateChanged']);
    expect(heardOf(desk, end.decisions)).toEqual([]);
    expect(decisions.find((one) => one.kind === 'fillBooked')).toMatchObject({ row: desk.core.gate.slices[0].custodian });
    expect(desk.core.gate.paperCost.lo[row]).toBe(0);
    expect(checkSums(desk.core.ledger)).toEqual([]);
    // a thousand a lot: what it made is nobody's either
    desk.mark(0, 90_000);
    expect(desk.core.risk.pnl.rowTotal.lo[row * 2 + 1]).toBe(0);
  },
);

const minute = 60_000_000;
const plan: ProgressivePlan = {
  updateFrequency: { days: 0, micros: minute },
  curve: 'Linear',
  score: 'evidence',
  hysteresis: 0.1,
  minSample: 3,
  patience: { days: 1, micros: 0 },
  thresholds: [0.5],
};

it.each(['loaded', 'warmed'] as const)(
  'nor is it of the instance that begins its first rung, loaded afresh by the same deployment (%s)',
  (until) => {
    const desk = openDesk();
    const expected = { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 0, micros: minute } };
    const stages = [rung(100)];
    const row = desk.deploy(
      canary('p', '1.0.0', { strategy: 'Progressive', onInconclusive: 'hold', stages, expect: expected, progressive: plan }),
    );
    const [held] = sentOf(desk.intent(row, 'buy', 5_000, { price: ticks(10_001) }));
    fillOnPaper(desk, held, 5_000);
    const [id] = sentOf(desk.intent(row, 'buy', 1_000, { price: ticks(9_000), timeInForce: 'gtc' }));
    desk.say(reportOf(desk, id, 0, { execType: 'new', simulated: true }));
    for (let price = 10_000; price <= 12_400; price += 300) {
      desk.advance(minute - (desk.at % minute) - 500_000);
      desk.mark(0, price);
      desk.mark(1);
      desk.advance(600_000);
    }
    expect(desk.core.rollout.lifecycle[row]).toBe('Loading');
    desk.host(row, 'loaded');
    if (until === 'warmed') desk.host(row, 'warmed');
    const { decisions } = fillOnPaper(desk, id, 1_000);
    expect(heardOf(desk, decisions)).toEqual([]);
    expect(decisions.find((one) => one.kind === 'fillBooked')).toMatchObject({ row: desk.core.gate.slices[0].custodian });
    expect(checkSums(desk.core.ledger)).toEqual([]);
  },
);

/** 1.1.0 has an order at the simulator from the shadow of 1.0.0, of which it has taken over by a swap. */
function tookOver(): { readonly desk: RolloutDesk; readonly green: number; readonly id: number } {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const shadow = { days: 0, micros: 5_000_000 };
  const green = deployGreen(desk, host, { ...spec, blueGreen: spec.blueGreen === null ? null : { ...spec.blueGreen, warmup: shadow } });
  settleNow(desk, host);
  const [id] = sentOf(desk.intent(green, 'buy', 1_000, { price: ticks(9_000), timeInForce: 'gtc' }));
  desk.say(reportOf(desk, id, 0, { execType: 'new', simulated: true }));
  expect(desk.core.rollout.lifecycle[green]).toBe('Shadow');
  for (let n = 0; n < 20; n++) {
    const from = desk.turns.length;
    desk.advance(500_000);
    for (const listing of [0, 1]) desk.mark(listing);
    for (const { effects } of desk.turns.slice(from)) host.take(effects);
    settleNow(desk, host);
  }
  expect(desk.core.rollout.lifecycle[green]).toBe('Active');
  return { desk, green, id };
}

it('nor is it of a version that took over by a swap: a desk that went on from its snapshot tells its instance no more than the one before', () => {
  const { desk, green, id } = tookOver();
  const copy = decodeCore(encodeCore(desk.core).slice());
  if (!copy.ok) throw new Error(copy.error);
  const late = reportOf(desk, id, 0, {
    execType: 'trade',
    lastQty: lots(1_000),
    lastPx: ticks(9_000),
    cumQty: 1_000,
    leavesQty: 0,
    simulated: true,
  });
  const outcome = createOutcome();
  step(copy.value, desk.turns[desk.turns.length - 1].seq + 1, micros(desk.at), late, outcome);
  const heard: OwnEvent[] = [];
  ownEventsOf(copy.value, outcome.decisions, heard);
  expect(heard).toEqual([]);
  expect(outcome.decisions.find((one) => one.kind === 'fillBooked')).toMatchObject({ row: copy.value.gate.slices[0].custodian });
  expect(heldOf(copy.value, green).positions).toEqual([]);
  expect(checkSums(copy.value.ledger)).toEqual([]);
  expect(heardOf(desk, desk.say(late).decisions)).toEqual([]);
});

it('lots that it holds on paper from then are not told to it either, whatever becomes of them', () => {
  const { desk, green, id } = tookOver();
  const { rollout } = desk.core;
  rollout.lifecycle[green] = 'Shadow';
  fillOnPaper(desk, id, 1_000);
  rollout.lifecycle[green] = 'Active';
  const split = {
    kind: 'corporateAction',
    action: 'split',
    instrument: 0,
    numerator: 2,
    denominator: 1,
    exDate: micros(desk.at),
    text: '',
  } as const;
  const { decisions } = desk.say(split);
  expect(decisions.filter((one) => one.kind === 'holdingChanged' && one.row === green && one.simulated)).toHaveLength(1);
  expect(heardOf(desk, decisions).filter((one) => one.row === green && one.simulated)).toEqual([]);
});
