import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { prng } from '../../base/prng.ts';
import { micros } from '../../base/units.ts';
import type { Alert, AlertChannel } from '../../ports/alert.ts';
import { programBeside } from '../../testing/program-beside.ts';
import { AlertOutbox, firstBackOff, longestBackOff, maxWaitingAlerts } from './alert-outbox.ts';
import { consoleChannel, fileChannel, webhookChannel } from './channels.ts';
import { keptAlerts, maxKeptAlerts, type KeptAlerts } from './kept-alerts.ts';

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0)) await clean();
});

const alert = (seq: number, id = String(seq)): Alert => ({
  id,
  seq,
  at: micros(seq),
  severity: 'high',
  subject: 'TEST',
  text: `alert ${seq}`,
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'plimsoll-alerts-'));
  cleaners.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Fails as often as told, then takes everything. */
function failing(name: string, failures: number): AlertChannel & { taken: string[] } {
  let left = failures;
  const taken: string[] = [];
  return {
    name,
    lastSeq: 0,
    taken,
    deliver: ({ id, text }) => (left-- > 0 ? Promise.reject(new Error('no')) : (taken.push(`${id} ${text}`), Promise.resolve())),
  };
}

function outboxOf(channels: readonly AlertChannel[]): { outbox: AlertOutbox; pauses: number[] } {
  const pauses: number[] = [];
  const wait = (millis: number): Promise<void> => {
    pauses.push(millis);
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { outbox: new AlertOutbox({ channels, wait }), pauses };
}

const settle = async (outbox: AlertOutbox): Promise<void> => {
  for (let n = 0; n < 10_000 && outbox.waiting > 0; n++) await new Promise((resolve) => setImmediate(resolve));
};

test('a failing channel is asked again with growing pauses and holds no other up; each alert arrives once and in order', async () => {
  const [good, bad] = [failing('good', 0), failing('bad', 12)];
  const { outbox, pauses } = outboxOf([bad, good]);
  for (const seq of [3, 5, 5, 4, 9]) outbox.take(alert(seq));
  await Promise.resolve();
  await settle(outbox);
  expect(good.taken.map((text) => text.split(' ')[0])).toEqual(['3', '5', '9']);
  expect(bad.taken).toEqual(good.taken);
  expect(pauses).toHaveLength(12);
  expect(pauses.slice(0, 3)).toEqual([firstBackOff, firstBackOff * 2, firstBackOff * 4]);
  expect(Math.max(...pauses)).toBe(longestBackOff);
});

test('past its limit the oldest make room, and the next one says how many', async () => {
  const slow = failing('slow', 1);
  const { outbox } = outboxOf([slow]);
  for (let seq = 1; seq <= maxWaitingAlerts + 10; seq++) outbox.take(alert(seq));
  expect(outbox.waiting).toBe(maxWaitingAlerts);
  await settle(outbox);
  expect(slow.taken).toHaveLength(maxWaitingAlerts);
  expect(slow.taken[0]).toBe('1 alert 1 (10 alerts before it were too many to wait)');
  expect(slow.taken[1]).toBe('12 alert 12');
});

test('an alert that the journal never took is delivered and forgotten: the next start may use its number', async () => {
  const path = join(directory(), 'alerts.jsonl');
  const channel = fileChannel(path);
  await channel.deliver(alert(7));
  await channel.deliver(alert(8, '8?'));
  expect(fileChannel(path).lastSeq).toBe(7);
});

test('a line that was cut off is written again, and a console that is begun anew shows nothing twice', async () => {
  const folder = directory();
  const path = join(folder, 'alerts.jsonl');
  await fileChannel(path).deliver(alert(1));
  appendFileSync(path, '{"id":"2","at"');
  const again = fileChannel(path);
  expect(again.lastSeq).toBe(1);
  await again.deliver(alert(2));
  expect(
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id),
  ).toEqual(['1', '2']);
  const shown: string[] = [];
  for (let start = 0; start < 2; start++) {
    const outbox = new AlertOutbox({
      channels: [consoleChannel(join(folder, 'console'), (line) => shown.push(line))],
      wait: () => Promise.resolve(),
    });
    for (const seq of [1, 2]) outbox.take(alert(seq));
    await settle(outbox);
    await outbox.end(0);
  }
  expect(shown).toEqual(['ALERT 1 high TEST: alert 1', 'ALERT 2 high TEST: alert 2']);
});

/** A receiver on loopback that does each id once, and now and then answers 503 or hangs up after it has done it. */
async function receiver(seed: number): Promise<{ url: string; done: Map<string, number>; asked: () => number }> {
  const luck = prng(seed);
  const done = new Map<string, number>();
  const keys = new Set<string>();
  let asked = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      asked++;
      const id = String(request.headers['idempotency-key']);
      const dice = luck.int(10);
      if (dice === 0) return void response.writeHead(503).end();
      if (!keys.has(id)) done.set(id, (done.get(id) ?? 0) + 1);
      keys.add(id);
      if (dice === 1) return void request.socket.destroy();
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleaners.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`, done, asked: () => asked };
}

test('a webhook that fails is asked again under the same id', async () => {
  const { url, done } = await receiver(1);
  const outbox = new AlertOutbox({
    channels: [webhookChannel(url, join(directory(), 'webhook'))],
    wait: () => new Promise((resolve) => setImmediate(resolve)),
  });
  for (let seq = 1; seq <= 40; seq++) outbox.take(alert(seq));
  for (let n = 0; n < 4_000 && outbox.waiting > 0; n++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect([...done]).toEqual(Array.from({ length: 40 }, (_none, n) => [String(n + 1), 1]));
});

test('a sender that is killed with SIGKILL again and again has sent every alert once, in order, to the file and to the webhook', async () => {
  const count = 400;
  const folder = directory();
  const luck = prng('alerts');
  const { url, done, asked } = await receiver(2);
  const sender = programBeside(import.meta.url, '../../testing/alerts/alert-sender');
  let kills = 0;
  for (let round = 0; round < 60 && done.size < count; round++) {
    const limit = asked() + 20 + luck.int(60);
    await new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [...sender, folder, url, String(count)], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const look = setInterval(() => {
        if (asked() >= limit && done.size < count) child.kill('SIGKILL');
      }, 1);
      child.on('error', reject).on('close', (_code, signal) => {
        clearInterval(look);
        if (signal === 'SIGKILL') kills++;
        resolve();
      });
    });
  }
  const wanted = Array.from({ length: count }, (_none, n) => String(n + 1));
  const lines = readFileSync(join(folder, 'alerts.jsonl'), 'utf8').trimEnd().split('\n');
  console.log(`alerts: ${kills} kills, ${lines.length} lines, ${done.size} ids at the webhook of ${asked()} requests`);
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(wanted);
  expect([...done].map(([id, times]) => [id, times])).toEqual(wanted.map((id) => [id, 1]));
}, 240_000);

test('an alert without a record that no channel took is delivered by the next process, once; a kept file that is damaged says so', async () => {
  const path = join(directory(), 'alerts.kept');
  const troubles: string[] = [];
  const kept = (): KeptAlerts => keptAlerts(path, (why) => troubles.push(why));
  const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const died: Alert = { ...alert(0, 'died-core-7'), severity: 'critical', subject: 'DESK_DIED' };
  const [good, bad] = [failing('good', 0), failing('bad', Infinity)];
  const first = new AlertOutbox({ channels: [good, bad], wait, kept: kept() });
  first.take(died);
  first.take(alert(4));
  expect(await first.end(1)).toBe(2);
  expect(good.taken).toEqual(['died-core-7 alert 0', '4 alert 4']);
  const [again, mended] = [failing('good', 0), failing('bad', 1)];
  const second = new AlertOutbox({ channels: [again, mended], wait, kept: kept() });
  second.take(alert(4));
  await settle(second);
  // the journal gives the other one again
  expect([again.taken, mended.taken]).toEqual([['4 alert 4'], ['died-core-7 alert 0', '4 alert 4']]);
  const third = failing('bad', 0);
  await new AlertOutbox({ channels: [third], wait, kept: kept() }).end(1);
  expect(third.taken).toEqual([]);
  expect(troubles).toEqual([]);
  writeFileSync(path, '{"channel":"bad","alert":{"id":"x"}}\n{"chan');
  const fourth = failing('bad', 0);
  await new AlertOutbox({ channels: [fourth], wait, kept: kept() }).end(1);
  expect([fourth.taken.length, troubles.length]).toEqual([0, 2]);
});

test('of more alerts without a record than are kept the newest stay', () => {
  const kept = keptAlerts(join(directory(), 'alerts.kept'), () => undefined);
  for (let n = 0; n < maxKeptAlerts + 3; n++) kept.keep('webhook', alert(0, `died-${n}`));
  kept.keep('console', alert(0, 'died-0'));
  expect(kept.waiting('webhook').map(({ id }) => id)).toEqual(Array.from({ length: maxKeptAlerts }, (_none, n) => `died-${n + 3}`));
  expect(kept.waiting('console')).toHaveLength(1);
});
