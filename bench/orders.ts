import { cpus } from 'node:os';
import { lotsUnchecked, microsUnchecked, ticksUnchecked } from '../src/base/units.ts';
import { applyReport } from '../src/core/orders/apply-report.ts';
import { addOrder, createOrderStore, defaultOrderCapacities, openCount } from '../src/core/orders/order-store.ts';
import { createReportOutcome } from '../src/core/orders/report-outcome.ts';
import type { OrderDraft } from '../src/core/orders/stored-order.ts';
import type { Report } from '../src/domain/report.ts';
import { plainDraft, plainReport } from '../src/testing/orders/order-samples.ts';

/**
 * The order store alone: lives of an order (create, acknowledge, fill, close, later be forgotten) with many others open, full rings included.
 * Prints ns per life for each tenth, by the wall clock and by the processor's time (which a busy machine disturbs less), and resident memory after a
 * forced collection at a tenth and at the end. `--closed` and `--execs`: sizes of the rings as powers of two, by default the largest.
 * Excluded: making the execIDs. Usage: node --expose-gc --import tsx bench/orders.ts [--lives N] [--open N] [--closed 20] [--execs 20] [--json]
 */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

const args = process.argv.slice(2);
const lives = numberAfter('--lives', 10_000_000);
const open = numberAfter('--open', 1_000);
const batch = 20_000;

const closedOrders = 2 ** numberAfter('--closed', 20);
const execIDs = 2 ** numberAfter('--execs', 20);
const store = createOrderStore({ ...defaultOrderCapacities, closedOrders, execIDs });
const out = createReportOutcome();
const draft: Writable<OrderDraft> = { ...plainDraft };
const fill: Writable<Report> = { ...plainReport, execType: 'trade', lastQty: lotsUnchecked(10), lastPx: ticksUnchecked(100) };
const ack: Writable<Report> = { ...plainReport };
const clock = 1_700_000_000_000_000;
let seq = 0;
let processorNanos = 0;

function begin(execID: string): void {
  seq += 1;
  draft.clOrdID = seq * 65_536;
  draft.tag = seq;
  draft.listing = seq % 1_000;
  draft.row = seq % 100;
  addOrder(store, draft);
  ack.clOrdID = draft.clOrdID;
  ack.listing = draft.listing;
  ack.execID = execID;
  applyReport(store, ack, microsUnchecked(clock + seq), out);
}

function finish(which: number, execID: string): void {
  fill.clOrdID = which * 65_536;
  fill.listing = which % 1_000;
  fill.execID = execID;
  applyReport(store, fill, microsUnchecked(clock + seq), out);
}

function runBatch(first: number): number {
  const names = Array.from({ length: batch * 2 }, (_, i) => Buffer.from(`XSIM-${first + i}-20240808`).toString('latin1'));
  const before = process.cpuUsage();
  const started = process.hrtime.bigint();
  for (let i = 0; i < batch; i++) {
    begin(names[2 * i]);
    finish(seq - open, names[2 * i + 1]);
  }
  const nanos = Number(process.hrtime.bigint() - started);
  const used = process.cpuUsage(before);
  processorNanos += (used.user + used.system) * 1_000;
  return nanos;
}

function residentMegabytes(): number {
  if (typeof globalThis.gc !== 'function') throw new Error('bench/orders.ts: start node with --expose-gc');
  globalThis.gc();
  return Math.round(process.memoryUsage().rss / 1_048_576);
}

function numberAfter(flag: string, otherwise: number): number {
  const i = args.indexOf(flag);
  return i === -1 ? otherwise : Number(args[i + 1]);
}

for (let i = 0; i < open; i++) begin(`first-${i}`);
const tenths: number[] = [];
const processor: number[] = [];
const resident: number[] = [];
let done = 0;
for (let tenth = 1; tenth <= 10; tenth++) {
  let nanos = 0;
  let count = 0;
  processorNanos = 0;
  while (done < (lives * tenth) / 10) {
    nanos += runBatch(2 * done);
    done += batch;
    count += batch;
  }
  tenths.push(Math.round(nanos / count));
  processor.push(Math.round(processorNanos / count));
  if (tenth === 1 || tenth === 10) resident.push(residentMegabytes());
}
const figures = {
  nanosPerLife: tenths,
  processorNanosPerLife: processor,
  best: Math.min(...tenths, ...processor),
  residentAtTenth: resident[0],
  residentAtEnd: resident[1],
  lives: done,
  open: openCount(store),
  node: process.version,
  machine: cpus()[0].model,
};
if (args.includes('--json')) console.log(JSON.stringify(figures));
else {
  console.log(`order life (create, ack, fill, close, forget), ${open} open, Node ${process.version}, ${cpus()[0].model}`);
  console.log(`ns per life by tenth, wall: ${tenths.join(' ')}; processor: ${processor.join(' ')}; best ${figures.best}`);
  console.log(`resident after forced GC: ${resident[0]} MB at ${done / 10} lives, ${resident[1]} MB at ${done}`);
}
