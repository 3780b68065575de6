import type { Actor } from '../../domain/actor.ts';
import type { Proposable } from '../../domain/command.ts';
import type { Micros } from '../../base/units.ts';

/** A proposal waits this long for its second person (microseconds), as security.md says. */
export const proposalMicros = 900_000_000;
/** Most proposals that wait at one time. */
export const maxProposals = 1_024;

/** An expanding command of one person that waits for a second one. */
export interface Proposal {
  readonly proposalID: string;
  readonly commandID: string;
  readonly command: Proposable;
  readonly actor: Actor;
  /** State that the proposer saw: another one by then, and it is overtaken. null = nothing to expect. */
  readonly revision: number | null;
  /** SHA-256 of command, revision and proposer: what a second person says yes to. */
  readonly digest: string;
  readonly subject: string;
  readonly expiresAt: Micros;
  /** In words. */
  readonly text: string;
}
