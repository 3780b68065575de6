import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';
import { askDesk, type ControlAnswer } from '../desk/control-socket.ts';
import { ladderSpec, paperSpec } from '../desk/specs.ts';

/** How a command ended, and everything that it said. */
export interface Ran {
  readonly code: number | null;
  readonly text: string;
}

const cleaners: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleaners.splice(0).reverse()) clean();
});

/** A process of the product. */
export class Program {
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

/** How a program beside a module is started, from its sources or compiled. */
export type ProgramBeside = (importer: string, name: string) => readonly string[];

/** A desk of its own with a webhook that is listened to. */
export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'plimsoll-died-'));
  readonly posted: string[] = [];
  /** The webhook answers 503. */
  refusing = false;
  readonly #server: Server;
  readonly #config: string;
  readonly #programBeside: ProgramBeside;

  constructor(programBeside: ProgramBeside) {
    this.#programBeside = programBeside;
    cleaners.push(() => rmSync(this.directory, { recursive: true, force: true }));
    this.#config = join(this.directory, 'desk.json');
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        if (this.refusing) return void response.writeHead(503).end();
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
    const desk = new Program(this.#programBeside(import.meta.url, './planted-up'), [this.directory, this.#config, planted, '60']);
    await desk.says('HTTP http');
    return desk;
  }

  async ask(request: { readonly verb: string; readonly [field: string]: unknown }): Promise<ControlAnswer | undefined> {
    return askDesk(this.directory, request);
  }

  deploy(name: string, algorithm = 'maker'): Promise<ControlAnswer | undefined> {
    return this.ask({ verb: 'deploy', spec: paperSpec(name, algorithm, '1.0.0', 'USD', '1000000') });
  }

  /** A version that trades the firm's capital, on the simulated venue. */
  deployLadder(name: string): Promise<ControlAnswer | undefined> {
    const terms = { paper: 'PT1H', micro: 'PT8H', small: 'PT8H', medium: 'PT8H', minTrades: 1_000, currency: 'USD', parameters: {} };
    const spec = ladderSpec(name, 'maker', '1.0.0', { ...terms, totalCapital: '10000000', maxDailyLoss: 0.9, maxDrawdown: 0.9 });
    return this.ask({ verb: 'deploy', spec });
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
    const command = (...given: string[]): Promise<Ran> => new Program(this.#programBeside(import.meta.url, '../cli/main'), given).ended;
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

export async function place(programBeside: ProgramBeside): Promise<Place> {
  const one = new Place(programBeside);
  await one.listen();
  return one;
}

export const lastLine = ({ text }: Ran): string => text.trim().split('\n').at(-1) ?? '';
