import { lots, ticks } from '../../base/units.ts';
import { clOrdIDOf } from '../../domain/ids.ts';
import type { BreakClass } from '../../domain/statement.ts';
import { sentOf } from '../rollout/rollout-desk.ts';
import type { ComparedDesk } from './compared-desk.ts';
import type { HeldOrder } from './stating-venue.ts';

/** One way in which desk and venue come apart. */
export interface Planted {
  readonly class: BreakClass;
  /** The end of the break's record when the rule has done what it can: gone, or waiting for people or the venue. */
  readonly ends: 'resolved' | 'open';
  /** What the id of its record ends with; '' = not checked. */
  readonly subject: string;
  /** Orders that the rule takes back, and only those. */
  readonly takesBack: readonly number[];
  /** Orders that were never working on both sides. */
  readonly vanishes: readonly number[];
  /** Makes the venue agree again, where only it can. */
  readonly heal: () => void;
}

type Plant = (world: ComparedDesk) => Planted;

const nothing = (): void => undefined;
const plain = { subject: '', takesBack: [], vanishes: [], heal: nothing };

/** Lots of an order that leave at least one. */
function some({ rng }: ComparedDesk, order: HeldOrder): number {
  return 1 + rng.int(order.orderQty - order.cumQty - 1);
}

function missedFill(world: ComparedDesk): Planted {
  const { rng, venue, desk } = world;
  const order = world.work();
  const qty = rng.int(3) === 0 ? order.orderQty : some(world, order);
  const named = rng.int(4) !== 0;
  const { execID } = venue.fill(order, qty, world.at, named);
  if (rng.int(2) === 0) world.wait(3_000_000);
  void desk;
  return { ...plain, class: 'missedFill', ends: 'resolved', subject: named ? execID : '' };
}

function duplicateFill(world: ComparedDesk): Planted {
  const { venue, desk } = world;
  const order = world.work();
  const report = venue.fill(order, some(world, order), world.at);
  desk.say(report);
  const before = venue.fills;
  venue.fills = [...before, before[before.length - 1]];
  return { ...plain, class: 'duplicateFill', ends: 'resolved', subject: report.execID, heal: () => (venue.fills = before) };
}

function conflictingFill(world: ComparedDesk): Planted {
  const { venue, desk } = world;
  const order = world.work();
  const report = venue.fill(order, some(world, order), world.at);
  desk.say(report);
  const before = venue.fills;
  const last = before[before.length - 1];
  venue.fills = [...before.slice(0, -1), { ...last, lastPx: ticks(last.lastPx + 1) }];
  return { ...plain, class: 'conflictingFill', ends: 'open', subject: report.execID, heal: () => (venue.fills = before) };
}

function unownedFill(world: ComparedDesk): Planted {
  const { rng, venue, desk } = world;
  const ours = rng.int(2) === 0 ? clOrdIDOf(100_000_000 + desk.turns.length, 0) : 0;
  venue.trade(rng.int(2), rng.int(2) === 0 ? 'buy' : 'sell', 1 + rng.int(5), 10_000, world.at, ours, ours === 0 ? 0 : desk.core.term);
  return { ...plain, class: 'unownedFill', ends: 'resolved' };
}

function lateFill(world: ComparedDesk): Planted {
  const { venue, desk } = world;
  const order = world.work();
  desk.say(venue.fill(order, order.orderQty, world.at));
  // what closed is forgotten behind the second midnight
  for (let day = 0; day < 3; day++) desk.advance(86_400_000_000);
  desk.mark(0);
  desk.mark(1);
  const before = venue.fills.filter(({ transactTime }) => transactTime > world.at - 80_000_000_000);
  venue.fills = [...before];
  venue.trade(order.listing, order.side, 1, 10_000, world.at, order.clOrdID, order.term);
  venue.positions[order.listing] -= order.side === 'buy' ? 1 : -1;
  return { ...plain, class: 'lateFill', ends: 'open', heal: () => (venue.fills = before) };
}

function strange(world: ComparedDesk, clOrdID: number): HeldOrder {
  const { rng, venue, desk } = world;
  const order: HeldOrder = {
    clOrdID,
    term: clOrdID === 0 ? 0 : desk.core.term,
    orderID: `s${desk.turns.length}`,
    listing: rng.int(2),
    side: 'buy',
    orderQty: 1 + rng.int(9),
    cumQty: 0,
    gone: 0,
    price: 9_900,
  };
  venue.put(order);
  return order;
}

function unknownOrder(world: ComparedDesk): Planted {
  const order = strange(world, clOrdIDOf(100_000_000 + world.desk.turns.length, world.rng.int(3)));
  return { ...plain, class: 'unknownOrder', ends: 'resolved', takesBack: [order.clOrdID] };
}

function foreignOrder(world: ComparedDesk): Planted {
  const order = strange(world, 0);
  return { ...plain, class: 'foreignOrder', ends: 'open', subject: order.orderID, heal: () => world.venue.orders.delete(order.orderID) };
}

function orphan(world: ComparedDesk): Planted {
  const { venue, desk } = world;
  const order = world.work();
  desk.intent(world.row, 'buy', 0, { action: 'cancelAll', price: ticks(0) });
  const others = [...venue.orders.values()].filter((one) => one !== order);
  world.exchange();
  // the venue said that it took the order back, and works it
  venue.put(order);
  venue.canceled.length = 0;
  return { ...plain, class: 'orphan', ends: 'resolved', takesBack: [order.clOrdID], vanishes: others.map(({ clOrdID }) => clOrdID) };
}

function lostOrder(world: ComparedDesk): Planted {
  const order = world.work();
  world.venue.orders.delete(order.orderID);
  return { ...plain, class: 'lostOrder', ends: 'resolved', vanishes: [order.clOrdID] };
}

function limbo(world: ComparedDesk): Planted {
  const { venue, rng } = world;
  const lostAnswer = rng.int(2) === 0;
  venue.deaf = true;
  if (lostAnswer) {
    const turn = world.intent('buy', 1 + rng.int(9), rng.int(2), 9_890 - rng.int(40));
    world.exchange();
    venue.deaf = false;
    void sentOf(turn);
    return { ...plain, class: 'limbo', ends: 'resolved' };
  }
  venue.deaf = false;
  const order = world.work();
  venue.deaf = true;
  world.desk.intent(world.row, 'buy', 0, { action: 'cancel', targetTag: world.desk.tags[world.row], price: ticks(0) });
  world.exchange();
  venue.deaf = false;
  return { ...plain, class: 'limbo', ends: 'resolved', takesBack: [order.clOrdID] };
}

function cumQty(world: ComparedDesk): Planted {
  const order = world.work();
  const before = order.cumQty;
  order.cumQty += some(world, order);
  return { ...plain, class: 'cumQty', ends: 'open', heal: () => (order.cumQty = before) };
}

function orderQty(world: ComparedDesk): Planted {
  const order = world.work();
  const more = world.rng.int(2) === 0;
  order.orderQty += more ? 1 + world.rng.int(5) : -some(world, order);
  return { ...plain, class: 'orderQty', ends: 'resolved', takesBack: more ? [order.clOrdID] : [] };
}

function leaves(world: ComparedDesk): Planted {
  const order = world.work();
  order.gone = some(world, order);
  return { ...plain, class: 'leaves', ends: 'resolved' };
}

function price(world: ComparedDesk): Planted {
  const order = world.work();
  const by = 1 + world.rng.int(20);
  const dearer = world.rng.int(2) === 0;
  order.price += dearer === (order.side === 'buy') ? by : -by;
  return { ...plain, class: 'price', ends: 'resolved', takesBack: dearer ? [order.clOrdID] : [] };
}

function position(world: ComparedDesk): Planted {
  const { rng, venue } = world;
  const listing = rng.int(2);
  const by = (1 + rng.int(9)) * (rng.int(2) === 0 ? 1 : -1);
  venue.positions[listing] += by;
  return { ...plain, class: 'position', ends: 'open', subject: listing === 0 ? 'X' : 'Y', heal: () => (venue.positions[listing] -= by) };
}

function contradiction(world: ComparedDesk): Planted {
  const { rng, venue } = world;
  const kind = rng.int(3);
  const twice = { listing: 0, position: 1 };
  venue.alter = (page) => {
    if (kind === 0) return { ...page, positions: [twice, twice] };
    if (kind === 1) return { ...page, pages: page.pages + 1, page: page.page + 5 };
    return {
      ...page,
      fills: [...page.fills, ...page.fills.slice(0, 1).map((fill) => ({ ...fill, lastQty: lots(0) }))],
      orders: [bad(page.account)],
    };
  };
  return { ...plain, class: 'contradiction', ends: 'open', heal: () => (venue.alter = undefined) };
}

function bad(listing: number) {
  const none = lots(0);
  const one = { clOrdID: 0, term: 0, orderID: 'B', listing, side: 'buy', price: ticks(1) } as const;
  return { ...one, orderQty: lots(1), cumQty: lots(1), leavesQty: none };
}

function venueSilent(world: ComparedDesk): Planted {
  world.venue.silent = 3 + world.rng.int(3);
  return { ...plain, class: 'venueSilent', ends: 'resolved' };
}

/** How each class of break is planted. */
export const divergences: Readonly<Record<BreakClass, Plant>> = {
  missedFill,
  duplicateFill,
  conflictingFill,
  unownedFill,
  lateFill,
  unknownOrder,
  foreignOrder,
  orphan,
  lostOrder,
  limbo,
  cumQty,
  orderQty,
  leaves,
  price,
  position,
  contradiction,
  venueSilent,
};
