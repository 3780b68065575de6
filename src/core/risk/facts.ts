import { assert } from '../../base/assert.ts';
import { fromSafe, mulInto, mulSmallInto, type Split } from '../../base/split.ts';
import type { CheckContext } from './check-context.ts';
import { cellStride, held, lotStride, openOf, takeRoute } from './exposure.ts';
import { sliceCurrency } from './foreign.ts';
import { groupCollar, groupFatFinger, groupNotional, groupQty, groupStride, groupWindow, isRead, readGroups } from './limit-groups.ts';
import { factStride, instrumentFact, sectorFact, venueFact } from './listing-facts.ts';
import { findSlot, slotCounted, slotReserved, slotShift, slotWeight } from './open-slot.ts';
import { convertInto } from './rates.ts';
import { defaultCollarBps, lowerBound, referenceTwice, upperBound } from './reference.ts';
import type { Risk } from './risk.ts';
import {
  accountScope,
  algorithmScope,
  firmScope,
  instrumentScope,
  ownScopes,
  scopeKinds,
  sectorScope,
  venueScope,
  versionScope,
} from './scopes.ts';
import { noLimit, placeOf } from './scope-table.ts';
import { settle } from './settle.ts';

// Constants of its own file V8 knows; imported ones it fetches and tests at every use (docs/decisions/0010).
const ofFirm = firmScope;
const ofAccount = accountScope;
const ofAlgorithm = algorithmScope;
const ofVersion = versionScope;
const ofVenue = venueScope;
const ofInstrument = instrumentScope;
const ofSector = sectorScope;
const ownKinds = ownScopes;
const factsApart = factStride;
const venueAt = venueFact;
const instrumentAt = instrumentFact;
const sectorAt = sectorFact;
const cellsApart = cellStride;
const heldAt = held;
const none = noLimit;
const every = scopeKinds;
const lotsApart = lotStride;
const slotsShift = slotShift;
const countedAt = slotCounted;
const reservedAt = slotReserved;
const weightAt = slotWeight;
const groupsApart = groupStride;
const qtyAt = groupQty;
const notionalAt = groupNotional;
const fatFingerAt = groupFatFinger;
const collarAt = groupCollar;
const windowAt = groupWindow;

/** What the risk checks want to know, worked out once after the form is known to be good. */
export function workOut(risk: Risk, c: CheckContext): void {
  const { listing, asker } = c;
  assert(listing !== undefined, 'the form check has found the listing');
  const row = risk.gate.rows[asker.row];
  c.route = takeRoute(risk.exposure, row, asker.account, listing, asker.simulated);
  c.leavesBase = c.leaves * listing.baseUnitsPerLot;
  takeReplaced(risk, c);
  c.closable = closableLots(risk, c);
  // whatever of it fills, |position| goes strictly down
  c.reducing = c.leaves <= c.closable && c.order.ordType !== 'bracket';
  takeLimits(risk, c);
  takePrices(risk, c);
  c.lotMoney = c.valuePx * listing.moneyPerTickLot;
}

/** The strictest limits of the order's scopes; read anew when any limit has changed. */
function takeLimits(risk: Risk, c: CheckContext): void {
  const { accounts, rows, listings } = risk.limitGroups;
  const { version } = risk.limits.table;
  const { account, row } = c.asker;
  const { listing } = c.order;
  if (!isRead(accounts, account, version) || !isRead(rows, row, version) || !isRead(listings, listing, version)) readAnew(risk, c);
  const a = accounts.numbers;
  const r = rows.numbers;
  const l = listings.numbers;
  const aAt = account * groupsApart;
  const rAt = row * groupsApart;
  const lAt = listing * groupsApart;
  c.mostQty = Math.min(a[aAt + qtyAt], r[rAt + qtyAt], l[lAt + qtyAt]);
  c.mostNotional = Math.min(a[aAt + notionalAt], r[rAt + notionalAt], l[lAt + notionalAt]);
  c.fatFingerBps = Math.min(a[aAt + fatFingerAt], r[rAt + fatFingerAt], l[lAt + fatFingerAt]);
  c.collarBps = Math.min(a[aAt + collarAt], r[rAt + collarAt], l[lAt + collarAt]);
  c.window = Math.max(a[aAt + windowAt], r[rAt + windowAt], l[lAt + windowAt]);
}

function readAnew(risk: Risk, c: CheckContext): void {
  takeScopes(risk, c, risk.gate.rows[c.asker.row].algorithm);
  readGroups(risk.limitGroups, risk.limits.table, risk.orderRate, c.scopeIx, c.order.listing);
}

/** Every scope of the order, for checks that are asked themselves and read sums: which they are, where their numbers begin, and what the order would reach in each. */
export function lookAtScopes(risk: Risk, c: CheckContext): void {
  settle(risk);
  // what is settled may make rows for scopes that were never asked about, and each moves others
  nameScopes(risk, c);
  takeCells(risk, c);
}

/** The same for checks that read no sum: nothing has to be settled for them. */
export function nameScopes(risk: Risk, c: CheckContext): void {
  takeLimits(risk, c);
  takeScopes(risk, c, risk.gate.rows[c.asker.row].algorithm);
  for (let scope = 0; scope < every; scope++) c.placeOf[scope] = placeOf(risk.limits.table, scope, c.scopeIx[scope]);
}

function takeScopes(risk: Risk, c: CheckContext, algorithm: number): void {
  const { scopeIx } = c;
  const facts = risk.listingFacts.numbers;
  const at = c.order.listing * factsApart;
  scopeIx[ofFirm] = 0;
  scopeIx[ofAccount] = c.asker.account;
  scopeIx[ofAlgorithm] = algorithm;
  scopeIx[ofVersion] = c.asker.row;
  scopeIx[ofVenue] = facts[at + venueAt];
  scopeIx[ofInstrument] = facts[at + instrumentAt];
  scopeIx[ofSector] = facts[at + sectorAt];
}

/** orderQty x value price, listing's currency, exact. */
export function notionalInto(out: Split, c: CheckContext): void {
  mulInto(out, c.order.orderQty, c.valuePx);
  mulSmallInto(out, out, c.listing?.moneyPerTickLot ?? 0);
}

/** What the order would reserve: leaves x value price, 0 when reducing; listing's currency, exact. */
export function reserveInto(out: Split, c: CheckContext): void {
  mulInto(out, c.leaves, c.reducing ? 0 : c.valuePx);
  mulSmallInto(out, out, c.listing?.moneyPerTickLot ?? 0);
}

/** The same in the currency of the row's slice, rounded up; false = no rate of now: nobody knows what it would take of the capital. */
export function sliceReserveInto(out: Split, risk: Risk, c: CheckContext): boolean {
  reserveInto(out, c);
  return c.listing !== undefined && convertInto(out, risk.rates, out, c.listing.currency, sliceCurrency(risk, c.asker.row), true);
}

function takeCells(risk: Risk, c: CheckContext): void {
  const { cells, routes } = risk.exposure;
  const own = routes[c.route].cells;
  const open = openOf(c.side < 0);
  const more = c.leavesBase - c.oldBase;
  for (let scope = 0; scope < ownKinds; scope++) {
    const at = own[scope] * cellsApart;
    c.reach[scope] = c.side * cells[at] + cells[at + open] + more;
    c.holds[scope] = cells[at + heldAt];
  }
  c.reach[ofInstrument] = c.reach[ofFirm];
  c.reach[ofSector] = c.reach[ofFirm];
  c.holds[ofSector] = c.holds[ofFirm];
}

/** Where one message replaces, the old order's share passes to the new one; where it takes two, both may fill and both count. */
function takeReplaced(risk: Risk, c: CheckContext): void {
  c.oldBase = 0;
  fromSafe(c.oldReserved, 0);
  c.oldLots = 0;
  const old = c.asker.replaces;
  if (old === null || c.listing === undefined || !replacesAtomically(risk, c.listing.venue)) return;
  const { slots } = risk.exposure;
  const slot = findSlot(slots, old.clOrdID);
  if (slot < 0) return;
  const at = slot << slotsShift;
  const weight = slots.words[at | weightAt];
  const counted = slots.numbers[at | countedAt];
  if (weight !== 2) c.oldLots = counted;
  if (weight === 0) c.oldBase = counted * c.listing.baseUnitsPerLot;
  c.oldReserved.hi = slots.numbers[at | reservedAt];
  c.oldReserved.lo = slots.numbers[(at | reservedAt) + 1];
}

export function replacesAtomically(risk: Risk, venue: number): boolean {
  return risk.registry.venues[venue].capabilities.replace === 'atomic';
}

/** Lots of the opposite position of its route that no other open order on its side has spoken for; at least 0. */
function closableLots(risk: Risk, c: CheckContext): number {
  const { lots } = risk.exposure;
  const at = c.route * lotsApart;
  const open = lots[at + openOf(c.side < 0)] - c.oldLots;
  return Math.max(0, -c.side * lots[at] - open);
}

/** Bps within which a price is sent and market orders are reserved: the collar, else the fat-finger bound, else the default. */
function boundBps(c: CheckContext): number {
  if (c.collarBps !== none) return c.collarBps;
  return c.fatFingerBps === none ? defaultCollarBps : c.fatFingerBps;
}

function takePrices(risk: Risk, c: CheckContext): void {
  const { order, listing } = c;
  assert(listing !== undefined, 'the form check has found the listing');
  c.refTwice = referenceTwice(risk.marks, listing.ix);
  c.refValid = risk.marks.valid[listing.ix] === 1;
  switch (order.ordType) {
    case 'limit':
    case 'stopLimit':
      atLimit(risk, c, order.price);
      return;
    case 'market':
      atMarket(risk, c);
      return;
    case 'bracket':
      if (order.price > 0) atLimit(risk, c, order.price);
      else atMarket(risk, c);
      return;
    case 'stop':
      c.valuePx = c.side > 0 ? upperBound(2 * order.stopPx, boundBps(c)) : order.stopPx;
      c.boundPx = c.valuePx;
      return;
    case 'trailingStop':
      c.valuePx = c.refTwice > 0 ? upperBound(c.refTwice + (c.side > 0 ? 2 * order.trailOffset : 0), boundBps(c)) : 0;
      c.boundPx = c.valuePx;
      return;
  }
}

/** A sell below the market trades at the market, and a short there costs what it sold for: it is valued at the bid, not at its limit. */
function atLimit(risk: Risk, c: CheckContext, price: number): void {
  const bid = c.side < 0 && risk.marks.bidQty[c.order.listing] > 0 ? risk.marks.bid[c.order.listing] : 0;
  c.valuePx = Math.max(price, bid);
  c.boundPx = price;
}

/** Both sides are reserved at the upper bound: a market that rises before the order arrives makes a short dearer too. */
function atMarket(risk: Risk, c: CheckContext): void {
  const known = c.refTwice > 0;
  const bps = boundBps(c);
  c.valuePx = known ? upperBound(c.refTwice, bps) : 0;
  c.boundPx = !known ? (c.side > 0 ? Infinity : 0) : c.side > 0 ? c.valuePx : lowerBound(c.refTwice, bps);
}
