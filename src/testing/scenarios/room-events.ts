import { isZero, splitZero } from '../../base/split.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../base/units.ts';
import { bookFill, createBooking } from '../../core/positions/booking.ts';
import { bookCashFlow } from '../../core/positions/cash-flow.ts';
import { bustFill, correctFill } from '../../core/positions/correction.ts';
import { findLeaf, isSimulatedLeaf, leafLink, leafOf, positionOfLeaf } from '../../core/positions/leaf.ts';
import { LEAF_ACCOUNT, LEAF_LISTING, LEAF_ROW, noLeaf } from '../../core/positions/ledger.ts';
import { applyStockSplit } from '../../core/positions/stock-split.ts';
import { createTransfer, transferLots } from '../../core/positions/transfer.ts';
import { knownTwice, splitMark } from '../../core/market/marks.ts';
import { setSliceCapital } from '../../core/risk/capital.ts';
import { accountMoved } from '../../core/risk/margin-use.ts';
import { cashMoved, positionMoved } from '../../core/risk/moves.ts';
import { orderChanged, orderRehomed, orderRepriced } from '../../core/risk/open-orders.ts';
import { setRowAccount } from '../../core/risk/order-gate.ts';
import { startDay } from '../../core/risk/pnl.ts';
import type { CashFlowKind } from '../../domain/input.ts';
import type { Order } from '../../domain/order.ts';
import { addListing, addVersion, close, quote } from './risk-desk.ts';
import { count, pairListing, price, rows, staff, units, type RoomWorld } from './room-world.ts';

const micros = (world: RoomWorld): ReturnType<typeof microsUnchecked> => microsUnchecked(world.at);

function pick<T>(world: RoomWorld, from: readonly T[]): T {
  return from[world.luck.int(from.length)];
}

/** A fill of an open order, in part or whole, at a price near the mark, with or without a fee; seldom another row takes the lots. */
export function fillOne(world: RoomWorld): void {
  const { desk, luck } = world;
  const open = [...desk.orders.values()].filter((one) => one.leg === 'none' && one.leavesQty > 0);
  if (open.length === 0) return;
  const order = pick(world, open);
  const qty = world.few || luck.int(2) === 0 ? order.leavesQty : 1 + luck.int(order.leavesQty);
  order.cumQty = lotsUnchecked(order.cumQty + qty);
  order.leavesQty = lotsUnchecked(order.leavesQty - qty);
  order.ordStatus = order.leavesQty === 0 ? 'filled' : 'partiallyFilled';
  orderChanged(desk.risk, order.clOrdID, order.leavesQty);
  if (order.leavesQty === 0) close(desk, order.clOrdID);
  const row = luck.int(15) === 0 ? desk.risk.gate.slices[desk.risk.gate.rows[order.row].slice].custodian : order.row;
  book(world, order, row, qty);
}

function book(world: RoomWorld, order: Order, row: number, qty: number): void {
  const { desk, luck } = world;
  const leaf = leafOf(desk.ledger, row, order.account, order.listing, order.simulated);
  const px = ticksUnchecked(world.px[order.listing] + luck.int(200) - 100);
  const fee = units(world, luck.int(3) === 0 ? luck.int(200) : 0);
  const own = desk.registry.listings[order.listing].currency;
  const currency = world.foreignFees && luck.int(4) === 0 ? 1 - own : own;
  const booking = createBooking();
  const { clOrdID, side } = order;
  const lots = lotsUnchecked(qty);
  if (leaf === noLeaf) return;
  if (bookFill(desk.ledger, leaf, side, lots, px, fee.hi, fee.lo, currency, clOrdID, micros(world), booking) !== undefined) return;
  count(world, isZero(fee) ? 'fill' : currency === own ? 'fill with fee' : 'fill with a fee in another currency');
  if (row !== order.row) count(world, 'fill for a custodian');
  world.fills.push({
    leaf,
    fill: booking.fill,
    clOrdID,
    side,
    lots,
    px,
    commissionHi: fee.hi,
    commissionLo: fee.lo,
    commissionCurrency: currency,
  });
  const was = desk.risk.positions.leafPosition(row, order.account, order.listing, false) - (side === 'buy' ? qty : -qty);
  if (was * (was + (side === 'buy' ? qty : -qty)) < 0) count(world, 'position flipped through zero');
  positionMoved(desk.risk, row, order.account, order.listing, order.simulated, booking);
}

function moved(world: RoomWorld, leaf: number): void {
  const { ledger, risk } = world.desk;
  const [row, account, listing] = [
    leafLink(ledger, leaf, LEAF_ROW),
    leafLink(ledger, leaf, LEAF_ACCOUNT),
    leafLink(ledger, leaf, LEAF_LISTING),
  ];
  positionMoved(risk, row, account, listing, isSimulatedLeaf(ledger, leaf));
}

function correctOrBust(world: RoomWorld): void {
  const { desk, luck, fills } = world;
  if (fills.length === 0) return;
  const at = luck.int(fills.length);
  const original = fills[at];
  const booking = createBooking();
  const lots = lotsUnchecked(1 + luck.int(2 * original.lots));
  const corrected = { ...original, lots, px: ticksUnchecked(original.px + luck.int(100)) };
  const busts = luck.int(2) === 0;
  const refusal = busts
    ? bustFill(desk.ledger, original.leaf, original, micros(world), booking)
    : correctFill(desk.ledger, original.leaf, original, corrected, micros(world), booking);
  if (refusal !== undefined) return;
  if (busts) fills.splice(at, 1);
  else fills[at] = corrected;
  count(world, busts ? 'bust' : 'correction');
  moved(world, original.leaf);
}

function splitStock(world: RoomWorld): void {
  const { desk, luck } = world;
  const instrument = luck.int(3);
  const [up, down] = luck.int(2) === 0 ? [3, 2] : [1, 2];
  const scaled = applyStockSplit(desk.ledger, instrument, up, down, desk.marks);
  if (!scaled.ok) return;
  count(world, 'stock split');
  // what was booked before can no longer be corrected
  world.fills.length = 0;
  for (const { ix, instrument: of } of desk.registry.listings) if (of === instrument) splitMark(desk.marks, ix, up, down);
  for (const { leaf } of scaled.value) moved(world, leaf);
}

const flows: readonly CashFlowKind[] = ['deposit', 'transfer', 'funding', 'dividend', 'fee'];

function flowCash(world: RoomWorld): void {
  const { desk, luck } = world;
  const flow = pick(world, flows);
  const row = pick(world, rows);
  const account = luck.int(3);
  const currency = luck.int(2);
  const money = units(world, luck.int(1_000));
  const sign = flow === 'fee' || luck.int(3) === 0 ? -1 : 1;
  const [hi, lo] = sign < 0 && !isZero(money) ? [-money.hi - 1, 281_474_976_710_656 - money.lo] : [money.hi, money.lo];
  const pair = lo === 281_474_976_710_656 ? { hi: hi + 1, lo: 0 } : { hi, lo };
  bookCashFlow(desk.ledger, { kind: 'cashFlow', flow, account, row, instrument: -1, currency, ...pair, reference: '' }, false);
  count(world, `cash flow ${flow}${currency === 1 ? ' in EUR' : ''}`);
  if (flow === 'deposit' || flow === 'transfer') accountMoved(desk.risk, account);
  else cashMoved(desk.risk, row, account, -1, currency, Object.assign(splitZero(), pair), false);
}

/** Lots and orders of one version become those of another of its slice. */
function swapVersions(world: RoomWorld): void {
  const { desk, luck } = world;
  const { gate } = desk.risk;
  const from = pick(world, rows);
  const others = gate.slices[gate.rows[from].slice].rows.filter((row) => row !== from);
  const to = pick(world, others);
  for (const order of desk.orders.values()) {
    if (order.row !== from || luck.int(2) === 0 || gate.rows[to].custodian || order.ordStatus === 'pendingReplace') continue;
    const adopted = { ...order, row: to };
    desk.orders.set(order.clOrdID, adopted);
    orderRehomed(desk.risk, adopted);
    count(world, 'order adopted');
  }
  for (const { ix } of desk.registry.listings) {
    for (let account = 0; account < 3; account++) handOver(world, from, to, account, ix);
  }
}

function handOver(world: RoomWorld, from: number, to: number, account: number, listing: number): void {
  const { ledger, marks } = world.desk;
  const giver = findLeaf(ledger, from, account, listing, false);
  const held = giver === noLeaf ? 0 : Math.abs(positionOfLeaf(ledger, giver));
  if (held === 0) return;
  const taker = leafOf(ledger, to, account, listing, false);
  transferLots(ledger, giver, taker, held, knownTwice(marks, listing), createTransfer());
  world.fills.length = 0;
  count(world, 'lots handed to another version');
  moved(world, giver);
  moved(world, taker);
}

function lateVersion(world: RoomWorld): void {
  const { desk, luck } = world;
  if (world.late >= 6) return;
  const row = addVersion(desk, luck.int(3), `2.${world.late++}.0`);
  staff(world, row);
  count(world, 'version added');
  const order = [...desk.orders.values()].find((one) => desk.risk.gate.rows[one.row].slice === desk.risk.gate.rows[row].slice);
  if (order !== undefined) book(world, order, row, order.orderQty);
}

function lateListing(world: RoomWorld): void {
  const { desk } = world;
  if (desk.registry.listings.length > pairListing + 1) return;
  const ix = addListing(desk, { instrumentID: 'BOLT', venueID: 'ALT' });
  for (const row of desk.risk.gate.rows) row.universe = new Uint8Array(ix + 1).fill(1);
  price(world, ix, world.px[1]);
  count(world, 'listing added');
}

function capital(world: RoomWorld): void {
  const { gate } = world.desk.risk;
  const to = units(world, 110_000 + world.luck.int(110_000));
  if (setSliceCapital(gate, world.luck.int(3), to, splitZero()) === '') count(world, 'capital of a slice');
}

function restate(world: RoomWorld): void {
  const { desk, luck } = world;
  const open = [...desk.orders.values()];
  if (open.length === 0) return;
  const order = pick(world, open);
  if (luck.int(2) === 0) {
    orderRepriced(desk.risk, order.clOrdID, order.price + luck.int(50));
    count(world, 'order repriced by the venue');
  } else {
    const more = 5 * world.scale;
    const raised = { ...order, leavesQty: lotsUnchecked(order.leavesQty + more), orderQty: lotsUnchecked(order.orderQty + more) };
    desk.orders.set(order.clOrdID, raised);
    orderChanged(desk.risk, order.clOrdID, raised.leavesQty);
    count(world, 'order raised by the venue');
  }
}

/** What a restored core begins with: the rest of the risk room stands in the snapshot. */
function restore(world: RoomWorld): void {
  const { accounts, rows: byRow, listings } = world.desk.risk.limitGroups;
  for (const { numbers } of [accounts, byRow, listings]) numbers.fill(0);
  count(world, 'limits of orders forgotten as by a restore');
}

function otherAccount(world: RoomWorld): void {
  setRowAccount(world.desk.risk.gate, pick(world, rows), 0, world.luck.int(2) === 0 ? 0 : 2);
  count(world, 'row moved to another account of its venue');
}

function newDay(world: RoomWorld): void {
  startDay(world.desk.risk, world.desk.risk.sessions.calendarOf[0]);
  count(world, 'session day');
}

const rare = [
  splitStock,
  flowCash,
  flowCash,
  correctOrBust,
  correctOrBust,
  swapVersions,
  lateVersion,
  lateListing,
  capital,
  restate,
  restate,
  restore,
  otherAccount,
  newDay,
];

export function rareEvent(world: RoomWorld): void {
  pick(world, rare)(world);
}

/** Small steps mostly; jumps, prices that go and come back, and the rate of the currencies. */
export function moveMark(world: RoomWorld): void {
  const { desk, luck } = world;
  const listing = luck.int(desk.registry.listings.length);
  const px = world.px[listing];
  const draw = luck.int(100);
  if (draw === 0) {
    quote(desk, listing, 0, 0, world.at);
    count(world, 'mark gone');
  } else if (draw === 1) {
    desk.marks.valid[listing] = 0;
    count(world, 'mark not valid');
  } else if (draw < 25) {
    price(world, listing, Math.min(20_000, Math.max(5_000, Math.round(px * (0.8 + luck.float() * 0.45)))));
    count(world, listing === pairListing ? 'rate jumped' : 'price jumped');
  } else {
    price(world, listing, Math.min(20_000, Math.max(5_000, px + luck.int(41) - 20)));
    count(world, listing === pairListing ? 'rate moved' : 'price moved');
  }
}
