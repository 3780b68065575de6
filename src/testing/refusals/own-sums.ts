import type { Order } from '../../domain/order.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';

/** Lots of one version, account and listing in the order in which they came, each with its price; all of one sign. */
interface Lot {
  lots: number;
  readonly px: number;
}

/** What a life of orders adds up by itself, in whole units of money: lots at what they cost, first in, first out, and what open orders reserve. */
export interface OwnSums {
  /** By row, account, listing, and whether it is on paper. */
  readonly lots: Map<string, Lot[]>;
  /** By the same: ticks x lots that were paid less those that were received. */
  readonly paid: Map<string, bigint>;
  /** Price at which an order reserves, by its number; 0 = it was proven reducing. */
  readonly reservePx: Map<number, number>;
  /** Rows that trade in another currency than their slice's: their sums hang on rates. */
  readonly foreign: Set<number>;
}

export function createOwnSums(): OwnSums {
  return { lots: new Map(), paid: new Map(), reservePx: new Map(), foreign: new Set() };
}

/** Lots that were filled, signed. */
export function noteLots({ lots, paid }: OwnSums, key: string, signed: number, px: number): void {
  paid.set(key, (paid.get(key) ?? 0n) + BigInt(signed) * BigInt(px));
  const held = lots.get(key) ?? [];
  lots.set(key, held);
  let left = signed;
  while (left !== 0 && held.length > 0 && Math.sign(held[0].lots) !== Math.sign(left)) {
    const closes = Math.min(Math.abs(left), Math.abs(held[0].lots));
    held[0].lots -= Math.sign(held[0].lots) * closes;
    left -= Math.sign(left) * closes;
    if (held[0].lots === 0) held.shift();
  }
  if (left !== 0) held.push({ lots: left, px });
}

/** Lots of a row at entry cost. */
function costOf({ registry }: RiskDesk, sums: OwnSums, row: number, simulated: boolean): bigint {
  let sum = 0n;
  for (const [key, held] of sums.lots) {
    const [ofRow, , listing, paper] = key.split(' ').map(Number);
    if (ofRow !== row || (paper === 1) !== simulated) continue;
    const { moneyPerTickLot } = registry.listings[listing];
    for (const { lots, px } of held) sum += BigInt(Math.abs(lots)) * BigInt(px) * BigInt(moneyPerTickLot);
  }
  return sum;
}

/** What an open order reserves: what is left of it at its price; of a replacement that no venue has answered what it takes beyond the order before it. */
export function reserveOf(desk: RiskDesk, sums: OwnSums, order: Readonly<Order>): bigint {
  if (order.leg === 'stop' || order.leg === 'target') return 0n;
  const listing = desk.registry.listings[order.listing];
  const own = BigInt(order.leavesQty) * BigInt(sums.reservePx.get(order.clOrdID) ?? 0) * BigInt(listing.moneyPerTickLot);
  const atomic = desk.registry.venues[listing.venue].capabilities.replace === 'atomic';
  const before = atomic ? desk.orders.get(order.origClOrdID) : undefined;
  if (before === undefined || own === 0n) return own;
  const more = own - reserveOf(desk, sums, before);
  return more > 0n ? more : 0n;
}

/** What each open order reserves, in its listing's currency. */
export function openReserves(desk: RiskDesk, sums: OwnSums): readonly { readonly order: Readonly<Order>; readonly money: bigint }[] {
  return [...desk.orders.values()].map((order) => ({ order, money: reserveOf(desk, sums, order) }));
}

/** Lots at cost and reservations of a version; undefined = they are in more than one currency. */
export function ownUsed(
  desk: RiskDesk,
  sums: OwnSums,
  row: number,
  simulated: boolean,
): { readonly cost: bigint; readonly reserved: bigint } | undefined {
  if (sums.foreign.has(row)) return undefined;
  let reserved = 0n;
  for (const order of desk.orders.values())
    if (order.row === row && order.simulated === simulated) reserved += reserveOf(desk, sums, order);
  return { cost: costOf(desk, sums, row, simulated), reserved };
}

const units = (column: { readonly hi: Float64Array; readonly lo: Float64Array }, row: number): bigint =>
  BigInt(column.hi[row]) * 2n ** 48n + BigInt(column.lo[row]);

/** '' or what the gate has otherwise of a version. */
export function wrongSum(desk: RiskDesk, sums: OwnSums, row: number): string {
  const { gate } = desk.risk;
  for (const simulated of [false, true]) {
    const own = ownUsed(desk, sums, row, simulated);
    if (own === undefined) continue;
    const [cost, reserved] = simulated ? [gate.paperCost, gate.paperReserved] : [gate.entryCost, gate.reserved];
    const its = { cost: units(cost, row), reserved: units(reserved, row) };
    if (its.cost !== own.cost) return `nothing due, and the lots of row ${row} have cost ${its.cost}, by its fills ${own.cost}`;
    if (its.reserved !== own.reserved)
      return `nothing due, and the orders of row ${row} reserve ${its.reserved}, by their terms ${own.reserved}`;
  }
  return '';
}
