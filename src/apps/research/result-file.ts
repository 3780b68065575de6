import { existsSync, readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../base/result.ts';
import { parseIso } from '../../base/time.ts';
import type { ComparedRun } from '../../research/comparison.ts';

/** A result that `backtest --out` wrote, as far as comparing needs it. */
export interface ResultFile extends ComparedRun {
  readonly strategy: string;
  readonly runId: string;
  readonly dataHash: string;
  /** That of the equity, where the result says it: it has several, or an account in another one. */
  readonly currency?: string;
}

/** The equity of a result file, in currency units; a sentence when it is none. */
export function readResultFile(path: string): Result<ResultFile, string> {
  if (!existsSync(path)) return err(`${path}: expected a result of backtest --out, was nothing: no such file`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`${path}: expected a result of backtest --out, was ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  if (!isRecord(value) || !Array.isArray(value['equity'])) return err(`${path}: expected a result of backtest --out with its equity`);
  const { strategy, runId, dataHash, base, account } = value;
  if (typeof strategy !== 'string' || typeof runId !== 'string' || typeof dataHash !== 'string')
    return err(`${path}: expected strategy, runId and dataHash as texts`);
  const [time, worth]: [number[], number[]] = [[], []];
  const points: readonly unknown[] = value['equity'];
  for (const [row, point] of points.entries()) {
    const parsed = pointOf(point);
    if (parsed === undefined || parsed[0] <= (time[time.length - 1] ?? -Infinity))
      return err(`${path}: expected equity ${row} as [time, value] after the one before it, was ${JSON.stringify(point)}`);
    time.push(parsed[0]);
    worth.push(parsed[1]);
  }
  const currency = base ?? (isRecord(account) ? account['currency'] : undefined);
  const counted = typeof currency === 'string' ? { currency } : {};
  return ok({ name: `${strategy} ${runId.slice(0, 8)}`, strategy, runId, dataHash, ...counted, time, value: worth });
}

function pointOf(point: unknown): readonly [time: number, value: number] | undefined {
  if (!Array.isArray(point)) return undefined;
  const [at, value] = point as readonly unknown[];
  if (typeof at !== 'string' || typeof value !== 'number') return undefined;
  const time = parseIso(at);
  return time.ok ? [time.value, value] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
