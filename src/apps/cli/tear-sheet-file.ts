import { writeFileSync } from 'node:fs';
import type { BacktestResult } from '../../ports/backtest.ts';
import { pageOf } from '../../research/tear-sheet/page/page.ts';
import { runOfResult, type RunTerms } from '../../research/tear-sheet/run-of-result.ts';
import type { SheetNote, SheetTrials } from '../../research/tear-sheet/sheet-run.ts';
import { tearSheetOf } from '../../research/tear-sheet/tear-sheet.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { version } from './version.ts';

export interface TearSheetFile extends RunTerms {
  readonly notes: readonly SheetNote[];
  /** The trials that the run was chosen from, itself among them. */
  readonly trials: SheetTrials;
  readonly seed: number;
}

/** Writes the tear sheet of a result that kept everything. @throws Refusal where it cannot be drawn or written */
export function writeTearSheet(path: string, result: BacktestResult, { notes, trials, seed, ...terms }: TearSheetFile): void {
  let page: string;
  try {
    page = pageOf(tearSheetOf(runOfResult(result, terms), { notes, trials, seed }), version);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, `report: ${error.message}`);
    throw error;
  }
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new Refusal(exitCodes.refused, `report: ${error instanceof Error ? error.message : String(error)}`);
  }
}
