import type { InstrumentIx } from '../../domain/ids.ts';
import type { Instrument, MarginModel } from '../../domain/instrument.ts';

/** Margin of `all` the notional. */
export const fullMarginBps = 10_000;

/** Initial margin of an instrument in an account's model, bps of notional: cash asks for all of it, a table for its own rate or its default. */
export function initialMarginBps(model: MarginModel, instrumentID: string): number {
  switch (model.kind) {
    case 'cash':
      return fullMarginBps;
    case 'regT':
      return model.initialBps;
    case 'table':
      return Object.hasOwn(model.initialBps, instrumentID) ? model.initialBps[instrumentID] : model.defaultBps;
  }
}

/** The largest initial margin that a model asks for, as a fraction of notional. */
export function mostMarginRate(model: MarginModel): number {
  switch (model.kind) {
    case 'cash':
      return 1;
    case 'regT':
      return model.initialBps / fullMarginBps;
    case 'table':
      return Math.max(model.defaultBps, ...Object.values(model.initialBps)) / fullMarginBps;
  }
}

/** Initial margins of one account by instrument, looked up by text once. */
export interface MarginTable {
  readonly model: MarginModel;
  /** -1 = not looked up yet. */
  bps: Int32Array;
}

export function createMarginTable(model: MarginModel): MarginTable {
  return { model, bps: new Int32Array(0) };
}

export function marginBps(table: MarginTable, instruments: readonly Instrument[], instrument: InstrumentIx): number {
  if (instrument >= table.bps.length) {
    const wider = new Int32Array(Math.max(instrument + 1, table.bps.length * 2, 16)).fill(-1);
    wider.set(table.bps);
    table.bps = wider;
  }
  if (table.bps[instrument] < 0) table.bps[instrument] = initialMarginBps(table.model, instruments[instrument].instrumentID);
  return table.bps[instrument];
}
