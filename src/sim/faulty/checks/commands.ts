import type { Core } from '../../../core/core.ts';
import type { Verb } from '../../../domain/command.ts';
import type { LimitKey } from '../../../domain/limit.ts';
import { twoPeople } from './rows.ts';
import type { Fold, Say, Turn } from './turn.ts';

interface Answered {
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

/** Verbs that always expand what may be lost: no one does that alone. */
const expanding: ReadonlySet<string> = new Set<Verb>(['promote', 'retry', 'waive', 'unhalt', 'release', 'unrestrict']);
const verdictsOf = new Set(['pass', 'fail', 'inconclusive', 'error']);

/** Four eyes, one answer for one key, who proposed never approves, one rung at a time, and the limits in force. */
export class CommandFacts implements Fold {
  readonly limits = new Map<string, number>();
  readonly #answers = new Map<string, Answered>();
  readonly #proposedBy = new Map<string, string>();
  readonly #stages = new Map<number, number>();

  take({ input, decisions }: Turn, _core: Core | undefined, say: Say): void {
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'commandAnswered':
          this.#answered(decision, say);
          if (input.kind !== 'command' || !decision.accepted) break;
          if (expanding.has(decision.verb) && !twoPeople(input))
            say('FOUR_EYES', `${decision.verb} was accepted of ${input.actor.personID} alone`);
          if (input.command.verb === 'approve' && this.#proposedBy.get(input.command.deploymentID) === input.actor.personID)
            say('FOUR_EYES', `${input.actor.personID} proposed ${input.command.deploymentID} and approved it`);
          break;
        case 'deploymentProposed':
          this.#proposedBy.set(decision.deploymentID, decision.actor);
          break;
        case 'limitChanged':
          if (decision.to === null) this.limits.delete(limitID(decision.key));
          else this.limits.set(limitID(decision.key), decision.to);
          break;
        case 'stageGranted':
          if (decision.stage > (this.#stages.get(decision.deployment) ?? -1) + 1)
            say('PRO2', `${decision.deploymentID} went from rung ${this.#stages.get(decision.deployment) ?? -1} to ${decision.stage}`);
          this.#stages.set(decision.deployment, Math.max(decision.stage, this.#stages.get(decision.deployment) ?? -1));
          if (
            input.kind === 'timer' &&
            decision.stage > 0 &&
            decisions.some((one) => one.kind === 'gateJudged' && one.deployment === decision.deployment && one.verdict !== 'pass')
          )
            say('PRO3', `${decision.deploymentID} was promoted over a gate that did not pass`);
          break;
        case 'gateJudged':
          if (!verdictsOf.has(decision.verdict)) say('PRO3', `gate ${decision.gate}: ${decision.verdict}`);
          break;
        case 'phaseChanged':
          if ((decision.to === 'Paused' || decision.to === 'Degraded' || decision.to === 'RollingBack') && decision.reason === '')
            say('LIV2', `${decision.deploymentID} is ${decision.to} without a reason`);
          break;
        default:
          break;
      }
    }
  }

  #answered({ commandID, accepted, code, text }: Answered & { readonly commandID: string }, say: Say): void {
    const before = this.#answers.get(commandID);
    if (before === undefined) this.#answers.set(commandID, { accepted, code, text });
    else if (before.accepted !== accepted || before.code !== code || before.text !== text)
      say('KEY', `command ${commandID} was answered ${before.code} and then ${code}`);
  }
}

export function limitID({ scope, scopeID, limit }: LimitKey): string {
  return `${scope}/${scopeID}/${limit}`;
}
