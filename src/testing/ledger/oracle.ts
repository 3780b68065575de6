/**
 * The ledger as one would write it on paper: bigint, lists, no cleverness. Every rule is stated here a second time and held against `core/positions` by
 * `ledger.property.test.ts`. A leaf's lots all stand on one side; lots, bases and entry costs are counted without that side (a short lot of 3 at 5 costs 15).
 */
export interface OracleLot {
  qty: bigint;
  cost: bigint;
  readonly fill: number;
}

/** Average cost: `taken` of `cost` has left with `closed` of `held`; `whole` are the fills that are in it with their full quantity. */
export interface OracleBasis {
  cost: bigint;
  held: bigint;
  closed: bigint;
  taken: bigint;
  whole: Set<number>;
}

export interface OracleLeaf {
  readonly row: number;
  readonly algorithm: number;
  readonly account: number;
  readonly venue: number;
  readonly listing: number;
  readonly instrument: number;
  readonly currency: number;
  readonly simulated: boolean;
  readonly tickValue: bigint;
  readonly baseUnits: bigint;
  position: bigint;
  lots: OracleLot[];
  basis: OracleBasis;
  realized: bigint;
  averageRealized: bigint;
  cash: bigint;
  bought: bigint;
  sold: bigint;
  trades: bigint;
  handover: bigint;
  readonly fees: Map<number, bigint>;
}

/** A fill as its leaf's owner remembers it. */
export interface OracleFill {
  readonly fill: number;
  readonly side: bigint;
  readonly lots: bigint;
  readonly px: bigint;
  readonly commission: bigint;
  readonly currency: number;
}

export function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
}

export function halfEven(a: bigint, b: bigint): bigint {
  const q = floorDiv(a, b);
  const twice = 2n * (a - q * b);
  if (twice === b) return q % 2n === 0n ? q : q + 1n;
  return twice > b ? q + 1n : q;
}

export function size(a: bigint): bigint {
  return a < 0n ? -a : a;
}

function signOf(a: bigint): bigint {
  return a > 0n ? 1n : a < 0n ? -1n : 0n;
}

function lowest(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function emptyBasis(): OracleBasis {
  return { cost: 0n, held: 0n, closed: 0n, taken: 0n, whole: new Set() };
}

export function chargeFee(leaf: OracleLeaf, currency: number, fee: bigint): void {
  leaf.fees.set(currency, (leaf.fees.get(currency) ?? 0n) + fee);
}

/** Brings `side` x qty at a total cost into the lots: first against the oldest lots of the other side, the rest as a lot of its own. */
function intoLots(leaf: OracleLeaf, position: bigint, side: bigint, qty: bigint, cost: bigint, fill: number): void {
  const closing = position * side < 0n ? lowest(size(position), qty) : 0n;
  const closingCost = floorDiv(cost * closing, qty);
  let left = closing;
  let taken = 0n;
  while (left > 0n) {
    const lot = leaf.lots[0];
    const part = lowest(left, lot.qty);
    const share = floorDiv(lot.cost * part, lot.qty);
    lot.qty -= part;
    lot.cost -= share;
    if (lot.qty === 0n) leaf.lots.shift();
    taken += share;
    left -= part;
  }
  leaf.realized += -side * closingCost + side * taken;
  if (qty > closing) leaf.lots.push({ qty: qty - closing, cost: cost - closingCost, fill });
}

/** The same for the average book. */
function intoBasis(leaf: OracleLeaf, position: bigint, side: bigint, qty: bigint, cost: bigint, fill: number): void {
  const basis = leaf.basis;
  const closing = position * side < 0n ? lowest(size(position), qty) : 0n;
  const closingCost = floorDiv(cost * closing, qty);
  if (closing > 0n) {
    const part = outOfBasis(basis, closing);
    leaf.averageRealized += -side * closingCost + side * part;
    if (basis.closed === basis.held) leaf.basis = emptyBasis();
  }
  if (qty > closing) addToBasis(leaf, qty - closing, cost - closingCost, closing === 0n ? fill : 0);
}

export function outOfBasis(basis: OracleBasis, qty: bigint): bigint {
  const before = basis.taken;
  basis.closed += qty;
  basis.taken = floorDiv(basis.cost * basis.closed, basis.held);
  return basis.taken - before;
}

function addToBasis(leaf: OracleLeaf, qty: bigint, cost: bigint, fill: number): void {
  const { basis } = leaf;
  const whole = basis.closed > 0n ? new Set<number>() : basis.whole;
  if (fill !== 0) whole.add(fill);
  leaf.basis = { cost: basis.cost - basis.taken + cost, held: basis.held - basis.closed + qty, closed: 0n, taken: 0n, whole };
}

/** Lots of one side at a total cost arrive (a transfer): lot cost and average cost may differ. `fill` 0 = in no basis whole. */
export function arrive(leaf: OracleLeaf, pieces: readonly OracleLot[], side: bigint, averageCost: bigint): void {
  const qty = pieces.reduce((sum, lot) => sum + lot.qty, 0n);
  let position = leaf.position;
  for (const lot of pieces) {
    intoLots(leaf, position, side, lot.qty, lot.cost, lot.fill);
    position += side * lot.qty;
  }
  intoBasis(leaf, leaf.position, side, qty, averageCost, 0);
  leaf.basis.whole.clear();
  leaf.position += side * qty;
}

export function oracleFill(leaf: OracleLeaf, f: OracleFill): void {
  const cost = f.lots * f.px * leaf.tickValue;
  intoLots(leaf, leaf.position, f.side, f.lots, cost, f.fill);
  intoBasis(leaf, leaf.position, f.side, f.lots, cost, f.fill);
  leaf.position += f.side * f.lots;
  leaf.cash -= f.side * cost;
  count(leaf, f.side, size(cost), 1n);
  chargeFee(leaf, f.currency, f.commission);
}

function count(leaf: OracleLeaf, side: bigint, volume: bigint, trades: bigint): void {
  if (side > 0n) leaf.bought += volume;
  else leaf.sold += volume;
  leaf.trades += trades;
}

/** Fill `was` of `payer` is replaced by lots x px (lots 0: a bust); the lots are looked for in `leaf`. */
export function oracleReplace(leaf: OracleLeaf, payer: OracleLeaf, was: OracleFill, is: OracleFill): void {
  const m = leaf.tickValue;
  const { side } = was;
  const held = signOf(leaf.position) === side;
  const own = held ? leaf.lots.filter((lot) => lot.fill === was.fill) : [];
  const open = own.reduce((sum, lot) => sum + lot.qty, 0n);
  const wanted = is.lots - was.lots;
  const inPlace = wanted >= 0n ? (open > 0n ? wanted : 0n) : -lowest(open, -wanted);
  const apart = wanted - inPlace;
  const oldCost = own.reduce((sum, lot) => sum + lot.cost, 0n);
  let give = inPlace;
  for (const lot of own) {
    const change = give >= 0n ? give : -lowest(lot.qty, -give);
    lot.qty += change;
    give -= change;
    lot.cost = lot.qty * is.px * m;
  }
  leaf.lots = leaf.lots.filter((lot) => lot.qty > 0n);
  const newCost = (open + inPlace) * is.px * m;
  leaf.realized += side * (was.lots * was.px - (was.lots + inPlace) * is.px) * m + side * (newCost - oldCost);
  const after = leaf.position + side * inPlace;
  if (apart !== 0n) intoLots(leaf, after, side * signOf(apart), size(apart), size(apart) * is.px * m, was.fill);
  replaceInBasis(leaf, was, is, held);
  leaf.position += side * wanted;
  leaf.cash += side * (was.lots * was.px - is.lots * is.px) * m;
  count(payer, side, size(is.lots * is.px * m) - size(was.lots * was.px * m), is.lots === 0n ? -1n : 0n);
  chargeFee(payer, was.currency, -was.commission);
  chargeFee(payer, is.currency, is.commission);
}

function replaceInBasis(leaf: OracleLeaf, was: OracleFill, is: OracleFill, held: boolean): void {
  const { basis, tickValue } = leaf;
  const wanted = is.lots - was.lots;
  if (held && basis.whole.has(was.fill) && basis.held + wanted >= basis.closed) {
    const before = basis.taken;
    basis.cost += (is.lots * is.px - was.lots * was.px) * tickValue;
    basis.held += wanted;
    basis.taken = basis.held === 0n ? 0n : floorDiv(basis.cost * basis.closed, basis.held);
    leaf.averageRealized -= was.side * (basis.taken - before);
    if (basis.held === basis.closed) leaf.basis = emptyBasis();
    return;
  }
  leaf.averageRealized += was.side * was.lots * (was.px - is.px) * tickValue;
  if (wanted !== 0n) intoBasis(leaf, leaf.position, was.side * signOf(wanted), size(wanted), size(wanted) * is.px * tickValue, 0);
}

/** The oldest lots change hands at their cost; the average book gives its own share. */
export function oracleTransfer(from: OracleLeaf, to: OracleLeaf, qty: bigint, midTwice: bigint): void {
  const side = signOf(from.position);
  const pieces: OracleLot[] = [];
  for (let left = qty; left > 0n;) {
    const lot = from.lots[0];
    const part = lowest(left, lot.qty);
    const cost = floorDiv(lot.cost * part, lot.qty);
    pieces.push({ qty: part, cost, fill: lot.fill });
    lot.qty -= part;
    lot.cost -= cost;
    if (lot.qty === 0n) from.lots.shift();
    left -= part;
  }
  const cost = pieces.reduce((sum, lot) => sum + lot.cost, 0n);
  const averageCost = outOfBasis(from.basis, qty);
  if (from.basis.closed === from.basis.held) from.basis = emptyBasis();
  from.basis.whole.clear();
  from.position -= side * qty;
  from.cash += side * cost;
  arrive(to, pieces, side, averageCost);
  to.cash -= side * cost;
  if (midTwice === 0n) return;
  const earned = side * (halfEven(qty * midTwice * from.tickValue, 2n) - cost);
  from.handover += earned;
  to.handover -= earned;
}

/** n new units for d old ones; what is no whole lot is paid out at the price before the split. @returns the pay-out. */
export function oracleSplit(leaf: OracleLeaf, n: bigint, d: bigint, midTwice: bigint): bigint {
  const side = signOf(leaf.position);
  const before = size(leaf.position);
  const after = (before * n) / d;
  const rest = before * n - after * d;
  const paid = side * halfEven(rest * midTwice * leaf.tickValue, 2n * n);
  let old = 0n;
  let carried = 0n;
  const scaled: OracleLot[] = [];
  for (const lot of leaf.lots) {
    const qty = ((old + lot.qty) * n) / d - (old * n) / d;
    old += lot.qty;
    carried += lot.cost;
    if (qty === 0n) continue;
    scaled.push({ qty, cost: carried, fill: lot.fill });
    carried = 0n;
  }
  if (scaled.length > 0) scaled[scaled.length - 1].cost += carried;
  else leaf.realized -= side * carried;
  leaf.lots = scaled;
  const cost = leaf.basis.cost - leaf.basis.taken;
  if (after === 0n) leaf.averageRealized -= side * cost;
  leaf.basis = after === 0n ? emptyBasis() : { cost, held: after, closed: 0n, taken: 0n, whole: new Set() };
  leaf.position = side * after;
  leaf.cash += paid;
  leaf.realized += paid;
  leaf.averageRealized += paid;
  return paid;
}
