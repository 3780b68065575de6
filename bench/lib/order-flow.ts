import { prng, type Prng } from '../../src/base/prng.ts';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../../src/base/units.ts';
import { checkSums } from '../../src/core/positions/check-sums.ts';
import { nextDeadline } from '../../src/core/market-flow.ts';
import type { Intent } from '../../src/domain/input.ts';
import type { Report } from '../../src/domain/report.ts';
import type { JournalPort } from '../../src/ports/journal.ts';
import { FastBook } from '../../src/venues/simulated/fast-book.ts';
import { Floor } from '../../src/venues/simulated/floor.ts';
import { askSide, bidSide } from '../../src/venues/simulated/matching-book.ts';
import { firstAsk, firstBid, createBusyDesk, mark, take, type BusyDesk } from './busy-desk.ts';
import type { LatencyCounts } from './latency.ts';

/**
 * Orders through the whole core, one after the other: intent stepped (all checks), order into the matching engine on the fast book, its reports stepped back
 * (order table, ledger, monitors). Half of the orders take from a stranger at once, half rest until a stranger takes them: each is acknowledged and filled.
 * A row buys and sells a listing by turns, so that half of the fills close. Before every tenth order a mark moves. A millisecond of virtual time an order.
 */
export interface OrderFlow {
  readonly desk: BusyDesk;
  /** Orders so far. */
  orders: number;
  /** Runs that many further orders; each one's time from intent to last report goes into `latency`. */
  run(orders: number, latency?: LatencyCounts): void;
  /** Throws unless every order was filled, nothing was denied and the scopes of the ledger add up. */
  check(): void;
}

const microsPerOrder = 1_000;
const ordersPerMark = 10;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function createOrderFlow(seed: number, versions: number, listings: number, journal?: JournalPort): OrderFlow {
  const desk = createBusyDesk(versions, listings, journal);
  const reports: Report[] = [];
  const floor = createFloor(listings, reports);
  const luck = prng(`orders ${seed}`);
  const intents = desk.rows.map(({ row }) => blankIntent(row, desk.core.gate.epoch[row]));
  const sells = desk.rows.map((row) => new Uint8Array(row.listings.length));
  const counts = { filled: 0, stranger: 0 };

  const stepReports = (): void => {
    for (let i = 0; i < reports.length; i++) {
      if (reports[i].execType === 'trade') counts.filled += 1;
      take(desk, reports[i]);
    }
    while (reports.length > 0) reports.pop();
  };
  const one = (): void => {
    const v = luck.int(intents.length);
    const n = luck.int(desk.rows[v].listings.length);
    const intent = intents[v];
    const sell = sells[v][n] === 1;
    sells[v][n] = sell ? 0 : 1;
    const takes = luck.int(2) === 0;
    turn(intent, desk, desk.rows[v].listings[n], sell, takes, 1 + luck.int(100));
    const engine = floor.engine(intent.listing);
    const { price } = intent;
    if (takes) engine.restForeign(-++counts.stranger, sell ? bidSide : askSide, price, intent.orderQty);
    take(desk, intent);
    const effect = desk.outcome.effects[0];
    if (effect?.kind !== 'send') throw new Error(`bench: ${JSON.stringify(desk.outcome.decisions)}`);
    floor.now = desk.at;
    floor.place(floor.copyOf(effect.order), 0);
    stepReports();
    if (takes) return;
    engine.takeForeign(sell ? bidSide : askSide, price, intent.orderQty);
    stepReports();
  };
  const flow: OrderFlow = {
    desk,
    orders: 0,
    run: (orders, latency) => {
      for (let i = 0; i < orders; i++) {
        flow.orders += 1;
        desk.at = microsUnchecked(desk.at + microsPerOrder);
        if (flow.orders % ordersPerMark === 0) moveMarket(desk, luck);
        const before = latency === undefined ? 0 : performance.now();
        one();
        if (latency !== undefined) latency.add((performance.now() - before) * 1e6);
      }
    },
    check: () => {
      if (counts.filled !== flow.orders) throw new Error(`bench: ${flow.orders} orders, ${counts.filled} fills`);
      const differences = checkSums(desk.core.ledger);
      if (differences.length > 0) throw new Error(`bench: the sums do not hold: ${JSON.stringify(differences[0].where)}`);
    },
  };
  return flow;
}

/** Timers first, as the sequencer gives them; then the listing's best prices, a tick up or back. */
function moveMarket(desk: BusyDesk, luck: Prng): void {
  const deadline = nextDeadline(desk.core);
  if (deadline !== undefined && deadline <= desk.at) take(desk, { kind: 'timer', deadline });
  const up = luck.int(2);
  mark(desk, luck.int(desk.listings), firstBid + up, firstAsk + up);
}

function createFloor(listings: number, reports: Report[]): Floor {
  const fees = { makerRate: 1_000, takerRate: 2_000, feeUnit: 10_000_000_000 };
  return new Floor({
    venue: 0,
    prefix: 'SIM',
    simulated: false,
    selfMatch: 'cancelResting',
    listings: Array.from({ length: listings }, (_, ix) => ({
      ix,
      listing: {
        listingID: `I${ix}.SIM`,
        instrumentID: `I${ix}`,
        venueID: 'SIM',
        symbol: `I${ix}`,
        priceUnit: '0.01',
        tickTable: [],
        lot: '1',
        multiplier: '1',
        calendar: 'ALWAYS',
      },
      book: new FastBook(256),
      moneyPerTickLot: 10_000_000_000,
      currency: 0,
      fees,
    })),
    report: (report) => reports.push(report),
  });
}

function turn(intent: Writable<Intent>, desk: BusyDesk, listing: number, sell: boolean, takes: boolean, qty: number): void {
  const { marks } = desk.core;
  intent.tag += 1;
  intent.eventSeq = desk.inputs;
  intent.listing = listing;
  intent.side = sell ? 'sell' : 'buy';
  intent.orderQty = lotsUnchecked(qty);
  intent.price = ticksUnchecked(sell === takes ? marks.bid[listing] : marks.ask[listing]);
  intent.arrivalBid = ticksUnchecked(marks.bid[listing]);
  intent.arrivalAsk = ticksUnchecked(marks.ask[listing]);
  intent.decisionAt = desk.at;
}

function blankIntent(row: number, epoch: number): Writable<Intent> {
  const none = ticksUnchecked(0);
  return {
    kind: 'intent',
    action: 'new',
    row,
    tag: 0,
    targetTag: 0,
    eventSeq: 0,
    epoch,
    listing: 0,
    side: 'buy',
    ordType: 'limit',
    timeInForce: 'gtc',
    orderQty: lotsUnchecked(1),
    price: none,
    stopPx: none,
    targetPx: none,
    trailOffset: 0,
    expireTime: microsUnchecked(0),
    postOnly: false,
    reduceOnly: false,
    parentOrderID: 0,
    decisionAt: microsUnchecked(0),
    arrivalBid: none,
    arrivalAsk: none,
    reason: '',
    compliance: '',
  };
}
