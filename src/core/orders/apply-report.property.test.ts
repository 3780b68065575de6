import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../testing/cases.ts';
import { byteWriter } from '../../base/canonical.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import { execTypes, type Report } from '../../domain/report.ts';
import { plainDraft, plainReport } from '../../testing/orders/order-samples.ts';
import { createWatch, lookOver, standing, watch, type Watch } from '../../testing/orders/order-watch.ts';
import { applyReport } from './apply-report.ts';
import { hashOrders } from './hash-orders.ts';
import { addOrder, createOrderStore, findOrder, roomFor, type OrderStore } from './order-store.ts';
import { markUncertain, replaceRefusal, requestCancel, requestReplace } from './own-requests.ts';
import { createReportOutcome, type ReportOutcome } from './report-outcome.ts';

const at = micros(1_700_000_000_000_000);
const capacities = { openOrders: 16, closedOrders: 128, execIDs: 512, rows: 2, listings: 2 };

type Apply = (store: OrderStore, report: Report, out: ReportOutcome) => void;
const faithful: Apply = (store, report, out) => applyReport(store, report, at, out);

/** One thing that happens, with two small numbers that say to what and how much. */
interface Step {
  readonly what: number;
  readonly which: number;
  readonly much: number;
}
const steps = (whats: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ what: fc.oneof(fc.nat(whats - 1), fc.constantFrom(2, 2, 3, 4)), which: fc.nat(7), much: fc.nat(9) }), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  });

function draftOf(n: number): typeof plainDraft {
  return { ...plainDraft, clOrdID: n * 65_536, tag: n, row: n % 2, listing: n % 2, timeInForce: n % 3 === 0 ? 'day' : 'gtc' };
}

/** Our own messages: 0 new, 1 cancel, 2 replace, 3 uncertain. @returns the number used. */
function ourMessage(store: OrderStore, what: number, target: number, n: number): void {
  if (what === 0) {
    if (roomFor(store, 1) === null) addOrder(store, draftOf(n));
    return;
  }
  const order = findOrder(store, target * 65_536);
  if (order === undefined) return;
  if (what === 1) requestCancel(order, n * 65_536);
  else if (what === 3) markUncertain(order);
  else if (replaceRefusal(store, order) === null) {
    const { row, listing, clOrdID } = order;
    requestReplace(store, order, { ...draftOf(n), row, listing, origClOrdID: clOrdID, orderQty: lots(5 + (n % 20)) });
  }
}

/** Any report at all, out of a small stock of numbers, so that much of it meets something. */
function anyReport(step: Step, n: number): Report {
  const clOrdID = (1 + step.which) * 65_536;
  return {
    ...plainReport,
    execType: execTypes[step.what],
    clOrdID,
    origClOrdID: step.much % 3 === 0 ? (1 + ((step.which + step.much) % 8)) * 65_536 : 0,
    listing: (1 + step.which) % 2,
    execID: execTypes[step.what] === 'timeout' ? '' : `E${step.much % 2 === 0 ? n : n % 11}`,
    execRefID: step.what === 3 || step.what === 4 ? `E${(n + step.much) % 13}` : '',
    lastQty: lots(step.what === 2 || step.what === 3 ? step.much : 0),
    lastPx: ticks(100),
    orderQty: lots(step.much > 6 ? step.much + 3 : 0),
    cumQty: step.much - 2 < 0 ? -1 : step.much - 2,
    leavesQty: step.which - 3 < 0 ? -1 : step.which - 3,
  };
}

/** Garbage beside our own messages and six orders, watched; what is past both is a repetition. */
function playGarbage(list: readonly Step[], apply: Apply): { onlooker: Watch; store: OrderStore } {
  const store = createOrderStore(capacities);
  const onlooker = createWatch();
  const out = createReportOutcome();
  const delivered: Report[] = [];
  for (let n = 1; n <= 6; n++) addOrder(store, draftOf(n));
  let n = 6;
  for (const step of list) {
    n += 1;
    if (step.what >= execTypes.length && step.what < execTypes.length + 4) {
      ourMessage(store, step.what - execTypes.length, 1 + step.which, n);
      continue;
    }
    const again = delivered.length > 0 ? delivered[step.which % delivered.length] : undefined;
    const report = step.what < execTypes.length ? anyReport(step, n) : (again ?? plainReport);
    apply(store, report, out);
    watch(onlooker, report, out);
    delivered.push(report);
  }
  lookOver(onlooker, store);
  return { onlooker, store };
}

/**
 * An obvious venue with one order: it fills, cancels, replaces, pauses, and says so. Its reports are delivered in any order, some of them twice. No busts:
 * then everything delivered must add up to what was executed, whatever the order.
 */
function playVenue(list: readonly Step[], apply: Apply): { onlooker: Watch; store: OrderStore; executed: number } {
  const store = createOrderStore(capacities);
  const onlooker = createWatch();
  const out = createReportOutcome();
  const wire: Report[] = [];
  const delivered: Report[] = [];
  let executed = 0;
  let n = 1;
  const deliver = (report: Report): void => {
    apply(store, report, out);
    watch(onlooker, report, out);
    delivered.push(report);
  };
  const report = (change: Partial<Report>): void => {
    n += 1;
    wire.push({ ...plainReport, clOrdID: 65_536, listing: 1, execID: `V${n}`, ...change });
  };
  addOrder(store, { ...draftOf(1), orderQty: lots(40) });
  for (const step of list) {
    const size = step.much + 1;
    if (step.what < 3) {
      executed += size;
      report({ execType: 'trade', lastQty: lots(size), lastPx: ticks(100), cumQty: executed, transactTime: micros(at + n) });
    } else if (step.what === 3) report({ execType: step.much % 2 === 0 ? 'suspended' : 'new' });
    else if (step.what === 4) report({ execType: step.much % 2 === 0 ? 'pendingNew' : 'doneForDay' });
    else if (step.what === 5) ourMessage(store, 1 + (step.much % 3), 1, (n += 1));
    else if (step.what === 6 && wire.length > 0) deliver(wire.splice(step.which % wire.length, 1)[0]);
    else if (step.what === 7 && delivered.length > 0) deliver(delivered[step.which % delivered.length]);
    else if (step.what === 8) report({ execType: step.much % 2 === 0 ? 'canceled' : 'expired' });
  }
  while (wire.length > 0) deliver(wire.splice(((wire.length * 7) % 3) % wire.length, 1)[0]);
  for (const again of delivered.slice(0, 5)) deliver(again);
  lookOver(onlooker, store);
  return { onlooker, store, executed };
}

function hashed(store: OrderStore): string {
  const writer = byteWriter();
  hashOrders(writer, store);
  return writer.view().join();
}

describe('whatever is reported', () => {
  it('no fill is counted twice, quantities and lists hold, and the same reports give the same state', () => {
    const seen = { applied: 0, duplicate: 0, break: 0, booked: 0 };
    fc.assert(
      fc.property(steps(execTypes.length + 8), (list) => {
        const { onlooker, store } = playGarbage(list, faithful);
        expect(onlooker.wrong).toEqual([]);
        expect(hashed(playGarbage(list, faithful).store)).toBe(hashed(store));
        for (const key of ['applied', 'duplicate', 'break', 'booked'] as const) seen[key] += onlooker.seen[key];
      }),
      { numRuns: casesOf(3_000) },
    );
    console.log(`any reports: ${JSON.stringify(seen)}`);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(casesOf(200));
  });

  it('what a venue executed is what is booked, in any order of delivery and with repetitions', () => {
    let lotsSeen = 0;
    let duplicates = 0;
    fc.assert(
      fc.property(steps(9), (list) => {
        const { onlooker, store, executed } = playVenue(list, faithful);
        expect(onlooker.wrong).toEqual([]);
        const order = findOrder(store, 65_536);
        expect(order?.cumQty).toBe(executed);
        expect(standing(onlooker, store, order?.clOrdID ?? 0)).toBe(executed);
        lotsSeen += executed;
        duplicates += onlooker.seen.duplicate;
      }),
      { numRuns: casesOf(2_000) },
    );
    console.log(`a venue's reports: ${lotsSeen} lots executed, ${duplicates} repetitions`);
    expect(lotsSeen).toBeGreaterThan(casesOf(10_000));
    expect(duplicates).toBeGreaterThan(casesOf(1_000));
  });
});

describe('planted faults are found', () => {
  const faults: Record<string, Apply> = {
    'repetitions are not recognized': (store, report, out) => {
      repeat += 1;
      applyReport(store, { ...report, execID: report.execID === '' ? '' : `${report.execID}#${repeat}`, cumQty: -1 }, at, out);
    },
    'fills of ended orders are dropped': (store, report, out) => {
      const ended = findOrder(store, report.clOrdID)?.ended !== 'none';
      applyReport(store, ended && report.execType === 'trade' ? { ...report, execType: 'new' } : report, at, out);
    },
    'leavesQty is not kept up': (store, report, out) => {
      applyReport(store, report, at, out);
      if (out.booking === 'fill' && out.order !== undefined && out.order.leavesQty > 0)
        out.order.leavesQty = lots(out.order.leavesQty + report.lastQty);
    },
    'a fill counts one lot too many': (store, report, out) => {
      applyReport(store, report, at, out);
      if (out.booking === 'fill' && out.order !== undefined) out.order.cumQty = lots(out.order.cumQty + 1);
    },
  };
  let repeat = 0;
  for (const [name, apply] of Object.entries(faults)) {
    it(name, () => {
      const result = fc.check(
        fc.property(steps(9), (list) => {
          const { onlooker, store, executed } = playVenue(list, apply);
          return onlooker.wrong.length === 0 && findOrder(store, 65_536)?.cumQty === executed;
        }),
        { numRuns: 500, seed: 5, endOnFailure: true },
      );
      expect(result.failed).toBe(true);
      console.log(`planted: ${name}: found after ${result.numRuns} runs`);
    });
  }
});
