import type { Actor } from '../../domain/actor.ts';
import type { Proposable } from '../../domain/command.ts';
import type { Session } from './session.ts';

/** Asks for what expands: one proposes, the other agrees to exactly that. @returns whether it was done. */
export async function askTwo(session: Session, command: Proposable, first: Actor, second: Actor): Promise<boolean> {
  const asked = await session.ask({ verb: 'propose', command }, first);
  const proposal = [...session.view.proposals.values()].find(({ commandID }) => commandID === asked.commandID);
  if (proposal === undefined) return false;
  const { proposalID, digest } = proposal;
  return (await session.ask({ verb: 'agree', proposalID, digest }, second)).accepted;
}
