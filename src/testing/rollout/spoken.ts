import type { Verb } from '../../domain/command.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

/** What a turn's command did in the end, and the people who stood behind it. */
export interface Spoken {
  readonly verb: Verb;
  readonly people: readonly string[];
}

/** The command of a turn; a yes to a proposal speaks its command, by proposer and approver. Found in the records alone. undefined = the turn is no command. */
export function spokenIn(turn: Turn, desk: RolloutDesk): Spoken | undefined {
  const { input } = turn;
  if (input.kind !== 'command') return undefined;
  const { actor, approvedBy, command } = input;
  if (command.verb === 'agree') {
    const opened = desk.turns.find((one) =>
      one.decisions.some((d) => d.kind === 'proposalChanged' && d.state === 'open' && d.proposalID === command.proposalID),
    );
    if (opened?.input.kind !== 'command' || opened.input.command.verb !== 'propose') return { verb: 'agree', people: [actor.personID] };
    return { verb: opened.input.command.command.verb, people: [opened.input.actor.personID, actor.personID] };
  }
  const verb = command.verb === 'propose' ? command.command.verb : command.verb;
  const second = command.verb === 'propose' ? null : approvedBy;
  return { verb, people: second === null ? [actor.personID] : [actor.personID, second.personID] };
}

export function areTwo({ people }: Spoken): boolean {
  return new Set(people).size >= 2;
}
