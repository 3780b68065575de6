import type { QuoteBars, RawBars } from '../domain/bar-columns.ts';
import type { LevelTicks, QuoteTicks, TradeTicks } from '../domain/tick-columns.ts';
import type { CorporateEvent } from '../domain/corporate-event.ts';
import type { Quarantine } from './csv/quarantine.ts';
import type { ContinuousRolls } from './futures/continuous.ts';

/** What a raw file turns into; `path` is its place in a store: `equity-usa/minute/SPY/20131007-trade`. */
export type RawTable =
  | { readonly kind: 'bars'; readonly path: string; readonly bars: RawBars }
  | { readonly kind: 'quoteBars'; readonly path: string; readonly bars: QuoteBars }
  | { readonly kind: 'trades'; readonly path: string; readonly ticks: TradeTicks }
  | { readonly kind: 'quotes'; readonly path: string; readonly ticks: QuoteTicks }
  | { readonly kind: 'levels'; readonly path: string; readonly levels: LevelTicks };

/** Where raw files come from, as `data import --kind` names it. */
export const sourceKinds = ['lean-equity', 'lean-fx', 'lean-future', 'lean-crypto', 'sp500', 'csv', 'binance', 'session'] as const;
export type SourceKind = (typeof sourceKinds)[number];

export interface RawContent {
  readonly tables: readonly RawTable[];
  readonly quarantines: readonly Quarantine[];
  readonly events: readonly CorporateEvent[];
  /** Of a continuous series: where its contracts change. */
  readonly rolls?: ContinuousRolls;
  /** How often a feed said something about itself: `gap`, `crossed`, … */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Recorded data in files that belong together, found by `findRawSources`. */
export interface RawSource {
  readonly kind: SourceKind;
  /** Below the folder that was searched. */
  readonly source: string;
  /** All files that the content depends on. */
  readonly files: readonly string[];
  /** Name and version of the reader; a new version reads again what was imported before. */
  readonly reader: string;
  /** The one instrument that the source is about; of a future's archive its root. */
  readonly instrumentID: string;
  /** Daily bars, shorter bars, or ticks. */
  readonly grain: 'daily' | 'intraday' | 'tick';
  /** Contracts made into one series. */
  readonly continuous?: true;
  read(): RawContent;
}
