import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { Deployment } from './deployment.ts';
import { evidenceOf } from './evidence.ts';
import { evidenceHash, type Judgment } from './judgment.ts';

/** Journals verdicts with the hash of what they were judged on. @returns the first that does not pass, a failed one before others. */
export function recordVerdicts(
  core: Core,
  deployment: Deployment,
  stage: number,
  judgments: readonly Judgment[],
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): Judgment | undefined {
  const inputsHash = evidenceHash(deployment, evidenceOf(core, deployment.row), judgments, at);
  for (const { gate, verdict, value, limit, text } of judgments) {
    deployment.lastVerdicts.set(gate, verdict);
    outcome.decisions.push({
      kind: 'gateJudged',
      deployment: deployment.ix,
      stage,
      gate,
      verdict,
      value,
      limit,
      atSeq: seq,
      inputsHash,
      text,
    });
  }
  return judgments.find((judgment) => judgment.verdict === 'fail') ?? judgments.find((judgment) => judgment.verdict !== 'pass');
}
