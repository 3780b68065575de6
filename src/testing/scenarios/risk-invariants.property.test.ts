import { describe, expect, it } from 'vitest';
import { casesOf } from '../cases.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { columnAdd, splitZero, toBigInt } from '../../base/split.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { capFits, capOf, checkCapital } from '../../core/risk/capital.ts';
import { changeLimit } from '../../core/risk/limit-command.ts';
import { isOverCap, modeOf, usedInto } from '../../core/risk/order-gate.ts';
import { setRow } from '../../core/risk/row-change.ts';
import type { WantedOrder } from '../../core/risk/check-context.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { close, fill, orderOfDesk, plainOrder, quote, send, type RiskDesk } from './risk-desk.ts';
import { brokenInvariant, type Reservation } from './risk-invariants.ts';
import { createRiskWorld, timeOf } from './risk-world.ts';

/** Rows of the world: maker custodian 0, taker custodian 1, euro custodian 2, then the versions. */
const versions = ['maker 1.0.0', 'maker 1.1.0', 'maker 9.0.0', 'taker 2.0.0'];
const listings = [0, 1, 2, 5, 6];

interface Counted {
  sent: number;
  denied: number;
  fills: number;
  beyond: number;
  caps: number;
  reducing: number;
}

/** One desk, driven at random; says the first thing that is wrong. */
function drive(seed: number, steps: number, counted: Counted): string {
  const desk = createRiskWorld();
  const luck = prng(`risk invariants ${seed}`);
  const reservations = new Map<ClOrdID, Reservation>();
  const rows = versions.map((name) => desk.risk.gate.rows.find((row) => `${row.algorithmID} ${row.version}` === name)?.ix ?? -1);
  let at = timeOf('10:00');
  for (let i = 0; i < steps; i++) {
    at = timeOf('10:00');
    const row = rows[luck.int(rows.length)];
    const before = splitZero();
    usedInto(before, desk.risk.gate, row);
    const over = isOverCap(desk.risk.gate, row);
    const draw = luck.int(100);
    let wrong = '';
    let filled = false;
    if (draw < 50) wrong = place(desk, luck, row, reservations, at, counted);
    else if (draw < 75) filled = fillOne(desk, luck, reservations, at, counted);
    else if (draw < 85) closeOne(desk, luck, reservations);
    else if (draw < 90) changeCap(desk, luck, row, counted);
    else if (draw < 93) changeMode(desk, luck, row);
    else if (draw < 96) quote(desk, listings[luck.int(5)], 9_990 + luck.int(10), 10_001 + luck.int(10), at);
    else
      changeLimit(
        desk.risk,
        { scope: 'algorithm', scopeID: 'maker', limit: luck.int(2) === 0 ? 'maxPosition' : 'maxOrderQty' },
        luck.int(2) === 0 ? null : luck.int(400),
        null,
      );
    const after = splitZero();
    usedInto(after, desk.risk.gate, row);
    if (wrong === '' && over && !filled && toBigInt(after) > toBigInt(before))
      wrong = `CAP4: a row over its cap grew from ${toBigInt(before)} to ${toBigInt(after)}`;
    wrong ||= brokenInvariant(desk, reservations);
    if (wrong !== '') return `seed ${seed}, step ${i}: ${wrong}`;
  }
  return '';
}

function wantedOrder(luck: Prng): WantedOrder {
  const listing = listings[luck.int(5)];
  const side = luck.int(2) === 0 ? 'buy' : 'sell';
  const orderQty = lotsUnchecked(1 + luck.int(120));
  const order = { ...plainOrder, listing, side, orderQty, timeInForce: 'day' } as const;
  const draw = luck.int(10);
  if (draw === 0) return { ...order, ordType: 'market' };
  if (draw === 1 && listing !== 5) {
    const price = 9_950 + luck.int(100);
    const sign = side === 'buy' ? 1 : -1;
    return {
      ...order,
      ordType: 'bracket',
      price: ticksUnchecked(price),
      stopPx: ticksUnchecked(price - sign * 50),
      targetPx: ticksUnchecked(price + sign * 50),
    };
  }
  return { ...order, price: ticksUnchecked(9_950 + luck.int(100)) };
}

/** Sends an order or a replace; AUTH1 is judged apart from the gate: by mode, and by |position| counted from the orders. */
function place(desk: RiskDesk, luck: Prng, row: number, reservations: Map<ClOrdID, Reservation>, at: number, counted: Counted): string {
  const own = [...desk.orders.values()].filter(
    (o) => o.row === row && o.leg === 'none' && o.ordStatus !== 'pendingReplace' && o.origClOrdID === 0,
  );
  const old = own.length > 0 && luck.int(5) === 0 ? own[luck.int(own.length)] : undefined;
  const wanted =
    old === undefined
      ? wantedOrder(luck)
      : {
          ...plainOrder,
          listing: old.listing,
          side: old.side,
          ordType: old.ordType,
          timeInForce: 'day' as const,
          orderQty: lotsUnchecked(old.cumQty + 1 + luck.int(120)),
          price: old.price,
        };
  const mode = modeOf(desk.risk.gate, row);
  const wasOver = isOverCap(desk.risk.gate, row);
  const id = send(desk, row, wanted, at, old?.clOrdID ?? 0);
  if (id === 0) {
    counted.denied++;
    return '';
  }
  counted.sent++;
  const { reducing, reservePx } = desk.risk.verdict;
  const atomic = desk.registry.venues[desk.registry.listings[wanted.listing].venue].capabilities.replace === 'atomic';
  reservations.set(id, { px: reservePx, replaces: old !== undefined && atomic ? old.clOrdID : 0 });
  if (reducing) counted.reducing++;
  if (mode === 'CANCEL_ONLY' || mode === 'HALTED') return `AUTH1: an order was sent while ${mode}`;
  if (mode === 'REDUCING' && !reducing) return 'AUTH1: an order that does not reduce was sent while REDUCING';
  if (wasOver && !reducing) return 'CAP4: an order that does not reduce was sent while over the cap';
  if (reducing && !reduces(desk, id)) return 'an order that was called reducing could open a position';
  return '';
}

/** |position| down whatever fills: everything open on its side fits into the opposite position. */
function reduces(desk: RiskDesk, id: ClOrdID): boolean {
  const order = orderOfDesk(desk, id);
  let open = 0;
  for (const one of desk.orders.values()) {
    if (one.row !== order.row || one.listing !== order.listing || one.side !== order.side || one.leg === 'stop') continue;
    const heir = [...desk.orders.values()].find((o) => o.origClOrdID === one.clOrdID);
    const twoMessages = desk.registry.listings[order.listing].venue === 2;
    if (heir === undefined || twoMessages) open += one.leavesQty;
    // its own predecessor is gone when it works; of another pair the larger one counts
    else if (heir.clOrdID !== id) open += Math.max(0, one.leavesQty - heir.leavesQty);
  }
  const position = desk.risk.positions.leafPosition(order.row, order.account, order.listing, order.simulated);
  return order.side === 'sell' ? open <= position : open <= -position;
}

/** A fill, mostly at the limit, sometimes at a price far beyond what was reserved. */
function fillOne(desk: RiskDesk, luck: Prng, reservations: Map<ClOrdID, Reservation>, at: number, counted: Counted): boolean {
  const open = [...desk.orders.values()].filter(
    (o) => o.leg !== 'stop' && o.leg !== 'target' && o.ordStatus !== 'pendingReplace' && o.origClOrdID === 0,
  );
  if (open.length === 0) return false;
  const order = open[luck.int(open.length)];
  const far = luck.int(8) === 0;
  const px = (order.price > 0 ? order.price : 10_000) + (far ? 200 + luck.int(3_000) : 0);
  counted.fills++;
  if (far) counted.beyond++;
  fill(desk, order.clOrdID, 1 + luck.int(order.leavesQty), px, at);
  if (!desk.orders.has(order.clOrdID)) forget(desk, reservations, order.clOrdID);
  return true;
}

function closeOne(desk: RiskDesk, luck: Prng, reservations: Map<ClOrdID, Reservation>): void {
  const all = [...desk.orders.keys()];
  if (all.length === 0) return;
  const id = all[luck.int(all.length)];
  const order = orderOfDesk(desk, id);
  close(desk, id);
  forget(desk, reservations, id);
  const back = desk.orders.get(order.origClOrdID);
  if (back !== undefined) back.ordStatus = 'new';
}

/** A replacement whose original is gone stands alone. */
function forget(desk: RiskDesk, reservations: Map<ClOrdID, Reservation>, id: ClOrdID): void {
  reservations.delete(id);
  for (const [key, value] of reservations) if (value.replaces === id) reservations.set(key, { px: value.px, replaces: 0 });
  for (const order of desk.orders.values()) if (order.bracketOf === id) close(desk, order.clOrdID);
}

function changeCap(desk: RiskDesk, luck: Prng, row: number, counted: Counted): void {
  const { gate } = desk.risk;
  if (modeOf(gate, row) === 'SIMULATED') return;
  const cap = splitZero();
  capOf(luck.int(10_001), gate.slices[gate.rows[row].slice].total, cap);
  if (!capFits(gate, row, cap)) return;
  const used = splitZero();
  usedInto(used, gate, row);
  counted.caps++;
  setRow(gate, row, toBigInt(used) > toBigInt(cap) ? { cap, mode: 'REDUCING', byPerson: true } : { cap });
}

function changeMode(desk: RiskDesk, luck: Prng, row: number): void {
  const { gate } = desk.risk;
  if (modeOf(gate, row) === 'SIMULATED') return;
  const mode = (['ACTIVE', 'REDUCING', 'CANCEL_ONLY', 'HALTED'] as const)[luck.int(4)];
  if (mode === 'ACTIVE' && isOverCap(gate, row)) return;
  setRow(gate, row, { mode, byPerson: true, epoch: gate.epoch[row] + 1 });
}

describe('random orders, fills, cancels, replaces, caps, modes and limits', () => {
  it('never break CAP1, CAP4 or AUTH1, and every column equals a count from scratch', () => {
    const counted: Counted = { sent: 0, denied: 0, fills: 0, beyond: 0, caps: 0, reducing: 0 };
    const wrong: string[] = [];
    for (let seed = 1; seed <= casesOf(60); seed++) {
      const said = drive(seed, 300, counted);
      if (said !== '') wrong.push(said);
    }
    expect(wrong).toEqual([]);
    console.log(`risk invariants: ${casesOf(60) * 300} steps, ${JSON.stringify(counted)}`);
    for (const [what, n] of Object.entries(counted)) expect(n, what).toBeGreaterThan(casesOf(100));
  });
});

describe('planted faults are found', () => {
  const busy = (): { desk: RiskDesk; reservations: Map<ClOrdID, Reservation>; row: number; id: ClOrdID } => {
    const desk = createRiskWorld();
    const row = 3;
    const id = send(desk, row, { ...plainOrder, listing: 0, orderQty: lotsUnchecked(10), price: ticksUnchecked(10_000) }, timeOf('10:00'));
    return { desk, row, id, reservations: new Map([[id, { px: desk.risk.verdict.reservePx, replaces: 0 }]]) };
  };
  it('nothing is wrong before', () => {
    const { desk, reservations, id } = busy();
    expect(id).toBeGreaterThan(0);
    expect(brokenInvariant(desk, reservations)).toBe('');
  });
  it('a reservation that is a unit off', () => {
    const { desk, reservations, row } = busy();
    columnAdd(desk.risk.gate.reserved, row, 0, 1);
    expect(brokenInvariant(desk, reservations)).toContain('reserved of maker@main.USD/1.0.0');
  });
  it('a cap past the capital of the slice', () => {
    const { desk, reservations, row } = busy();
    columnAdd(desk.risk.gate.cap, row, 400, 0);
    expect(checkCapital(desk.risk.gate, 0)).toBe(false);
    expect(brokenInvariant(desk, reservations)).toContain('CAP1');
  });
  it('an order that was counted twice', () => {
    const { desk, reservations } = busy();
    desk.risk.exposure.cells[1] += 10;
    expect(brokenInvariant(desk, reservations)).toContain('open buy of');
  });
  it('a cap or an epoch that the rules forbid is refused at once', () => {
    const { desk, row } = busy();
    const { gate } = desk.risk;
    const all = splitZero();
    capOf(10_000, gate.slices[0].total, all);
    expect(capFits(gate, row, all)).toBe(false);
    expect(() => setRow(gate, row, { cap: all })).toThrow('CAP1');
    expect(() => setRow(gate, row, { epoch: gate.epoch[row] })).toThrow('AUTH5');
    setRow(gate, row, { mode: 'HALTED', cap: splitZero() });
    expect(() => setRow(gate, row, { mode: 'ACTIVE' })).toThrow('AUTH6');
    expect(() => setRow(gate, row, { mode: 'ACTIVE', byPerson: true })).toThrow('CAP4');
    setRow(gate, row, { mode: 'REDUCING', byPerson: true });
    expect(() => setRow(gate, 0, { mode: 'ACTIVE' })).toThrow('never expands');
  });
});
