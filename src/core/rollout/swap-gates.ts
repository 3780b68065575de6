import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { modeOf } from '../risk/order-gate.ts';
import { judgeApproval } from './approvals.ts';
import { waiverKey } from './entry-gates.ts';
import { isFresh } from './evidence.ts';
import { judgeWindow } from './freeze-window.ts';
import type { Judgment } from './judgment.ts';
import { judgePortfolio } from './portfolio-gate.ts';
import { agreementOf } from './shadow-comparison.ts';
import type { Swap } from './swap.ts';
import { recordVerdicts } from './verdicts.ts';

/** Orders that both versions must have proposed in shadow before their agreement says anything, and the share of them that must agree. */
export const agreementOrders = 10;
export const agreementShare = 0.9;

/** Gates that two people may waive by name; the others are what makes the swap possible at all. */
export const waivable: readonly string[] = ['paper', 'agreement'];

/** What a swap must show before the old version is stopped, all on this one step (rollout.md 3, decision 11). `adoption`: '' or why the new version does not take over. */
export function judgeSwap(core: Core, swap: Swap, adoption: string, at: Micros): readonly Judgment[] {
  const deployment = core.rollout.deployments[swap.deployment];
  const { waivers } = deployment;
  const approval = judgeApproval(core, deployment, 0);
  const portfolio = judgePortfolio(core, swap.to);
  const judged = [
    judgeFresh(core, swap),
    judgeRoute(core, swap),
    judgePaper(core, swap),
    judgeAgreement(swap, at),
    judgeAdoption(adoption),
    ...(approval === undefined ? [] : [approval]),
    ...(portfolio === undefined ? [] : [portfolio]),
    ...judgeWindow(deployment.spec, at),
  ];
  return judged.map((one) =>
    one.verdict !== 'pass' && waivable.includes(one.gate) && waivers.has(waiverKey(0, one.gate))
      ? { ...one, verdict: 'pass', text: `${one.text}: waived by two people` }
      : one,
  );
}

/** Writes the verdicts down. @returns the first that does not pass, a failed one before others. */
export function recordSwapGates(
  core: Core,
  swap: Swap,
  judgments: readonly Judgment[],
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): Judgment | undefined {
  return recordVerdicts(core, core.rollout.deployments[swap.deployment], 0, judgments, seq, at, outcome);
}

function judgeFresh(core: Core, { to }: Swap): Judgment {
  const fresh = isFresh(core, to);
  const text = fresh ? 'every listing has a fresh, valid mark' : 'a listing has no fresh, valid mark';
  return { gate: 'fresh', verdict: fresh ? 'pass' : 'inconclusive', value: fresh ? 1 : 0, limit: 1, text };
}

/** The new version can trade wherever the old one trades, and the old one can. */
function judgeRoute(core: Core, { from, to }: Swap): Judgment {
  const mode = modeOf(core.gate, from);
  const works = mode === 'ACTIVE' || mode === 'REDUCING';
  const accounts = core.gate.rows[to].accounts.size;
  const text = works
    ? `accounts at ${accounts} venue${accounts === 1 ? '' : 's'}, the old version is ${mode}`
    : `the old version is ${mode}: nothing is handed over from there`;
  return { gate: 'route', verdict: works ? 'pass' : 'inconclusive', value: works ? 1 : 0, limit: 1, text };
}

/** Decision 11: 0 to 100 % is for versions that have passed on paper. */
function judgePaper(core: Core, swap: Swap): Judgment {
  const { version, algorithmID } = core.gate.rows[swap.to];
  const passed = core.rollout.deployments.some(
    ({ row, spec, phase }) => row === swap.to && spec.strategy === 'PaperTrading' && phase === 'Healthy',
  );
  const text = passed
    ? `${algorithmID} ${version} passed on paper`
    : `${algorithmID} ${version} has not passed on paper: it takes a canary, or a waiver of two people`;
  return { gate: 'paper', verdict: passed ? 'pass' : 'inconclusive', value: passed ? 1 : 0, limit: 1, text };
}

function judgeAgreement({ comparison }: Swap, at: Micros): Judgment {
  const { fromOrders, toOrders, matched } = comparison;
  const share = agreementOf(comparison, at);
  const enough = Math.min(fromOrders, toOrders) >= agreementOrders;
  const counted = `${matched} orders agree, of ${fromOrders} and ${toOrders}`;
  const text = enough
    ? `${counted}: ${(share * 100).toFixed(1)} % of ${agreementShare * 100} %`
    : `${counted}: expected at least ${agreementOrders} of both to compare`;
  return {
    gate: 'agreement',
    verdict: !enough || Number.isNaN(share) ? 'inconclusive' : share >= agreementShare ? 'pass' : 'fail',
    value: share,
    limit: agreementShare,
    text,
  };
}

function judgeAdoption(refusal: string): Judgment {
  const text = refusal === '' ? 'a dry run of the adoption was accepted' : `the adoption was refused: ${refusal}`;
  return { gate: 'adopt', verdict: refusal === '' ? 'pass' : 'fail', value: refusal === '' ? 1 : 0, limit: 1, text };
}
