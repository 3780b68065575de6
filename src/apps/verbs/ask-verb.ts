import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Core } from '../../core/core.ts';
import { limitText } from '../../domain/limit.ts';
import { isPlainObject, type PlainObject, type PlainValue } from '../../domain/spec-parser/field-reader.ts';
import { givenDefaults, type SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import type { Answer, Answered, Said } from '../desk/asking.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import type { EventLog } from '../desk/event-log.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { limitBody } from './limits.ts';
import { readVerb, toSubmit, type SpokenVerb } from './verb-table.ts';

/** A desk that answers people. */
export interface AskedDesk {
  readonly view: DeskView;
  readonly core: Core;
  readonly events: EventLog;
  ask(command: Command, actor: Actor, approvedBy?: Actor | null, said?: Said): Promise<Answered>;
  deploy(spec: PlainObject, actor: Actor, given?: Partial<SpecDefaults>, said?: Said): Promise<Answer>;
}

/** Longest idempotency key; it is printable ASCII. */
export const maxKey = 128;

/** An answer that is a refusal: `code` is stable, the text is for people. */
export function refusalOf(exitCode: number, code: string, text: string): ControlAnswer {
  return { exitCode, body: { accepted: false, code, error: text, exitCode }, text: `refused (${code}): ${text}` };
}

interface Spoken {
  readonly said: Said;
  /** What the verb itself is told. */
  readonly fields: PlainObject;
}

/** Takes apart what every request may carry; the rest is the verb's. A sentence where a part is not what it should be. */
function spokenOf(request: ControlRequest): Spoken | string {
  const { verb: _verb, key, expectedRevision, token: _token, as: _as, ...fields } = request;
  if (key !== undefined && (typeof key !== 'string' || key.length > maxKey || !/^[\x21-\x7e]+$/.test(key)))
    return `key: expected 1…${maxKey} printable characters without spaces`;
  if (expectedRevision !== undefined && expectedRevision !== null && !Number.isSafeInteger(expectedRevision))
    return `expectedRevision: expected a whole number, was ${JSON.stringify(expectedRevision)}`;
  return {
    said: { key: key, expectedRevision: expectedRevision as number | null | undefined },
    fields: fields as PlainObject,
  };
}

/** The limit that a command changes, or agrees to a change of, in words. */
function aboutLimit(command: Command, view: DeskView): string | undefined {
  if (command.verb === 'setLimit') return limitText(command.key);
  if (command.verb !== 'agree') return undefined;
  const proposal = view.proposals.get(command.proposalID);
  return proposal?.verb === 'setLimit' ? proposal.subject : undefined;
}

/** Says a verb to the desk for somebody. Exit 3: it waits for a second person. */
export async function askVerb(desk: AskedDesk, verb: SpokenVerb, request: ControlRequest, actor: Actor): Promise<ControlAnswer> {
  const spoken = spokenOf(request);
  if (typeof spoken === 'string') return refusalOf(exitCodes.usage, 'FIELDS', spoken);
  const place = { view: desk.view, hasSlice: (sliceID: string) => desk.core.gate.sliceIx.has(sliceID) };
  const read = readVerb(verb, spoken.fields, place);
  if ('code' in read) return refusalOf(read.code === 'FIELDS' ? exitCodes.usage : exitCodes.refused, read.code, read.text);
  const before = desk.view.seq;
  const about = aboutLimit(read, desk.view);
  const answer = await desk.ask(toSubmit(verb, read), actor, null, spoken.said);
  if (!answer.accepted) return refusalOf(exitCodes.refused, answer.code, answer.text);
  const waiting = [...desk.view.proposals.values()].find(({ commandID }) => commandID === answer.commandID);
  const proposal =
    waiting === undefined
      ? null
      : { proposalID: waiting.proposalID, digest: waiting.digest, expiresAt: waiting.expiresAt, subject: waiting.subject };
  const limit = about === undefined ? undefined : desk.view.limits.get(about);
  const changed = limit !== undefined && limit.seq > before ? { limit: limitBody(limit) } : {};
  const body = { accepted: true, code: answer.code, verb, text: answer.text, actor: actor.personID, seq: answer.seq, proposal, ...changed };
  const exitCode = proposal === null ? exitCodes.healthy : exitCodes.waitsForPerson;
  return {
    exitCode,
    body: read.verb === 'kill' ? { ...body, killed: true, reason: read.reason } : body,
    text: `${answer.text} (record ${answer.seq})`,
  };
}

/** Deploys the spec of a request. */
export async function askDeploy(desk: AskedDesk, request: ControlRequest, actor: Actor): Promise<ControlAnswer> {
  const { spec, algorithm, version, capital, slice, ...rest } = request;
  const spoken = spokenOf(rest);
  if (typeof spoken === 'string') return refusalOf(exitCodes.usage, 'FIELDS', spoken);
  const [unknown] = Object.keys(spoken.fields);
  if (unknown !== undefined) return refusalOf(exitCodes.usage, 'FIELDS', `deploy: unknown field ${unknown}`);
  if (!isPlainObject(spec as PlainValue | undefined)) return refusalOf(exitCodes.usage, 'FIELDS', 'deploy: expected a spec');
  const answer = await desk.deploy(spec as PlainObject, actor, givenDefaults({ algorithm, version, capital, slice }), spoken.said);
  const text = answer.accepted ? answer.text : `refused (${answer.code}): ${answer.text}`;
  return { exitCode: answer.accepted ? exitCodes.healthy : exitCodes.refused, body: answer, text };
}
