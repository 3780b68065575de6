import type { Actor, Role } from '../../domain/actor.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { approvalOf } from './approvals.ts';
import { rolesFor } from './authority.ts';
import { accepted, type CommandOutcome } from './deploy.ts';
import { closeProposalsOf } from './proposals.ts';

/** Who has which roles from now on: an approval, and a proposal, of somebody who has none of the roles that it takes any more is gone (security.md, four eyes). */
export function knowPeople(core: Core, people: readonly Actor[], by: string, outcome: Outcome): CommandOutcome {
  const rolesOf = new Map<string, readonly Role[]>(people.map(({ personID, roles }) => [personID, roles]));
  const lacks = (personID: string, wanted: readonly Role[]): boolean =>
    !(rolesOf.get(personID) ?? []).some((role) => wanted.includes(role));
  let taken = 0;
  for (const { approvals, spec } of core.rollout.deployments) {
    for (const [stage, given] of approvals) {
      const wanted = approvalOf(spec, stage)?.roles ?? [];
      const left = given.filter(({ personID }) => !lacks(personID, wanted));
      taken += given.length - left.length;
      if (left.length < given.length) approvals.set(stage, left);
    }
  }
  const closed = closeProposalsOf(
    core,
    ({ actor, command }) => lacks(actor.personID, rolesFor(command)),
    by,
    'whoever proposed it has no role for it any more',
    outcome,
  );
  return accepted(`${people.length} people are known: ${taken} approvals and ${closed} proposals of others are gone`);
}
