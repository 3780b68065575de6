import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import { concentration } from '../../core/risk/checks/concentration.ts';
import { credit } from '../../core/risk/checks/credit.ts';
import { dailyLoss } from '../../core/risk/checks/daily-loss.ts';
import { openPositions } from '../../core/risk/checks/open-positions.ts';
import { position } from '../../core/risk/checks/position.ts';
import { lookAtScopes, workOut } from '../../core/risk/facts.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { modeSimulated, setUniverse } from '../../core/risk/order-gate.ts';
import { isWithinRoom } from '../../core/risk/room.ts';
import { measuredAt, owedMoved, priceRoom, resultsMoved, rises, slackStride } from '../../core/risk/slack.ts';
import { isSoundForm } from '../../core/risk/sound-form.ts';
import { limitScopes, type LimitName } from '../../domain/limit.ts';
import { close, plainOrder, send, type RiskDesk } from './risk-desk.ts';
import { fillOne, moveMark, rareEvent } from './room-events.ts';
import { count, createRoomWorld, pass, rows, type RoomWorld } from './room-world.ts';

/** The limits that a route's room is measured for: largest value of each at scale 1. */
const near: Readonly<Partial<Record<LimitName, number>>> = {
  maxPosition: 300,
  maxConcentrationBps: 200,
  maxDailyLoss: 3_000_000_000,
  creditLine: 60_000_000_000,
  maxOpenPositions: 4,
};
const names = Object.keys(near) as LimitName[];
const ids = {
  firm: [''],
  account: ['A1', 'A2', 'A3'],
  algorithm: ['maker', 'taker'],
  version: ['maker@main.USD/1.0.0', 'taker@main.USD/1.1.0', 'euro@main.EUR/1.0.0'],
  venue: ['NYX', 'ALT'],
  instrument: ['ACME', 'BOLT', 'EURO'],
  sector: ['Industry', 'Energy'],
  route: ['maker@main.USD/1.0.0@NYX', 'taker@main.USD/1.1.0@NYX'],
} as const;
const measuredChecks = { position, openPositions, concentration, dailyLoss, credit };

function limitMoved(world: RoomWorld, name: LimitName, first = false): void {
  const { desk, luck, scale } = world;
  const wide = luck.int(2) === 0 || name === 'creditLine' ? 'firm' : 'sector';
  const scope = first || luck.int(3) === 0 ? wide : limitScopes[luck.int(limitScopes.length)];
  const scopeID = ids[scope][luck.int(ids[scope].length)];
  const scaled = name === 'maxConcentrationBps' || name === 'maxOpenPositions' ? 1 : scale;
  const most = Math.min(Number.MAX_SAFE_INTEGER, (near[name] ?? 1) * scaled);
  const value = !first && luck.int(4) === 0 ? null : Math.ceil(most * (0.25 + 0.75 * luck.float()));
  if (changeLimit(desk.risk, { scope, scopeID, limit: name }, value, null).ok) count(world, `limit ${name} of ${scope}`);
}

/** Mostly what the row may trade. */
function wantedListing({ desk, luck, few }: RoomWorld, row: number): number {
  const { listings } = desk.registry;
  const { gate } = desk.risk;
  const some = luck.int(few ? 1 : 3) === 0 ? luck.int(listings.length) : luck.int(2);
  const { currency } = gate.slices[gate.rows[row].slice];
  return listings[some].currency === currency || luck.int(20) === 0 ? some : currency === 0 ? 0 : 3;
}

function wantedOrder(world: RoomWorld, row: number): WantedOrder {
  const { luck, scale } = world;
  const listing = wantedListing(world, row);
  const side = luck.int(world.foreignFees ? 2 : 5) === 0 ? 'sell' : 'buy';
  const market = luck.int(10) === 0;
  const away = 4 + luck.int(20);
  return {
    ...plainOrder,
    listing,
    side,
    ordType: market ? 'market' : 'limit',
    timeInForce: 'day',
    orderQty: lotsUnchecked((1 + luck.int(world.few ? 2 : 12)) * scale),
    price: ticksUnchecked(market ? 0 : world.px[listing] + (side === 'buy' ? -away : away)),
  };
}

/** Puts the order into the context as `checkOrder` does, without settling anything. @returns whether its form is sound. */
function prepare({ risk, asker, registry, orders }: RiskDesk, row: number, wanted: WantedOrder, at: number, replaces: number): boolean {
  const { context: c } = risk;
  asker.row = row;
  asker.account = risk.gate.rows[row].accounts.get(registry.listings[wanted.listing].venue) ?? -1;
  asker.epoch = risk.gate.epoch[row];
  asker.term = risk.term;
  asker.simulated = risk.gate.mode[row] === modeSimulated;
  asker.replaces = replaces === 0 ? null : (orders.get(replaces) ?? null);
  c.order = wanted;
  c.asker = asker;
  c.at = microsUnchecked(at);
  c.custodian = false;
  c.side = wanted.side === 'buy' ? 1 : -1;
  c.chain = -1;
  if (!isSoundForm(risk, c)) return false;
  workOut(risk, c);
  return true;
}

interface Seen {
  asked: number;
  within: number;
  refused: number;
}

/** One order, new or a replacement. @returns what a check said of it although it was within the room of its route. */
function orderOne(world: RoomWorld, seen: Seen): string {
  const { desk, luck } = world;
  const { risk } = desk;
  let row = luck.int(8) === 0 ? risk.gate.rows.length - 1 : rows[luck.int(luck.int(2) === 0 ? 2 : rows.length)];
  let wanted = wantedOrder(world, row);
  let replaces = 0;
  const old = [...desk.orders.values()].find((one) => one.ordStatus === 'new' || one.ordStatus === 'partiallyFilled');
  if (old !== undefined && luck.int(6) === 0) {
    replaces = old.clOrdID;
    row = old.row;
    wanted = { ...wanted, listing: old.listing, side: old.side, ordType: old.ordType, price: old.price };
    wanted = { ...wanted, orderQty: lotsUnchecked(old.orderQty + luck.int(8) * world.scale) };
  }
  seen.asked++;
  const { context } = risk;
  if (prepare(desk, row, wanted, world.at, replaces) && !context.reducing && isWithinRoom(risk, context)) {
    seen.within++;
    count(world, `within: ${replaces === 0 ? 'new' : 'replacement'} of ${desk.registry.listings[wanted.listing].listing.listingID}`);
    lookAtScopes(risk, context);
    for (const [name, check] of Object.entries(measuredChecks))
      if (!check(risk, context)) return `${name} of ${JSON.stringify(wanted)} by row ${row}: ${JSON.stringify(risk.denial)}`;
  }
  const sent = send(desk, row, wanted, world.at, replaces);
  if (sent === 0) {
    seen.refused++;
    if (risk.verdict.outcome === 'denied') count(world, `denied ${risk.denial.code}`);
  } else if (replaces !== 0) count(world, 'replaced');
  return '';
}

/** Each version trades what is in the currency of its slice, and nothing else. */
function keepApart({ registry, risk: { gate } }: RiskDesk): void {
  for (const { ix, slice } of gate.rows) {
    const own = registry.listings.filter(({ currency }) => currency === gate.slices[slice].currency);
    setUniverse(
      gate,
      ix,
      own.map((listing) => listing.ix),
    );
  }
}

/** `spoil`: a planted fault, which is looked for where currencies are kept apart; in half of the other worlds versions trade both. */
function firstRefusal(seed: number, steps: number, seen: Seen, happened: Map<string, number>, spoil?: (desk: RiskDesk) => void): string {
  const luck = prng(`room world ${seed}`);
  const exponent = [2, 6, 12][luck.int(3)];
  const scale = [1, 1, 1_000, exponent === 12 ? 1_000_000 : 10_000_000_000][luck.int(4)];
  const world = createRoomWorld(luck, scale, exponent, seed % 3 === 0, names[seed % names.length] === 'maxOpenPositions', happened);
  const name = names[seed % names.length];
  limitMoved(world, name, true);
  for (let i = 0; i < steps; i++) {
    pass(world);
    const draw = luck.int(100);
    if (draw < 1) limitMoved(world, luck.int(4) === 0 ? names[luck.int(names.length)] : name);
    else if (draw < 30) moveMark(world);
    else if (draw < 31 + (seed % 4)) rareEvent(world);
    // events add versions
    if (spoil !== undefined || seed % 2 === 0) keepApart(world.desk);
    spoil?.(world.desk);
    const said = orderOne(world, seen);
    if (said !== '') return `seed ${seed}, step ${i}, scale ${scale}, exponent ${exponent}: ${said}`;
    const next = luck.int(10);
    const { orders } = world.desk;
    if (next < (world.few ? 2 : 5)) fillOne(world);
    else if (next < 8 && orders.size > 0) close(world.desk, [...orders.keys()][luck.int(orders.size)]);
  }
  return '';
}

const seeds = 60;
const steps = 400;

describe('the room of a route in a world where much happens', () => {
  it('holds no order that a check would refuse', () => {
    const seen: Seen = { asked: 0, within: 0, refused: 0 };
    const happened = new Map<string, number>();
    const wrong: string[] = [];
    for (let seed = 1; seed <= casesOf(seeds); seed++) {
      const said = firstRefusal(seed, steps, seen, happened);
      if (said !== '') wrong.push(said);
    }
    const counts = [...happened].sort().map(([what, times]) => `${what} ${times}`);
    console.log(`room world: ${JSON.stringify(seen)}\n${counts.join('; ')}`);
    expect(wrong).toEqual([]);
    expect(seen.within).toBeGreaterThan(seen.asked / 20);
  });
});

describe('planted faults are found', () => {
  const found = (spoil: (desk: RiskDesk) => unknown): boolean => {
    const seen: Seen = { asked: 0, within: 0, refused: 0 };
    // past the usual ones only those with a limit of concentration
    for (let seed = 1; seed <= 401; seed += seed <= seeds ? 1 : 5)
      if (firstRefusal(seed, steps, seen, new Map(), spoil) !== '') return true;
    return false;
  };
  it.each([
    ['orders and positions that are not counted', ({ risk }: RiskDesk): unknown => risk.slack.spent.fill(0)],
    ['results that are not counted', ({ risk }: RiskDesk): unknown => (risk.slack.used[resultsMoved] = 0)],
    ['margins that are not counted', ({ risk }: RiskDesk): unknown => (risk.slack.used[owedMoved] = 0)],
    ['openings that are not counted', ({ risk }: RiskDesk): unknown => (risk.slack.used[rises] = 0)],
    ['instruments that are counted as opened once for all', ({ risk }: RiskDesk): unknown => (risk.slack.measurements = 1)],
    ['sectors whose value is taken as it was', ({ risk }: RiskDesk): unknown => risk.slack.traded.fill(0)],
    ['prices that rose since', ({ risk }: RiskDesk): unknown => forget(risk, priceRoom, Infinity)],
    ['limits that changed since', ({ risk }: RiskDesk): unknown => forget(risk, measuredAt, risk.limits.table.version)],
  ])('%s', (_name, spoil) => {
    expect(found(spoil)).toBe(true);
  });
});

/** Puts a number where each measured route keeps one. */
function forget({ slack: { rows: measured } }: RiskDesk['risk'], place: number, value: number): void {
  for (let at = 0; at < measured.length; at += slackStride) if (measured[at + measuredAt] !== 0) measured[at + place] = value;
}
