import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng, type Prng } from '../../../src/base/prng.ts';
import { ControlQueue } from '../../../src/apps/desk/control.ts';
import type { ControlAnswer, ControlRequest } from '../../../src/apps/desk/control-socket.ts';
import { exitCodes } from '../../../src/apps/desk/exit-codes.ts';
import { controlled } from '../../../src/apps/up/controlled.ts';
import { DeskThreads } from '../../../src/apps/up/desk-threads.ts';
import { isLook } from '../../../src/apps/verbs/looks.ts';
import { People } from '../../../src/apps/verbs/people-file.ts';
import { AskedVerbs, type Asked } from './asked-verbs.ts';
import { DoorDesk } from './door-desk.ts';

/** How a desk knows its people in a life: as a demonstration, or by a file of them. */
const themes = ['demo', 'file', 'crowd', 'silent', 'threads'] as const;
const steps = 24;
const at = Date.parse('2026-01-05T10:00:00Z');

/** One life at the control socket of a desk: requests of people and of nobody, as they should be and not; each answer is compared with what is due, and nothing that is refused has reached the core. */
export class RequestLife {
  readonly codes = new Map<string, number>();
  readonly #theme: (typeof themes)[number];
  readonly #luck: Prng;
  readonly #desk = new DoorDesk();
  readonly #verbs: AskedVerbs;
  readonly #folder = mkdtempSync(join(tmpdir(), 'plimsoll-doors-'));
  readonly #people = new People(this.#folder, () => at);
  readonly #tokens: (readonly [token: string, due: string])[] = [];
  #queue: ControlQueue;

  constructor(seed: number) {
    this.#theme = themes[seed % themes.length];
    this.#luck = prng(`requests ${seed}`);
    this.#verbs = new AskedVerbs(this.#luck.fork('verbs'));
    this.#queue = new ControlQueue(this.#people);
    this.#desk.silent = this.#theme === 'silent';
  }

  /** @returns '' or the first thing that is wrong. */
  async run(): Promise<string> {
    try {
      if (this.#theme === 'file') this.#enroll();
      for (let n = 0; n < steps; n++) {
        const wrong = await this.#step(n);
        if (wrong !== '') return `${this.#theme}, step ${n}: ${wrong}`;
      }
      return '';
    } catch (error) {
      return `${this.#theme}, thrown: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      rmSync(this.#folder, { recursive: true });
    }
  }

  /** People whose token counts, or not any more: it expires at the very instant that it names. */
  #enroll(): void {
    const until = (millis: number): string => new Date(millis).toISOString();
    this.#tokens.push([this.#people.give('rita', ['RiskManager', 'Admin', 'SeniorManagement'], null), '']);
    this.#tokens.push([this.#people.give('sam', ['SeniorManagement'], until(at + 1)), '']);
    this.#tokens.push([this.#people.give('tom', ['Trader'], until(at)), 'UNKNOWN_TOKEN']);
    this.#tokens.push(['nobody’s', 'UNKNOWN_TOKEN']);
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#luck.int(of.length)];
  }

  async #step(n: number): Promise<string> {
    if (this.#theme === 'crowd' && n % 3 === 0) return this.#crowd();
    if (this.#theme === 'threads') return this.#threads();
    if (this.#theme === 'file' && n === steps - 4) this.#spoil();
    const asked = this.#claimed(this.#verbs.next());
    return this.#said(asked, () => this.#asks(asked.request));
  }

  /** The file of people may be read by others, or is none. */
  #spoil(): void {
    if (this.#luck.int(2) === 0) chmodSync(this.#people.path, 0o640);
    else writeFileSync(this.#people.path, this.#one(['{', '{"people":{}}', '{"people":[{"personID":"x"}]}']), { mode: 0o600 });
    this.#tokens.length = 0;
    this.#tokens.push(['whoever', 'PEOPLE_FILE']);
  }

  /** Says who asks, or does not; nobody need say it to look. */
  #claimed({ request, due }: Asked): Asked {
    const open = due === 'UNKNOWN_VERB' || isLook(request.verb);
    const who = (more: object, code: string): Asked => ({ request: { ...request, ...more }, due: open || code === '' ? due : code });
    if (this.#theme !== 'file')
      return this.#one([
        () => who({}, ''),
        () => who({ as: this.#one(['risk', 'senior', 'admin', 'trader']) }, ''),
        () => who({ as: 'admin' }, ''),
        () => who(this.#luck.int(3) === 0 ? { as: 'somebody' } : {}, ''),
      ])();
    if (this.#luck.int(5) === 0) return who({}, request.verb === 'kill' ? '' : 'PERSON_REQUIRED');
    const [token, code] = this.#one(this.#tokens);
    return who({ token }, code);
  }

  async #asks(request: ControlRequest): Promise<ControlAnswer | undefined> {
    let heard: ControlAnswer | undefined;
    void this.#queue.listener(request).then((answer) => (heard = answer));
    await this.#queue.serve(this.#desk);
    await Promise.resolve();
    return heard;
  }

  /** '' or what is wrong about an answer. */
  async #said({ request, due }: Asked, ask: () => Promise<ControlAnswer | undefined>): Promise<string> {
    const before = this.#desk.stepped.length;
    const words = JSON.stringify(request).slice(0, 200);
    const named = this.#nobody(request) ?? due;
    let answer: ControlAnswer | undefined;
    try {
      answer = await ask();
    } catch (error) {
      return `${words}: ${named === '' ? 'nothing' : named} due, and it threw: ${error instanceof Error ? error.message : String(error)}`;
    }
    const code = codeOf(answer);
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    const stepped = this.#desk.stepped.length - before;
    const reaches = named === '' && !isLook(request.verb);
    const silent = this.#desk.silent && reaches;
    if (silent) return code === 'NOT_DURABLE' ? '' : `${words}: NOT_DURABLE due, and the answer was ${code}`;
    if (named !== '' && code !== named) return `${words}: ${named} due, and the answer was ${code}`;
    if (named === '' && this.#isOfDoor(code)) return `${words}: nothing due, and the answer was ${code}: ${answer?.text ?? ''}`;
    return stepped === (reaches ? 1 : 0)
      ? ''
      : `${words}: ${named === '' ? 'nothing' : named} due, and ${stepped} commands reached the core`;
  }

  /** A demonstration desk knows its people by their names, and has no tokens. */
  #nobody(request: ControlRequest): string | undefined {
    if (this.#theme === 'file' || isLook(request.verb) || !known(request.verb)) return undefined;
    if (request['token'] !== undefined) return 'UNKNOWN_TOKEN';
    return request['as'] === 'somebody' ? 'PERSON_REQUIRED' : undefined;
  }

  #isOfDoor(code: string): boolean {
    return doorCodes.includes(code);
  }

  /** As many as may wait, one more, and a kill; now and then the desk ends with them. */
  async #crowd(): Promise<string> {
    const queue = this.#queue;
    const heard: string[] = [];
    const put = (request: ControlRequest): void => void queue.listener(request).then((answer) => heard.push(codeOf(answer)));
    for (let n = 0; n < maxWaiting; n++) put({ verb: 'proposals' });
    await Promise.resolve();
    if (heard.length > 0) return `nothing due, and one of ${maxWaiting} that wait was answered by ${heard[0]}`;
    put({ verb: 'proposals' });
    put({ verb: 'kill', as: 'senior' });
    await Promise.resolve();
    if (heard.join() !== 'DESK_BUSY') return `DESK_BUSY due, and the answer was ${heard.join() || 'none'}`;
    const ends = this.#luck.int(2) === 0;
    if (ends) {
      queue.close();
      this.#queue = new ControlQueue(this.#people);
    } else await queue.serve(this.#desk);
    for (let n = 0; n < 3; n++) await Promise.resolve();
    if (heard.length !== maxWaiting + 2) return `${ends ? 'DESK_ENDED' : 'an answer'} due, and ${maxWaiting + 2 - heard.length} wait still`;
    const wrong = heard.slice(1).find((code) => (ends ? code !== 'DESK_ENDED' : code === 'DESK_BUSY' || code === 'DESK_ENDED'));
    return wrong === undefined ? '' : `${ends ? 'DESK_ENDED' : 'nothing'} due, and the answer was ${wrong}`;
  }

  /** A desk on threads: who its people are nobody else says; who may not kill does not. */
  async #threads(): Promise<string> {
    const threads = Object.create(DeskThreads.prototype) as DeskThreads;
    const spoken: ControlRequest[] = [];
    const ask = (request: ControlRequest): Promise<ControlAnswer> => {
      spoken.push(request);
      return Promise.resolve({ exitCode: exitCodes.healthy, body: {}, text: '' });
    };
    if (this.#luck.int(3) === 0) {
      const answer = await threads.kill('life', { scope: 'venue', id: 'V' }, { personID: 'nora', roles: ['Auditor'] });
      return codeOf(answer) === 'ROLE_REQUIRED' ? '' : `kill: ROLE_REQUIRED due, and the answer was ${codeOf(answer)}`;
    }
    const open = { ask, kill: ask } as unknown as DeskThreads;
    const verb = this.#one(['people', 'pause', 'get', 'latency', 'memory']);
    const as = verb === 'pause' && this.#luck.int(2) === 0 ? 'somebody' : 'risk';
    const due = verb === 'people' ? 'UNKNOWN_VERB' : as === 'somebody' ? 'PERSON_REQUIRED' : '';
    const code = codeOf(await controlled(open, this.#people, { verb, as }));
    if (code !== (due === '' ? 'OK' : due)) return `${verb}: ${due === '' ? 'nothing' : due} due, and the answer was ${code}`;
    return spoken.length === (due === '' ? 1 : 0)
      ? ''
      : `${verb}: ${due === '' ? 'nothing' : due} due, and the core heard ${spoken.length} of it`;
  }
}

/** Most that wait at one time, by docs/reference/errors.md and the code of the queue. */
const maxWaiting = 64;
const doorCodes = [
  'AMBIGUOUS',
  'FIELDS',
  'PERSON_REQUIRED',
  'UNKNOWN_TOKEN',
  'PEOPLE_FILE',
  'UNKNOWN_VERB',
  'DESK_BUSY',
  'DESK_ENDED',
  'SPEC_REFUSED',
  'NOT_DURABLE',
];

const known = (verb: string): boolean => !['dance', 'people', 'Pause', ''].includes(verb);

/** The code of a refusal; OK = it is none. */
function codeOf(answer: ControlAnswer | undefined): string {
  if (answer === undefined) return 'NO_ANSWER';
  if (answer.exitCode !== exitCodes.refused && answer.exitCode !== exitCodes.usage) return 'OK';
  const { code } = answer.body as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'NO_CODE';
}
