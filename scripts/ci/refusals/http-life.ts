import { mkdtempSync, rmSync } from 'node:fs';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes, type Route } from '../../../src/api/routes.ts';
import { serveApi, type Api } from '../../../src/api/server.ts';
import { prng, type Prng } from '../../../src/base/prng.ts';
import type { ControlAnswer, ControlRequest } from '../../../src/apps/desk/control-socket.ts';
import { exitCodes } from '../../../src/apps/desk/exit-codes.ts';
import type { DeskThreads } from '../../../src/apps/up/desk-threads.ts';
import type { Simulator } from '../../../src/apps/up/simulate-order.ts';
import { deskOf } from '../../../src/apps/up/threads-desk.ts';
import { People } from '../../../src/apps/verbs/people-file.ts';
import { defaultsOf } from '../../../src/apps/desk/asking.ts';
import { syntheticMarket } from '../../../src/apps/desk/definitions.ts';

interface Request {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  body: string;
}

/** What comes of a request: the refusal that is due, before the core or in its words; '' = it is answered. */
interface Due {
  code: string;
}

const own = 'o'.repeat(43);
const steps = 14;
const mebibyte = 1_048_576;
const json = { 'content-type': 'application/json' };
const stage = { name: 'One', allocation: 0.01, minDuration: 'PT1M', minPnL: -1_000 };
const spec = {
  deploymentId: 'n1',
  strategy: 'Canary',
  algorithmId: 'algo',
  version: '1.2.0',
  configuration: { totalCapital: '1000000', currency: 'USD', stages: [stage] },
};
/** An object of so many levels. */
const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

/** One life at the HTTP interface of a desk on threads: requests as they should be and not; each answer's code is compared with what is due, and what is refused here has not reached the core. */
export class HttpLife {
  readonly codes = new Map<string, number>();
  readonly #luck: Prng;
  readonly #folder = mkdtempSync(join(tmpdir(), 'plimsoll-http-'));
  readonly #people = new People(this.#folder);
  /** The file of people; '' = a demonstration. */
  #token = '';
  #core: 'answers' | 'refuses' | 'late' | 'unknown' | 'throws' = 'answers';
  #heard = 0;
  readonly #withFile: boolean;
  readonly #withLarge: boolean;

  constructor(seed: number) {
    this.#luck = prng(`http ${seed}`);
    this.#withFile = seed % 2 === 0;
    this.#withLarge = seed % 10 === 9;
  }

  /** @returns '' or the first thing that is wrong. */
  async run(): Promise<string> {
    if (this.#withFile) this.#token = this.#people.give('rita', ['RiskManager'], null);
    const desk = deskOf(this.#threads(), this.#people, own, defaultsOf(syntheticMarket), this.#simulator());
    const api = await serveApi({ desk, port: 0 });
    try {
      for (let n = 0; n < steps; n++) {
        const wrong = await this.#step(api, this.#withLarge && n === 0);
        if (wrong !== '') return `${this.#withFile ? 'file' : 'demo'}, step ${n}: ${wrong}`;
      }
      return '';
    } finally {
      await api.close();
      rmSync(this.#folder, { recursive: true });
    }
  }

  #threads(): DeskThreads {
    const ask = (_request: ControlRequest | string): Promise<ControlAnswer | undefined> => {
      this.#heard += 1;
      switch (this.#core) {
        case 'answers':
          return Promise.resolve({ exitCode: exitCodes.healthy, body: { accepted: true }, text: '' });
        case 'refuses':
          return Promise.resolve({ exitCode: exitCodes.refused, body: { code: 'GATES_NOT_PASSED', error: 'no' }, text: 'no' });
        case 'unknown':
          return Promise.resolve({ exitCode: exitCodes.refused, body: {}, text: 'no' });
        case 'late':
          return Promise.resolve(undefined);
        case 'throws':
          return Promise.reject(new Error('planted'));
      }
    };
    return { ask, kill: ask } as unknown as DeskThreads;
  }

  #simulator(): Simulator {
    const run = (): Promise<object> => {
      this.#heard += 1;
      return Promise.resolve({ kind: 'done', body: {} });
    };
    return { run } as unknown as Simulator;
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#luck.int(of.length)];
  }

  async #step(api: Api, isLarge: boolean): Promise<string> {
    const luck = this.#luck;
    this.#core = this.#one(['answers', 'answers', 'answers', 'refuses', 'late', 'unknown', 'throws'] as const);
    const wanted = isLarge ? /promote$/ : luck.int(3) === 0 ? special : /^(?!\/metrics)/;
    const route = this.#one(routes.filter(({ path }) => wanted.test(path)));
    const { request, due } = this.#plan(route, isLarge ? large : undefined);
    const before = this.#heard;
    const words = `${request.method} ${request.path}${request.query}`;
    const atDoor = due.code;
    const linted = route.path.endsWith(':lint');
    const simulated = route.path.endsWith(':simulate');
    const expected = atDoor !== '' ? atDoor : linted || simulated || this.#core === 'answers' ? 'OK' : ofCore[this.#core];
    const code = await asked(api, request);
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (code !== expected) return `${words}: ${expected === 'OK' ? 'nothing' : expected} due, and the answer was ${code}`;
    const heard = this.#heard - before;
    return heard === (atDoor === '' && !linted ? 1 : 0)
      ? ''
      : `${words}: ${atDoor === '' ? 'nothing' : atDoor} due, and the core heard ${heard} requests`;
  }

  /** A request of a route as it should be, and at most one thing that is wrong about it. */
  #plan(route: Route, wanted: Flaw | undefined): { readonly request: Request; readonly due: Due } {
    const path = route.path.replace(/\{\w+\}/g, 'd1');
    const request: Request = {
      method: route.method,
      path,
      query: '',
      headers: { authorization: `Bearer ${this.#withFile ? this.#token : own}` },
      body: '',
    };
    const due: Due = { code: '' };
    if (route.takes === 'key' || route.takes === 'expects') request.headers['idempotency-key'] = this.#one(['k1', 'k'.repeat(128)]);
    if (route.takes === 'expects') request.headers['if-match'] = this.#one(['7', '"7"', '0']);
    if (needsSpec.test(path)) Object.assign(request, { headers: { ...request.headers, ...json }, body: JSON.stringify(spec) });
    const flaw = wanted ?? (this.#luck.int(4) === 0 ? undefined : this.#one(flawsOf(route)));
    if (flaw !== undefined) due.code = flaw(request, this.#luck, this.#withFile);
    return { request, due };
  }
}

const special = /kill-switch$|simulate|deploy$|allocation|\/promote$/;
const needsSpec = /algorithms\/deploy$|:lint$|:simulate$/;
const ofCore = { refuses: 'GATES_NOT_PASSED', late: 'DESK_BUSY', unknown: 'NOT_FOUND', throws: 'DESK_BUSY' } as const;

/** Spoils a request. @returns the code that is due to it then */
type Flaw = (request: Request, luck: Prng, withFile: boolean) => string;

const set =
  (name: string, code: string, ...values: readonly string[]): Flaw =>
  ({ headers }, luck) => {
    headers[name] = values[luck.int(values.length)];
    return code;
  };

const withBody =
  (code: string, ...bodies: readonly string[]): Flaw =>
  (request, luck) => {
    Object.assign(request.headers, json);
    request.body = bodies[luck.int(bodies.length)];
    return code;
  };

const everywhere: readonly Flaw[] = [
  set('host', 'FORBIDDEN_HOST', 'example.com', '127.0.0.1:1', '127.0.0.1'),
  set('authorization', 'UNAUTHORIZED', 'Bearer x', 'Basic x', '', 'Bearer a b'),
  (request) => {
    request.path = '/api/v2/nothing';
    return 'NOT_FOUND';
  },
  (request) => {
    request.method = 'DELETE';
    return 'METHOD_NOT_ALLOWED';
  },
  (request) => {
    request.query = '?colour=red';
    return 'QUERY_NOT_KNOWN';
  },
];

/** A person speaks, under a key. */
const ofPeople: readonly Flaw[] = [
  (request, _luck, withFile) => {
    // of a demonstration it speaks for one of its people, who is named
    if (withFile) request.headers['authorization'] = `Bearer ${own}`;
    else request.headers['plimsoll-person'] = 'somebody';
    return request.path === '/kill-switch' && withFile ? '' : 'PERSON_REQUIRED';
  },
  set('idempotency-key', 'KEY_REQUIRED', 'k'.repeat(129), 'a b'),
  set('if-match', 'EXPECTATION_REQUIRED', 'x', '1.5', '1234567890123456'),
];

const ofKeys: readonly Flaw[] = [
  ({ headers }) => {
    delete headers['idempotency-key'];
    return 'KEY_REQUIRED';
  },
];

const ofExpectations: readonly Flaw[] = [
  ({ headers }) => {
    delete headers['if-match'];
    return 'EXPECTATION_REQUIRED';
  },
];

const ofFields: readonly Flaw[] = [
  withBody('FIELDS_NOT_KNOWN', '{"expectedRevision":1.5}', '{"expectedRevision":"7"}', '{"id":"d2"}'),
  withBody('', '{"expectedRevision":7}', '{"reason":"fine"}'),
];

/** A body is one JSON object of at most 1 MiB and 32 levels. */
const ofBodies: readonly Flaw[] = [
  withBody('BODY_NOT_JSON', '{', '[]', 'null', '7', '"text"', nested(33)),
  (request, luck) => {
    request.body = '{}';
    request.headers['content-type'] = ['text/plain', 'application/xml', ''][luck.int(3)];
    return 'UNSUPPORTED_MEDIA_TYPE';
  },
];

const nestedFine: Flaw = withBody('', nested(32));

/** Large bodies take their time: few of them. */
const large: Flaw = (request, luck) => {
  const more = luck.int(2);
  Object.assign(request.headers, json);
  request.body = `{"reason":"${'x'.repeat(mebibyte - 13 + more)}"}`;
  if (luck.int(2) === 0) request.headers['transfer-encoding'] = 'chunked';
  return more === 0 ? '' : 'BODY_TOO_LARGE';
};

const ofKill: readonly Flaw[] = [
  withBody('FIELDS_NOT_KNOWN', '{"colour":"red"}', '{"targets":"firm"}'),
  withBody('FIELDS', '{"target":"everything"}', '{"target":"venue"}'),
  (request) => {
    request.query = '?target=everything';
    return 'FIELDS';
  },
];

const ofSimulation: readonly Flaw[] = [
  (request, luck) => {
    request.query = `?seed=${['-1', '1.5', 'x', '9007199254740992'][luck.int(4)]}`;
    return 'QUERY_NOT_KNOWN';
  },
  (request, luck) => {
    request.query = `?seed=${['0', '9007199254740991'][luck.int(2)]}`;
    return '';
  },
  withBody('SPEC_REFUSED', '{}', JSON.stringify({ ...spec, strategy: 'Wish' })),
];

function flawsOf({ path, takes, verb }: Route): readonly Flaw[] {
  const bodies = needsSpec.test(path) ? [...ofBodies] : [...ofBodies, nestedFine];
  if (path === '/kill-switch') return [...everywhere, ...ofPeople, ...ofBodies, ...ofKill];
  if (path.endsWith(':simulate')) return [...everywhere, ...ofBodies, ...ofSimulation, ...ofSimulation];
  if (path.endsWith(':lint')) return [...everywhere, ...ofBodies];
  if (verb === '') return everywhere;
  if (verb === 'deploy') return [...everywhere, ...ofPeople, ...ofKeys, ...bodies];
  const expects = takes === 'expects' ? ofExpectations : [];
  return [...everywhere, ...ofPeople, ...ofKeys, ...expects, ...ofFields, ...bodies];
}

/** Sends a request. @returns the code of the problem, OK, or what went wrong */
function asked({ url }: Api, { method, path, query, headers, body }: Request): Promise<string> {
  return new Promise((resolve) => {
    const length = body === '' || headers['transfer-encoding'] !== undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(`${url}${path}${query}`, { method, headers: { ...headers, ...length }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve(codeOf(response.statusCode ?? 0, text)));
    });
    request.on('error', (error) => resolve(`no answer: ${error.message}`));
    request.end(body);
  });
}

function codeOf(status: number, text: string): string {
  if (status < 300) return 'OK';
  try {
    return String((JSON.parse(text) as { readonly code?: unknown }).code);
  } catch {
    return `status ${status}`;
  }
}
