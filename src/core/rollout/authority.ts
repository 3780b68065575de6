import { roles, type Actor, type Role } from '../../domain/actor.ts';
import type { Command, CommandEnvelope, Verb } from '../../domain/command.ts';
import { spokenVerb } from '../../domain/spoken-verb.ts';
import { refused, type CommandOutcome } from './deploy.ts';

/** Who may ask for what (security.md, Roles). */
const rolesOf: Readonly<Record<Exclude<Verb, 'propose' | 'agree' | 'disagree'>, readonly Role[]>> = {
  registerVersion: ['Trader', 'Admin'],
  setSlice: ['Admin'],
  deploy: ['Trader', 'RiskManager', 'Admin'],
  promote: ['RiskManager'],
  pause: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  resume: ['RiskManager', 'SeniorManagement'],
  abort: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  retry: ['RiskManager'],
  rollback: ['Trader', 'RiskManager', 'SeniorManagement'],
  undo: ['Trader', 'RiskManager', 'SeniorManagement'],
  approve: ['RiskManager', 'Admin', 'SeniorManagement'],
  deny: ['RiskManager', 'Admin', 'SeniorManagement'],
  waive: ['RiskManager', 'SeniorManagement'],
  halt: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  unhalt: ['RiskManager', 'SeniorManagement'],
  flatten: ['RiskManager', 'SeniorManagement'],
  allocate: ['RiskManager', 'Admin'],
  startStrategy: ['RiskManager', 'SeniorManagement'],
  stopStrategy: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  pauseStrategy: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  kill: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  release: ['SeniorManagement'],
  setLimit: ['Admin', 'RiskManager'],
  restrict: ['Admin', 'RiskManager'],
  unrestrict: ['Admin', 'RiskManager'],
  reconcile: ['Trader', 'RiskManager', 'SeniorManagement', 'Admin'],
  acceptBreak: ['RiskManager', 'SeniorManagement'],
  knowPeople: ['Admin'],
  acceptTrials: ['RiskManager', 'SeniorManagement'],
  tellSignal: ['Admin', 'RiskManager'],
};

/** Commands that always expand; setLimit, setSlice, allocate and tellSignal expand when they raise (or lift a cut), which their own code asks. */
const expanding: ReadonlySet<Verb> = new Set<Verb>([
  'promote',
  'retry',
  'waive',
  'unhalt',
  'startStrategy',
  'release',
  'unrestrict',
  'acceptBreak',
  'acceptTrials',
]);

/** Roles that a command takes; the one of a proposal is its command's. An answer to a proposal asks its roles where it is found. */
export function rolesFor(command: Command): readonly Role[] {
  switch (command.verb) {
    case 'propose':
      return rolesFor(command.command);
    case 'agree':
    case 'disagree':
      return roles;
    default:
      return rolesOf[command.verb];
  }
}

/** Roles that may say a verb. */
export function rolesOfVerb(verb: keyof typeof rolesOf): readonly Role[] {
  return rolesOf[verb];
}

/** Undefined = the actor may; else the refusal. Expanding takes two different people who both have a role for it. */
export function refuseActor(envelope: CommandEnvelope): CommandOutcome | undefined {
  const { actor, command } = envelope;
  const allowed = rolesFor(command);
  if (!holds(actor, allowed))
    return refused(
      'ROLE_REQUIRED',
      `${spokenVerb(command.verb)} takes one of ${allowed.join(', ')}: ${actor.personID} has ${actor.roles.join(', ') || 'no role'}`,
    );
  return expanding.has(command.verb) ? refuseAlone(envelope) : undefined;
}

/** The second-person rule, for commands that turn out to expand. */
export function refuseAlone(envelope: CommandEnvelope): CommandOutcome | undefined {
  const { actor, approvedBy, command } = envelope;
  const allowed = rolesFor(command);
  if (approvedBy === null || approvedBy.personID === actor.personID) {
    return refused(
      'SECOND_PERSON_REQUIRED',
      `${spokenVerb(command.verb)} expands what may be lost: it takes a second person of ${allowed.join(', ')}`,
    );
  }
  if (!holds(approvedBy, allowed))
    return refused(
      'ROLE_REQUIRED',
      `${spokenVerb(command.verb)}: the second person takes one of ${allowed.join(', ')}, ${approvedBy.personID} has ${approvedBy.roles.join(', ') || 'no role'}`,
    );
  return undefined;
}

function holds(actor: Actor, allowed: readonly Role[]): boolean {
  return actor.roles.some((role) => allowed.includes(role));
}
