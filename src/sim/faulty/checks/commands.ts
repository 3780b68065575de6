import type { Core } from '../../../core/core.ts';
import type { Verb } from '../../../domain/command.ts';
import type { StageGranted } from '../../../domain/decision.ts';
import type { CommandInput } from '../../../domain/input.ts';
import type { LimitKey } from '../../../domain/limit.ts';
import type { DeploymentSpec } from '../../../domain/spec.ts';
import { twoPeople, two48 } from './rows.ts';
import type { SliceFacts } from './slices.ts';
import type { Fold, Say, Turn } from './turn.ts';

interface Answered {
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

/** Verbs that always expand what may be lost: no one does that alone. */
const expanding: ReadonlySet<string> = new Set<Verb>([
  'promote',
  'retry',
  'waive',
  'unhalt',
  'release',
  'unrestrict',
  'startStrategy',
  'acceptBreak',
  'acceptTrials',
]);
const verdictsOf = new Set(['pass', 'fail', 'inconclusive', 'error']);

/** Four eyes, one answer for one key, who proposed never approves, one rung at a time, and the limits in force. */
export class CommandFacts implements Fold {
  /** Every value that a limit had, from the record that set it on; null = lifted. */
  readonly #limits = new Map<string, { readonly seq: number; readonly value: number | null }[]>();
  readonly #answers = new Map<string, Answered>();
  readonly #proposedBy = new Map<string, string>();
  readonly #stages = new Map<number, { stage: number; grantedAt: number; spec: DeploymentSpec | undefined }>();
  /** People who approved the second rung, by deployment. */
  readonly #approvals = new Map<string, Set<string>>();

  readonly #slices: SliceFacts;

  constructor(slices: SliceFacts) {
    this.#slices = slices;
  }

  take(turn: Turn, _core: Core | undefined, say: Say): void {
    const { input, decisions } = turn;
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'commandAnswered':
          this.#answered(decision, say);
          if (input.kind === 'command' && decision.accepted) this.#accepted(input, say);
          break;
        case 'deploymentProposed':
          this.#proposedBy.set(decision.deploymentID, decision.actor);
          this.#stages.set(decision.deployment, { stage: -1, grantedAt: 0, spec: decision.spec });
          break;
        case 'limitChanged':
          this.#limited(limitID(decision.key), turn.seq, decision.to);
          break;
        case 'stageGranted':
          this.#granted(decision, turn, say);
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

  #limited(id: string, seq: number, value: number | null): void {
    const values = this.#limits.get(id) ?? [];
    values.push({ seq, value });
    this.#limits.set(id, values);
  }

  /** The limit that held at a record: an order is judged by the limits of its own decision, a later one does not call it back. */
  limitAt(key: LimitKey, seq: number): number | undefined {
    return this.#limits.get(limitID(key))?.findLast((one) => one.seq <= seq)?.value ?? undefined;
  }

  #accepted({ actor, approvedBy, command }: CommandInput, say: Say): void {
    if (expanding.has(command.verb) && !twoPeople({ actor, approvedBy }))
      say('FOUR_EYES', `${command.verb} was accepted of ${actor.personID} alone`);
    if (command.verb !== 'approve') return;
    const { deploymentID } = command;
    if (this.#proposedBy.get(deploymentID) === actor.personID)
      say('FOUR_EYES', `${actor.personID} proposed ${deploymentID} and approved it`);
    const people = this.#approvals.get(deploymentID) ?? new Set();
    this.#approvals.set(deploymentID, people.add(actor.personID));
  }

  /** PRO1 to PRO3: one rung at a time, by gates that passed, after its time, with as many people as it asks for; CAP3: its share of the capital, in whole steps. */
  #granted({ deployment, deploymentID, stage, allocation, cap }: StageGranted, { input, decisions, at }: Turn, say: Say): void {
    const known = this.#stages.get(deployment) ?? { stage: -1, grantedAt: 0, spec: undefined };
    if (stage > known.stage + 1) say('PRO2', `${deploymentID} went from rung ${known.stage} to ${stage}`);
    const total = this.#slices.terms.get(known.spec?.sliceID ?? '')?.total ?? 0;
    const share = Math.floor((total * allocation) / 10_000);
    if (stage >= 0 && cap.hi * two48 + cap.lo !== share)
      say('CAP3', `${deploymentID} was granted ${cap.hi * two48 + cap.lo}, its share of ${allocation} steps is ${share}`);
    const byPeople = input.kind === 'command';
    const failed = decisions.some((one) => one.kind === 'gateJudged' && one.deployment === deployment && one.verdict !== 'pass');
    if (!byPeople && stage > 0 && failed) say('PRO3', `${deploymentID} was promoted over a gate that did not pass`);
    const duration = known.spec?.stages[stage - 1]?.minDuration.micros ?? 0;
    if (!byPeople && stage > 0 && at - known.grantedAt < duration)
      say('PRO1', `${deploymentID} was promoted after ${at - known.grantedAt} us, its rung asks for ${duration}`);
    const wanted = known.spec?.stages[stage]?.entryApproval?.count ?? 0;
    const people = this.#approvals.get(deploymentID)?.size ?? 0;
    if (!byPeople && people < wanted) say('PRO1', `${deploymentID} was promoted to rung ${stage} with ${people} of ${wanted} approvals`);
    this.#stages.set(deployment, { ...known, stage: Math.max(stage, known.stage), grantedAt: at });
  }

  #answered({ commandID, accepted, code, text }: Answered & { readonly commandID: string }, say: Say): void {
    const before = this.#answers.get(commandID);
    if (before === undefined) this.#answers.set(commandID, { accepted, code, text });
    else if (before.accepted !== accepted || before.code !== code || before.text !== text)
      say('KEY', `command ${commandID} was answered ${before.code} and then ${code}`);
  }
}

function limitID({ scope, scopeID, limit }: LimitKey): string {
  return `${scope}/${scopeID}/${limit}`;
}
