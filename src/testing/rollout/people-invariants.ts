import type { CommandInput } from '../../domain/input.ts';
import type { CommandAnswered, ProposalChanged, RowChanged, StageGranted } from '../../domain/decision.ts';
import { approvalMicros } from '../../core/rollout/deployment.ts';
import { proposalMicros } from '../../core/rollout/proposal.ts';
import { answerOf, type RolloutDesk, type Turn } from './rollout-desk.ts';
import { areTwo, spokenIn } from './spoken.ts';

interface Approved {
  readonly by: string;
  readonly at: number;
}

interface Open {
  readonly by: string;
  readonly at: number;
  readonly digest: string;
}

/** What people may do to a desk: keys, two people, expiry and precedence, judged from inputs and records alone. */
export class PeopleInvariants {
  readonly cases = new Map<string, number>();
  readonly #say: (text: string) => void;
  /** Body and answer by key. */
  readonly #answers = new Map<string, { readonly body: string; readonly code: string; readonly text: string }>();
  readonly #open = new Map<string, Open>();
  readonly #caps = new Map<number, bigint>();
  readonly #halted = new Set<number>();
  /** Yes to a stage, by `deployment/stage`. */
  readonly #approvals = new Map<string, Approved[]>();
  readonly #proposers = new Map<string, string>();
  /** Deployments that a person paused. */
  readonly #pausedBy = new Map<string, string>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  #count(what: string): void {
    this.cases.set(what, (this.cases.get(what) ?? 0) + 1);
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    const { input } = turn;
    const paused = new Map(this.#pausedBy);
    if (input.kind === 'command') {
      if (this.#key(input, turn)) this.#spoken(input, turn);
    }
    for (const decision of turn.decisions) {
      if (decision.kind === 'proposalChanged') this.#proposal(decision, turn);
      if (decision.kind === 'rowChanged') this.#row(decision, turn, desk);
      if (decision.kind === 'stageGranted') this.#granted(decision, turn, desk, paused.get(decision.deploymentID));
      if (decision.kind === 'killLatched' && !decision.engaged) this.#two('the kill switch was released', turn, desk);
      if (decision.kind === 'killLatched' && decision.engaged) this.#killed(turn);
      if (decision.kind === 'deploymentProposed') this.#proposers.set(decision.deploymentID, decision.actor);
      if (decision.kind === 'phaseChanged' && decision.to !== 'Paused') this.#pausedBy.delete(decision.deploymentID);
    }
    const refused = turn.decisions.length === 1 && answerOf(turn).code !== 'OK';
    if (refused) this.#count('refusals');
    if (input.kind === 'command' && !refused && answerOf(turn).code !== 'OK' && answerOf(turn).code !== 'NO_ANSWER') this.#half(turn);
  }

  /** The same key and words: the same answer and nothing else. The key with other words: refused by name and nothing else. @returns whether the key is new. */
  #key({ commandID, actor, approvedBy, expectedRevision, command }: CommandInput, turn: Turn): boolean {
    const body = JSON.stringify([actor.personID, approvedBy?.personID ?? null, expectedRevision, command]);
    const known = this.#answers.get(commandID);
    const { code, text } = answerOf(turn);
    if (known === undefined) {
      this.#answers.set(commandID, { body, code, text });
      return true;
    }
    const alone = turn.decisions.length === 1;
    if (known.body === body) {
      this.#count('keys repeated');
      if (!alone || code !== known.code || text !== known.text)
        this.#say(`KEY ${commandID} was repeated and answered ${code} in place of ${known.code}`);
      return false;
    }
    this.#count('keys with another body');
    if (!alone || code !== 'KEY_USED_FOR_ANOTHER_COMMAND') this.#say(`KEY ${commandID} with another body was answered ${code}`);
    return false;
  }

  #spoken({ command, actor }: CommandInput, turn: Turn): void {
    if (answerOf(turn).code !== 'OK') return;
    if (command.verb === 'pause' || command.verb === 'deny') this.#pausedBy.set(command.deploymentID, actor.personID);
    if (command.verb === 'deny')
      for (const key of this.#approvals.keys()) if (key.startsWith(`${command.deploymentID}/`)) this.#approvals.delete(key);
    if (command.verb !== 'approve') return;
    this.#count('approvals');
    const key = `${command.deploymentID}/${command.stage}`;
    if (actor.personID === this.#proposers.get(command.deploymentID))
      this.#say(`PRO1 ${actor.personID} approved a deployment of their own`);
    this.#approvals.set(key, [...(this.#approvals.get(key) ?? []), { by: actor.personID, at: turn.at }]);
  }

  #proposal({ proposalID, state, actor, digest }: ProposalChanged, turn: Turn): void {
    this.#count(`proposals ${state}`);
    if (state === 'open') {
      this.#open.set(proposalID, { by: actor, at: turn.at, digest });
      return;
    }
    const open = this.#open.get(proposalID);
    this.#open.delete(proposalID);
    if (open === undefined) this.#say(`TWO ${proposalID} was answered and was not open`);
    else if (state === 'done') {
      if (actor === open.by) this.#say(`TWO ${proposalID} was agreed to by ${actor}, who proposed it`);
      if (turn.at - open.at >= proposalMicros) this.#say(`TWO ${proposalID} was agreed to after it had expired`);
      const said = turn.input.kind === 'command' && turn.input.command.verb === 'agree' ? turn.input.command.digest : '';
      if (said !== open.digest) this.#say(`TWO ${proposalID} was agreed to under another digest`);
    }
  }

  /** What a command gives, two people gave: more capital, or an end of HALTED. */
  #row({ row, cap, mode }: RowChanged, turn: Turn, desk: RolloutDesk): void {
    const units = BigInt(cap.hi) * 2n ** 48n + BigInt(cap.lo);
    const more = units > (this.#caps.get(row) ?? 0n);
    this.#caps.set(row, units);
    const lifted = this.#halted.has(row) && mode !== 'HALTED';
    if (mode === 'HALTED') this.#halted.add(row);
    else this.#halted.delete(row);
    const spoken = spokenIn(turn, desk);
    if (lifted) this.#two(`row ${row} left HALTED`, turn, desk);
    // a first stage is the proposer's deployment and a stage that an approval completes is judged by its gates
    if (more && spoken !== undefined && (spoken.verb === 'promote' || spoken.verb === 'allocate'))
      this.#two(`row ${row} was given more`, turn, desk);
  }

  #two(what: string, turn: Turn, desk: RolloutDesk): void {
    this.#count('expansions by two');
    const spoken = spokenIn(turn, desk);
    if (spoken === undefined || !areTwo(spoken)) this.#say(`TWO ${what} by ${spoken?.people.join(' and ') ?? 'nobody'}`);
  }

  #granted({ deploymentID, deployment, stage }: StageGranted, turn: Turn, desk: RolloutDesk, paused: string | undefined): void {
    const spoken = spokenIn(turn, desk);
    if (paused !== undefined && spoken?.verb !== 'resume' && spoken?.verb !== 'startStrategy')
      this.#say(`PREC ${deploymentID} was promoted over the pause of ${paused}`);
    const wanted = desk.core.rollout.deployments[deployment].spec.stages[stage]?.entryApproval ?? null;
    if (wanted === null || spoken?.verb === 'promote') return;
    const given = (this.#approvals.get(`${deploymentID}/${stage}`) ?? []).filter(({ at }) => turn.at - at < approvalMicros);
    if (new Set(given.map(({ by }) => by)).size < wanted.count)
      this.#say(`PRO1 ${deploymentID} got stage ${stage} with ${given.length} approvals`);
    this.#count('stages by approval');
  }

  #killed(turn: Turn): void {
    const closed = turn.decisions.filter((one) => one.kind === 'proposalChanged' && one.state === 'overtaken').length;
    if (this.#open.size > closed) this.#say(`PREC ${this.#open.size - closed} proposals outlived a kill`);
  }

  /** A refusal has done nothing but end the proposal that it answers; orders whose time to be compared has come are compared in any turn. */
  #half(turn: Turn): void {
    const allowed = ['commandAnswered', 'proposalChanged', 'orderCompared'];
    const kinds = turn.decisions.map((one) => one.kind).filter((kind) => !allowed.includes(kind));
    const answer: CommandAnswered | undefined = turn.decisions.find((one) => one.kind === 'commandAnswered');
    if (kinds.length > 0) this.#say(`HALF ${answer?.verb ?? ''} was refused (${answer?.code ?? ''}) and did ${kinds.join(', ')}`);
  }
}
