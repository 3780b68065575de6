import { isPlainObject, type PlainObject, type PlainValue } from '../../domain/spec-parser/field-reader.ts';
import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import { explainView, exitCodeOf, viewBody, viewText } from './describe.ts';
import { exitCodes } from './exit-codes.ts';
import { deskPeople } from './people.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import { parseKillTarget } from '../../domain/kill.ts';
import type { SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { DeskView } from '../../projections/desk-view.ts';
import type { Answer } from './asking.ts';

/** What a desk answers for. */
export interface AskedDesk {
  readonly view: DeskView;
  ask(command: Command, actor: Actor, approvedBy?: Actor | null): Promise<Answer & { readonly seq: number }>;
  deploy(spec: PlainObject, actor: Actor, given?: Partial<SpecDefaults>): Promise<Answer>;
}

/** What a second terminal asked for and is waiting for. */
export interface Asked {
  readonly request: ControlRequest;
  readonly answer: (answer: ControlAnswer) => void;
}

/** Most requests that wait for the desk at one time. */
export const maxAsked = 64;

/** Requests from other terminals: taken when the loop looks, so that they are inputs at the desk's own time. */
export class ControlQueue {
  readonly #waiting: Asked[] = [];

  readonly listener = (request: ControlRequest): Promise<ControlAnswer> =>
    new Promise((resolve) => {
      if (this.#waiting.length >= maxAsked) resolve(refusal(exitCodes.refused, `the desk has ${maxAsked} requests waiting`));
      else this.#waiting.push({ request, answer: resolve });
    });

  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Answers everything that waits. */
  async serve(session: AskedDesk): Promise<void> {
    for (let asked = this.#waiting.shift(); asked !== undefined; asked = this.#waiting.shift())
      asked.answer(await answerOf(session, asked.request));
  }

  /** The desk has ended: nobody is left waiting. */
  close(): void {
    for (let asked = this.#waiting.shift(); asked !== undefined; asked = this.#waiting.shift())
      asked.answer(refusal(exitCodes.refused, 'the desk has ended'));
  }
}

function refusal(exitCode: number, text: string): ControlAnswer {
  return { exitCode, body: { error: text, exitCode }, text };
}

function textField(request: ControlRequest, name: string): string | undefined {
  const value = request[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Does what is asked. */
export async function answerOf(session: AskedDesk, request: ControlRequest): Promise<ControlAnswer> {
  switch (request.verb) {
    case 'kill':
      return kill(session, request);
    case 'deploy':
      return deploy(session, request);
    case 'get':
      return {
        exitCode: exitCodeOf(session.view, textField(request, 'id')),
        body: viewBody(session.view, textField(request, 'id')),
        text: viewText(session.view, textField(request, 'id')),
      };
    case 'explain':
      return explainView(session.view, textField(request, 'id') ?? '');
    default:
      return refusal(exitCodes.usage, `expected kill, deploy, get or explain, was ${request.verb}`);
  }
}

async function kill(session: AskedDesk, request: ControlRequest): Promise<ControlAnswer> {
  const reason = textField(request, 'reason') ?? 'killed from another terminal';
  const asked = textField(request, 'target') ?? 'firm';
  const target = parseKillTarget(asked);
  if (target === undefined) return refusal(exitCodes.usage, `target: expected firm, venue:X, account:X or strategy:X, was ${asked}`);
  const answer = await session.ask({ verb: 'kill', reason, target }, deskPeople.senior);
  const body = { killed: answer.accepted, seq: answer.seq, reason, text: answer.text };
  return { exitCode: answer.accepted ? exitCodes.healthy : exitCodes.refused, body, text: `${answer.text} (record ${answer.seq})` };
}

async function deploy(session: AskedDesk, request: ControlRequest): Promise<ControlAnswer> {
  const spec = request['spec'] as PlainValue | undefined;
  if (!isPlainObject(spec)) return refusal(exitCodes.usage, 'deploy: expected a spec');
  const algorithmID = textField(request, 'algorithm');
  const version = textField(request, 'version');
  const totalCapital = textField(request, 'capital');
  const given = {
    ...(algorithmID === undefined ? {} : { algorithmID }),
    ...(version === undefined ? {} : { version }),
    ...(totalCapital === undefined ? {} : { totalCapital }),
  };
  const answer = await session.deploy(spec satisfies PlainObject, deskPeople.trader, given);
  return {
    exitCode: answer.accepted ? exitCodes.healthy : exitCodes.refused,
    body: answer,
    text: answer.accepted ? answer.text : `refused (${answer.code}): ${answer.text}`,
  };
}
