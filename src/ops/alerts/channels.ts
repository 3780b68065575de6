import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isoFromMicros } from '../../base/time.ts';
import type { Alert, AlertChannel } from '../../ports/alert.ts';

/** Longest wait for a receiver (ms). */
const receiverMillis = 5_000;

function bodyOf({ id, at, severity, subject, text }: Alert): string {
  return JSON.stringify({ id, at: isoFromMicros(at), severity, subject, text });
}

/** How far a channel has come, in a file: written beside, synced, renamed. */
function cursorOf(path: string): { seq: number; move(to: number): void } {
  const found = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
  const cursor = {
    seq: Number.isSafeInteger(found) && found > 0 ? found : 0,
    move: (to: number): void => {
      if (to <= cursor.seq) return;
      const beside = `${path}.new`;
      const file = openSync(beside, 'w', 0o600);
      writeSync(file, `${to}\n`);
      fsyncSync(file);
      closeSync(file);
      renameSync(beside, path);
      cursor.seq = to;
    },
  };
  return cursor;
}

/** Lines of JSON. The file is its own memory: an alert is delivered when its whole line is on disk, and a line that was cut off is written again. */
export function fileChannel(path: string): AlertChannel {
  if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 });
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const file = openSync(path, 'r+');
  ftruncateSync(file, Buffer.byteLength(whole));
  let position = Buffer.byteLength(whole);
  let lastSeq = whole
    .split('\n')
    .filter((line) => line !== '')
    .reduce((last, line) => Math.max(last, seqOf(line)), 0);
  return {
    name: 'file',
    get lastSeq() {
      return lastSeq;
    },
    deliver: (alert) => {
      try {
        const line = Buffer.from(`${bodyOf(alert)}\n`);
        const written = writeSync(file, line, 0, line.length, position);
        if (written < line.length) throw new Error(`${path}: ${written} of ${line.length} bytes written`);
        fsyncSync(file);
        position += written;
        lastSeq = Math.max(lastSeq, alert.seq);
        return Promise.resolve();
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
  };
}

/** A line whose journal took no more has no seq that a later start could know. */
function seqOf(line: string): number {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    const seq = typeof id === 'string' ? Number(id) : 0;
    return Number.isSafeInteger(seq) ? seq : 0;
  } catch {
    return 0;
  }
}

/** One line for people. A crash between the line and its memory shows it again, under its id. */
export function consoleChannel(cursorPath: string, print: (line: string) => void): AlertChannel {
  const cursor = cursorOf(cursorPath);
  return {
    name: 'console',
    get lastSeq() {
      return cursor.seq;
    },
    deliver: (alert) => {
      print(`ALERT ${alert.id} ${alert.severity} ${alert.subject}: ${alert.text}`);
      return Promise.resolve().then(() => {
        if (alert.id === String(alert.seq)) cursor.move(alert.seq);
      });
    },
  };
}

/** POST of one JSON object with its id as `Idempotency-Key`: a receiver that has it already answers 2xx again and does nothing. Anything else is tried again. */
export function webhookChannel(url: string, cursorPath: string): AlertChannel {
  const cursor = cursorOf(cursorPath);
  return {
    name: 'webhook',
    get lastSeq() {
      return cursor.seq;
    },
    deliver: async (alert) => {
      const status = await post(new URL(url), bodyOf(alert), alert.id);
      if (status < 200 || status >= 300) throw new Error(`${new URL(url).host}: expected 2xx, was ${status}`);
      if (alert.id === String(alert.seq)) cursor.move(alert.seq);
    },
  };
}

function post(url: URL, body: string, id: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'idempotency-key': id };
    const send = url.protocol === 'https:' ? secureRequest : plainRequest;
    const asked = send(url, { method: 'POST', headers, timeout: receiverMillis }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', reject);
    });
    asked.once('timeout', () => asked.destroy(new Error(`${url.host}: no answer within ${receiverMillis} ms`)));
    asked.once('error', reject);
    asked.end(body);
  });
}
