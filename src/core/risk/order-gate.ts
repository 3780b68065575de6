import { err, ok, type Result } from '../../base/result.ts';
import {
  addInto,
  cmp,
  columnGet,
  columnSet,
  isNeg,
  moneyColumn,
  setInto,
  splitString,
  splitZero,
  type MoneyColumn,
  type Split,
} from '../../base/split.ts';
import type { AccountIx, AlgorithmIx, CurrencyIx, ListingIx, RowIx, SliceIx, VenueIx } from '../../domain/ids.ts';
import { gateModes, type GateMode } from '../../domain/rollout.ts';

export interface SliceTerms {
  readonly sliceID: string;
  readonly algorithm: AlgorithmIx;
  readonly algorithmID: string;
  readonly accountGroup: string;
  readonly currency: CurrencyIx;
  /** Units of 10^-exponent of the currency. */
  readonly total: Split;
  readonly reserve: Split;
}

/** A slice's capital. `sum max(cap, used) + (reserve - drawn) <= total + overdraft` (CAP1). */
export interface Slice {
  readonly ix: SliceIx;
  readonly sliceID: string;
  readonly algorithm: AlgorithmIx;
  readonly algorithmID: string;
  readonly accountGroup: string;
  readonly currency: CurrencyIx;
  readonly total: Split;
  readonly reserve: Split;
  /** Part of the reserve that fills beyond their reservation have taken. */
  readonly drawn: Split;
  /** What they took beyond the reserve; while it is positive nothing in the slice expands. */
  readonly overdraft: Split;
  readonly rows: RowIx[];
  readonly custodian: RowIx;
  /** Raised by every change of its capital or of a share of it that a command makes. */
  revision: number;
}

/** One (slice, version) or a slice's custodian; what changes stands in the gate's columns. */
export interface GateRow {
  readonly ix: RowIx;
  readonly slice: SliceIx;
  readonly sliceID: string;
  readonly algorithm: AlgorithmIx;
  readonly algorithmID: string;
  readonly version: string;
  readonly custodian: boolean;
  /** Account at each venue that the row may trade at. */
  readonly accounts: Map<VenueIx, AccountIx>;
  /** 1 = the listing is in the row's universe; grown as listings come. A custodian takes every listing. */
  universe: Uint8Array;
}

/** One table for all slices, single writer. `used(row)` = entry cost of its lots + reserved of its open orders. */
export interface OrderGate {
  readonly slices: Slice[];
  readonly sliceIx: Map<string, SliceIx>;
  readonly rows: GateRow[];
  readonly rowIx: Map<string, RowIx>;
  readonly epoch: Float64Array;
  /** Index into `gateModes`. */
  readonly mode: Uint8Array;
  readonly stage: Int32Array;
  readonly cap: MoneyColumn;
  readonly entryCost: MoneyColumn;
  readonly reserved: MoneyColumn;
  /** The same of a row on paper: counts in no sum. */
  readonly paperCap: MoneyColumn;
  readonly paperCost: MoneyColumn;
  readonly paperReserved: MoneyColumn;
  readonly sliceCapacity: number;
  readonly rowCapacity: number;
}

export const modeActive = 0;
export const modeReducing = 1;
export const modeCancelOnly = 2;
export const modeSimulated = 3;
export const modeHalted = 4;

/** Version of the row that holds orphaned lots. */
export const custodianVersion = 'custodian';

/** Row of a version that people may speak of; undefined = it is not in that slice. The custodian is no version. */
export function versionRow({ rows, rowIx }: OrderGate, sliceID: string, version: string): RowIx | undefined {
  const row = rowIx.get(rowID(sliceID, version));
  return row === undefined || rows[row].custodian ? undefined : row;
}

export function createOrderGate(sliceCapacity: number, rowCapacity: number): OrderGate {
  const money = (): MoneyColumn => moneyColumn(rowCapacity);
  return {
    slices: [],
    sliceIx: new Map(),
    rows: [],
    rowIx: new Map(),
    epoch: new Float64Array(rowCapacity),
    mode: new Uint8Array(rowCapacity),
    stage: new Int32Array(rowCapacity),
    cap: money(),
    entryCost: money(),
    reserved: money(),
    paperCap: money(),
    paperCost: money(),
    paperReserved: money(),
    sliceCapacity,
    rowCapacity,
  };
}

/** '' or which capacity leaves no room for one more slice and its custodian. */
export function noRoomForSlice({ slices, sliceCapacity, rows, rowCapacity }: OrderGate, sliceID: string): string {
  if (slices.length >= sliceCapacity) return `slice ${sliceID}: expected at most ${sliceCapacity} slices`;
  return rows.length >= rowCapacity ? `slice ${sliceID}: expected at most ${rowCapacity} rows` : '';
}

/** Adds a slice and its custodian's row. The error is a sentence. */
export function addSlice(gate: OrderGate, terms: SliceTerms): Result<SliceIx, string> {
  if (gate.sliceIx.has(terms.sliceID)) return err(`slice ${terms.sliceID}: is there already`);
  const refusal = noRoomForSlice(gate, terms.sliceID) || refuseSliceTerms(terms.sliceID, terms.total, terms.reserve);
  if (refusal !== '') return err(refusal);
  const ix = gate.slices.length;
  const total = splitZero();
  const reserve = splitZero();
  setInto(total, terms.total);
  setInto(reserve, terms.reserve);
  const { sliceID, algorithm, algorithmID, accountGroup, currency } = terms;
  const custodian = gate.rows.length;
  gate.slices.push({
    ix,
    sliceID,
    algorithm,
    algorithmID,
    accountGroup,
    currency,
    total,
    reserve,
    revision: 1,
    drawn: splitZero(),
    overdraft: splitZero(),
    rows: [],
    custodian,
  });
  gate.sliceIx.set(sliceID, ix);
  placeRow(gate, ix, custodianVersion, true);
  gate.mode[custodian] = modeReducing;
  return ok(ix);
}

/** Adds the row of a version: epoch 1, cap 0, SIMULATED, until the controller says otherwise. The error is a sentence. */
export function addRow(gate: OrderGate, slice: SliceIx, version: string): Result<RowIx, string> {
  const { sliceID } = gate.slices[slice];
  if (version === custodianVersion || gate.rowIx.has(rowID(sliceID, version)))
    return err(`row ${rowID(sliceID, version)}: is there already`);
  if (gate.rows.length >= gate.rowCapacity) return err(`row ${rowID(sliceID, version)}: expected at most ${gate.rowCapacity} rows`);
  const row = placeRow(gate, slice, version, false);
  gate.mode[row] = modeSimulated;
  return ok(row);
}

function placeRow(gate: OrderGate, slice: SliceIx, version: string, custodian: boolean): RowIx {
  const ix = gate.rows.length;
  const { sliceID, algorithm, algorithmID } = gate.slices[slice];
  gate.rows.push({ ix, slice, sliceID, algorithm, algorithmID, version, custodian, accounts: new Map(), universe: new Uint8Array(0) });
  gate.rowIx.set(rowID(sliceID, version), ix);
  gate.slices[slice].rows.push(ix);
  gate.epoch[ix] = 1;
  gate.stage[ix] = -1;
  return ix;
}

/** `maker@main.USD/1.0.0`: scope id of the scope `version`. */
export function rowID(sliceID: string, version: string): string {
  return `${sliceID}/${version}`;
}

export function rowText(gate: OrderGate, row: RowIx): string {
  return rowID(gate.rows[row].sliceID, gate.rows[row].version);
}

/** Listings the row may trade and its account at each of their venues; replaces what was said before. */
export function setUniverse(gate: OrderGate, row: RowIx, listings: readonly ListingIx[]): void {
  let top = 0;
  for (const listing of listings) top = Math.max(top, listing + 1);
  const universe = new Uint8Array(top);
  for (const listing of listings) universe[listing] = 1;
  gate.rows[row].universe = universe;
}

export function setRowAccount(gate: OrderGate, row: RowIx, venue: VenueIx, account: AccountIx): void {
  gate.rows[row].accounts.set(venue, account);
}

export function modeOf(gate: OrderGate, row: RowIx): GateMode {
  return gateModes[gate.mode[row]];
}

/** Capital that a run on paper sizes itself by; part of no sum. */
export function setPaperCap(gate: OrderGate, row: RowIx, cap: Split): void {
  columnSet(gate.paperCap, row, cap);
}

const cost = splitZero();
const other = splitZero();

/** used(row), into `out`. */
export function usedInto(out: Split, gate: OrderGate, row: RowIx): void {
  columnGet(cost, gate.entryCost, row);
  columnGet(other, gate.reserved, row);
  addInto(out, cost, other);
}

export function capInto(out: Split, gate: OrderGate, row: RowIx): void {
  columnGet(out, gate.cap, row);
}

const splitBase = 281_474_976_710_656;

/** used(row) > cap(row). The high parts decide but for a difference of 0 or 1, where both sides are exact doubles. */
export function isOverCap(gate: OrderGate, row: RowIx): boolean {
  const { cap, entryCost, reserved } = gate;
  const room = cap.hi[row] - entryCost.hi[row] - reserved.hi[row];
  if (room >= 2) return false;
  return room < 0 || entryCost.lo[row] + reserved.lo[row] > room * splitBase + cap.lo[row];
}

/** '' or the sentence that refuses such capital. */
export function refuseSliceTerms(sliceID: string, total: Split, reserve: Split): string {
  if (isNeg(total) || isNeg(reserve)) return `slice ${sliceID}: expected capital and reserve of at least 0`;
  if (cmp(reserve, total) > 0)
    return `slice ${sliceID}: expected a reserve of at most the capital ${splitString(total)}, was ${splitString(reserve)}`;
  return '';
}
