import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Desk, DeskReply } from '../ports/desk.ts';
import { readBody } from './body.ts';
import { problem, type Problem } from './problem.ts';
import { routesOf, type RouteAnswer } from './routes.ts';

/** The only interface that is served. */
const host = '127.0.0.1';
const maxConnections = 64;
const headersTimeout = 5_000;
const requestTimeout = 10_000;

export interface ApiOptions {
  readonly desk: Desk;
  readonly token: string;
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
  if (!authorized(headers.authorization ?? '', options.token))
    return problem('UNAUTHORIZED', 'authorization: expected Bearer and the token in api.token of the data directory');
  const url = new URL(request.url ?? '/', `http://${host}`);
  const found = routesOf(url.pathname);
  if (found.length === 0) return problem('NOT_FOUND', `path: expected one of the API's, was ${url.pathname.slice(0, 120)}`);
  const match = found.find(({ route }) => route.method === method);
  if (match === undefined)
    return problem('METHOD_NOT_ALLOWED', `method: expected ${found.map(({ route }) => route.method).join(' or ')}, was ${method}`);
  const { route, id } = match;
  const unknown = [...url.searchParams.keys()].find((name) => !route.query.includes(name));
  if (unknown !== undefined)
    return problem(
      'QUERY_NOT_KNOWN',
      `query: expected ${route.query.length === 0 ? 'no parameter' : route.query.join(', ')}, was ${unknown.slice(0, 80)}`,
    );
  return said(await route.answer(options.desk, { id, query: url.searchParams, body: () => readBody(request) }));
}

function said(answered: RouteAnswer): Said {
  if ('problem' in answered) return answered.problem;
  return 'text' in answered ? answered : replied(answered.reply, answered.status);
}

function replied(reply: DeskReply, status: number): Said {
  switch (reply.kind) {
    case 'done':
      return { status, body: reply.body };
    case 'refused':
      return problem('REFUSED', reply.text, reply.code);
    case 'unknown':
      return problem('NOT_FOUND', reply.text);
    case 'late':
      return problem('DESK_BUSY', 'the core of the desk did not answer; the kill switch does not need it');
  }
}

/** Compared by digest, so that neither length nor content shows in the time it takes. */
function authorized(header: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header), digest(`Bearer ${token}`));
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
