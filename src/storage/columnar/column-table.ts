/** How a column is stored: double; day = days since 1970-01-01; time = UTC microseconds, whole; code = 0 to 255. */
export type ColumnKind = 'double' | 'day' | 'time' | 'code';

export interface DoubleColumn {
  readonly name: string;
  readonly kind: 'double' | 'time';
  readonly values: Float64Array;
  /** Packed with Snappy: halves prices, which repeat their bytes, and costs three times the time to read. */
  readonly packed?: boolean;
}

export interface DayColumn {
  readonly name: string;
  readonly kind: 'day';
  readonly values: Int32Array;
}

export interface CodeColumn {
  readonly name: string;
  readonly kind: 'code';
  readonly values: Uint8Array;
}

export type Column = DoubleColumn | DayColumn | CodeColumn;

/** What a table holds. */
export const tableKinds = ['bars', 'quoteBars', 'trades', 'quotes', 'levels'] as const;
export type TableKind = (typeof tableKinds)[number];

/** Rows of one instrument from one source, in columns of equal length. */
export interface ColumnTable {
  /** Where it is kept below the store, without ending: `equity-usa/1d/KO`. */
  readonly path: string;
  readonly kind: TableKind;
  readonly instrumentID: string;
  /** Length of a bar, microseconds; 0 for ticks. */
  readonly interval: number;
  readonly count: number;
  readonly columns: readonly Column[];
}

/** Most rows of one table. */
export const maxTableRows = 50_000_000;
