import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BacktestRequest, BacktestResult } from '../../ports/backtest.ts';
import { TrialTally } from '../../research/trial-tally.ts';
import type { TrialRegistry, TrialScope } from '../../research/trial-registry.ts';
import { Refusal } from '../desk/exit-codes.ts';
import { openRegistry } from './registry-folder.ts';

/** Data that a run of the request traded. */
export function scopeOf({ bars }: BacktestRequest, { equity, dataHash }: BacktestResult): TrialScope {
  const { time } = equity;
  return { dataHash, instruments: bars.series.map(({ instrumentID }) => instrumentID), from: time[0], to: time[time.length - 1] };
}

/**
 * Counts the run as a trial and keeps its record. A folder that was named must take it; where nothing can be written in the default places, the run is
 * still shown. @returns a warning, '' = counted
 */
export function countBacktest(folder: string | undefined, request: BacktestRequest, result: BacktestResult, codeHash: string): string {
  let registry: TrialRegistry;
  try {
    registry = openRegistry(folder);
  } catch (error) {
    if (folder !== undefined || !(error instanceof Refusal)) throw error;
    return `this trial is not counted: ${error.message}`;
  }
  const scope = scopeOf(request, result);
  const tally = new TrialTally(registry, { algorithm: result.strategy, version: result.version, kind: 'backtest', scope });
  tally.addRuns([{ runId: result.runId, sharpe: result.metrics.sharpe }]);
  tally.flush();
  keepRecord(join(registry.folder, 'runs'), request, result, scope, codeHash);
  return '';
}

/** `runs/<runId>.json`: what identifies the run and what came of it, so that whoever deploys the algorithm can name it. The same run, the same bytes. */
function keepRecord(folder: string, request: BacktestRequest, result: BacktestResult, scope: TrialScope, codeHash: string): void {
  const { runId, strategy, version, params, resultHash, metrics } = result;
  const { capital, costs, seed } = request;
  const path = join(folder, `${runId}.json`);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  const record = { runId, strategy, version, params, seed, capital, costs, ...scope, codeHash, resultHash, metrics };
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(draft, path);
}
