import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { isFarFromDrawdown, measureDrawdowns, rollDrawdowns } from '../../core/risk/drawdown.ts';
import { checkOrderInFull } from '../../core/risk/gate.ts';
import { applyGrant } from '../../core/risk/lease.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { factStride, minQtyFact } from '../../core/risk/listing-facts.ts';
import { setKill } from '../../core/risk/risk.ts';
import { limitRules } from '../../core/risk/limit-rules.ts';
import { firmScope, scopeNumber } from '../../core/risk/scopes.ts';
import { takeLevel } from '../../core/risk/size-cut.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { tableLimits } from '../../core/risk/scope-table.ts';
import { limitNames, limitScopes, type LimitName } from '../../domain/limit.ts';
import { ordTypes, timesInForce } from '../../domain/order.ts';
import { ask, close, fill, plainOrder, quote, send, type RiskDesk } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

/** Limits near what the orders below come to: largest value of each. */
const near: Readonly<Record<LimitName, number>> = {
  maxOrderQty: 60,
  maxPosition: 200,
  maxConcentrationBps: 800,
  maxDailyLoss: 40_000_000,
  maxOrdersPerSecond: 6,
  maxOrdersPerMinute: 40,
  fatFingerBps: 80,
  duplicateWindow: 2_000_000,
  creditLine: 20_000_000_000,
  maxNotional: 6_000_000_000,
  priceCollarBps: 120,
  maxOpenPositions: 5,
  maxDailyDrawdownBps: 20,
  maxWeeklyDrawdownBps: 30,
  maxMonthlyDrawdownBps: 40,
  maxUnprotectedQty: 60,
  maxRiskPerTradeBps: 3,
  volatilityCutBps: 9_000,
  volatilityCutAbove: 4_000,
  volatilityMaxAge: 60_000_000,
};
const ids = {
  firm: '',
  account: 'A1',
  algorithm: 'maker',
  version: 'maker@main.USD/1.0.0',
  venue: 'NYX',
  instrument: 'ACME',
  sector: 'Industry',
  route: 'maker@main.USD/1.0.0@NYX',
} as const;

interface Seen {
  asked: number;
  passed: number;
  readonly codes: Set<string>;
}

/** One answer of the gate, as text. */
function answerOf(desk: RiskDesk, outcome: string): string {
  const { denial, verdict } = desk.risk;
  if (outcome === 'denied') return JSON.stringify(denial);
  const { reducing, reservePx, waitCount } = verdict;
  return JSON.stringify({ outcome, reducing, reservePx, waits: [...verdict.waits.subarray(0, waitCount)] });
}

/** Drives a desk at random; says the first order about which the screened gate and the whole table disagree. */
function firstDisagreement(seed: number, steps: number, seen: Seen, spoil: (desk: RiskDesk) => void = () => undefined): string {
  const desk = createRiskWorld();
  const luck = prng(`risk screen ${seed}`);
  let at = timeOf('10:00');
  let fresh = wantedOrder(luck);
  for (let i = 0; i < steps; i++) {
    at = microsUnchecked(at + luck.int(900_000));
    changeWorld(desk, luck, at);
    spoil(desk);
    if (desk.risk.drawdowns.nextAt === 0) rollDrawdowns(desk.risk, at);
    if (!isFarFromDrawdown(desk.risk)) measureDrawdowns(desk.risk);
    const row = luck.int(20) === 0 ? luck.int(3) : 3 + luck.int(5);
    const open = [...desk.orders.values()].filter((one) => one.row === row && one.leg === 'none');
    const old = open.length > 0 && luck.int(5) === 0 ? open[luck.int(open.length)] : undefined;
    if (luck.int(8) > 0) fresh = wantedOrder(luck);
    const wanted = old === undefined ? fresh : { ...fresh, listing: old.listing, side: old.side, ordType: old.ordType, price: old.price };
    const screened = answerOf(desk, ask(desk, row, wanted, at, old?.clOrdID));
    const whole = answerOf(desk, checkOrderInFull(desk.risk, wanted, desk.asker, at));
    if (screened !== whole) return `seed ${seed}, step ${i}, ${JSON.stringify(wanted)}: expected ${whole}, was ${screened}`;
    seen.asked++;
    const id = send(desk, row, wanted, at, old?.clOrdID);
    if (id === 0) seen.codes.add(desk.risk.denial.code);
    else seen.passed++;
    const draw = luck.int(10);
    const { orders } = desk;
    const some = [...orders.values()].filter((one) => one.leg === 'none' && one.ordStatus !== 'pendingReplace');
    if (draw < 3 && some.length > 0) fill(desk, some[0].clOrdID, some[0].leavesQty, 9_950 + luck.int(100), at);
    else if (draw < 6 && orders.size > 0) close(desk, [...orders.keys()][luck.int(orders.size)]);
  }
  return '';
}

function wantedOrder(luck: Prng): WantedOrder {
  const draw = luck.int(30);
  const listing = luck.int(8);
  const side = luck.int(2) === 0 ? 'buy' : 'sell';
  const price = 9_940 + luck.int(121);
  const order: WantedOrder = {
    ...plainOrder,
    listing,
    side,
    timeInForce: 'day',
    orderQty: lotsUnchecked(1 + luck.int(60)),
    price: ticksUnchecked(price),
    reduceOnly: luck.int(12) === 0,
    postOnly: luck.int(12) === 0,
  };
  if (draw < 5) return { ...order, ordType: 'market', price: ticksUnchecked(0), postOnly: false };
  if (draw === 5) return { ...order, timeInForce: timesInForce[luck.int(5)] };
  if (draw === 6) return { ...order, ordType: ordTypes[luck.int(6)], stopPx: ticksUnchecked(price), trailOffset: luck.int(20) };
  if (draw === 7) return { ...order, price: ticksUnchecked([0, -1, 0.5, 3 * price, NaN, 2 ** 46][luck.int(6)]) };
  if (draw === 8) return { ...order, orderQty: lotsUnchecked([0, -1, 0.5, 2 ** 40, 2 ** 53, NaN][luck.int(6)]) };
  if (draw === 9) return { ...order, reason: 'x'.repeat(60 + luck.int(10)), listing: [-1, 0.5, 8, 99][luck.int(4)] };
  return order;
}

function changeWorld(desk: RiskDesk, luck: Prng, at: number): void {
  const { risk } = desk;
  const draw = luck.int(60);
  if (draw < 15) {
    const limit = limitNames[luck.int(luck.int(4) === 0 ? limitNames.length : tableLimits)];
    const { scopes } = limitRules[limit];
    const scope = scopes[luck.int(scopes.length)];
    changeLimit(risk, { scope, scopeID: ids[scope], limit }, luck.int(2) === 0 ? null : luck.int(near[limit] + 1), null);
  } else if (draw < 30) {
    const bid = luck.int(15) === 0 ? 0 : 9_980 + luck.int(30);
    quote(desk, luck.int(7), bid, 9_995 + luck.int(30), at, luck.int(3) === 0 ? 0 : 10_000);
  } else if (risk.killed || draw === 30) setKill(risk, firmScope, 0, !risk.killed && luck.int(3) === 0);
  else if (draw === 31) risk.sessions.halted[luck.int(8)] = luck.int(4) === 0 ? 1 : 0;
  else if (draw === 32) risk.sessions.restricted[luck.int(6)] = luck.int(4) === 0 ? 1 : 0;
  else if (draw === 33) risk.marks.valid[luck.int(8)] = luck.int(3) === 0 ? 0 : 1;
  else if (draw === 34)
    applyGrant(risk.lease, { kind: 'limitGrant', limit: luck.int(200_000_000_000), until: microsUnchecked(at + luck.int(60_000_000)) });
  else if (draw === 36) takeLevel(risk.volatility, luck.int(6_000), at);
  else if (draw === 35) setRow(risk.gate, 3, { mode: luck.int(2) === 0 ? 'ACTIVE' : 'REDUCING', byPerson: true });
}

describe('the screen before the checks', () => {
  it('clears no check that would refuse: the gate says the same with it and without', () => {
    const seen: Seen = { asked: 0, passed: 0, codes: new Set() };
    const wrong: string[] = [];
    for (let seed = 1; seed <= casesOf(80); seed++) {
      const said = firstDisagreement(seed, 250, seen);
      if (said !== '') wrong.push(said);
    }
    console.log(`screen: ${seen.asked} orders, ${seen.passed} passed, denied by ${[...seen.codes].sort().join(' ')}`);
    expect(wrong).toEqual([]);
    expect(seen.passed).toBeGreaterThan(casesOf(1_500));
    expect(seen.codes.size).toBeGreaterThan(30);
  });
});

describe('planted faults are found', () => {
  const found = (spoil: (desk: RiskDesk) => void): boolean => {
    const seen: Seen = { asked: 0, passed: 0, codes: new Set() };
    for (let seed = 1; seed <= 100; seed++) if (firstDisagreement(seed, 250, seen, spoil) !== '') return true;
    return false;
  };
  it('a listing whose smallest quantity was copied wrong', () => {
    expect(
      found(({ risk }) => {
        risk.listingFacts.numbers[4 * factStride + minQtyFact] = 1;
      }),
    ).toBe(true);
  });
  it('a scope that has spare orders without end', () => {
    expect(
      found(({ risk }) => {
        for (const scope of limitScopes) {
          const ring = risk.orderRate.rings.at(scopeNumber(scope))?.[scope === 'version' ? 3 : 0];
          if (ring !== undefined) ring.spare = Infinity;
        }
      }),
    ).toBe(true);
  });
  it('a memory of orders that calls every chain quiet', () => {
    expect(
      found(({ risk }) => {
        const { heads } = risk.duplicates;
        for (let i = 1; i < heads.length; i += 2) heads[i] = -1;
      }),
    ).toBe(true);
  });
});
