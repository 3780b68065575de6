import type { Prng } from '../../base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { VenueIx } from '../../domain/ids.ts';
import type { StatedFill, StatedOrder, StatedPosition, VenueStatement } from '../../domain/statement.ts';
import { maxStatementLines } from '../../domain/statement.ts';
import type { StatementRequest } from '../../ports/venue.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Execution, HeldOrder } from './faulty-venue.ts';
import { venueOf } from './stage.ts';
import type { VenueTruth } from './venue-truth.ts';

/** How long a venue states a wrong position, on average (microseconds). */
const wrongFor = 4_000_000;
const noCommission = { commissionHi: 0, commissionLo: 0, commissionCurrency: 0, liquidity: 'none' } as const;

/** What a venue states of its books when it is asked: the truth, or for a while a position that contradicts its own executions, or an order twice. */
export class Statements {
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #ix: VenueIx;
  readonly #truth: VenueTruth;
  #wrong: { readonly listing: number; readonly lots: number; readonly until: number } | undefined;

  constructor(ix: VenueIx, luck: Prng, faults: FaultPlan, truth: VenueTruth) {
    this.#ix = ix;
    this.#luck = luck;
    this.#faults = faults;
    this.#truth = truth;
  }

  /** The pages of an answer. */
  of(request: StatementRequest, now: Micros, open: readonly HeldOrder[], executions: readonly Execution[]): readonly VenueStatement[] {
    const orders = open.map(statedOrder);
    const fills = executions.filter(({ qty, at }) => qty > 0 && at >= request.since).map(statedFill);
    if (this.#hits() && orders.length > 0) orders.push(orders[0]);
    return pagesOf(this.#ix, request, now, orders, fills, this.#positions(now));
  }

  #positions(now: Micros): readonly StatedPosition[] {
    if (this.#faults.statements === 0 || now > (this.#wrong?.until ?? now)) this.#wrong = undefined;
    else if (this.#wrong === undefined && this.#hits()) {
      const listing = this.#luck.int(venueOf.length);
      const until = now + this.#luck.exponential(wrongFor);
      this.#wrong = { listing, lots: 1 + this.#luck.int(9), until };
    }
    return venueOf.flatMap((venue, listing) => {
      if (venue !== this.#ix) return [];
      const off = this.#wrong?.listing === listing ? this.#wrong.lots : 0;
      return [{ listing, position: this.#truth.net[listing] + off }];
    });
  }

  #hits(): boolean {
    return this.#faults.statements > 0 && this.#luck.float() < this.#faults.statements;
  }
}

function statedOrder({ order, clOrdID, qty, cum, price }: HeldOrder): StatedOrder {
  return {
    clOrdID,
    term: order.term,
    orderID: '',
    listing: order.listing,
    side: order.side,
    orderQty: lotsUnchecked(qty),
    cumQty: lotsUnchecked(cum),
    leavesQty: lotsUnchecked(qty - cum),
    price: ticksUnchecked(price),
  };
}

function statedFill({ held, execID, qty, px, at, cum }: Execution): StatedFill {
  const { order, clOrdID } = held;
  return {
    execID,
    clOrdID,
    term: order.term,
    orderID: '',
    listing: order.listing,
    side: order.side,
    lastQty: lotsUnchecked(qty),
    lastPx: ticksUnchecked(px),
    cumQty: cum,
    ...noCommission,
    transactTime: at,
  };
}

function pagesOf(
  venue: VenueIx,
  { account, ask, since }: StatementRequest,
  now: Micros,
  orders: readonly StatedOrder[],
  fills: readonly StatedFill[],
  positions: readonly StatedPosition[],
): readonly VenueStatement[] {
  const pages = Math.max(
    1,
    Math.ceil(orders.length / maxStatementLines) + Math.ceil((fills.length + positions.length) / maxStatementLines),
  );
  const first = Math.ceil(orders.length / maxStatementLines);
  return Array.from({ length: pages }, (_, n): VenueStatement => {
    const [from, rest] = [n * maxStatementLines, (n - first) * maxStatementLines];
    const behind = n < first ? -1 : rest;
    return {
      kind: 'venueStatement',
      venue,
      account,
      ask,
      page: n + 1,
      pages,
      asOf: microsUnchecked(now),
      since,
      orders: orders.slice(from, from + maxStatementLines),
      fills: behind < 0 ? [] : fills.slice(behind, behind + maxStatementLines),
      positions:
        behind < 0 ? [] : positions.slice(Math.max(0, behind - fills.length), Math.max(0, behind + maxStatementLines - fills.length)),
    };
  });
}
