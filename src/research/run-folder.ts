import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import type { TrialOutcome } from './trial.ts';

/** What makes a search the same search: all of it must agree before a folder goes on. */
export type RunPlan = Readonly<Record<string, unknown>>;

const planName = 'plan.json';
const trialsName = 'trials.jsonl';

/**
 * Folder of one search: `plan.json` says what is searched, `trials.jsonl` has a line per outcome as it came in, `results.json` is written last, whole or
 * not at all. A process that was killed leaves at most a line cut short, which is run again.
 */
export class RunFolder {
  readonly path: string;
  readonly done: ReadonlyMap<number, TrialOutcome>;
  readonly #file: number;

  private constructor(path: string, done: ReadonlyMap<number, TrialOutcome>) {
    this.path = path;
    this.done = done;
    this.#file = openSync(join(path, trialsName), 'a', 0o644);
  }

  /** Begins, or goes on where the folder stopped. A folder of another search is refused with the first difference. */
  static open(path: string, plan: RunPlan): Result<RunFolder, string> {
    mkdirSync(path, { recursive: true });
    const planPath = join(path, planName);
    const text = `${JSON.stringify(plan, undefined, 2)}\n`;
    if (!existsSync(planPath)) writeWhole(planPath, text);
    const found = readFileSync(planPath, 'utf8');
    if (found !== text) return err(`${planPath}: ${differenceOf(found, plan)}; choose another folder or the same search`);
    return ok(new RunFolder(path, readOutcomes(join(path, trialsName))));
  }

  /** One write per batch, each line between line feeds: a line cut short before it stays alone. */
  add(outcomes: readonly TrialOutcome[]): void {
    if (outcomes.length > 0) writeSync(this.#file, outcomes.map((outcome) => `\n${JSON.stringify(outcome)}\n`).join(''));
  }

  finish(results: string): void {
    fdatasyncSync(this.#file);
    writeWhole(join(this.path, 'results.json'), results);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function differenceOf(found: string, plan: RunPlan): string {
  let before: unknown;
  try {
    before = JSON.parse(found);
  } catch {
    return 'is no JSON';
  }
  const old = typeof before === 'object' && before !== null ? (before as RunPlan) : {};
  const name = [...new Set([...Object.keys(plan), ...Object.keys(old)])].find(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(plan[key]),
  );
  return name === undefined
    ? 'is of another search'
    : `${name}: expected ${short(old[name])} as this folder began with, was ${short(plan[name])}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function readOutcomes(path: string): ReadonlyMap<number, TrialOutcome> {
  const done = new Map<number, TrialOutcome>();
  if (!existsSync(path)) return done;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const outcome = outcomeOf(line);
    if (outcome !== undefined) done.set(outcome.index, outcome);
  }
  return done;
}

/** Undefined for an empty line and for one that was cut short. */
function outcomeOf(line: string): TrialOutcome | undefined {
  if (!line.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const whole = typeof value === 'object' && value !== null && 'index' in value && ('runId' in value || 'refused' in value);
    return whole ? (value as TrialOutcome) : undefined;
  } catch {
    return undefined;
  }
}
