import type { Actor, Role } from '../../domain/actor.ts';
import type { CommandEnvelope, Verb } from '../../domain/command.ts';
import { refused, type CommandOutcome } from './deploy.ts';

/** Who may ask for what (security.md, Roles). */
const rolesOf: Readonly<Record<Verb, readonly Role[]>> = {
  registerVersion: ['Trader', 'Admin'],
  setSlice: ['Admin'],
  deploy: ['Trader', 'RiskManager', 'Admin'],
  promote: ['RiskManager'],
  pause: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  resume: ['RiskManager', 'SeniorManagement'],
  abort: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  retry: ['RiskManager'],
  rollback: ['Trader', 'RiskManager', 'SeniorManagement'],
  approve: ['RiskManager', 'Admin', 'SeniorManagement'],
  waive: ['RiskManager', 'SeniorManagement'],
  halt: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  unhalt: ['RiskManager', 'SeniorManagement'],
  kill: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  release: ['SeniorManagement'],
  setLimit: ['Admin', 'RiskManager'],
  restrict: ['Admin', 'RiskManager'],
  unrestrict: ['Admin', 'RiskManager'],
};

/** Commands that always expand; setLimit and setSlice expand when they raise, which their own code asks. */
const expanding: ReadonlySet<Verb> = new Set<Verb>(['promote', 'retry', 'waive', 'unhalt', 'release', 'unrestrict']);

/** Undefined = the actor may; else the refusal. Expanding takes two different people who both have a role for it. */
export function refuseActor(envelope: CommandEnvelope): CommandOutcome | undefined {
  const { actor, command } = envelope;
  const allowed = rolesOf[command.verb];
  if (!holds(actor, allowed))
    return refused(
      'ROLE_REQUIRED',
      `${command.verb} takes one of ${allowed.join(', ')}: ${actor.personID} has ${actor.roles.join(', ') || 'no role'}`,
    );
  return expanding.has(command.verb) ? refuseAlone(envelope) : undefined;
}

/** The second-person rule, for commands that turn out to expand. */
export function refuseAlone(envelope: CommandEnvelope): CommandOutcome | undefined {
  const { actor, approvedBy, command } = envelope;
  const allowed = rolesOf[command.verb];
  if (approvedBy === null || approvedBy.personID === actor.personID) {
    return refused('SECOND_PERSON_REQUIRED', `${command.verb} expands what may be lost: it takes a second person of ${allowed.join(', ')}`);
  }
  if (!holds(approvedBy, allowed))
    return refused(
      'ROLE_REQUIRED',
      `${command.verb}: the second person takes one of ${allowed.join(', ')}, ${approvedBy.personID} has ${approvedBy.roles.join(', ') || 'no role'}`,
    );
  return undefined;
}

function holds(actor: Actor, allowed: readonly Role[]): boolean {
  return actor.roles.some((role) => allowed.includes(role));
}
