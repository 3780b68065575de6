import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { isAffected, isUncompared } from '../reconcile/affected.ts';
import { judgeNext, type Deployment } from './deployment.ts';
import type { Judgment } from './judgment.ts';
import { recordVerdicts } from './verdicts.ts';

/** The gate that an open break, or a comparison that is owed after a start, is in the records. Nobody can waive it. */
export const reconciledGate = 'reconciled';

/** How often it is looked whether the venues agree again (microseconds): a comparison after a start takes moments, a break may take hours. */
const startLookEvery = 5_000_000;
const breakLookEvery = 60_000_000;

/** Why the numbers of a version may be wrong: its desk and its venues do not say the same, or were not compared since the start; nothing = they may be trusted. */
export function judgeReconciled(core: Core, { row, spec }: Deployment): readonly Judgment[] {
  const text =
    core.starting && isUncompared(core, row)
      ? 'its accounts were not compared with their venues since the start'
      : spec.strategy !== 'PaperTrading' && isAffected(core, row)
        ? 'a break with a venue of its accounts is open'
        : '';
  return text === '' ? [] : [{ gate: reconciledGate, verdict: 'inconclusive', value: 1, limit: 0, text }];
}

/** A step up that would be judged on such numbers waits, and says so once. */
export function waitsForVenues(core: Core, deployment: Deployment, stage: number, seq: Seq, at: Micros, outcome: Outcome): boolean {
  const judged = judgeReconciled(core, deployment);
  const { lastVerdicts, spec } = deployment;
  if (judged.length === 0) {
    lastVerdicts.delete(reconciledGate);
    return false;
  }
  if (!lastVerdicts.has(reconciledGate)) recordVerdicts(core, deployment, stage, judged, seq, at, outcome);
  // a progressive allocation is looked at meanwhile too: it may shrink
  if (spec.progressive === null || deployment.stage < 0) judgeNext(deployment, at + (core.starting ? startLookEvery : breakLookEvery));
  return true;
}
