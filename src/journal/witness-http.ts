import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Disk } from '../ports/world.ts';
import { proveConsistency } from './prove.ts';
import type { Witness, WitnessAnswer } from './witness.ts';

/** Longest request. */
const maxRequestBytes = 64 * 1024;
/** A witness that has not answered by then is asked another time (milliseconds). */
const answerWithin = 10_000;

export interface WitnessServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a witness on the loopback interface: `POST /add-checkpoint` as c2sp.org/tlog-witness says, `GET /head`. */
export async function serveWitness(witness: Witness, port: number): Promise<WitnessServer> {
  const server: Server = createServer((request, response) => {
    answer(witness, request).then(
      ({ status, text }) => reply(response, status, text),
      (error: unknown) => reply(response, 500, error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function answer(witness: Witness, request: IncomingMessage): Promise<{ readonly status: number; readonly text: string }> {
  if (request.method === 'GET' && request.url === '/head') return { status: witness.head === '' ? 404 : 200, text: witness.head };
  if (request.method !== 'POST' || request.url !== '/add-checkpoint')
    return { status: 404, text: 'expected POST /add-checkpoint or GET /head' };
  const body = await bodyOf(request);
  if (body === undefined) return { status: 413, text: `expected at most ${maxRequestBytes} bytes` };
  const parsed = parseRequest(body);
  if (parsed === undefined) return { status: 400, text: 'expected old SIZE, hashes in base64, an empty line and a signed checkpoint' };
  const answered = await witness.cosign(parsed.oldSize, parsed.proof, parsed.note);
  if (answered.status === 200) return { status: 200, text: answered.note };
  return { status: answered.status, text: answered.status === 409 ? `${answered.size}\n` : answered.text };
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > maxRequestBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseRequest(
  body: string,
): { readonly oldSize: number; readonly proof: readonly Uint8Array[]; readonly note: string } | undefined {
  const blank = body.indexOf('\n\n');
  const [first = '', ...hashes] = body.slice(0, Math.max(0, blank)).split('\n');
  const old = /^old (0|[1-9][0-9]{0,15})$/.exec(first);
  const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
  if (blank < 0 || old === null || proof.some((hash) => hash.length !== 32)) return undefined;
  return { oldSize: Number(old[1]), proof, note: body.slice(blank + 2) };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

/** Has the newest checkpoint of a journal signed by a witness. @returns the head with both signatures, or why there is none */
export async function askWitness(disk: Disk, directory: string, head: string, url: string): Promise<WitnessAnswer> {
  const known = await fetch(new URL('/head', url), { signal: AbortSignal.timeout(answerWithin) });
  const before = known.status === 200 ? await known.text() : '';
  const oldSize = before === '' ? 0 : Number(before.split('\n')[1]);
  const proof = before === '' ? [] : await proofFrom(disk, directory, before, head);
  if (typeof proof === 'string') return { status: 422, text: proof };
  const request = [`old ${oldSize}`, ...proof, '', head].join('\n');
  const answered = await fetch(new URL('/add-checkpoint', url), {
    method: 'POST',
    body: request,
    signal: AbortSignal.timeout(answerWithin),
  });
  const text = await answered.text();
  switch (answered.status) {
    case 200:
      return { status: 200, note: text };
    case 409:
      return { status: 409, text: `the witness has signed for ${text.trim()} entries meanwhile: ask again`, size: Number(text) };
    case 403:
    case 422:
      return { status: answered.status, text };
    default:
      return { status: 400, text };
  }
}

async function proofFrom(disk: Disk, directory: string, before: string, head: string): Promise<readonly string[] | string> {
  const proof = await proveConsistency(disk, directory, before, head);
  return proof.ok ? proof.value.proof.map((hash) => Buffer.from(hash, 'hex').toString('base64')) : proof.error;
}
