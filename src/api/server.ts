import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Asking, Desk, DeskReply, Identity } from '../ports/desk.ts';
import { readBody } from './body.ts';
import { deskProblem, problem, type Problem } from './problem.ts';
import { routesOf, type Route, type RouteAnswer } from './routes.ts';

/** The only interface that is served. */
const host = '127.0.0.1';
const maxConnections = 64;
/** Longest idempotency key. */
const maxKey = 128;
const headersTimeout = 5_000;
const requestTimeout = 10_000;

export interface ApiOptions {
  readonly desk: Desk;
  /** 0 = any free one. */
  readonly port: number;
}

export interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a desk over HTTP on the loopback interface. Rejects when the port is taken. */
export function serveApi(options: ApiOptions): Promise<Api> {
  const server = createServer({ headersTimeout, requestTimeout, maxHeaderSize: 8_192 }, (request, response) => {
    answer(options, server, request)
      .catch((): Problem => problem('DESK_BUSY', 'the request could not be answered'))
      .then((said) => send(response, said))
      .catch(() => response.destroy());
  });
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, () => resolve({ url: `http://${host}:${portOf(server)}`, close: () => closed(server) }));
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Said = Problem | { readonly status: number; readonly body: unknown } | { readonly text: string };

async function answer(options: ApiOptions, server: Server, request: IncomingMessage): Promise<Said> {
  const { headers, method = '' } = request;
  const named = headers.host ?? '';
  // a page elsewhere that resolves its own name to this machine is not answered
  if (named !== `${host}:${portOf(server)}` && named !== `localhost:${portOf(server)}`)
    return problem('FORBIDDEN_HOST', `host: expected ${host}:${portOf(server)}, was ${named.slice(0, 80)}`);
  const [, token = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
  const url = new URL(request.url ?? '/', `http://${host}`);
  const found = routesOf(url.pathname);
  const match = found.find(({ route }) => route.method === method);
  const identity = options.desk.identify({ token, as: single(headers['plimsoll-person']), verb: match?.route.verb ?? '' });
  if (identity.kind === 'nobody') return problem(identity.code, identity.text);
  if (found.length === 0) return problem('NOT_FOUND', `path: expected one of the API's, was ${url.pathname.slice(0, 120)}`);
  if (match === undefined)
    return problem('METHOD_NOT_ALLOWED', `method: expected ${found.map(({ route }) => route.method).join(' or ')}, was ${method}`);
  const { route, parts } = match;
  const unknown = [...url.searchParams.keys()].find((name) => !route.query.includes(name));
  if (unknown !== undefined)
    return problem(
      'QUERY_NOT_KNOWN',
      `query: expected ${route.query.length === 0 ? 'no parameter' : route.query.join(', ')}, was ${unknown.slice(0, 80)}`,
    );
  const asking = askingOf(route, identity, headers);
  if (asking !== null && 'title' in asking) return asking;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return said(await route.answer(options.desk, { parts, query: url.searchParams, hasBody, body: () => readBody(request), asking }));
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && header !== '' ? header : undefined;
}

/** Who asks and under which key and expectation; what a route must have and lacks is a problem. */
function askingOf(route: Route, identity: Identity, headers: IncomingHttpHeaders): Asking | Problem | null {
  if (identity.kind !== 'person') {
    // the desk's own token may look, and pull the switch
    return route.takes === 'look' || route.verb === 'kill'
      ? null
      : problem('PERSON_REQUIRED', `${route.verb} takes the token of a person; the one of the data directory may look and kill`);
  }
  const key = single(headers['idempotency-key']);
  if ((route.takes === 'key' || route.takes === 'expects') && key === undefined)
    return problem('KEY_REQUIRED', `idempotency-key: expected a header of 1…${maxKey} characters, was none`);
  if (key !== undefined && (key.length > maxKey || !/^[\x21-\x7e]+$/.test(key)))
    return problem('KEY_REQUIRED', `idempotency-key: expected 1…${maxKey} printable characters without spaces`);
  const match = single(headers['if-match']);
  const [, digits] = /^"?(\d{1,15})"?$/.exec(match ?? '') ?? [];
  if (match !== undefined && digits === undefined)
    return problem('EXPECTATION_REQUIRED', `if-match: expected a revision, was ${match.slice(0, 40)}`);
  return {
    actor: identity.actor,
    ...(key === undefined ? {} : { key }),
    ...(digits === undefined ? {} : { expectedRevision: Number(digits) }),
  };
}

function said(answered: RouteAnswer): Said {
  if ('problem' in answered) return answered.problem;
  return 'text' in answered ? answered : replied(answered.reply, answered.status);
}

function replied(reply: DeskReply, status: number): Said {
  switch (reply.kind) {
    case 'done':
      return { status, body: reply.body };
    case 'waits':
      return { status: 202, body: reply.body };
    case 'refused':
      return deskProblem(reply.code, reply.text);
    case 'unknown':
      return problem('NOT_FOUND', reply.text);
    case 'late':
      return problem('DESK_BUSY', 'the core of the desk did not answer; the kill switch does not need it');
  }
}

function send(response: ServerResponse, what: Said): void {
  const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if ('text' in what) {
    response.writeHead(200, { ...common, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(what.text);
    return;
  }
  if ('title' in what) {
    const asks = what.status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    // what is left of a body that was not read is not waited for
    response.writeHead(what.status, { ...common, ...asks, 'content-type': 'application/problem+json', connection: 'close' });
    response.end(`${JSON.stringify(what)}\n`);
    return;
  }
  response.writeHead(what.status, { ...common, 'content-type': 'application/json' }).end(`${JSON.stringify(what.body)}\n`);
}
