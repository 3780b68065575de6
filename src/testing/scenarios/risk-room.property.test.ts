import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { concentration } from '../../core/risk/checks/concentration.ts';
import { credit } from '../../core/risk/checks/credit.ts';
import { dailyLoss } from '../../core/risk/checks/daily-loss.ts';
import { openPositions } from '../../core/risk/checks/open-positions.ts';
import { position } from '../../core/risk/checks/position.ts';
import { checkOrderInFull } from '../../core/risk/gate.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { isWithinRoom } from '../../core/risk/room.ts';
import { measuredAt, slackStride } from '../../core/risk/slack.ts';
import { modeSimulated } from '../../core/risk/order-gate.ts';
import { isSoundForm } from '../../core/risk/sound-form.ts';
import { limitScopes, type LimitName } from '../../domain/limit.ts';
import { close, fill, plainOrder, quote, send, type RiskDesk } from './risk-desk.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

/** The limits that a route's room is measured for: largest value of each, so that some are near and most are not. */
const near: Readonly<Partial<Record<LimitName, number>>> = {
  maxPosition: 200,
  maxConcentrationBps: 200,
  maxDailyLoss: 50_000_000,
  creditLine: 60_000_000_000,
  maxOpenPositions: 5,
};
const names = Object.keys(near) as LimitName[];
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
const measuredChecks = { position, openPositions, concentration, dailyLoss, credit };

interface Seen {
  asked: number;
  within: number;
  refused: number;
}

/** Drives a desk at random with limits that seldom change; says the first order within its room that one of the measured checks would refuse. */
function firstRefusal(seed: number, steps: number, seen: Seen, spoil: (desk: RiskDesk) => void = () => undefined): string {
  const desk = createRiskWorld();
  const { risk } = desk;
  const luck = prng(`risk room ${seed}`);
  const limit = names[seed % names.length];
  let at = timeOf('10:00');
  for (let i = 0; i < steps; i++) {
    at = microsUnchecked(at + luck.int(90_000));
    changeWorld(desk, luck, at, limit);
    spoil(desk);
    const row = 3 + luck.int(3);
    const wanted = wantedOrder(luck, desk, limit === 'maxConcentrationBps' ? 2 : 4);
    checkOrderInFull(risk, wanted, askerFor(desk, row, wanted.listing), at);
    seen.asked++;
    const { context } = risk;
    if (isSoundForm(risk, context) && !context.reducing && isWithinRoom(risk, context)) {
      seen.within++;
      for (const [name, check] of Object.entries(measuredChecks))
        if (!check(risk, context)) return `seed ${seed}, step ${i}: ${name} of ${JSON.stringify(wanted)}: ${JSON.stringify(risk.denial)}`;
    }
    if (send(desk, row, wanted, at) === 0) seen.refused++;
    const { orders } = desk;
    const draw = luck.int(10);
    const some = [...orders.values()].filter((one) => one.leg === 'none');
    if (draw < 6 && some.length > 0) fill(desk, some[0].clOrdID, 1 + luck.int(some[0].leavesQty), 9_900 + luck.int(200), at);
    else if (draw < 8 && orders.size > 0) close(desk, [...orders.keys()][luck.int(orders.size)]);
  }
  return '';
}

/** Who asks, as the desk's own `ask` fills it in, without asking: the screen would measure the route anew. */
function askerFor(desk: RiskDesk, row: number, listing: number): RiskDesk['asker'] {
  const { asker, risk, registry } = desk;
  asker.row = row;
  asker.account = risk.gate.rows[row].accounts.get(registry.listings[listing].venue) ?? -1;
  asker.epoch = risk.gate.epoch[row];
  asker.term = risk.term;
  asker.simulated = risk.gate.mode[row] === modeSimulated;
  asker.replaces = null;
  return asker;
}

/** The first two listings are of one sector. */
function wantedOrder(luck: Prng, desk: RiskDesk, listings: number): WantedOrder {
  const listing = luck.int(listings);
  const side = luck.int(2) === 0 ? 'buy' : 'sell';
  const mark = desk.risk.marks.bid[listing] || 10_000;
  return {
    ...plainOrder,
    listing,
    side,
    timeInForce: 'day',
    orderQty: lotsUnchecked(1 + luck.int(10)),
    // never through the other side of the desk's own orders
    price: ticksUnchecked(side === 'buy' ? mark - 1 - luck.int(20) : mark + 30 + luck.int(20)),
  };
}

/** Each seed has one limit alone that changes. */
function changeWorld(desk: RiskDesk, luck: Prng, at: number, limit: LimitName): void {
  const draw = luck.int(100);
  if (draw < 2) {
    const scope = limit === 'maxConcentrationBps' && luck.int(2) === 0 ? 'sector' : limitScopes[luck.int(limitScopes.length)];
    changeLimit(desk.risk, { scope, scopeID: ids[scope], limit }, luck.int(3) === 0 ? null : 1 + luck.int(near[limit] ?? 1), null);
  } else if (draw < 40) {
    const bid = luck.int(60) === 0 ? 0 : 9_900 + luck.int(150);
    quote(desk, luck.int(7), bid, 9_995 + luck.int(90), microsUnchecked(at), luck.int(3) === 0 ? 0 : 10_000);
  }
}

describe('the room of a route', () => {
  it('holds no order that a check would refuse, whatever happened since it was measured', () => {
    const seen: Seen = { asked: 0, within: 0, refused: 0 };
    const wrong: string[] = [];
    for (let seed = 1; seed <= casesOf(60); seed++) {
      const said = firstRefusal(seed, 250, seen);
      if (said !== '') wrong.push(said);
    }
    console.log(`room: ${seen.asked} orders, ${seen.within} within the room of their route, ${seen.refused} refused`);
    expect(wrong).toEqual([]);
    expect(seen.within).toBeGreaterThan(casesOf(500));
    expect(seen.refused).toBeGreaterThan(casesOf(500));
  });
});

/** An order of one listing is measured, then the other listing of its sector is bought until the sector is full. @returns whether the first still has room. */
function hasRoomInFullSector(forgets: boolean): boolean {
  const desk = createRiskWorld();
  const { risk } = desk;
  const at = timeOf('10:00');
  changeLimit(risk, { scope: 'sector', scopeID: 'Industry', limit: 'maxConcentrationBps' }, 200, null);
  const order = (listing: number): WantedOrder => ({
    ...plainOrder,
    listing,
    timeInForce: 'day',
    orderQty: lotsUnchecked(10),
    price: ticksUnchecked(desk.risk.marks.bid[listing]),
  });
  expect(send(desk, 3, order(1), at)).not.toBe(0);
  for (;;) {
    const bought = send(desk, 3, order(0), at);
    if (bought === 0) break;
    fill(desk, bought, 10, desk.risk.marks.bid[0], at);
    if (forgets) risk.slack.traded.fill(0);
  }
  expect(risk.denial.code).toBe('CONCENTRATION_EXCEEDS_MAX');
  expect(checkOrderInFull(risk, order(1), askerFor(desk, 3, 1), at)).toBe('denied');
  return isWithinRoom(risk, risk.context);
}

describe('planted faults are found', () => {
  it('a sector whose value is taken as it was', () => {
    expect([hasRoomInFullSector(false), hasRoomInFullSector(true)]).toEqual([false, true]);
  });

  const found = (spoil: (desk: RiskDesk) => void): boolean => {
    const seen: Seen = { asked: 0, within: 0, refused: 0 };
    for (let seed = 1; seed <= 60; seed++) if (firstRefusal(seed, 250, seen, spoil) !== '') return true;
    return false;
  };
  it.each([
    ['orders and positions that are not counted', ({ risk }: RiskDesk): unknown => risk.slack.spent.fill(0)],
    ['results, margins and openings that are not counted', ({ risk }: RiskDesk): unknown => risk.slack.used.fill(0)],
    [
      'limits that changed since',
      ({ risk }: RiskDesk): void => {
        for (let at = measuredAt; at < risk.slack.rows.length; at += slackStride)
          if (risk.slack.rows[at] !== 0) risk.slack.rows[at] = risk.limits.table.version;
      },
    ],
  ])('%s', (_name, spoil) => {
    expect(found((desk) => void spoil(desk))).toBe(true);
  });
});
