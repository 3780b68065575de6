import { readFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Desk, DeskReply } from '../ports/desk.ts';
import { maxBodyBytes } from './body.ts';
import { metricsText } from './metrics-text.ts';
import { apiCodes } from './problem.ts';
import { routes } from './routes.ts';
import { serveApi, type Api } from './server.ts';

const token = 'a'.repeat(43);
const calls: unknown[] = [];
let reply: DeskReply = { kind: 'done', body: { fine: true } };
const answer = (...of: unknown[]): Promise<DeskReply> => {
  calls.push(of);
  return Promise.resolve(reply);
};
const desk: Desk = {
  deploy: (spec, given) => answer('deploy', spec, given),
  deployments: () => answer('deployments'),
  deployment: (id) => answer('deployment', id),
  explain: (id) => answer('explain', id),
  events: (id) => answer('events', id),
  kill: (reason) => answer('kill', reason),
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
  api ??= await serveApi({ desk, token, port: 0 });
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

const json = { 'content-type': 'application/json' };
const deploy = { method: 'POST', path: '/api/v1/algorithms/deploy', headers: json };
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
  ['a body of another type', { ...deploy, headers: { 'content-type': 'text/plain' }, body: '{}' }, 'UNSUPPORTED_MEDIA_TYPE'],
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
  expect(calls).toEqual([['deploy', JSON.parse(nested(32)), { algorithm: 'momentum', capital: '10' }]]);
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
  expect(calls).toEqual([['kill', 'enough']]);
  expect(await ask({ path: '/metrics' })).toMatchObject({ status: 200, json: { text: 'plimsoll_up 1\n' } });
});

test('a label with quotes, backslashes and lines is escaped', () => {
  const text = metricsText([{ name: 'a', help: 'b', type: 'gauge', samples: [{ labels: { x: 'q"\\\n' }, value: 1 }] }]);
  expect(text).toBe('# HELP a b\n# TYPE a gauge\na{x="q\\"\\\\\\n"} 1\n');
});

test('every code and every route of the API stands in its reference', () => {
  const page = readFileSync(new URL('../../docs/reference/http-api.md', import.meta.url), 'utf8');
  const codes = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+)/gm)].map(([, code, status]) => `${code} ${status}`);
  expect(codes.sort()).toEqual(
    Object.entries(apiCodes)
      .map(([code, { status }]) => `${code} ${status}`)
      .sort(),
  );
  const paths = [...page.matchAll(/^\| `(GET|POST) ([^`]+)`/gm)].map(([, method, path]) => `${method} ${path}`);
  expect(paths.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});
