import type { Command } from '../../domain/command.ts';
import { MAX_TRIALS } from '../../quant/performance/deflated-sharpe.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { accepted, refused, type CommandOutcome } from './deploy.ts';

/** Most algorithms whose trials a desk remembers. */
export const maxTrialHeads = 16_384;

const headForm = /^[0-9a-f]{64}$/;

/**
 * Takes the count of an algorithm's trials, with the head of the registry that it was counted in. It never shrinks: neither the number nor the registry, and at the same
 * number nothing else may be said.
 */
export function acceptTrials(
  core: Core,
  asked: Extract<Command, { verb: 'acceptTrials' }>,
  actor: string,
  outcome: Outcome,
): CommandOutcome {
  const refusal = refuseTrialHead(core, asked);
  if (refusal !== undefined) return refusal;
  const { algorithmID, trials, trialVariance, head, bytes } = asked;
  const { trialHeads } = core.rollout;
  const known = trialHeads.get(algorithmID);
  trialHeads.set(algorithmID, { algorithmID, trials, trialVariance, head, bytes });
  outcome.decisions.push({ kind: 'trialsAccepted', algorithmID, from: known?.trials ?? 0, trials, trialVariance, head, bytes, actor });
  return accepted(`${algorithmID}: ${trials} trials up to ${head.slice(0, 12)}… (${bytes} bytes of the registry)`);
}

/** Why a count is not taken; undefined = it is. */
export function refuseTrialHead(core: Core, asked: Extract<Command, { verb: 'acceptTrials' }>): CommandOutcome | undefined {
  const { algorithmID, trials, trialVariance, head, bytes } = asked;
  const { trialHeads, algorithms } = core.rollout;
  const malformed = refuseNumbers(asked);
  if (malformed !== '') return refused('TRIALS_NOT_ACCEPTED', `${algorithmID}: ${malformed}`);
  if (!algorithms.includes(algorithmID)) return refused('UNKNOWN_ALGORITHM', `algorithm ${algorithmID} is not registered`);
  const known = trialHeads.get(algorithmID);
  if (known === undefined)
    return trialHeads.size < maxTrialHeads
      ? undefined
      : refused('CAPACITY_REACHED', `expected trials of at most ${maxTrialHeads} algorithms`);
  const same = trials === known.trials && trialVariance === known.trialVariance && head === known.head && bytes === known.bytes;
  if (same || (trials > known.trials && bytes > known.bytes && head !== known.head)) return undefined;
  // the same trials run once more are lines, and no trials
  if (trials === known.trials && trialVariance === known.trialVariance && bytes > known.bytes && head !== known.head) return undefined;
  return refused(
    'TRIALS_NOT_ACCEPTED',
    `${algorithmID}: expected more than ${known.trials} trials (variance ${known.trialVariance}) in more than ${known.bytes} bytes of the registry, was ${trials} (variance ${trialVariance}) in ${bytes}: the number of trials is never reset`,
  );
}

function refuseNumbers({ trials, trialVariance, head, bytes }: Extract<Command, { verb: 'acceptTrials' }>): string {
  if (!Number.isSafeInteger(trials) || trials < 1 || trials > MAX_TRIALS)
    return `trials: expected a whole number 1…${MAX_TRIALS}, was ${trials}`;
  if (!(trialVariance >= 0 && trialVariance < 1e6)) return `trialVariance: expected 0…1000000, was ${trialVariance}`;
  if (!headForm.test(head)) return `head: expected 64 hexadecimal digits, was ${head.slice(0, 80)}`;
  return Number.isSafeInteger(bytes) && bytes > 0 ? '' : `bytes: expected a whole number above 0, was ${bytes}`;
}
