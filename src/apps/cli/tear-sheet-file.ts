import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Adjustment } from '../../domain/bar-columns.ts';
import type { BacktestRequest, BacktestResult, RunBacktest } from '../../ports/backtest.ts';
import { capNote, costSensitivity, survivorsOnly, type CostSensitivity } from '../../research/honesty.ts';
import { pageOf } from '../../research/tear-sheet/page/page.ts';
import { costTable } from '../../research/tear-sheet/report-tables.ts';
import { runOfResult } from '../../research/tear-sheet/run-of-result.ts';
import type { SheetRun, SheetTable, SheetTrials } from '../../research/tear-sheet/sheet-run.ts';
import { tearSheetOf, type TearSheetOptions } from '../../research/tear-sheet/tear-sheet.ts';
import type { TrialCount, TrialScope } from '../../research/trial-registry.ts';
import { TrialTally } from '../../research/trial-tally.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from '../research/registry-folder.ts';
import { version } from './version.ts';

export interface ReportOptions {
  readonly report?: string;
  readonly registry?: string;
}

export function withReport(command: Command): Command {
  return command.option('--report <file>', 'write a tear sheet there: one HTML page that opens offline');
}

/** What a report of a backtest is made of beside its result. */
export interface BacktestReport {
  readonly request: BacktestRequest;
  readonly result: BacktestResult;
  readonly run: RunBacktest;
  readonly adjust: Adjustment;
  readonly scope: TrialScope;
  /** Made here where it is not known yet. */
  readonly costs?: CostSensitivity;
  readonly tables?: readonly SheetTable[];
}

/** Writes the tear sheet of a backtest. Whoever looks at one has tried it: the run is counted as a trial before it is judged. @throws Refusal where it cannot be written */
export function reportBacktest(path: string, registry: string | undefined, report: BacktestReport): void {
  const { request, result, run, adjust, scope, tables = [] } = report;
  const { bars, capital, seed, costs } = request;
  if (request.account !== undefined) throw new Refusal(exitCodes.refused, 'report: not built for accounts in another currency');
  const sensitivity = report.costs ?? costSensitivity(run, request);
  const tally = new TrialTally(openRegistry(registry), { algorithm: result.strategy, version: result.version, kind: 'backtest', scope });
  tally.addRuns([{ runId: result.runId, sharpe: result.metrics.sharpe }]);
  const notes = [survivorsOnly(bars), capNote(result.params), ...sensitivity.notes].filter((note) => note !== undefined);
  const sheetRun = runOfResult(result, { bars, capital, costs, terms: [['adjust', adjust]] });
  const trials = trialsOf(tally.total(), bars.periodsPerYear);
  writeTearSheet(path, sheetRun, { notes, tables: [costTable(sensitivity), ...tables], trials, seed });
}

/** The registry counts annualized ratios, a tear sheet judges by those of a period. */
export function trialsOf({ trials, variance }: TrialCount, periodsPerYear: number): SheetTrials {
  return { count: Math.max(1, trials), variance: variance / periodsPerYear };
}

/** @throws Refusal where it cannot be drawn or written */
export function writeTearSheet(path: string, run: SheetRun, options: TearSheetOptions): void {
  let page: string;
  try {
    page = pageOf(tearSheetOf(run, options), version);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(exitCodes.refused, `report: ${error.message}`);
    throw error;
  }
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new Refusal(
      exitCodes.refused,
      `report: expected a file that can be written, was ${path} (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
