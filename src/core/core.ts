import { columnGet, splitZero, toNumber } from '../base/split.ts';
import { powi } from '../base/math.ts';
import { microsUnchecked, type Lots, type Micros } from '../base/units.ts';
import type { ClOrdID, RowIx, Seq } from '../domain/ids.ts';
import type { Genesis, Intent } from '../domain/input.ts';
import { nextDeadline } from './market-flow.ts';
import { createMarks, type Marks } from './market/marks.ts';
import type { WaitingOrder } from './order-flow.ts';
import { createOrderStore, defaultOrderCapacities, findOrder, type OrderCapacities, type OrderStore } from './orders/order-store.ts';
import { createReportOutcome, type ReportOutcome } from './orders/report-outcome.ts';
import type { StoredOrder } from './orders/stored-order.ts';
import { createPositionSource } from './position-source.ts';
import { createBooking, type Booking } from './positions/booking.ts';
import { firstLeafOf, isSimulatedLeaf, nextLeafOf, positionOfLeaf } from './positions/leaf.ts';
import { createLedger, noLeaf, type LeafIx, type Ledger, type LedgerRoom } from './positions/ledger.ts';
import { createReconciliation, type Reconciliation } from './reconcile/reconciliation.ts';
import { createRegistry, type Registry } from './registry.ts';
import type { RiskCapacities } from './risk/capacities.ts';
import { createAsker, type Asker, type WantedOrder } from './risk/check-context.ts';
import { modeSimulated, type OrderGate } from './risk/order-gate.ts';
import { createRisk, type Risk } from './risk/risk.ts';
import { isCalendarOpen } from './risk/sessions.ts';
import { createRollout, type Rollout } from './rollout/rollout.ts';

/** How large a core is made; everything in it has a limit and the limit has a name. */
export interface CoreCapacities {
  readonly listings: number;
  readonly orders: OrderCapacities;
  readonly risk: Partial<RiskCapacities>;
  /** What the ledger starts with, where it is not the usual; it grows as needed. */
  readonly ledger?: Partial<LedgerRoom>;
}

export const defaultCoreCapacities: CoreCapacities = { listings: 4_096, orders: defaultOrderCapacities, risk: {} };

/** For tests, examples and backtests of a few instruments: the same rules in little memory. */
export const smallCoreCapacities: CoreCapacities = {
  listings: 512,
  orders: { openOrders: 8_192, closedOrders: 65_536, execIDs: 65_536, rows: 256, listings: 512 },
  risk: { slices: 64, rows: 256, openOrders: 16_384, routes: 16_384, cells: 65_536, duplicates: 16_384, orderLog: 16_384 },
};

/** The state of a desk. `step` (engine.ts) is the only writer. */
export interface Core {
  readonly capacities: CoreCapacities;
  /** Raised by every start on a journal. */
  term: number;
  genesis: Genesis | undefined;
  seq: Seq;
  at: Micros;
  readonly registry: Registry;
  readonly marks: Marks;
  readonly ledger: Ledger;
  readonly orders: OrderStore;
  readonly risk: Risk;
  readonly gate: OrderGate;
  readonly rollout: Rollout;
  /** Orders that wait for older opposite ones to go. */
  readonly waiting: WaitingOrder[];
  /** Highest tag of each row's intents. */
  readonly lastTag: number[];
  /** Requests of the step under way, for their numbers. */
  requests: number;
  /** Next UTC midnight, when the day of 24/7 markets ends; 0 = no input yet. */
  dayEndsAt: Micros | 0;
  /** Rows that a silent feed has taken to CANCEL_ONLY. */
  readonly staleRows: Set<RowIx>;
  /** The desk has started again and its venues are not compared yet: nothing may add risk. */
  starting: boolean;
  /** Rows that the start took to CANCEL_ONLY and that get back what they had. */
  readonly startRows: Set<RowIx>;
  readonly reconciliation: Reconciliation;
  readonly booking: Booking;
  readonly reportOutcome: ReportOutcome;
  readonly asker: Asker;
  /** The sizing hook between intent and order; the identity by default. */
  size: (intent: Intent) => WantedOrder;
  /** When the core next wants a timer; undefined = it waits for nothing. */
  nextDeadline(): Micros | undefined;
  isOpen(calendar: string): boolean;
  lotsOf(leaf: LeafIx): Lots;
  /** Lots that a row still holds, absolute, real ones only. */
  residualLots(row: RowIx): number;
  /** The row's capital in currency units, for sizing. */
  capitalOf(row: RowIx): number;
}

/** An empty desk. Its first input is Genesis. */
export function createCore(term: number, capacities: CoreCapacities = defaultCoreCapacities): Core {
  const registry = createRegistry();
  const marks = createMarks(capacities.listings);
  const ledger = createLedger(registry, capacities.ledger);
  const source = createPositionSource(registry, ledger);
  const risk = createRisk(registry, marks, source.view, capacities.risk);
  risk.term = term;
  source.connect(risk.gate, risk.rates, () => risk.firmCurrency);
  const gate = risk.gate;
  const core: Core = {
    capacities,
    term,
    genesis: undefined,
    seq: 0,
    at: microsUnchecked(0),
    registry,
    marks,
    ledger,
    orders: createOrderStore(capacities.orders),
    risk,
    gate,
    rollout: createRollout(),
    waiting: [],
    lastTag: [],
    requests: 0,
    dayEndsAt: 0,
    staleRows: new Set(),
    starting: false,
    startRows: new Set(),
    reconciliation: createReconciliation(),
    booking: createBooking(),
    reportOutcome: createReportOutcome(),
    asker: createAsker(),
    size: (intent) => intent,
    nextDeadline: () => nextDeadline(core),
    isOpen: (calendar) => {
      const ix = risk.sessions.calendarIx.get(calendar);
      return ix !== undefined && isCalendarOpen(risk.sessions, ix, core.at);
    },
    lotsOf: (leaf) => positionOfLeaf(ledger, leaf),
    residualLots: (row) => residualOf(ledger, row),
    capitalOf: (row) => capitalOf(registry, gate, row),
  };
  return core;
}

function residualOf(ledger: Ledger, row: RowIx): number {
  let lots = 0;
  for (let leaf = firstLeafOf(ledger, row); leaf !== noLeaf; leaf = nextLeafOf(ledger, leaf)) {
    if (!isSimulatedLeaf(ledger, leaf)) lots += Math.abs(positionOfLeaf(ledger, leaf));
  }
  return lots;
}

const cap = splitZero();

function capitalOf(registry: Registry, gate: OrderGate, row: RowIx): number {
  columnGet(cap, gate.mode[row] === modeSimulated ? gate.paperCap : gate.cap, row);
  return toNumber(cap) / powi(10, registry.currencies[gate.slices[gate.rows[row].slice].currency].exponent);
}

/** An order by its number, open or remembered. */
export function orderByClOrdID(core: Core, clOrdID: ClOrdID): StoredOrder | undefined {
  return findOrder(core.orders, clOrdID);
}
