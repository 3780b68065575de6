import { canonicalJson, type JsonValue } from '../../base/canonical.ts';
import { hex, sha256 } from '../../base/sha256.ts';
import { isoFromMicros } from '../../base/time.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { utf8Encode } from '../../base/utf8.ts';
import type { CommandEnvelope, Proposable } from '../../domain/command.ts';
import type { ProposalState } from '../../domain/decision.ts';
import { limitText } from '../../domain/limit.ts';
import { spokenVerb } from '../../domain/spoken-verb.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { limitRules } from '../risk/limit-rules.ts';
import { rolesFor } from './authority.ts';
import { accepted, refused, type CommandOutcome } from './deploy.ts';
import { foresee } from './foresight.ts';
import { maxProposals, proposalMicros, type Proposal } from './proposal.ts';
import { aimOf } from './revisions.ts';

type Act = (envelope: CommandEnvelope) => CommandOutcome;

/** A level that is known now stays one of now while it waits: a late yes makes it no fresher. */
function stamped(command: Proposable, at: Micros): Proposable {
  return command.verb === 'tellSignal' && command.knownAt === null ? { ...command, knownAt: at } : command;
}

/** Does what one person may do alone; what takes two is kept for the second, once it is clear that nothing else refuses it. */
export function propose(core: Core, asked: Proposable, envelope: CommandEnvelope, at: Micros, outcome: Outcome, act: Act): CommandOutcome {
  const command = stamped(asked, at);
  const { commandID, actor, expectedRevision } = envelope;
  const alone = act({ commandID, actor, approvedBy: null, expectedRevision, command });
  if (alone.code !== 'SECOND_PERSON_REQUIRED') return alone;
  const refusal = foresee(core, command, at);
  if (refusal !== undefined) return refusal;
  forgetExpired(core, at, outcome);
  const { rollout } = core;
  if (rollout.proposals.size >= maxProposals)
    return refused('CAPACITY_REACHED', `${maxProposals} proposals wait for a second person: deny one or let it expire`);
  const { subject, revision } = aimOf(core, command);
  const proposalID = `p${++rollout.proposed}`;
  const body = { proposalID, actor: actor.personID, command, revision };
  const proposal: Proposal = {
    proposalID,
    commandID,
    command,
    actor,
    revision,
    digest: hex(sha256(utf8Encode(canonicalJson(body as unknown as JsonValue)))),
    subject,
    expiresAt: microsUnchecked(at + proposalMicros),
    text: wordsOf(core, command, subject),
  };
  rollout.proposals.set(proposalID, proposal);
  const roles = rolesFor(command).join(', ');
  const text = `${proposal.text}: ${proposalID} waits for a second person of ${roles} until ${isoFromMicros(proposal.expiresAt).slice(0, 19)}Z`;
  told(proposal, 'open', actor.personID, text, outcome);
  return accepted(text);
}

/** What a second person reads before the yes; of a limit its numbers too. */
function wordsOf({ risk, at }: Core, command: Proposable, subject: string): string {
  const words = `${spokenVerb(command.verb)}${subject === '' ? '' : ` ${subject}`}`;
  if (command.verb === 'tellSignal') return `${words} ${command.value} of ${isoFromMicros(command.knownAt ?? at).slice(0, 19)}Z`;
  if (command.verb !== 'setLimit') return words;
  const from = risk.limits.entries.find(({ key }) => limitText(key) === subject)?.value;
  const { unit } = limitRules[command.key.limit];
  return `${words} from ${from ?? 'not limited'} to ${command.value ?? 'not limited'} (${unit})`;
}

/** The second person's yes, for exactly what was proposed on exactly the state that it was proposed on. */
export function agree(
  core: Core,
  proposalID: string,
  digest: string,
  envelope: CommandEnvelope,
  at: Micros,
  outcome: Outcome,
  act: Act,
): CommandOutcome {
  const proposal = core.rollout.proposals.get(proposalID);
  if (proposal === undefined) return unknownProposal(proposalID);
  const { actor, command, revision } = proposal;
  if (at >= proposal.expiresAt) {
    close(core, proposal, 'expired', envelope.actor.personID, 'it waited too long', outcome);
    return refused('PROPOSAL_EXPIRED', `${proposalID} expired at ${isoFromMicros(proposal.expiresAt).slice(0, 19)}Z: propose it again`);
  }
  if (digest !== proposal.digest)
    return refused('PROPOSAL_DIFFERS', `${proposalID}: expected digest ${proposal.digest.slice(0, 12)}…, was ${digest.slice(0, 12)}…`);
  if (envelope.actor.personID === actor.personID)
    return refused(
      'PROPOSER_CANNOT_APPROVE',
      `${actor.personID} proposed ${proposalID}: it takes another person of ${rolesFor(command).join(', ')}`,
    );
  const { commandID } = envelope;
  const answer = act({ commandID, actor, approvedBy: envelope.actor, expectedRevision: revision, command });
  // whoever lacks the role has not used the proposal up
  if (answer.code === 'ROLE_REQUIRED') return answer;
  const state = answer.code === 'OK' ? 'done' : answer.code === 'REVISION_CHANGED' ? 'overtaken' : 'refused';
  close(core, proposal, state, envelope.actor.personID, answer.text, outcome);
  return answer;
}

/** A no of anybody who might have said yes, or the proposer's own second thought. */
export function disagree(core: Core, proposalID: string, reason: string, envelope: CommandEnvelope, outcome: Outcome): CommandOutcome {
  const proposal = core.rollout.proposals.get(proposalID);
  if (proposal === undefined) return unknownProposal(proposalID);
  const { actor } = envelope;
  const roles = rolesFor(proposal.command);
  if (actor.personID !== proposal.actor.personID && !actor.roles.some((role) => roles.includes(role)))
    return refused(
      'ROLE_REQUIRED',
      `a no to ${proposalID} takes one of ${roles.join(', ')}: ${actor.personID} has ${actor.roles.join(', ') || 'no role'}`,
    );
  close(core, proposal, 'denied', actor.personID, reason, outcome);
  return accepted(`${proposalID} is denied: ${reason}`);
}

/** The kill switch comes before everything that waits. */
export function closeProposals(core: Core, actor: string, reason: string, outcome: Outcome): void {
  for (const proposal of [...core.rollout.proposals.values()]) close(core, proposal, 'overtaken', actor, reason, outcome);
}

/** Ends the proposals of those whom `lost` names. @returns how many. */
export function closeProposalsOf(core: Core, lost: (proposal: Proposal) => boolean, by: string, reason: string, outcome: Outcome): number {
  const gone = [...core.rollout.proposals.values()].filter(lost);
  for (const proposal of gone) close(core, proposal, 'overtaken', by, reason, outcome);
  return gone.length;
}

function unknownProposal(proposalID: string): CommandOutcome {
  return refused('UNKNOWN_PROPOSAL', `no proposal ${proposalID} waits: it never was, or it is answered`);
}

function forgetExpired(core: Core, at: Micros, outcome: Outcome): void {
  for (const proposal of [...core.rollout.proposals.values()])
    if (at >= proposal.expiresAt) close(core, proposal, 'expired', proposal.actor.personID, 'it waited too long', outcome);
}

function close(core: Core, proposal: Proposal, state: ProposalState, actor: string, text: string, outcome: Outcome): void {
  core.rollout.proposals.delete(proposal.proposalID);
  told(proposal, state, actor, text, outcome);
}

function told(proposal: Proposal, state: ProposalState, actor: string, text: string, outcome: Outcome): void {
  const { proposalID, commandID, command, subject, digest, expiresAt } = proposal;
  outcome.decisions.push({
    kind: 'proposalChanged',
    proposalID,
    commandID,
    state,
    verb: command.verb,
    subject,
    digest,
    actor,
    expiresAt,
    text,
  });
}
