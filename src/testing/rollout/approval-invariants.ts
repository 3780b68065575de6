import { splitZero, toBigInt } from '../../base/split.ts';
import { capInto } from '../../core/risk/order-gate.ts';
import { approvalMicros } from '../../core/rollout/deployment.ts';
import type { Actor } from '../../domain/actor.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, type RolloutDesk, type Turn } from './rollout-desk.ts';

const split = splitZero();

interface Yes {
  readonly by: string;
  readonly at: number;
  readonly capital: bigint;
}

/**
 * PRO1 of cutovers from inputs and records alone: at the commit as many different people as the spec asks for have said yes to this spec, within fifteen minutes, in a role that they still
 * have, to the capital that changes hands, none of them the proposer, and nobody has taken it back.
 */
export class ApprovalInvariants {
  readonly #say: (text: string) => void;
  readonly #count: (what: string) => void;
  readonly #specs = new Map<number, DeploymentSpec>();
  readonly #proposers = new Map<number, string>();
  readonly #byID = new Map<string, number>();
  readonly #given = new Map<number, Yes[]>();
  readonly #swaps = new Map<number, number>();

  constructor(say: (text: string) => void, count: (what: string) => void) {
    this.#say = say;
    this.#count = count;
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    const { input } = turn;
    // what was said is taken before what came of it: the last yes may commit nothing in its own turn
    if (input.kind === 'command' && answerOf(turn).code === 'OK') this.#spoken(input.command, input.actor, turn, desk);
    for (const decision of turn.decisions) {
      if (decision.kind === 'deploymentProposed') {
        this.#specs.set(decision.deployment, decision.spec);
        this.#proposers.set(decision.deployment, decision.actor);
        this.#byID.set(decision.deploymentID, decision.deployment);
      } else if (decision.kind === 'swapProposed') this.#swaps.set(decision.swap, decision.deployment);
      else if (decision.kind === 'swapAborted') this.#given.delete(this.#swaps.get(decision.swap) ?? -1);
      else if (decision.kind === 'swapCommitted') this.#committed(decision.swap, toBigInt(decision.cap), turn.at);
    }
  }

  #spoken(command: Extract<Turn['input'], { kind: 'command' }>['command'], actor: Actor, turn: Turn, desk: RolloutDesk): void {
    if (command.verb === 'deny') this.#given.delete(this.#byID.get(command.deploymentID) ?? -1);
    if (command.verb === 'knowPeople') {
      const may = new Set(command.people.filter(({ roles }) => roles.includes('RiskManager')).map(({ personID }) => personID));
      for (const [deployment, given] of this.#given)
        this.#given.set(
          deployment,
          given.filter(({ by }) => may.has(by)),
        );
    }
    if (command.verb !== 'approve') return;
    const deployment = this.#byID.get(command.deploymentID) ?? -1;
    const spec = this.#specs.get(deployment);
    if (spec?.blueGreen === undefined || spec.blueGreen === null) return;
    this.#count('cutovers approved');
    if (command.specHash !== spec.specHash) this.#say(`PRO1 ${actor.personID} approved another spec of ${command.deploymentID}`);
    if (actor.personID === this.#proposers.get(deployment)) this.#say(`PRO1 ${actor.personID} approved a cutover of their own`);
    capInto(split, desk.core.gate, desk.rowOf(spec.blueGreen.blueVersion));
    const yes = { by: actor.personID, at: turn.at, capital: toBigInt(split) };
    this.#given.set(deployment, [...(this.#given.get(deployment) ?? []), yes]);
  }

  #committed(swap: number, capital: bigint, at: number): void {
    const deployment = this.#swaps.get(swap) ?? -1;
    const wanted = this.#specs.get(deployment)?.blueGreen?.entryApproval;
    if (wanted === undefined || wanted === null) return;
    this.#count('commits by approval');
    // the last word of each
    const last = new Map((this.#given.get(deployment) ?? []).map((yes) => [yes.by, yes]));
    const valid = [...last.values()].filter((yes) => at - yes.at < approvalMicros && yes.capital === capital);
    if (valid.length < wanted.count) this.#say(`PRO1 swap ${swap} was committed with ${valid.length} of ${wanted.count} approvals`);
  }
}
