import type { Actor } from '../../domain/actor.ts';
import type { Command, CommandEnvelope } from '../../domain/command.ts';
import type { CommandInput } from '../../domain/input.ts';

/** Who acts on a demonstration desk; a desk with a token file takes its people from there. */
export const deskPeople = {
  trader: { personID: 'desk-trader', roles: ['Trader'] },
  risk: { personID: 'desk-risk', roles: ['RiskManager', 'Admin'] },
  admin: { personID: 'desk-admin', roles: ['Admin', 'RiskManager', 'SeniorManagement'] },
  senior: { personID: 'desk-senior', roles: ['SeniorManagement', 'RiskManager'] },
} as const satisfies Record<string, Actor>;

/** The desk itself, when its file of people has changed. No person of that file has a colon in the name. */
export const peopleKeeper: Actor = { personID: 'file:people', roles: ['Admin'] };

/** A command of one person, or of two. */
export function envelopeOf(commandID: string, command: Command, actor: Actor, approvedBy: Actor | null = null): CommandEnvelope {
  return { commandID, actor, approvedBy, expectedRevision: null, command };
}

export function commandInput(envelope: CommandEnvelope): CommandInput {
  return { kind: 'command', ...envelope };
}
