import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Desk, DeskReply } from '../ports/desk.ts';
import { maxBodyBytes } from './body.ts';
import { metricsText } from './metrics-text.ts';
import type { Actor } from '../domain/actor.ts';
import { apiCodes } from './problem.ts';
import { codesTable, routesTable } from './reference.ts';
import { routes } from './routes.ts';
import { serveApi, type Api } from './server.ts';

const token = 'a'.repeat(43);
const calls: unknown[] = [];
let reply: DeskReply = { kind: 'done', body: { fine: true } };
const answer = (...of: unknown[]): Promise<DeskReply> => {
  calls.push(of);
  return Promise.resolve(reply);
};
const actor: Actor = { personID: 'rita', roles: ['RiskManager'] };
const own = 'c'.repeat(43);
const desk: Desk = {
  identify: ({ token: given }) =>
    given === token
      ? { kind: 'person', actor }
      : given === own
        ? { kind: 'desk' }
        : { kind: 'nobody', code: 'UNAUTHORIZED', text: 'who are you?' },
  deploy: (spec, given, asking) => answer('deploy', spec, given, asking.key),
  look: (what, id) => answer(what, id),
  say: (verb, fields, asking) => answer(verb, fields, asking),
  simulate: (spec, given, seed) => answer('simulate', spec, given, seed),
  lint: (spec) => ({ kind: 'done', body: { linted: spec } }),
  kill: (reason, target, by) => answer('kill', reason, target, by?.personID ?? null),
  metrics: () => Promise.resolve('plimsoll_up 1\n'),
};
let api: Api | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
  calls.length = 0;
  reply = { kind: 'done', body: { fine: true } };
});

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({
  method = 'GET',
  path = '/api/v1/deployments',
  headers = {},
  body = '',
}: Ask): Promise<{ status: number; type: string; json: Record<string, unknown> }> {
  api ??= await serveApi({ desk, port: 0 });
  const { url } = api;
  return new Promise((resolve, reject) => {
    const request = send(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        resolve({
          status: response.statusCode ?? 0,
          type,
          json: type.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : { text },
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json', 'idempotency-key': 'k1' };
const deploy = { method: 'POST', path: '/api/v1/algorithms/deploy', headers: json };
const pause = { method: 'POST', path: '/api/v1/deployments/d/pause', headers: json };
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const refusals: readonly (readonly [string, Ask, string])[] = [
  ['no token', { headers: { authorization: '' } }, 'UNAUTHORIZED'],
  ['another token', { headers: { authorization: `Bearer ${'b'.repeat(43)}` } }, 'UNAUTHORIZED'],
  ['another scheme', { headers: { authorization: `Basic ${token}` } }, 'UNAUTHORIZED'],
  ['a host of somebody else (DNS rebinding)', { headers: { host: 'evil.example:80' } }, 'FORBIDDEN_HOST'],
  ['an unknown path', { path: '/api/v1/nothing' }, 'NOT_FOUND'],
  ['a path that climbs', { path: '/api/v1/deployments/../../etc/passwd' }, 'NOT_FOUND'],
  ['an empty id', { path: '/api/v1/deployments/' }, 'NOT_FOUND'],
  ['a wrong method', { method: 'DELETE' }, 'METHOD_NOT_ALLOWED'],
  ['an unknown query', { path: '/api/v1/deployments?all=1' }, 'QUERY_NOT_KNOWN'],
  ['a body of another type', { ...deploy, headers: { ...json, 'content-type': 'text/plain' }, body: '{}' }, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a mutation without a key', { ...pause, headers: {} }, 'KEY_REQUIRED'],
  ['a key with a space', { ...pause, headers: { 'idempotency-key': 'a b' } }, 'KEY_REQUIRED'],
  ['a key that is too long', { ...pause, headers: { 'idempotency-key': 'x'.repeat(129) } }, 'KEY_REQUIRED'],
  ['a mutation with the desk’s own token', { ...pause, headers: { ...json, authorization: `Bearer ${own}` } }, 'PERSON_REQUIRED'],
  ['an expansion without the state that was seen', { ...pause, path: '/api/v1/deployments/d/promote', body: '{}' }, 'EXPECTATION_REQUIRED'],
  ['an If-Match that is no revision', { ...pause, headers: { ...json, 'if-match': 'W/"x"' } }, 'EXPECTATION_REQUIRED'],
  ['a revision that is none', { ...pause, body: '{"expectedRevision":"7"}' }, 'FIELDS_NOT_KNOWN'],
  ['a body that names another target', { ...pause, body: '{"id":"other"}' }, 'FIELDS_NOT_KNOWN'],
  ['a seed that is none', { ...deploy, path: '/api/v1/deployments:simulate?seed=x', body: '{}' }, 'QUERY_NOT_KNOWN'],
  ['a body that is no JSON', { ...deploy, body: '{"a":' }, 'BODY_NOT_JSON'],
  ['a body that is a list', { ...deploy, body: '[]' }, 'BODY_NOT_JSON'],
  ['a body that is nested too deep', { ...deploy, body: nested(33) }, 'BODY_NOT_JSON'],
  ['a body that is too long', { ...deploy, body: JSON.stringify({ a: 'x'.repeat(maxBodyBytes) }) }, 'BODY_TOO_LARGE'],
];

test.each(refusals)('%s is refused as a problem, and the desk hears nothing', async (_name, asked, code) => {
  const { status, type, json: body } = await ask(asked);
  expect(type).toBe('application/problem+json');
  expect(body).toMatchObject({ type: 'about:blank', status, code, title: apiCodes[code as keyof typeof apiCodes].title });
  expect(status).toBe(apiCodes[code as keyof typeof apiCodes].status);
  expect(calls).toEqual([]);
});

test('a spec is handed on with what the query completes', async () => {
  const { status, json: body } = await ask({ ...deploy, path: `${deploy.path}?algorithm=momentum&capital=10`, body: nested(32) });
  expect([status, body]).toEqual([201, { fine: true }]);
  expect(calls).toEqual([['deploy', JSON.parse(nested(32)), { algorithm: 'momentum', capital: '10' }, 'k1']]);
});

test('what the desk refuses, does not know or does not answer is a problem with its own words', async () => {
  reply = { kind: 'refused', code: 'SPEC_REFUSED', text: 'stages: expected at least 1, was 0' };
  expect(await ask({ ...deploy, body: '{}' })).toMatchObject({
    status: 422,
    json: { code: 'SPEC_REFUSED', detail: 'stages: expected at least 1, was 0' },
  });
  reply = { kind: 'unknown', text: 'deployment x is not there' };
  expect(await ask({ path: '/api/v1/deployments/x%2Fy/explain' })).toMatchObject({
    status: 404,
    json: { detail: 'deployment x is not there' },
  });
  expect(calls.at(-1)).toEqual(['explain', 'x/y']);
  reply = { kind: 'late' };
  expect(await ask({})).toMatchObject({ status: 503, json: { code: 'DESK_BUSY' } });
});

test('the kill switch needs no body, and metrics are text', async () => {
  expect(await ask({ method: 'POST', path: '/kill-switch?reason=enough' })).toMatchObject({ status: 200 });
  expect(calls).toEqual([['kill', 'enough', 'firm', 'rita']]);
  await ask({ method: 'POST', path: '/kill-switch', headers: json, body: '{"target":"venue:SIM","reason":"it lies"}' });
  expect(calls.at(-1)).toEqual(['kill', 'it lies', 'venue:SIM', 'rita']);
  const typo = await ask({ method: 'POST', path: '/kill-switch', headers: json, body: '{"tarket":"venue:SIM"}' });
  expect(typo.json).toMatchObject({ code: 'FIELDS_NOT_KNOWN', detail: 'tarket: unknown field (did you mean target?)' });
  expect(await ask({ path: '/metrics' })).toMatchObject({ status: 200, json: { text: 'plimsoll_up 1\n' } });
});

test('a verb goes to the desk with its person, key and expectation, and waits with 202 where two are needed', async () => {
  reply = { kind: 'waits', body: { proposal: { proposalID: 'p1' } } };
  const promote = { ...pause, path: '/api/v1/deployments/d/promote', body: '{"waives":["edge"],"expectedRevision":7}' };
  expect(await ask(promote)).toMatchObject({ status: 202, json: { proposal: { proposalID: 'p1' } } });
  expect(calls).toEqual([['promote', { waives: ['edge'], id: 'd' }, { actor, key: 'k1', expectedRevision: 7 }]]);
  await ask({ ...pause, path: '/api/v1/versions/maker/1.0.0/halt', headers: { ...json, 'if-match': '"3"' } });
  expect(calls.at(-1)).toEqual(['halt', { id: 'maker/1.0.0' }, { actor, key: 'k1', expectedRevision: 3 }]);
  await ask({
    ...pause,
    method: 'PUT',
    path: '/api/v1/slices/maker%40main.USD/allocation',
    body: '{"version":"1.0.0","allocation":0.01,"expectedRevision":1}',
  });
  expect(calls.at(-1)).toMatchObject(['allocation', { id: 'maker@main.USD', version: '1.0.0', allocation: 0.01 }, { expectedRevision: 1 }]);
  await ask({ ...pause, path: '/strategies/maker/stop' });
  expect(calls.at(-1)).toMatchObject(['stop-strategy', { id: 'maker' }, {}]);
});

test('a simulation gets the spec, what completes it, and its seed', async () => {
  await ask({ ...deploy, path: '/api/v1/deployments:simulate?seed=3&capital=10', body: '{"a":1}' });
  expect(calls).toEqual([['simulate', { a: 1 }, { capital: '10' }, 3]]);
});

test.each([
  ['REVISION_CHANGED', 409],
  ['SIMULATION_TOO_LONG', 503],
  ['KEY_USED_FOR_ANOTHER_COMMAND', 409],
  ['ROLE_REQUIRED', 403],
  ['UNKNOWN_VERSION', 404],
  ['FIELDS', 400],
  ['GATES_NOT_PASSED', 422],
])('the desk’s %s is a problem of status %i under its own code', async (code, status) => {
  reply = { kind: 'refused', code, text: 'why' };
  expect(await ask(pause)).toMatchObject({ status, type: 'application/problem+json', json: { code, status, detail: 'why' } });
});

test('the desk’s own token pulls the kill switch and looks', async () => {
  const headers = { authorization: `Bearer ${own}` };
  expect(await ask({ method: 'POST', path: '/kill-switch', headers })).toMatchObject({ status: 200 });
  expect(calls).toEqual([['kill', 'killed over the API', 'firm', null]]);
  expect(await ask({ path: '/api/v1/proposals', headers })).toMatchObject({ status: 200 });
});

test('a label with quotes, backslashes and lines is escaped', () => {
  const text = metricsText([{ name: 'a', help: 'b', type: 'gauge', samples: [{ labels: { x: 'q"\\\n' }, value: 1 }] }]);
  expect(text).toBe('# HELP a b\n# TYPE a gauge\na{x="q\\"\\\\\\n"} 1\n');
});

test('the reference says what the routes and codes say (`npm run reference` writes it)', () => {
  const page = readFileSync(new URL('../../docs/reference/http-api.md', import.meta.url), 'utf8');
  expect(routes.length).toBeGreaterThan(30);
  expect(page).toContain(routesTable());
  expect(page).toContain(codesTable());
});
