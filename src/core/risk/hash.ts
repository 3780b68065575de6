import type { ByteWriter } from '../../base/canonical.ts';
import { columnGet, splitZero, type MoneyColumn } from '../../base/split.ts';
import { maxDuplicateWindow } from './capacities.ts';
import { duplicateStride, keyKind, keyListing, keyPrice, keyQty, keyRow, keyStopPx, sentAt, type Duplicates } from './duplicates.ts';
import { cellStride, lotStride, type Exposure } from './exposure.ts';
import { limitOf } from './limits.ts';
import { slotBookPx, slotCounted, slotLeaves, slotOrder, slotPx, slotReserved, slotRoute, slotShift, slotTwin } from './open-slot.ts';
import type { OrderGate } from './order-gate.ts';
import { loggedAccount, loggedAt, loggedListing, loggedRow, logStride, minuteWindow, windowMicros, type OrderRate } from './order-rate.ts';
import type { Pnl } from './pnl.ts';
import type { Risk } from './risk.ts';
import type { RowWatch } from './row-watch.ts';
import { noLimit } from './scope-table.ts';
import type { Sessions } from './sessions.ts';
import { settle } from './settle.ts';

/**
 * Feeds everything that a check or a monitor may decide by, in one canonical order. Left out is what follows from it: rates, margin and sector sums, rings of
 * rate limits, and memories older than any window.
 */
export function hashRisk(writer: ByteWriter, risk: Risk): void {
  settle(risk);
  writer.bool(risk.killed);
  writer.u32(risk.scopeKills.length);
  for (const of of risk.scopeKills) numbers(writer, [...of]);
  writer.safeInt(risk.term);
  writer.i32(risk.firmCurrency);
  writer.split(risk.firmCapital);
  writer.f64(risk.lease.limit);
  writer.f64(risk.lease.until);
  hashGate(writer, risk.gate);
  writer.u32(risk.limits.entries.length);
  for (const { name, scope, ix, revision } of risk.limits.entries) {
    writer.u8(name);
    writer.u8(scope);
    writer.u32(ix);
    // what the checks read, so that a number which nobody's command put there has another hash
    const inForce = risk.limits.active[name] > 0 ? limitOf(risk.limits, name, scope, ix) : noLimit;
    writer.f64(inForce === noLimit ? -1 : inForce);
    writer.u32(revision);
  }
  hashSessions(writer, risk.sessions);
  hashExposure(writer, risk.exposure);
  hashPnl(writer, risk.pnl, risk.exposure.routes.length, risk.gate.rows.length);
  hashDrawdowns(writer, risk);
  hashRate(writer, risk.orderRate);
  hashDuplicates(writer, risk.duplicates);
  numbers(writer, risk.feeds.heardAt);
  numbers(writer, risk.feeds.level);
  writer.u32(risk.monitors.rows.length);
  for (let row = 0; row < risk.monitors.rows.length; row++) hashWatch(writer, risk.monitors.rows[row]);
}

const money = splitZero();

function column(writer: ByteWriter, from: MoneyColumn, i: number): void {
  columnGet(money, from, i);
  writer.split(money);
}

function numbers(writer: ByteWriter, from: readonly number[] | Float64Array): void {
  writer.u32(from.length);
  for (let i = 0; i < from.length; i++) writer.f64(from[i]);
}

function hashGate(writer: ByteWriter, gate: OrderGate): void {
  writer.u32(gate.slices.length);
  for (const slice of gate.slices) {
    writer.str(slice.sliceID);
    writer.u32(slice.currency);
    writer.safeInt(slice.revision);
    for (const x of [slice.total, slice.reserve, slice.drawn, slice.overdraft]) writer.split(x);
  }
  writer.u32(gate.rows.length);
  for (const row of gate.rows) {
    writer.u32(row.slice);
    writer.str(row.version);
    writer.bytes(row.universe);
    writer.u32(row.accounts.size);
    for (const [venue, account] of row.accounts) {
      writer.u32(venue);
      writer.u32(account);
    }
    writer.safeInt(gate.epoch[row.ix]);
    writer.u8(gate.mode[row.ix]);
    writer.i32(gate.stage[row.ix]);
    for (const of of [gate.cap, gate.entryCost, gate.reserved, gate.paperCap, gate.paperCost, gate.paperReserved])
      column(writer, of, row.ix);
  }
}

function hashSessions(writer: ByteWriter, sessions: Sessions): void {
  writer.u32(sessions.names.length);
  for (let i = 0; i < sessions.names.length; i++) {
    writer.str(sessions.names[i]);
    writer.u8(sessions.phase[i]);
    writer.f64(sessions.until[i]);
    writer.f64(sessions.sessionDay[i]);
  }
  numbers(writer, sessions.halted);
  numbers(writer, sessions.restricted);
  numbers(writer, sessions.restrictions);
}

function hashExposure(writer: ByteWriter, exposure: Exposure): void {
  writer.u32(exposure.routes.length);
  for (const { ix, row, account, listing, simulated, cells } of exposure.routes) {
    const lots = exposure.lots.subarray(ix * lotStride, ix * lotStride + 3);
    writer.u32(row);
    writer.u32(account);
    writer.u32(listing);
    writer.u8(simulated ? 1 : 0);
    for (const n of [...lots, ...cells]) writer.safeInt(n);
  }
  writer.u32(exposure.cellCount);
  for (let i = 0; i < exposure.cellCount * cellStride; i++) writer.safeInt(exposure.cells[i]);
  const { byID, numbers: of, words } = exposure.slots;
  writer.u32(byID.size());
  byID.forEach((slot, clOrdID) => {
    const at = slot << slotShift;
    const twin = words[at | slotTwin];
    writer.safeInt(clOrdID);
    writer.u32(words[at | slotRoute]);
    writer.safeInt(of[at | slotLeaves]);
    writer.safeInt(of[at | slotCounted]);
    writer.f64(of[at | slotPx]);
    writer.f64(of[at | slotBookPx]);
    writer.safeInt(twin < 0 ? 0 : of[(twin << slotShift) | slotOrder]);
    money.hi = of[at | slotReserved];
    money.lo = of[(at | slotReserved) + 1];
    writer.split(money);
  });
}

function hashPnl(writer: ByteWriter, pnl: Pnl, routes: number, rows: number): void {
  for (let route = 0; route < routes; route++)
    for (const of of [pnl.total, pnl.dayStart, pnl.dayFirm, pnl.totalFirm, pnl.cash]) column(writer, of, route);
  for (let place = 0; place < rows * 2; place++) for (const of of [pnl.rowTotal, pnl.rowDay]) column(writer, of, place);
}

/** Of past results only what is there: how much room the columns have is no state. */
function hashDrawdowns(writer: ByteWriter, { past, drawdowns, volatility, positionWatch }: Risk): void {
  for (const of of past) {
    let rows = of.rows;
    while (rows > 0 && of.hi[rows - 1] === 0 && of.lo[rows - 1] === 0) rows--;
    writer.u32(rows);
    for (let ix = 0; ix < rows; ix++) column(writer, of, ix);
  }
  writer.u32(positionWatch.near.length);
  for (const { scope, ix, instrument, level } of positionWatch.near) {
    writer.u8(scope);
    writer.u32(ix);
    writer.u32(instrument);
    writer.u8(level);
  }
  writer.f64(volatility.level);
  writer.f64(volatility.knownAt);
  writer.u32(drawdowns.windows.length);
  for (const { scope, ix, window, peak, endsAt, alerted, breached } of drawdowns.windows) {
    writer.u8(scope);
    writer.u32(ix);
    writer.u8(window);
    writer.split(peak);
    writer.f64(endsAt);
    writer.bool(alerted);
    writer.bool(breached);
  }
}

/** Orders of the longest window, counted back from the latest. */
function hashRate(writer: ByteWriter, rate: OrderRate): void {
  const { log, count, capacity } = rate;
  const placeOf = (n: number): number => (n % capacity) * logStride;
  const last = count === 0 ? 0 : log[placeOf(count - 1) + loggedAt];
  for (let n = count - 1; n >= 0 && n >= count - capacity; n--) {
    const i = placeOf(n);
    if (log[i + loggedAt] <= last - windowMicros[minuteWindow]) break;
    writer.bool(true);
    writer.f64(log[i + loggedAt]);
    writer.i32(log[i + loggedRow]);
    writer.i32(log[i + loggedAccount]);
    writer.i32(log[i + loggedListing]);
  }
  writer.bool(false);
}

function hashDuplicates(writer: ByteWriter, memory: Duplicates): void {
  const { orders, count, capacity } = memory;
  const placeOf = (n: number): number => (n % capacity) * duplicateStride;
  const last = count === 0 ? 0 : orders[placeOf(count - 1) + sentAt];
  for (let n = count - 1; n >= 0 && n >= count - capacity; n--) {
    const i = placeOf(n);
    if (orders[i + sentAt] <= last - maxDuplicateWindow) break;
    writer.bool(true);
    writer.f64(orders[i + sentAt]);
    writer.i32(orders[i + keyRow]);
    writer.i32(orders[i + keyListing]);
    writer.u8(orders[i + keyKind]);
    writer.f64(orders[i + keyPrice]);
    writer.f64(orders[i + keyStopPx]);
    writer.f64(orders[i + keyQty]);
  }
  writer.bool(false);
}

function hashWatch(writer: ByteWriter, watch: RowWatch | undefined): void {
  writer.bool(watch !== undefined);
  if (watch === undefined) return;
  const { terms, nav, latency } = watch;
  writer.bool(watch.simulated);
  writer.f64(terms.dailyLossBillionths);
  writer.bool(terms.lossAbsolute !== null);
  if (terms.lossAbsolute !== null) writer.split(terms.lossAbsolute);
  for (const x of [terms.drawdownBillionths, terms.errorRate, terms.consecutiveErrors, terms.latency, terms.tradesPerMinute]) writer.f64(x);
  for (const x of [nav.capital, nav.basis, ...nav.peaks, watch.lowestCapital]) writer.split(x);
  for (const x of [
    nav.base,
    watch.position,
    watch.trials,
    watch.errors,
    watch.errorsInRow,
    latency.count,
    latency.atLimit,
    latency.atAlert,
    watch.fillCount,
  ])
    writer.f64(x);
  numbers(writer, latency.samples);
  numbers(writer, watch.fills);
  writer.bool(nav.ruined);
  writer.bytes(watch.alerted);
  writer.bytes(watch.breached);
  if (watch.aside === null) return;
  // no next watch begins like this
  writer.u8(2);
  const { trials, errors, errorsInRow, latency: other } = watch.aside;
  for (const x of [trials, errors, errorsInRow, other.count, other.atLimit, other.atAlert]) writer.f64(x);
  numbers(writer, other.samples);
}
