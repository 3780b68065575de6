import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { Alert } from '../../ports/alert.ts';
import { programBeside } from '../../testing/program-beside.ts';
import { askDesk, type ControlAnswer } from '../desk/control-socket.ts';
import { paperSpec } from '../desk/specs.ts';
import { deathOf, Deaths, reasonOf } from './deaths.ts';

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

const cleaners: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleaners.splice(0).reverse()) clean();
});

class Program {
  text = '';
  readonly ended: Promise<Ran>;
  readonly child: ChildProcess;

  constructor(program: readonly string[], given: readonly string[]) {
    const child = spawn(process.execPath, [...program, ...given], {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const take = (chunk: string): void => {
      this.text += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code) => resolve({ code, text: this.text }));
    });
    cleaners.push(() => child.kill('SIGKILL'));
  }

  async says(what: string): Promise<void> {
    for (const end = performance.now() + 60_000; !this.text.includes(what); await sleep(20))
      if (performance.now() > end) throw new Error(`it never said "${what}", but ${this.text}`);
  }
}

const command = (...given: string[]): Promise<Ran> => new Program(programBeside(import.meta.url, '../cli/main'), given).ended;

/** A desk of its own with a webhook that is listened to. */
class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'plimsoll-died-'));
  readonly posted: string[] = [];
  readonly #server: Server;
  readonly #config: string;

  constructor() {
    cleaners.push(() => rmSync(this.directory, { recursive: true, force: true }));
    this.#config = join(this.directory, 'desk.json');
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        this.posted.push(body);
        response.end();
      });
    });
    cleaners.push(() => this.#server.close());
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const alertWebhook = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
    writeFileSync(this.#config, JSON.stringify({ alertWebhook, hosts: 1, seed: 3, budget: { callMillis: 2_000 } }));
  }

  async up(planted: string): Promise<Program> {
    const desk = new Program(programBeside(import.meta.url, './planted-up'), [this.directory, this.#config, planted, '60']);
    await desk.says('HTTP http');
    return desk;
  }

  async ask(request: { readonly verb: string; readonly [field: string]: unknown }): Promise<ControlAnswer | undefined> {
    return askDesk(this.directory, request);
  }

  deploy(name: string, algorithm = 'maker'): Promise<ControlAnswer | undefined> {
    return this.ask({ verb: 'deploy', spec: paperSpec(name, algorithm, '1.0.0', 'USD', '1000000') });
  }

  async trades(): Promise<void> {
    expect((await this.deploy('maker-paper'))?.exitCode).toBe(0);
    await sleep(2_000);
  }

  /** Critical alerts of each channel that tell of what was planted: the console's, the file's, the webhook's. */
  alerts(text: string, what = 'planted'): readonly number[] {
    const count = (lines: readonly string[]): number => lines.filter((line) => line.includes('critical') && line.includes(what)).length;
    const shown = text.split('\n').filter((line) => line.startsWith('ALERT '));
    return [count(shown), count(readFileSync(join(this.directory, 'alerts.jsonl'), 'utf8').split('\n')), count(this.posted)];
  }

  /** What the desk that died has left, as somebody sees it who comes later; then it is started again. */
  async leaves(why: string, alertsBefore: readonly number[], alertsAfter: readonly number[]): Promise<void> {
    const got = await command('get', 'desk', '--dir', this.directory);
    expect(got.text).toContain(why);
    const recovered = await command('recover', '--dry-run', this.directory);
    expect(recovered).toMatchObject({ code: 0 });
    expect(recovered.text).toContain(why);
    expect(recovered.text).toContain('the kill switch');
    const again = await this.up('nobody');
    expect((await this.ask({ verb: 'get', id: '' }))?.body).toMatchObject({ killed: true });
    expect((await this.ask({ verb: 'get', id: '' }))?.text).toContain(why);
    again.child.kill('SIGINT');
    const ended = await again.ended;
    expect(ended.text.trim().split('\n').at(-1)).toContain('ended in good order');
    expect(ended.code).toBe(0);
    expect(this.alerts(ended.text)).toEqual(alertsBefore.map((before, n) => (n === 0 ? 0 : before) + alertsAfter[n]));
  }
}

async function place(): Promise<Place> {
  const one = new Place();
  await one.listen();
  return one;
}

const lastLine = ({ text }: Ran): string => text.trim().split('\n').at(-1) ?? '';

test('a gateway that dies: the kill stands in the record, one alert on every channel, exit 1, and the next start stays killed', async () => {
  const one = await place();
  const desk = await one.up('gateway');
  await one.deploy('maker-paper').catch(() => undefined);
  const ended = await desk.ended;
  expect(ended.text).not.toContain('ended in good order');
  expect(lastLine(ended)).toMatch(/^the gateway died \(RangeError: planted in the gateway\): [1-9]\d* orders were open .* not taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  await one.leaves('the gateway died: RangeError: planted in the gateway', [1, 1, 1], [0, 0, 0]);
});

test('a core that dies: its orders are taken back, one alert on every channel, exit 1, and the next start is killed', async () => {
  const one = await place();
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('die', 'clumsy').catch(() => undefined);
  const ended = await desk.ended;
  expect(ended.text).not.toContain('ended in good order');
  expect(lastLine(ended)).toMatch(/^the core died \(Error: planted\): every order was taken back at the gateway/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  // the start that engages the kill switch says so once more
  await one.leaves('the core died: Error: planted', [1, 1, 1], [1, 1, 1]);
});

test('an exception that nobody caught on the main thread ends the desk as a death does', async () => {
  const one = await place();
  const desk = await one.up('main');
  await one.trades();
  desk.child.kill('SIGUSR2');
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(/^the main thread died \(TypeError: planted in main\): every order was taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
  await one.leaves('the main thread died: TypeError: planted in main', [1, 1, 1], [0, 0, 0]);
});

test('a journal that takes no more ends the desk, whatever its core does then', async () => {
  const one = await place();
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('lame', 'clumsy').catch(() => undefined);
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(/^the core went on no more \(no space is left \(planted\)\): every order was taken back/);
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text)).toEqual([1, 1, 1]);
});

test('a core that spins when the desk is asked to end is a death too', async () => {
  const one = await place();
  const desk = await one.up('core');
  await one.trades();
  await one.deploy('spin', 'clumsy').catch(() => undefined);
  desk.child.kill('SIGINT');
  const ended = await desk.ended;
  expect(lastLine(ended)).toMatch(
    /^the core did not end and was ended \(nothing heard for 10 s\): every order was taken back at the gateway/,
  );
  expect(ended.code).toBe(1);
  expect(one.alerts(ended.text, 'nothing heard')).toEqual([1, 1, 1]);
});

test('where the core has told of a death nobody tells it again; what it could not tell is told when it is gone, once', () => {
  const sent: Alert[] = [];
  const deaths = new Deaths(
    (alert) => sent.push(alert),
    () => 7_000_000,
  );
  const [gateway, core] = [deathOf('gateway', new RangeError('one')), deathOf('core', new Error('two'))];
  deaths.take(gateway);
  deaths.take(deathOf('gateway', 'later'));
  expect(sent).toEqual([]);
  deaths.heard(kill(9, `the kill switch engaged by desk: somebody else`));
  deaths.tellRest();
  deaths.tellRest();
  expect(sent).toMatchObject([{ id: 'died-gateway-7000000', seq: 0, severity: 'critical', subject: 'DESK_DIED' }]);
  // a desk that was killed before has no alert of a second kill; a core that died tells nothing
  deaths.take(core);
  expect(sent.map(({ text }) => text.split(';')[0])).toEqual(['the gateway died: RangeError: one', 'the core died: Error: two']);
  expect(deaths.sentence({ openOrders: 3, killKept: false })).toBe(
    'the gateway died (RangeError: one), then the core died (Error: two): 3 orders were open at the gateway and are not taken back; ' +
      'the next start goes on from the last durable record, asks the venues for every open order',
  );
  const again = new Deaths(
    (alert) => sent.push(alert),
    () => 8_000_000,
  );
  again.take(gateway);
  again.heard(kill(10, `the kill switch engaged by desk: ${reasonOf(gateway)}`));
  again.tellRest();
  expect(sent.length).toBe(2);
});

function kill(seq: number, text: string): Alert {
  return { id: String(seq), seq, at: micros(1), severity: 'critical', subject: 'KILL_SWITCH', text };
}
