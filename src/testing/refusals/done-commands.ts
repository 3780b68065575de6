import type { Command } from '../../domain/command.ts';
import type { Fold, Turn } from '../../sim/faulty/checks/turn.ts';

/** What was done of a command that was accepted: itself, what was proposed and took one person alone, or what another had proposed. */
export class DoneCommands implements Fold {
  /** Of this turn; undefined = nothing that anybody asked for. */
  done: Command | undefined;
  /** Keys under which something was asked: what comes again under one of them is answered as it was, and not done. */
  readonly #keys = new Set<string>();
  /** Commands that wait for a second person, by the proposal. */
  readonly #waiting = new Map<string, Command>();

  take({ input, decisions }: Turn): void {
    this.done = undefined;
    if (input.kind !== 'command') return;
    const { command, commandID } = input;
    let kept = this.#keys.has(commandID);
    this.#keys.add(commandID);
    for (const decision of decisions) {
      if (decision.kind === 'proposalChanged' && decision.state === 'open') {
        kept = true;
        if (command.verb === 'propose') this.#waiting.set(decision.proposalID, command.command);
      } else if (decision.kind === 'commandAnswered' && decision.accepted && !kept) this.done = this.#meant(command);
    }
  }

  #meant(command: Command): Command | undefined {
    if (command.verb === 'agree') return this.#waiting.get(command.proposalID);
    return command.verb === 'propose' ? command.command : command;
  }
}
