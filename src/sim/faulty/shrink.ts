import type { FaultName } from './fault-plan.ts';
import { runSeed, type RunOptions, type RunResult } from './run.ts';

/** A run that does not hold, as small as it could be made; rerun by a test until it holds and after. */
export interface SimFixture {
  readonly seed: number;
  readonly events: number;
  readonly faults: readonly FaultName[];
  /** What was said of it when it was found. */
  readonly sentence: string;
}

/** Name of the property in a checker's sentence. */
export function propertyOf(violation: string): string {
  return violation.split(' ')[0];
}

/** Fewer faults, then fewer events, as long as the same property does not hold. @param tries most runs that it takes. */
export async function shrink(found: RunResult, options: RunOptions, tries = 60): Promise<SimFixture> {
  const property = propertyOf(found.violation);
  let left = tries;
  let best: RunResult = found;
  let { events } = options;
  const stillFails = async (faults: readonly FaultName[], limit: number): Promise<boolean> => {
    left -= 1;
    const run = await runSeed({ ...options, faults, events: limit });
    if (propertyOf(run.violation) !== property) return false;
    best = run;
    events = limit;
    return true;
  };
  for (let i = 0; i < best.faults.length && left > 0;) {
    if (
      !(await stillFails(
        best.faults.filter((_, n) => n !== i),
        events,
      ))
    )
      i += 1;
  }
  // up to its sentence a run does not know how long it was to be
  if (best.atEvent < events && left > 0) await stillFails(best.faults, best.atEvent);
  for (let part = 0.5; part > 0.05 && left > 0;) {
    if (!(await stillFails(best.faults, Math.max(1, Math.floor(events * (1 - part)))))) part /= 2;
  }
  return { seed: options.seed, events, faults: best.faults, sentence: best.violation };
}
