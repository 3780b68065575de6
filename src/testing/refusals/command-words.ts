import { splitString, splitZero } from '../../base/split.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import type { Input } from '../../domain/input.ts';
import type { RolloutDesk } from '../rollout/rollout-desk.ts';

/** A command without its key, an intent as it is. */
export function wordsOf(input: Input): string {
  if (input.kind !== 'command') return JSON.stringify(input);
  const { actor, approvedBy, expectedRevision, command } = input;
  return JSON.stringify([actor.personID, approvedBy?.personID ?? null, expectedRevision, command]);
}

const money = splitZero();

/** What a refused command leaves as it was. */
export function stateOf({ core }: RolloutDesk): string {
  const { rollout, gate, risk } = core;
  return JSON.stringify([
    rollout.deployments.map(({ phase, stage, revision, failedGate, pausedBy, allocation, waivers, approvals }) => [
      phase,
      stage,
      revision,
      failedGate,
      pausedBy,
      allocation,
      [...waivers],
      [...approvals.values()].map((given) => given.length),
    ]),
    gate.rows.map(({ ix }) => {
      capInto(money, gate, ix);
      return [modeOf(gate, ix), gate.epoch[ix], splitString(money), rollout.lifecycle[ix]];
    }),
    gate.slices.map(({ total, reserve, revision }) => [splitString(total), splitString(reserve), revision]),
    [
      rollout.proposals.size,
      rollout.kills.length,
      rollout.versions.size,
      rollout.trialHeads.size,
      rollout.rollbacks.length,
      rollout.algorithms.length,
    ],
    [risk.limits.table.version, risk.volatility.level, ...risk.sessions.restricted],
  ]);
}
