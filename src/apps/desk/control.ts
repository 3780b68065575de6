import type { Actor } from '../../domain/actor.ts';
import { suggest } from '../../base/suggest.ts';
import { areAnswered, isSettled } from '../../core/reconcile/reconciliation.ts';
import { askDeploy, askVerb, refusalOf, type AskedDesk } from '../verbs/ask-verb.ts';
import { askerOf, isNotAsked } from '../verbs/asker.ts';
import { isLook, lookAt, lookVerbs } from '../verbs/looks.ts';
import type { People } from '../verbs/people-file.ts';
import { isSpoken, spokenVerbs } from '../verbs/verb-table.ts';
import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import { reconciliationAnswer } from './describe-breaks.ts';
import { exitCodes } from './exit-codes.ts';
import { peopleKeeper } from './people.ts';

/** How long the answer to a comparison waits for what is not settled (microseconds of the desk). */
export const comparingMicros = 10_000_000;

/** A comparison that somebody waits for. */
interface Comparing {
  readonly asked: Asked;
  readonly until: number;
}

/** What a second terminal asked for and is waiting for. */
export interface Asked {
  readonly request: ControlRequest;
  readonly answer: (answer: ControlAnswer) => void;
}

/** Most requests that wait for the desk at one time. */
export const maxAsked = 64;

/** Of requests that wait together the more restricting one comes first (rollout.md 1); the rest as they came. */
const precedence = ['kill', 'halt', 'stop-strategy', 'flatten', 'rollback', 'undo', 'abort', 'pause-strategy', 'pause', 'deny'];

function rankOf({ request }: Asked): number {
  const place = precedence.indexOf(request.verb);
  return place < 0 ? precedence.length : place;
}

/** Requests from other terminals: taken when the loop looks, so that they are inputs at the desk's own time. */
export class ControlQueue {
  readonly #waiting: Asked[] = [];
  #comparing: Comparing[] = [];
  readonly #people: People | undefined;

  /** @param people of the desk's directory; left out: nobody but the desk itself asks. */
  constructor(people?: People) {
    this.#people = people;
  }

  readonly listener = (request: ControlRequest): Promise<ControlAnswer> =>
    new Promise((resolve) => {
      if (this.#waiting.length >= maxAsked && request.verb !== 'kill')
        resolve(refusalOf(exitCodes.refused, 'DESK_BUSY', `the desk has ${maxAsked} requests waiting`));
      else this.#waiting.push({ request, answer: resolve });
    });

  get waiting(): boolean {
    return this.#waiting.length + this.#comparing.length > 0 || this.#people?.toTell() !== undefined;
  }

  /** Answers everything that waits. */
  async serve(desk: AskedDesk): Promise<void> {
    await this.#tellPeople(desk);
    for (let asked = this.#next(); asked !== undefined; asked = this.#next()) {
      const answer = await answerOf(desk, asked.request, this.#askerOf(asked.request));
      if (isComparing(asked.request, answer)) this.#comparing.push({ asked, until: desk.view.at + comparingMicros });
      else asked.answer(answer);
    }
    const done = this.#comparing.filter(({ until }) => isCompared(desk) || desk.view.at >= until);
    this.#comparing = this.#comparing.filter((one) => !done.includes(one));
    for (const { asked } of done) asked.answer(comparedAnswer(desk));
  }

  /** A role that was taken away takes approvals and proposals with it. */
  async #tellPeople(desk: AskedDesk): Promise<void> {
    const people = this.#people?.toTell();
    if (people === undefined) return;
    this.#people?.told(people);
    await desk.ask({ verb: 'knowPeople', people }, peopleKeeper);
  }

  #next(): Asked | undefined {
    let first = 0;
    for (let i = 1; i < this.#waiting.length; i++) if (rankOf(this.#waiting[i]) < rankOf(this.#waiting[first])) first = i;
    return this.#waiting.splice(first, 1)[0];
  }

  #askerOf(request: ControlRequest): Asker {
    return this.#people === undefined ? nobody : askerOfRequest(this.#people, request);
  }

  /** The desk has ended: nobody is left waiting. */
  close(): void {
    const left = [...this.#waiting.splice(0), ...this.#comparing.splice(0).map(({ asked }) => asked)];
    for (const asked of left) asked.answer(refusalOf(exitCodes.refused, 'DESK_ENDED', 'the desk has ended'));
  }
}

/** Whether the answer is only that the venues have been asked. */
export function isComparing({ verb }: ControlRequest, answer: ControlAnswer): boolean {
  return verb === 'reconcile' && answer.exitCode === exitCodes.healthy;
}

/** Nothing between desk and venues is unsettled. */
export function isCompared({ core }: AskedDesk): boolean {
  return isSettled(core.reconciliation);
}

export function comparedAnswer({ core, view }: AskedDesk): ControlAnswer {
  return reconciliationAnswer(view, areAnswered(core.reconciliation));
}

/** Who asks, or the answer that it is nobody. */
export type Asker = Actor | ControlAnswer;

const nobody: Asker = refusalOf(exitCodes.refused, 'PERSON_REQUIRED', 'nobody may ask here');

/** Whoever only looks need not say who it is. */
export function askerOfRequest(people: People, request: ControlRequest): Asker {
  if (isLook(request.verb)) return nobody;
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  const asker = askerOf(people, { verb: request.verb, token: text(request['token']), as: text(request['as']) });
  return isNotAsked(asker) ? refusalOf(exitCodes.refused, asker.code, asker.text) : asker;
}

/** Does what is asked, for whoever asks. */
export async function answerOf(desk: AskedDesk, request: ControlRequest, asker: Asker): Promise<ControlAnswer> {
  const { verb } = request;
  if (isLook(verb)) return lookAt(desk, verb, request);
  if (verb !== 'deploy' && verb !== 'reconcile' && !isSpoken(verb)) {
    const known = [...lookVerbs, 'deploy', 'reconcile', ...spokenVerbs];
    return refusalOf(exitCodes.usage, 'UNKNOWN_VERB', `expected ${known.join(', ')}, was ${verb}${suggest(verb, known)}`);
  }
  if ('exitCode' in asker) return asker;
  if (verb === 'reconcile') return askComparison(desk, asker);
  return isSpoken(verb) ? askVerb(desk, verb, request, asker) : askDeploy(desk, request, asker);
}

async function askComparison(desk: AskedDesk, asker: Actor): Promise<ControlAnswer> {
  const answer = await desk.ask({ verb: 'reconcile', reason: 'asked from another terminal' }, asker);
  if (!answer.accepted) return refusalOf(exitCodes.refused, answer.code, answer.text);
  return { exitCode: exitCodes.healthy, body: answer, text: answer.text };
}
