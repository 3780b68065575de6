import { splitZero, toBigInt } from '../../base/split.ts';
import { checkCapital } from '../../core/risk/capital.ts';
import { cellStride, heldIn } from '../../core/risk/exposure.ts';
import { positionsDiffer } from '../../core/risk/moves.ts';
import { capInto, modeOf, usedInto } from '../../core/risk/order-gate.ts';
import { accountScope, algorithmScope, firmScope, ownScopes, venueScope, versionScope } from '../../core/risk/scopes.ts';
import { settle } from '../../core/risk/settle.ts';
import type { ClOrdID } from '../../domain/ids.ts';
import { orderOfDesk, type RiskDesk } from './risk-desk.ts';

/** What the test remembers of each open order: the ticks it reserved at, and the order it stands in for while a replace is unanswered. */
export interface Reservation {
  readonly px: number;
  readonly replaces: ClOrdID;
}

const money = splitZero();

/** The first invariant that does not hold, as a sentence; '' = all hold. Everything is counted again from orders and ledger, in bigint. */
export function brokenInvariant(desk: RiskDesk, reservations: ReadonlyMap<ClOrdID, Reservation>): string {
  return brokenReservations(desk, reservations) || brokenCapital(desk) || brokenExposure(desk, reservations) || positionsDiffer(desk.risk);
}

function leavesOf(
  desk: RiskDesk,
  reservations: ReadonlyMap<ClOrdID, Reservation>,
  clOrdID: ClOrdID,
): { leaves: bigint; px: bigint; heldBack: bigint; lotsBack: bigint } {
  const order = orderOfDesk(desk, clOrdID);
  const { px, replaces } = reservations.get(clOrdID) ?? { px: 0, replaces: 0 };
  const old = replaces === 0 ? undefined : desk.orders.get(replaces);
  const oldPx = old === undefined ? 0 : (reservations.get(replaces)?.px ?? 0);
  return {
    leaves: BigInt(order.leavesQty),
    px: BigInt(px),
    heldBack: old === undefined ? 0n : BigInt(old.leavesQty) * BigInt(oldPx),
    lotsBack: BigInt(old?.leavesQty ?? 0),
  };
}

/** reserved(row) = leavesQty x reservation price over its open orders; of an unanswered replace only what it asks beyond the order it replaces. */
function brokenReservations(desk: RiskDesk, reservations: ReadonlyMap<ClOrdID, Reservation>): string {
  const { gate } = desk.risk;
  const reserved = gate.rows.map(() => 0n);
  for (const order of desk.orders.values()) {
    if (order.leg === 'stop' || order.leg === 'target') continue;
    const { leaves, px, heldBack } = leavesOf(desk, reservations, order.clOrdID);
    const asked = leaves * px - heldBack;
    if (asked > 0n) reserved[order.row] += asked * BigInt(desk.registry.listings[order.listing].moneyPerTickLot);
  }
  for (const { ix, sliceID, version } of gate.rows) {
    for (const column of [gate.reserved, gate.paperReserved]) {
      money.hi = column.hi[ix];
      money.lo = column.lo[ix];
      const simulated = column === gate.paperReserved;
      const expected = (modeOf(gate, ix) === 'SIMULATED') === simulated ? reserved[ix] : 0n;
      if (toBigInt(money) !== expected) return `reserved of ${sliceID}/${version}: expected ${expected}, was ${toBigInt(money)}`;
    }
  }
  return '';
}

/** CAP1 and CAP4, in bigint. */
function brokenCapital(desk: RiskDesk): string {
  const { gate } = desk.risk;
  for (const slice of gate.slices) {
    let sum = 0n;
    for (const row of slice.rows) {
      usedInto(money, gate, row);
      const used = toBigInt(money);
      capInto(money, gate, row);
      const cap = toBigInt(money);
      sum += used > cap ? used : cap;
      if (used > cap && modeOf(gate, row) === 'SIMULATED') return `CAP4: row ${row} uses ${used} of ${cap} while SIMULATED`;
    }
    const left = sum + toBigInt(slice.reserve) - toBigInt(slice.drawn);
    const right = toBigInt(slice.total) + toBigInt(slice.overdraft);
    if (left > right) return `CAP1: ${slice.sliceID}: sum and reserve ${left}, capital and overdraft ${right}`;
    if (toBigInt(slice.overdraft) > 0n && toBigInt(slice.drawn) < toBigInt(slice.reserve))
      return `CAP1: ${slice.sliceID} is overdrawn with reserve left`;
    if (!checkCapital(gate, slice.ix)) return `CAP1: ${slice.sliceID}: checkCapital says no`;
  }
  return '';
}

/** Open quantities and positions of every cell, counted again by route. */
function brokenExposure(desk: RiskDesk, reservations: ReadonlyMap<ClOrdID, Reservation>): string {
  const { exposure } = desk.risk;
  settle(desk.risk);
  const open = new Map<string, bigint>();
  const add = (key: string, lots: bigint): void => void open.set(key, (open.get(key) ?? 0n) + lots);
  for (const order of desk.orders.values()) {
    if (order.leg === 'stop' || order.leg === 'target') continue;
    const { leaves, lotsBack } = leavesOf(desk, reservations, order.clOrdID);
    if (leaves > lotsBack)
      for (const key of keysOf(desk, order.row, order.account, order.listing, order.simulated))
        add(`${key} ${order.side}`, leaves - lotsBack);
  }
  for (const { row, account, listing, simulated, cells } of exposure.routes) {
    const keys = keysOf(desk, row, account, listing, simulated);
    const scopes = simulated ? 1 : ownScopes;
    for (let scope = 0; scope < scopes; scope++) {
      const at = cells[scope] * cellStride;
      for (const [place, side] of [
        [1, 'buy'],
        [2, 'sell'],
      ] as const) {
        const expected = open.get(`${keys[scope]} ${side}`) ?? 0n;
        if (BigInt(exposure.cells[at + place]) !== expected)
          return `open ${side} of ${keys[scope]}: expected ${expected}, was ${exposure.cells[at + place]}`;
      }
      if ((exposure.cells[at + 3] === 1) !== [0, 1, 2].some((place) => exposure.cells[at + place] !== 0)) return `held of ${keys[scope]}`;
    }
  }
  return brokenCounts(desk);
}

function brokenCounts(desk: RiskDesk): string {
  const { exposure } = desk.risk;
  const held = new Map<string, number>();
  for (let cell = 0; cell < exposure.cellCount; cell++) {
    const key = `${exposure.cellScope[cell]} ${exposure.cellScopeIx[cell]}`;
    held.set(key, (held.get(key) ?? 0) + exposure.cells[cell * cellStride + 3]);
  }
  for (const [key, count] of held) {
    const [scope, ix] = key.split(' ').map(Number);
    if (scope < ownScopes && heldIn(exposure, scope, ix) !== count)
      return `instruments held in ${key}: expected ${count}, was ${heldIn(exposure, scope, ix)}`;
  }
  return '';
}

/** Names of the cells that an order or a position counts in, by scope. */
function keysOf(desk: RiskDesk, row: number, account: number, listing: number, simulated: boolean): string[] {
  const { instrument, venue } = desk.registry.listings[listing];
  if (simulated) return [`paper ${row} ${instrument}`];
  const keys: string[] = [];
  keys[firmScope] = `firm ${instrument}`;
  keys[accountScope] = `account ${account} ${instrument}`;
  keys[algorithmScope] = `algorithm ${desk.risk.gate.rows[row].algorithm} ${instrument}`;
  keys[versionScope] = `version ${row} ${instrument}`;
  keys[venueScope] = `venue ${venue} ${instrument}`;
  return keys;
}
