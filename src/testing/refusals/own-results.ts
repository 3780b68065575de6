import type { MarginModel } from '../../domain/instrument.ts';
import type { RiskDesk } from '../scenarios/risk-desk.ts';
import { ceilDiv, isWithinAny, type CommonScope, type OrderFacts } from './order-facts.ts';
import { openReserves } from './own-sums.ts';

// What a life of orders knows of results, margin and the worth of a sector by its own fills, orders and marks, in whole units of money. Undefined = something of it is in another currency than the firm's, or
// has no price that everybody would call the mark: that the core converts and values, and other properties count again from scratch.

interface Leaf {
  readonly row: number;
  readonly account: number;
  readonly listing: number;
  readonly simulated: boolean;
}

function leafOf(key: string): Leaf {
  const [row, account, listing, simulated] = key.split(' ').map(Number);
  return { row, account, listing, simulated: simulated === 1 };
}

/** Half ticks of the middle between bid and ask; undefined = there are not both, the right way round. */
function middleTwice({ marks }: RiskDesk, listing: number): number | undefined {
  const both = marks.at[listing] > 0 && marks.bidQty[listing] > 0 && marks.askQty[listing] > 0;
  return both && marks.bid[listing] < marks.ask[listing] ? marks.bid[listing] + marks.ask[listing] : undefined;
}

/** What lots of one version, account and listing have made: realised, and unrealised at the mark. Nothing was ever charged. */
function resultOf({ desk, books }: OrderFacts, key: string): bigint | undefined {
  const { listing } = leafOf(key);
  const { moneyPerTickLot, currency } = desk.registry.listings[listing];
  const [lots, paid] = [books.positions.get(key) ?? 0, books.sums.paid.get(key) ?? 0n];
  const mid = lots === 0 ? 0 : middleTwice(desk, listing);
  if (mid === undefined || currency !== desk.risk.firmCurrency) return lots === 0 && paid === 0n ? 0n : undefined;
  const twice = (BigInt(lots) * BigInt(mid) - 2n * paid) * BigInt(moneyPerTickLot);
  return twice % 2n === 0n ? twice / 2n : undefined;
}

/** What a scope of the order has made since the life began, which is within one session day; on paper what its version has made there. */
export function ownResult(f: OrderFacts, scope: CommonScope): bigint | undefined {
  let sum = 0n;
  for (const key of f.books.sums.paid.keys()) {
    const leaf = leafOf(key);
    const within = f.asked.simulated ? leaf.simulated && leaf.row === f.asked.row : isWithinAny(f, scope, leaf);
    if (!within) continue;
    const part = resultOf(f, key);
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}

/** Initial margin in bps: cash asks for all, Regulation T for its share, a table for that of the instrument. */
function marginBps(model: MarginModel, instrumentID: string): number {
  if (model.kind === 'cash') return 10_000;
  return model.kind === 'regT' ? model.initialBps : (model.initialBps[instrumentID] ?? model.defaultBps);
}

/** Initial margin of money at an account, rounded up. */
export function ownMargin({ desk }: OrderFacts, money: bigint, account: number, listing: number, parts = 1n): bigint {
  const { registry } = desk;
  const { instrumentID } = registry.instruments[registry.listings[listing].instrument];
  return ceilDiv(money * BigInt(marginBps(registry.accounts[account].account.margin, instrumentID)), 10_000n * parts);
}

/** What positions at their mark and open orders at their reservation take of margin in a scope. */
export function ownMarginUsed(f: OrderFacts, scope: CommonScope): bigint | undefined {
  const { desk, books } = f;
  let sum = 0n;
  for (const [key, lots] of books.positions) {
    const leaf = leafOf(key);
    if (leaf.simulated || lots === 0 || !isWithinAny(f, scope, leaf)) continue;
    const { moneyPerTickLot, currency } = desk.registry.listings[leaf.listing];
    const mid = middleTwice(desk, leaf.listing);
    if (mid === undefined || currency !== desk.risk.firmCurrency || books.sums.foreign.has(leaf.row)) return undefined;
    sum += ownMargin(f, BigInt(Math.abs(lots)) * BigInt(mid) * BigInt(moneyPerTickLot), leaf.account, leaf.listing, 2n);
  }
  for (const { order, money } of openReserves(desk, books.sums)) {
    if (order.simulated || money === 0n || !isWithinAny(f, scope, order)) continue;
    if (desk.registry.listings[order.listing].currency !== desk.risk.firmCurrency || books.sums.foreign.has(order.row)) return undefined;
    sum += ownMargin(f, money, order.account, order.listing);
  }
  return sum;
}

/** What the firm holds of the other instruments of the order's sector, each at its last mark, rounded up. */
export function ownOthersOfSector(f: OrderFacts): bigint | undefined {
  const { registry, risk } = f.desk;
  const units = new Map<number, number>();
  for (const [key, lots] of f.books.positions) {
    const { listing, simulated } = leafOf(key);
    const { instrument, baseUnitsPerLot } = registry.listings[listing];
    if (!simulated && instrument !== f.listing.instrument && (registry.instruments[instrument].sector ?? '') === f.ids.sector)
      units.set(instrument, (units.get(instrument) ?? 0) + lots * baseUnitsPerLot);
  }
  let sum = 0n;
  for (const [instrument, held] of units) {
    if (held === 0) continue;
    const listed = registry.listings.filter((one) => one.instrument === instrument);
    const mid = middleTwice(f.desk, listed[0].ix);
    // of several listings whose prices differ the last one that moved counts
    if (mid === undefined || listed.some(({ ix }) => middleTwice(f.desk, ix) !== mid)) return undefined;
    const { moneyPerTickLot, baseUnitsPerLot, currency } = listed[0];
    if (currency !== risk.firmCurrency) return undefined;
    sum += ceilDiv(BigInt(Math.abs(held)) * BigInt(mid) * BigInt(moneyPerTickLot), 2n * BigInt(baseUnitsPerLot));
  }
  return sum;
}
