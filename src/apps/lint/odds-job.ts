import { bootstrapReturns, iidReturns, jumpReturns, type ReturnModel } from '../../quant/ladder/return-model.ts';
import { countOutcomes, emptyCounts, type OutcomeCounts } from '../../quant/ladder/operating-characteristic.ts';
import type { LadderPlan } from '../../quant/ladder/ladder-plan.ts';

/** A return model as it travels to a worker. */
export type ModelTerms =
  | { readonly kind: 'iid' }
  | { readonly kind: 'jumps'; readonly jumpsPerYear: number; readonly stressLoss: number }
  | { readonly kind: 'bootstrap'; readonly returns: readonly number[]; readonly meanBlock: number };

/** Paths `from`…`to` - 1 of one ladder under one model. */
export interface OddsJob {
  readonly ladder: number;
  readonly plan: LadderPlan;
  readonly model: ModelTerms;
  readonly sharpes: readonly number[];
  readonly seed: string;
  readonly from: number;
  readonly to: number;
}

export function runOddsJob(job: OddsJob): OutcomeCounts[] {
  const counts = emptyCounts(job.sharpes);
  countOutcomes(job.plan, modelOf(job.model, job.plan), job.seed, job.from, job.to, counts);
  return counts;
}

function modelOf(terms: ModelTerms, plan: LadderPlan): ReturnModel {
  switch (terms.kind) {
    case 'iid':
      return iidReturns();
    case 'jumps':
      return jumpReturns({ ...terms, intervalsPerYear: plan.intervalsPerYear, annualVol: plan.annualVol });
    case 'bootstrap':
      return bootstrapReturns(terms.returns, terms.meanBlock);
  }
}
