import type { GateJudged } from '../../domain/decision.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import type { Ending } from './finish.ts';
import type { Session } from './session.ts';
import type { StoryKill } from './story-kill.ts';
import type { StoryLog } from './story-log.ts';
import { denialsOf, storyIDs } from './story.ts';

/** Everything that is said of a story at its end. */
export interface StoryEnd {
  readonly session: Session;
  readonly ending: Ending;
  readonly log: StoryLog;
  readonly kill: StoryKill | undefined;
}

const tenths = (micros: number): number => Math.round(micros * 10) / 10;

/** The story as one JSON object. Wall-clock measurements: `rollback.fenceUs`, `rollback.cancelsOnWireUs`, `swap.freezeUs`; everything else repeats with the seed. */
export function storyBody(end: StoryEnd): ReturnType<typeof bodyOf> {
  return bodyOf(end);
}

function bodyOf({ session, ending, log, kill }: StoryEnd) {
  const { view } = session;
  const deployments = [...view.deployments.values()];
  return {
    stages: stagesOf(view),
    evidence: [...log.evidence.values()].map((judged) => evidenceOf(view, judged)),
    phases: Object.fromEntries(deployments.map(({ deploymentID, phase, reason }) => [deploymentID, { phase, reason }])),
    denials: denialsOf(session).map(({ code, value, limit, scope, seq }) => ({ code, value, limit, scope, seq })),
    rollback: rollbackOf(session),
    swap: swapOf(session, log),
    kill: kill === undefined ? null : killOf(kill, log),
    killed: view.killed,
    reconciliation: ending.reconciliation,
    journal: ending.journal,
    replay: ending.replay,
  };
}

export type StoryBody = ReturnType<typeof bodyOf>;

function stagesOf(view: DeskView) {
  return [storyIDs.paper, storyIDs.ladder, storyIDs.faulty].flatMap((id) => {
    const deployment = view.deployments.get(id);
    return (deployment?.stages ?? []).map(({ name, allocation, at, reasons }) => ({
      deploymentID: id,
      version: deployment?.spec.version ?? '',
      name,
      allocation: allocation / 10_000,
      at,
      reasons,
    }));
  });
}

function evidenceOf(view: DeskView, { deployment, stage, gate, verdict, value, limit, text, atSeq }: GateJudged) {
  const of = [...view.deployments.values()][deployment];
  return {
    deploymentID: of?.deploymentID ?? '',
    stage: of?.spec.stages[stage]?.name ?? '',
    gate,
    verdict,
    e: Number.isFinite(value) ? value : null,
    limit,
    atSeq,
    text,
  };
}

function rollbackOf({ view, rollbackClock }: Session) {
  const rolledBack = view.rollbacks.findLast(({ completed }) => completed !== null);
  return {
    rule: rolledBack?.trigger.rule ?? null,
    fenceUs: tenths(rollbackClock.fenceUs),
    cancelsOnWireUs: tenths(rollbackClock.cancelsOnWireUs),
    completedUs: rolledBack?.completed?.completedMicros ?? null,
    uncertain: rolledBack?.completed?.uncertain ?? null,
    residual: rolledBack?.completed?.residual ?? null,
  };
}

/** null = no swap was begun. */
function swapOf({ swapClock, core }: Session, { proposed, prepared, ready, committed }: StoryLog) {
  if (proposed === undefined) return null;
  const swap = core.rollout.swaps[proposed.swap];
  const { waivers, failedGate } = core.rollout.deployments[proposed.deployment];
  return {
    from: proposed.fromVersion,
    to: proposed.toVersion,
    step: swap.step,
    agreement: ready === undefined ? null : { fromOrders: ready.fromOrders, toOrders: ready.toOrders, matched: ready.matched },
    waived: waivers.has('0/agreement') ? ['agreement'] : [],
    failedGate,
    shadowEvents: committed === undefined || prepared === undefined ? null : committed.watermark - prepared.eventSeq,
    orders: committed?.orders ?? null,
    lots: committed?.lots ?? null,
    frozenMicros: committed?.frozenMicros ?? null,
    freezeUs: committed === undefined ? null : tenths(swapClock.freezeUs),
  };
}

function killOf({ engagedBy, reason, seq, releasedBy, resumed }: StoryKill, { killSteps }: StoryLog) {
  const done = (step: string) => killSteps.find((one) => one.step === step);
  return {
    engagedBy,
    reason,
    seq,
    canceled: done('canceled')?.count ?? 0,
    endedMicros: done('ended')?.virtualMicros ?? null,
    releasedBy,
    resumed,
  };
}
