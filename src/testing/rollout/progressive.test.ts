import { describe, expect, it } from 'vitest';
import { columnGet, splitZero, toNumber } from '../../base/split.ts';
import { lots, microsUnchecked, ticks } from '../../base/units.ts';
import type { Deployment } from '../../core/rollout/deployment.ts';
import { confidenceOf, shrunkAllocation } from '../../core/rollout/confidence.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import type { StageGranted } from '../../domain/decision.ts';
import type { DeploymentSpec, ProgressivePlan } from '../../domain/spec.ts';
import { admin, admin2, answerOf, openDesk, reportOf, risk, sentOf, sliceID, startAt, trader, type RolloutDesk } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const minute = 60_000_000;
const plan: ProgressivePlan = {
  updateFrequency: { days: 0, micros: minute },
  curve: 'Linear',
  score: 'evidence',
  hysteresis: 0.1,
  minSample: 3,
  patience: { days: 1, micros: 0 },
  thresholds: [0.5, 0.7, 0.9999],
};

function progressive(more: Partial<ProgressivePlan> = {}, spec: Partial<DeploymentSpec> = {}): DeploymentSpec {
  return canary('p', '1.0.0', {
    strategy: 'Progressive',
    onInconclusive: 'hold',
    stages: [rung(100, { name: 'One' }), rung(500, { name: 'Five' }), rung(1_000, { name: 'Ten' })],
    expect: { annualVol: null, stressLossPerInterval: 0.03, interval: { days: 0, micros: minute } },
    progressive: { ...plan, ...more },
    ...spec,
  });
}

/** A desk with the version on paper, and the price that its marks have. */
function shadow(spec = progressive()): { readonly desk: RolloutDesk; readonly row: number; readonly d: Deployment } {
  const desk = openDesk();
  const row = desk.deploy(spec);
  return { desk, row, d: desk.core.rollout.deployments[0] };
}

/** Holds lots bought at 100.00, on paper or at the venue. */
function hold(desk: RolloutDesk, row: number, qty: number, px: number, simulated: boolean): void {
  const [id] = sentOf(desk.intent(row, 'buy', qty, { price: ticks(px + 1) }));
  desk.say(
    reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0), simulated }),
  );
}

/** Whole minutes, each ending with the price moved by so many ticks just before its end. */
function minutes(desk: RolloutDesk, moves: readonly number[], mid: number): number {
  let price = mid;
  for (const move of moves) {
    price += move;
    desk.advance(minute - (desk.at % minute) - 500_000);
    desk.mark(0, price);
    desk.mark(1);
    desk.advance(600_000);
  }
  return price;
}

function grants(desk: RolloutDesk): readonly string[] {
  return desk.turns
    .flatMap(({ decisions }) => decisions.filter((one): one is StageGranted => one.kind === 'stageGranted'))
    .map((one) => one.name);
}

function capOf(desk: RolloutDesk, row: number): number {
  const cap = splitZero();
  columnGet(cap, desk.core.gate.cap, row);
  return toNumber(cap) / 1e6;
}

/** The row's cap after each of so many minutes. */
function capsWhile(desk: RolloutDesk, row: number, moves: readonly number[], mid: number): readonly number[] {
  let price = mid;
  return moves.map((move) => {
    price = minutes(desk, [move], price);
    return capOf(desk, row);
  });
}

function fallsOf(desk: RolloutDesk): number {
  const effects = desk.turns.flatMap((turn) => turn.effects);
  return effects.filter((one) => one.kind === 'alert' && one.subject === 'CONFIDENCE_FELL').length;
}

/** On its first rung, 50 lots at the present price: 100 ticks are half a per cent of its capital. */
function onFirstRung(spec = progressive()): { readonly desk: RolloutDesk; readonly row: number; readonly d: Deployment; price: number } {
  const { desk, row, d } = shadow(spec);
  hold(desk, row, 5_000, 10_000, true);
  let price = minutes(desk, [0, ...new Array<number>(8).fill(300)], 10_000);
  expect(desk.core.rollout.lifecycle[row]).toBe('Loading');
  desk.host(row, 'loaded');
  desk.host(row, 'warmed');
  hold(desk, row, 50, price, false);
  price = minutes(desk, [0], price);
  return { desk, row, d, price };
}

/** Sells lots of what it holds, on paper or at the venue. */
function sell(desk: RolloutDesk, row: number, qty: number, px: number, simulated: boolean): void {
  const [id] = sentOf(desk.intent(row, 'sell', qty, { price: ticks(px - 1) }));
  const filled = { execType: 'trade', lastQty: lots(qty), lastPx: ticks(px), cumQty: lots(qty), leavesQty: lots(0) } as const;
  desk.say(reportOf(desk, id, 0, { ...filled, simulated }));
}

const seed: ProgressivePlan = { ...plan, score: 'seedV1', hysteresis: 0.7, thresholds: [0.5, 0.8, 0.9999] };

/** On its second rung by its Sharpe ratio, its round trips and its drawdown, 44 lots at the present price. */
function seedOnSecondRung(): { readonly desk: RolloutDesk; readonly row: number; readonly d: Deployment; readonly price: number } {
  const { desk, row, d } = shadow(progressive(seed));
  let price = 10_000;
  for (const simulated of [true, false]) {
    hold(desk, row, 50, price, simulated);
    for (let n = 0; n < 6; n++) {
      price = minutes(desk, [n % 2 === 0 ? 300 : 200], price);
      if (n > 0) sell(desk, row, 1, price, simulated);
    }
    if (!simulated) break;
    desk.host(row, 'loaded');
    desk.host(row, 'warmed');
  }
  return { desk, row, d, price };
}

describe('a progressive allocation', () => {
  it('begins on paper without capital, and leaves it, loaded afresh and flat, when its score reaches the first threshold', () => {
    const { desk, row, d } = shadow();
    expect([d.phase, d.stage, capOf(desk, row), grants(desk)]).toEqual(['Progressing', -1, 0, ['Paper']]);
    hold(desk, row, 5_000, 10_000, true);
    minutes(desk, [0, 100], 10_000);
    expect(desk.core.rollout.lifecycle[row]).toBe('Shadow');
    minutes(desk, new Array<number>(8).fill(300), 10_100);
    expect(desk.core.rollout.lifecycle[row]).toBe('Loading');
    desk.host(row, 'loaded');
    desk.host(row, 'warmed');
    expect([d.stage, capOf(desk, row), desk.core.residualLots(row)]).toEqual([0, 10_000, 0]);
  });

  it('inside a freeze window it climbs no rung and shrinks all the same; the rung comes at the opening instant', () => {
    // seven microseconds after the end of a minute of the clock
    const opens = startAt - (startAt % minute) + 41 * minute + 7;
    const freeze = {
      zone: 'UTC',
      weekly: [],
      dated: [{ from: microsUnchecked(startAt + 12 * minute), to: microsUnchecked(opens) }],
    } as const;
    const rising = onFirstRung(progressive({}, { freeze }));
    const price = minutes(rising.desk, new Array<number>(30).fill(400), rising.price);
    expect(grants(rising.desk)).toEqual(['Paper', 'One']);
    expect(rising.desk.at).toBeLessThan(opens);
    minutes(rising.desk, [400], price);
    const granted = rising.desk.turns.find(({ decisions }) => decisions.some((one) => one.kind === 'stageGranted' && one.name === 'Five'));
    expect([granted?.at, granted?.input.kind]).toEqual([opens, 'timer']);
    const falling = onFirstRung(progressive({}, { freeze }));
    minutes(falling.desk, [...new Array<number>(12).fill(400), -1_500, -1_500], falling.price);
    expect(falling.desk.at).toBeLessThan(opens);
    expect(capOf(falling.desk, falling.row)).toBeLessThan(10_000);
  });

  it('climbs one rung at a time, each for its minimum, on its real results alone', () => {
    const { desk, row, d, price } = onFirstRung();
    expect(d.stage).toBe(0);
    minutes(desk, new Array<number>(14).fill(400), price);
    expect(grants(desk)).toEqual(['Paper', 'One', 'Five']);
    expect(capOf(desk, row)).toBe(50_000);
    const judged = desk.turns.flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'gateJudged' && one.stage === 1));
    expect(judged.length).toBeGreaterThan(2);
  });

  it('comes down at once, by as much as the score says, and never by itself above its rung', () => {
    const { desk, row, d, price } = onFirstRung();
    let now = minutes(desk, new Array<number>(14).fill(400), price);
    expect(d.stage).toBe(1);
    // on 50,000 the same 50 lots: more of them, then losses
    hold(desk, row, 200, now, false);
    now = minutes(desk, new Array<number>(12).fill(-300), now);
    expect(d.stage).toBe(0);
    expect(capOf(desk, row)).toBeLessThanOrEqual(10_000);
    const alerts = desk.turns.flatMap(({ effects }) => effects.filter((one) => one.kind === 'alert' && one.subject === 'CONFIDENCE_FELL'));
    expect(alerts.length).toBeGreaterThan(0);
    expect(desk.core.gate.mode[row]).toBe(1);
  });

  it('takes nothing back that only closes what it holds: a position that must have a stop keeps it while its capital shrinks', () => {
    const { desk, row, d, price } = onFirstRung();
    let now = minutes(desk, new Array<number>(14).fill(400), price);
    expect(d.stage).toBe(1);
    const bracket = { ordType: 'bracket', timeInForce: 'gtc', stopPx: ticks(now - 9_000), targetPx: ticks(now + 9_000) } as const;
    const legs = sentOf(desk.intent(row, 'buy', 200, { ...bracket, price: ticks(now + 1) }));
    expect(legs).toHaveLength(3);
    for (const id of legs) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    const entry = { execType: 'trade', lastQty: lots(200), lastPx: ticks(now), cumQty: lots(200), leavesQty: lots(0) } as const;
    desk.say(reportOf(desk, legs[0], 0, entry));
    // one whose entry has not filled goes
    const waiting = sentOf(desk.intent(row, 'buy', 1, { ...bracket, price: ticks(now - 4_000) }));
    for (const id of waiting) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
    const from = desk.turns.length;
    now = minutes(desk, new Array<number>(12).fill(-300), now);
    expect([d.stage, desk.core.gate.mode[row]]).toEqual([0, 1]);
    const taken = desk.turns
      .slice(from)
      .flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : [])));
    expect(waiting).toHaveLength(3);
    expect(new Set(taken)).toEqual(new Set(waiting));
  });

  it('comes down from what people have left it, never up to what the score would allow', () => {
    const { desk, row, d, price } = onFirstRung(progressive({ hysteresis: 0.7 }));
    const up = minutes(desk, new Array<number>(14).fill(400), price);
    hold(desk, row, 50, up, false);
    expect(answerOf(desk.order({ verb: 'allocate', sliceID, version: '1.0.0', allocation: 200, reason: 'x' }, risk, null)).code).toBe('OK');
    expect([d.phase, d.stage, capOf(desk, row)]).toEqual(['Paused', 1, 20_000]);
    const caps = capsWhile(desk, row, new Array<number>(16).fill(-300), up);
    expect(Math.max(...caps)).toBe(20_000);
    expect(caps.at(-1)).toBeLessThan(20_000);
  });

  it('comes down from the cap that stands where its slice has grown', () => {
    const { desk, row, price } = onFirstRung(progressive({ hysteresis: 0.7 }));
    const up = minutes(desk, new Array<number>(14).fill(400), price);
    hold(desk, row, 200, up, false);
    const slice = { sliceID, algorithmID: 'algo', accountGroup: 'main', currency: 'USD', totalCapital: '10000000', reserve: '100000' };
    const grown = desk.order({ verb: 'setSlice', ...slice }, admin, { ...admin2, roles: ['Admin'] });
    expect([answerOf(grown).code, capOf(desk, row)]).toEqual(['OK', 50_000]);
    const caps = capsWhile(desk, row, new Array<number>(16).fill(-300), up);
    expect(Math.max(...caps)).toBe(50_000);
    expect(fallsOf(desk)).toBeGreaterThan(0);
  });

  it.each(['Paused', 'Progressing'])('that is swapped away while %s gets nothing back by what it works off', (phase) => {
    const { desk, row, d, price } = seedOnSecondRung();
    if (phase === 'Paused') desk.order({ verb: 'pause', deploymentID: 'p', reason: 'x' }, risk, null);
    const host = new FakeHost(desk);
    const handover = { positions: 'drain', openOrders: 'cancel' } as const;
    const green = deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', { handover }));
    settleNow(desk, host);
    expect([capOf(desk, row), capOf(desk, green), desk.core.rollout.lifecycle[row]]).toEqual([0, 50_000, 'Draining']);
    const down = minutes(desk, [-2_000], price);
    for (let n = 0; n < 10; n++) sell(desk, row, 1, down, false);
    expect(confidenceOf(desk.core, d, seed).value).toBeLessThan(seed.thresholds[1]);
    expect(Math.max(...capsWhile(desk, row, new Array<number>(8).fill(-100), down))).toBe(0);
    expect(modeOf(desk.core.gate, row)).toBe('REDUCING');
  });

  it('keeps nothing of what it had earned when a return passes the declared stress, and gets nothing for it', () => {
    const { desk, row, d, price } = onFirstRung();
    let now = minutes(desk, new Array<number>(14).fill(400), price);
    hold(desk, row, 200, now, false);
    expect([d.stage, capOf(desk, row)]).toEqual([1, 50_000]);
    // 250 lots at 9 less each: 4.5 % of 50,000 in one minute, 3 % declared
    now = minutes(desk, [-900, -50], now);
    expect([d.phase, d.stage, capOf(desk, row)]).toEqual(['Paused', 0, 0]);
    expect(d.reason).toMatch(/1 of \d+ returns passed the declared stress loss/);
    expect(answerOf(desk.order({ verb: 'resume', deploymentID: 'p', reason: 'x' }, risk, null)).code).toBe('OK');
    minutes(desk, new Array<number>(14).fill(400), now);
    expect([d.stage, capOf(desk, row)]).toEqual([0, 0]);
  });

  it('keeps its first rung when a return passes the declared stress before any had earned it: its limits guard it', () => {
    const { desk, row, d, price } = onFirstRung();
    minutes(desk, [-700, 0, 0], price);
    expect(confidenceOf(desk.core, d, plan).value).toBeNaN();
    expect([d.phase, d.stage, d.earned, capOf(desk, row)]).toEqual(['Progressing', 0, false, 10_000]);
  });

  it('without confidence it has no capital and says so', () => {
    const { desk, row, d, price } = onFirstRung();
    const up = minutes(desk, [400, 400, 400, 400, 400, 400], price);
    expect([d.phase, d.stage, d.earned, capOf(desk, row)]).toEqual(['Progressing', 0, true, 10_000]);
    minutes(desk, new Array<number>(12).fill(-300), up);
    expect([d.phase, capOf(desk, row)]).toEqual(['Paused', 0]);
    expect(d.reason).toContain('no confidence, no capital');
  });

  it('that is paused still shrinks, and what was stopped by a kill stays stopped', () => {
    const { desk, row, d, price } = onFirstRung();
    const up = minutes(desk, [400, 400, 400, 400, 400, 400], price);
    desk.order({ verb: 'kill', reason: 'x' }, trader, null);
    desk.order(
      { verb: 'release', reason: 'x' },
      { personID: 'a', roles: ['SeniorManagement'] },
      { personID: 'b', roles: ['SeniorManagement'] },
    );
    minutes(desk, new Array<number>(12).fill(-300), up);
    expect([d.phase, capOf(desk, row), desk.core.gate.mode[row]]).toEqual(['Paused', 0, 2]);
  });

  it('keeps its first rung while its real results are too few to say anything', () => {
    const { desk, row, d, price } = onFirstRung();
    minutes(desk, new Array<number>(20).fill(0), price);
    expect([d.phase, d.stage, d.earned, capOf(desk, row)]).toEqual(['Progressing', 0, false, 10_000]);
  });

  it('whose score never comes pauses with what was asked for', () => {
    const { desk, d } = shadow(progressive({ patience: { days: 0, micros: 10 * minute } }));
    minutes(desk, new Array<number>(14).fill(0), 10_000);
    expect(d.phase).toBe('Paused');
    expect(d.reason).toMatch(
      /^confidence inconclusive for 0\.0 days: 1 - 1 \/ e is 0\.000, e = 0\.60 \(0\.99 \/ 1\.64 as declaration 1 of its algorithm\) after \d+ returns, 0\.5 asked for$/,
    );
  });

  it('by evidence asks for a declared tail', () => {
    const spec = progressive({}, { expect: { annualVol: null, stressLossPerInterval: null, interval: { days: 0, micros: minute } } });
    expect(answerOf(openDesk().order({ verb: 'deploy', spec }, trader)).code).toBe('BETS_NOT_BOUNDED');
  });

  it('comes to the same decisions from the same inputs', () => {
    const run = (): string => JSON.stringify(onFirstRung().desk.turns.map(({ decisions }) => decisions));
    expect(run()).toBe(run());
  });
});

describe('the allocation curve interpolates downwards only', () => {
  const spec = progressive();
  it.each(['Step', 'Linear', 'ExponentialGrowth'] as const)(
    '%s: the whole rung at its threshold, never more, and no less than the rung below within the hysteresis',
    (curve) => {
      let before = 0;
      for (let score = 0.7; score <= 0.9; score += 0.005) {
        const allocation = shrunkAllocation(spec, { ...plan, curve, thresholds: [0.5, 0.7, 0.8] }, 2, score);
        expect(allocation).toBeGreaterThanOrEqual(before);
        expect(allocation).toBeLessThanOrEqual(1_000);
        expect(allocation).toBeGreaterThanOrEqual(500);
        before = allocation;
      }
      expect(shrunkAllocation(spec, { ...plan, curve, thresholds: [0.5, 0.7, 0.8] }, 2, 0.8)).toBe(1_000);
    },
  );

  it('half way down: the arithmetic and the geometric mean', () => {
    expect(shrunkAllocation(spec, { ...plan, curve: 'Linear', hysteresis: 0.125, thresholds: [0.25, 0.5, 0.75] }, 2, 0.6875)).toBe(750);
    const wanted = { ...plan, curve: 'ExponentialGrowth', hysteresis: 0.125, thresholds: [0.25, 0.5, 0.75] } as const;
    expect(shrunkAllocation(spec, wanted, 2, 0.6875)).toBe(Math.floor(Math.sqrt(500 * 1_000)));
  });
});
