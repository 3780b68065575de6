import type { CommandRefusal } from '../../domain/command.ts';
import type { Unread } from './verb-fields.ts';

/** Codes that a desk refuses with before the core is asked. */
export type DeskCode =
  | Exclude<Unread['code'], CommandRefusal>
  | 'PERSON_REQUIRED'
  | 'UNKNOWN_TOKEN'
  | 'PEOPLE_FILE'
  | 'UNKNOWN_VERB'
  | 'DESK_BUSY'
  | 'DESK_ENDED'
  | 'SPEC_REFUSED'
  | 'NOT_DURABLE'
  | 'SIMULATION_TOO_LONG'
  | 'SIMULATION_FAILED'
  | 'STATE_NOT_MIGRATED';

/** Every code that a command may be refused with, and what it means. A code without a meaning does not compile. */
export const errorMeanings: Readonly<Record<CommandRefusal | DeskCode, string>> = {
  UNKNOWN_DEPLOYMENT: 'no deployment of that id',
  UNKNOWN_VERSION: 'the version is not registered, or not in that slice',
  UNKNOWN_SLICE: 'no slice of that id, or its algorithm, account group or currency would change',
  UNKNOWN_GATE: 'the stage does not ask for that gate, or it may not be waived (`fresh`)',
  UNKNOWN_SCOPE: 'a limit names a scope that is not there',
  UNKNOWN_INSTRUMENT: 'the instrument or listing is not registered',
  UNKNOWN_VENUE: 'the venue or account is not registered, or trades none of the listings',
  UNKNOWN_ALGORITHM: 'no version of that algorithm is registered',
  UNKNOWN_BREAK: 'no break of this id is open, or one that only the venue can end',
  UNKNOWN_PROPOSAL: 'no proposal of that id waits',
  ALREADY_DEPLOYED: 'the version runs already, or is registered with another artifact',
  REVISION_CHANGED: 'the revision (of a version: epoch) that was expected is not the present one',
  EXPECTATION_NOT_KNOWN: 'a revision was expected of something that has none',
  KEY_USED_FOR_ANOTHER_COMMAND: 'the idempotency key was used with another command, person or expectation',
  ROLE_REQUIRED: 'the person has none of the roles that the verb takes',
  SECOND_PERSON_REQUIRED: 'it expands, and nobody else has agreed',
  PROPOSER_CANNOT_APPROVE: 'who proposed something does not agree to it',
  PROPOSAL_DIFFERS: 'the digest that was agreed to is of something else',
  PROPOSAL_EXPIRED: 'a proposal waits fifteen minutes',
  SWAP_OR_ROLLBACK_IN_FLIGHT: 'one swap or rollback at a time in a slice',
  KILL_SWITCH_ENGAGED: 'nothing expands under the kill switch',
  FREEZE_WINDOW: 'no capital is added and nothing is cut over in a freeze window of the deployment',
  VERSION_HALTED: 'the version is halted: people lift that (`unhalt`)',
  CAPITAL_DIFFERS_FROM_SLICE: 'totalCapital of the spec is not the capital of the slice',
  NOT_ENOUGH_FREE_CAPITAL: 'the others of the slice and its reserve leave less than is asked for',
  NOT_IN_THIS_PHASE: 'the deployment, version or desk is in a phase in which the verb has no meaning',
  PAUSED_BY_A_PERSON: 'a pause by a person comes before a promotion: it is resumed first',
  GATES_NOT_PASSED: 'what a promotion needs has not passed and is not waived by its name',
  PAST_ITS_STAGE: 'an allocation goes no further than what the stage was granted; `promote` does',
  NO_EARLIER_VERSION: 'no other version of the slice has completed a deployment',
  SPEC_HASH_DIFFERS: 'an approval is for the spec of another hash',
  LIMIT_NOT_A_SAFE_INTEGER: 'a number is out of its range, or no whole one',
  LIMIT_NEVER_BINDS: 'a limit on money lies above all of the firm’s capital: it would never be reached',
  CAPACITY_REACHED: 'a named limit of the desk is reached',
  NOT_BUILT: 'named, and not built',
  TRIALS_NOT_ACCEPTED:
    'the number of trials is not the one that two people have accepted on this desk, or would be reset; or it is none of 1…10^12, its variance none from 0 to below 10^6, its registry without a byte',
  SIGNAL_NOT_TAKEN:
    'a signal that nothing here is judged by, a value that is no level of it, or one known later than now or before the last one',
  NO_BASELINE: 'the old version cannot run a second time beside this deployment',
  BLUE_NOT_ACTIVE: 'the version that is to be replaced does not trade capital in that slice',
  GATE_NOT_JUDGED: 'a declared gate names a test or a metric that is not there, in a place where it proves nothing, or without its numbers',
  BETS_NOT_BOUNDED: 'the bets of a gate could be ruined by the declared stress loss',
  AMBIGUOUS: 'the version is in several slices: name one',
  FIELDS: 'a field is missing, unknown or not what is expected',
  PERSON_REQUIRED: 'the desk knows its people by a file, and the request has no token of one',
  UNKNOWN_TOKEN: 'the token is nobody’s, or it has expired',
  PEOPLE_FILE: 'people.json may be read by others, or is not what is expected: nobody is known until it is',
  UNKNOWN_VERB: 'there is no such verb',
  DESK_BUSY: 'too many requests wait',
  DESK_ENDED: 'the desk has ended',
  SPEC_REFUSED: 'the spec does not parse; its faults are named one by one',
  NOT_DURABLE: 'the journal did not take the record, so nothing that expands has happened',
  SIMULATION_TOO_LONG: 'a simulation over the API takes at most a minute; `plimsoll sim` takes the time that it needs',
  SIMULATION_FAILED: 'the simulation ended without a result; the sentence says why',
  STATE_NOT_MIGRATED:
    'a version does not take its own state back, or does not hand it to the version before it and back again: none is registered',
};
