import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** Longest request or answer on the control socket, and the longest wait for an answer. */
export const maxMessageBytes = 16 * 1024 * 1024;
export const answerWithinMillis = 15_000;

/** One request of a second terminal; `verb` names it, the rest are its arguments. */
export interface ControlRequest {
  readonly verb: string;
  readonly [argument: string]: unknown;
}

/** One object comes back. `exitCode` is what the command line ends with. */
export interface ControlAnswer {
  readonly exitCode: number;
  readonly body: unknown;
  /** Lines for people. */
  readonly text: string;
}

export type ControlListener = (request: ControlRequest) => Promise<ControlAnswer>;

/** The socket that both locks a data directory and answers for its desk: abstract on Linux, a socket file elsewhere. */
export function socketPathOf(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const real = realpathSync(directory);
  if (process.platform === 'linux') return `\0plimsoll:${createHash('sha256').update(real).digest('hex').slice(0, 40)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\plimsoll-${createHash('sha256').update(real).digest('hex').slice(0, 40)}`;
  return join(real, 'control.sock');
}

export interface DirectoryLock {
  /** Until a desk listens, requests are answered with "starting". */
  listen(listener: ControlListener): void;
  release(): Promise<void>;
}

/** Takes the directory for this process; undefined when another one holds it. */
export async function lockDirectory(directory: string): Promise<DirectoryLock | undefined> {
  const path = socketPathOf(directory);
  const server = await tryListen(path);
  if (server === 'busy') {
    if (process.platform === 'linux' || process.platform === 'win32' || (await answers(path))) return undefined;
    rmSync(path, { force: true });
    const again = await tryListen(path);
    return again === 'busy' ? undefined : lockOf(again);
  }
  return lockOf(server);
}

function tryListen(path: string): Promise<Server | 'busy'> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('busy');
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function lockOf(server: Server): DirectoryLock {
  let listener: ControlListener | undefined;
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    serve(socket, (request) =>
      listener === undefined
        ? Promise.resolve({ exitCode: 4, body: { error: 'the desk is starting' }, text: 'the desk is starting' })
        : listener(request),
    );
  });
  return {
    listen: (next) => {
      listener = next;
    },
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** One JSON request per connection, ended by a newline; one JSON answer, then the connection ends. */
function serve(socket: Socket, listener: ControlListener): void {
  let received = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    received += chunk;
    if (received.length > maxMessageBytes) socket.destroy();
    const end = received.indexOf('\n');
    if (end < 0) return;
    socket.removeAllListeners('data');
    const answer = (value: ControlAnswer): void => {
      socket.end(`${JSON.stringify(value)}\n`);
    };
    const request = parseRequest(received.slice(0, end));
    if (request === undefined) {
      answer({ exitCode: 64, body: { error: 'expected one JSON object with a verb' }, text: 'expected one JSON object with a verb' });
      return;
    }
    listener(request).then(answer, (error: unknown) => answer({ exitCode: 1, body: { error: String(error) }, text: String(error) }));
  });
}

function parseRequest(line: string): ControlRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'verb' in value && typeof value.verb === 'string'
      ? { ...value, verb: value.verb }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the desk that holds a directory; undefined = none runs there. */
export function askDesk(directory: string, request: ControlRequest): Promise<ControlAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPathOf(directory));
    let received = '';
    socket.setEncoding('utf8');
    socket.setTimeout(answerWithinMillis, () => {
      socket.destroy();
      reject(new Error(`the desk did not answer within ${answerWithinMillis / 1000} s`));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.once('end', () => {
      try {
        const answer = JSON.parse(received) as ControlAnswer;
        resolve(answer);
      } catch {
        reject(new Error('the desk ended the connection without an answer'));
      }
    });
  });
}
