/** Why a row or a whole file is set aside. docs/reference/bad-rows.md explains each. */
export const faultCodes = [
  'FILE_UNREADABLE',
  'FILE_TRUNCATED',
  'FILE_DAMAGED',
  'FILE_TOO_LARGE',
  'FILE_EMPTY',
  'FILE_HEADER',
  'ROW_FIELDS',
  'ROW_TIME',
  'NOT_A_NUMBER',
  'NEGATIVE',
  'ZERO_PRICE',
  'ZERO_VOLUME',
  'IMPOSSIBLE_BAR',
  'WRONG_SCALE',
  'OUT_OF_ORDER',
  'DUPLICATE',
  'NOT_A_SESSION',
  'OTHER_TIME_ZONE',
  'CROSSED',
  'SUSPICIOUS',
] as const;
export type FaultCode = (typeof faultCodes)[number];

export interface RowFault {
  readonly file: string;
  /** Line of the file, from 1; 0 = the whole file. */
  readonly row: number;
  readonly code: FaultCode;
  /** Name of the field, '' = the row or file as such. */
  readonly field: string;
  /** In words, with the numbers. */
  readonly text: string;
  /** dropped: nothing of it is used. untraded: its prices are used, nothing can fill on it (a bar without volume). */
  readonly outcome: 'dropped' | 'untraded';
}

/** What becomes of a bar without volume. */
export type ZeroVolume = RowFault['outcome'];

/** Faults of one file that are kept with their words; more are only counted. */
export const maxListedFaults = 10_000;

/** What was set aside of one source and why. Nothing of it reaches a strategy. */
export class Quarantine {
  readonly file: string;
  readonly faults: RowFault[] = [];
  readonly counts = new Map<FaultCode, number>();
  /** Rows dropped, those without words too. */
  rows = 0;
  untradedRows = 0;
  /** Nothing of the file may be used. */
  wholeFile = false;

  constructor(file: string) {
    this.file = file;
  }

  addRow(row: number, code: FaultCode, field: string, text: string): void {
    this.rows++;
    this.#note({ file: this.file, row, code, field, text, outcome: 'dropped' });
  }

  addUntraded(row: number, code: FaultCode, field: string, text: string): void {
    this.untradedRows++;
    this.#note({ file: this.file, row, code, field, text, outcome: 'untraded' });
  }

  /** `row` is where the fault was met, 0 where it has no place. */
  addFile(code: FaultCode, text: string, row = 0): void {
    this.wholeFile = true;
    this.#note({ file: this.file, row, code, field: '', text, outcome: 'dropped' });
  }

  get isEmpty(): boolean {
    return this.rows === 0 && this.untradedRows === 0 && !this.wholeFile;
  }

  #note(fault: RowFault): void {
    this.counts.set(fault.code, (this.counts.get(fault.code) ?? 0) + 1);
    if (this.faults.length < maxListedFaults) this.faults.push(fault);
  }
}

/** `KO.csv.gz row 17: WRONG_SCALE close: expected about 48.1, was 4810` */
export function faultLine({ file, row, code, field, text, outcome }: RowFault): string {
  const place = row > 0 ? `${file} row ${row}` : file;
  const note = outcome === 'untraded' ? ' (kept, nothing fills on it)' : '';
  return `${place}: ${code}${field === '' ? '' : ` ${field}`}: ${text}${note}`;
}
