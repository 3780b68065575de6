import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { serveApi } from '../../api/server.ts';
import { readJournal } from '../../journal/reader.ts';
import { createDeskView, foldDecision, foldInput } from '../../projections/desk-view.ts';
import { liveBudget } from '../../runtime/hosts/budget.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import { askDesk, lockDirectory, type ControlAnswer } from '../desk/control-socket.ts';
import { syntheticMarket } from '../desk/definitions.ts';
import { defaultsOf } from '../desk/asking.ts';
import { journalFolder } from '../desk/journal-folder.ts';
import { replayJournal } from '../desk/proof.ts';
import { paperSpec } from '../desk/specs.ts';
import { builtInModule } from '../desk/strategy-modules.ts';
import { limitsAnswer } from '../verbs/limits.ts';
import { readVerb } from '../verbs/verb-table.ts';
import { People } from '../verbs/people-file.ts';
import { DeskThreads } from './desk-threads.ts';
import { Simulator } from './simulate-order.ts';
import { deskOf } from './threads-desk.ts';
import { controlled } from './controlled.ts';

const cleaners: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

const token = 'd'.repeat(43);

/** A desk on threads with its socket and its HTTP API, as `up` wires them. */
class Served {
  readonly directory = mkdtempSync(join(tmpdir(), 'plimsoll-limits-'));
  readonly threads = new DeskThreads(
    nodeWorld,
    {
      markets: [syntheticMarket],
      versions: [{ name: 'maker', version: '1.0.0', module: builtInModule }],
      directory: this.directory,
      coreDigest: '0'.repeat(64),
      seed: '3',
      firmCapital: '100000000',
      sliceCapital: '1000000',
      hosts: 1,
      spinning: false,
      budget: { ...liveBudget, callMillis: 2_000 },
    },
    5,
    { line: () => undefined, died: () => undefined },
  );
  #url = '';

  async begin(): Promise<this> {
    cleaners.push(async () => rmSync(this.directory, { recursive: true, force: true }));
    cleaners.push(() => this.threads.stop('the test is over', 3_000));
    await this.threads.ready;
    const people = new People(this.directory);
    const lock = await lockDirectory(this.directory);
    cleaners.push(async () => lock?.release());
    lock?.listen((request) => controlled(this.threads, people, request));
    const simulator = new Simulator(nodeWorld);
    const api = await serveApi({ desk: deskOf(this.threads, people, token, defaultsOf(syntheticMarket), simulator), port: 0 });
    cleaners.push(() => api.close());
    this.#url = api.url;
    return this;
  }

  async say(request: Readonly<Record<string, unknown>> & { readonly verb: string }): Promise<ControlAnswer> {
    const answer = await askDesk(this.directory, request);
    if (answer === undefined) throw new Error('no desk answers');
    return answer;
  }

  async http(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<readonly [number, unknown]> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return [answer.status, await answer.json()];
  }

  /** Limit and revision of everything that was ever set. */
  async set(): Promise<readonly string[]> {
    const { body } = await this.say({ verb: 'limits' });
    const { limits } = body as { readonly limits: readonly { limit: string; scope: string; value: number | null; revision: number }[] };
    return limits.map(({ limit, scope, value, revision }) => `${scope} ${limit} ${value ?? 'none'} r${revision}`);
  }
}

const firm = { verb: 'set-limit', id: 'maxOrderQty', scope: 'firm' } as const;
const codeOf = ({ body }: ControlAnswer): unknown => (body as { readonly code?: unknown }).code;

test('over the socket: one person tightens, two loosen, and the same person twice does not', { timeout: 60_000 }, async () => {
  const desk = await new Served().begin();
  const first = await desk.say({ ...firm, value: 5_000, expectedRevision: 0 });
  expect([first.exitCode, first.body]).toMatchObject([
    0,
    { limit: { from: null, value: 5_000, revision: 1, setBy: 'desk-risk', agreedBy: null } },
  ]);
  const tighter = await desk.say({ ...firm, value: 4_000, expectedRevision: 1, reason: 'a thin book' });
  expect([tighter.exitCode, tighter.text]).toEqual([0, expect.stringContaining('maxOrderQty of firm is 4000, was 5000 (revision 2)')]);
  const looser = await desk.say({ ...firm, value: 4_001 });
  expect([looser.exitCode, looser.text]).toEqual([3, expect.stringContaining('maxOrderQty of firm from 4000 to 4001 (base units)')]);
  expect(await desk.set()).toEqual(['firm maxOrderQty 4000 r2']);
  expect(codeOf(await desk.say({ verb: 'approve', id: 'p1' }))).toBe('PROPOSER_CANNOT_APPROVE');
  expect(codeOf(await desk.say({ verb: 'approve', id: 'p1', as: 'trader' }))).toBe('ROLE_REQUIRED');
  expect(await desk.set()).toEqual(['firm maxOrderQty 4000 r2']);
  const agreed = await desk.say({ verb: 'approve', id: 'p1', as: 'admin' });
  expect(agreed.body).toMatchObject({ limit: { from: 4_000, value: 4_001, revision: 3, setBy: 'desk-risk', agreedBy: 'desk-admin' } });
  expect((await desk.say({ ...firm, value: null })).exitCode).toBe(3);
  // what one proposed is overtaken by what another one tightens meanwhile
  expect((await desk.say({ ...firm, value: 10, as: 'admin' })).exitCode).toBe(0);
  expect(codeOf(await desk.say({ verb: 'approve', id: 'p2', as: 'admin' }))).toBe('REVISION_CHANGED');
  expect(codeOf(await desk.say({ ...firm, value: 1, as: 'trader' }))).toBe('ROLE_REQUIRED');
  const live = await desk.say({ verb: 'limits' });
  expect(await desk.set()).toEqual(['firm maxOrderQty 10 r4']);
  await desk.threads.stop('looked at', 5_000);
  const view = createDeskView();
  await readJournal(nodeDisk(desk.directory), journalFolder, (record) => {
    if (record.of === 'input') foldInput(view, record.seq, record.at, record.input);
    else foldDecision(view, record.seq, record.at, record.decision);
  });
  const read = limitsAnswer(view);
  expect([read.exitCode, read.body]).toEqual([live.exitCode, { limits: (live.body as { limits: unknown }).limits }]);
  expect(live.text).toBe(`${read.text}\n\nVIX was never told: opening orders are cut wherever volatilityCutBps is set`);
  expect((await replayJournal(desk.directory, journalFolder)).equal).toBe(true);
});

test(
  'a stale revision and a key with another body are refused, before a second person is asked and after',
  { timeout: 60_000 },
  async () => {
    const desk = await new Served().begin();
    await desk.say({ ...firm, value: 5_000, key: 'k1' });
    await desk.say({ ...firm, value: 5_000, key: 'k1' });
    expect(await desk.set()).toEqual(['firm maxOrderQty 5000 r1']);
    expect(codeOf(await desk.say({ ...firm, value: 4_999, key: 'k1' }))).toBe('KEY_USED_FOR_ANOTHER_COMMAND');
    expect(codeOf(await desk.say({ ...firm, value: 5_000, key: 'k1', scope: 'account:A1' }))).toBe('KEY_USED_FOR_ANOTHER_COMMAND');
    for (const [value, expectedRevision] of [
      [4_000, 0],
      [4_000, 2],
      [6_000, 0],
      [null, 0],
    ] as const)
      expect([value, codeOf(await desk.say({ ...firm, value, expectedRevision }))]).toEqual([value, 'REVISION_CHANGED']);
    expect((await desk.say({ verb: 'proposals' })).exitCode).toBe(0);
    // what could never be set waits for nobody
    const notional = { verb: 'set-limit', id: 'maxNotional', scope: 'firm' } as const;
    await desk.say({ ...notional, value: 1_000_000 });
    expect(codeOf(await desk.say({ ...notional, value: 100_000_000_000_001 }))).toBe('LIMIT_NEVER_BINDS');
    expect((await desk.say({ verb: 'proposals' })).exitCode).toBe(0);
  },
);

test('what is mistyped is refused with its name and changes nothing', { timeout: 60_000 }, async () => {
  const desk = await new Served().begin();
  for (const [asked, sentence] of [
    [{ id: 'maxOrdrQty', value: 1 }, 'did you mean maxOrderQty?'],
    [{ scope: 'acount:A1', value: 1 }, 'did you mean account?'],
    [{ scope: 'account:', value: 1 }, 'scope: expected firm or one of account:ID'],
    [{ scope: undefined, value: 1 }, 'scope: expected firm or one of account:ID'],
    [{ scope: 'account:A2', value: 1 }, 'account A2 is not registered: there is A1'],
    [{ scope: 'algorithm:makr', value: 1 }, 'nothing of that name is registered'],
    [{ id: 'volatilityCutBps', scope: 'venue:SYN', value: 1 }, 'scope: volatilityCutBps stands for firm, account, algorithm, version'],
    [{}, 'value: expected a whole number 0…'],
    [{ value: 1.5 }, 'value: expected a whole number 0…'],
    [{ value: -1 }, 'value: expected a whole number 0…'],
    [{ value: '5000' }, 'value: expected a whole number 0…'],
    [{ value: 2 ** 53 }, 'value: expected a whole number 0…'],
    [{ id: 'volatilityCutBps', value: 10_001 }, 'value: expected a whole number 0…10000 (bps)'],
    [{ value: 1, unit: 'bps' }, 'unit: maxOrderQty counts base units, was bps'],
    [{ value: 1, sope: 'firm' }, 'sope: unknown'],
  ] as const) {
    const answer = await desk.say({ ...firm, ...asked });
    expect([asked, [4, 64].includes(answer.exitCode), answer.text]).toEqual([asked, true, expect.stringContaining(sentence)]);
  }
  expect(await desk.set()).toEqual([]);
});

test('over HTTP: the same rules, with key and revision that have to be given', { timeout: 60_000 }, async () => {
  const desk = await new Served().begin();
  const path = '/api/v1/limits/maxOrderQty';
  const put = (body: object, key: string): Promise<readonly [number, unknown]> => desk.http('PUT', path, body, { 'idempotency-key': key });
  expect(await put({ scope: 'account:A1', value: 7 }, 'a')).toMatchObject([expect.any(Number), { code: 'EXPECTATION_REQUIRED' }]);
  expect(await desk.http('PUT', path, { scope: 'account:A1', value: 7, expectedRevision: 0 })).toMatchObject([400, {}]);
  const set = await put({ scope: 'account:A1', value: 7, expectedRevision: 0 }, 'b');
  expect(set).toMatchObject([200, { limit: { scope: 'account:A1', value: 7, revision: 1 } }]);
  expect(await put({ scope: 'account:A1', value: 8, expectedRevision: 0 }, 'b')).toMatchObject([
    409,
    { code: 'KEY_USED_FOR_ANOTHER_COMMAND' },
  ]);
  expect(await put({ scope: 'account:A1', value: 6, expectedRevision: 0 }, 'c')).toMatchObject([
    expect.any(Number),
    { code: 'REVISION_CHANGED' },
  ]);
  expect(await put({ scope: 'account:A1', value: 8, expectedRevision: 1 }, 'd')).toMatchObject([202, { proposal: { proposalID: 'p1' } }]);
  expect(await desk.http('GET', '/api/v1/limits')).toMatchObject([200, { limits: [{ limit: 'maxOrderQty', value: 7, revision: 1 }] }]);
});

test('a level that cuts is one person’s, any other takes two, and explain says what it does', { timeout: 60_000 }, async () => {
  const desk = await new Served().begin();
  const spec = paperSpec('m', 'maker', '1.0.0', 'USD', '1000000');
  expect((await desk.say({ verb: 'deploy', spec, as: 'trader' })).exitCode).toBe(0);
  const explained = async (): Promise<string> => (await desk.say({ verb: 'explain', id: 'm' })).text;
  expect(await explained()).not.toContain('cut');
  await desk.say({ verb: 'set-limit', id: 'volatilityCutBps', scope: 'firm', value: 5_000 });
  expect(await explained()).toContain('cut to 50.00 % of the usual (volatilityCutBps of firm): the volatility index was never told');
  const tell = (value: unknown, more: object = {}): Promise<ControlAnswer> => desk.say({ verb: 'signal', id: 'VIX', value, ...more });
  expect((await tell(31.4)).text).toContain('VIX is 31.4 of ');
  expect(await explained()).toContain('the volatility index stands at 31.40 since ');
  expect((await tell(18.25)).exitCode).toBe(3);
  expect(codeOf(await desk.say({ verb: 'approve', id: 'p1' }))).toBe('PROPOSER_CANNOT_APPROVE');
  expect(await explained()).toContain('31.40');
  expect((await desk.say({ verb: 'approve', id: 'p1', as: 'admin' })).text).toContain('VIX is 18.25 of ');
  expect(await explained()).not.toContain('cut');
  for (const [asked, sentence] of [
    [{ id: 'VXI', value: 31 }, 'did you mean VIX?'],
    [{ value: -1 }, 'expected 0…10000 points, was -1'],
    [{ value: 10_001 }, 'expected 0…10000 points'],
    [{ value: '31' }, 'value: expected a level in points, was "31"'],
    [{ value: 31, knownAt: 'noon' }, 'knownAt: expected a time like'],
    [{ value: 31, knownAt: '2199-01-01T00:00:00Z' }, 'known by now'],
    [{ value: 31, knownAt: '2020-01-01T00:00:00Z' }, 'not older than the last one'],
    [{ value: 31, as: 'trader' }, 'ROLE_REQUIRED'],
    [{ value: 31, expectedRevision: 1 }, 'EXPECTATION_NOT_KNOWN'],
  ] as const)
    expect([asked, (await tell(31, asked)).text]).toEqual([asked, expect.stringContaining(sentence)]);
  expect(await explained()).not.toContain('cut');
  const headers = { 'idempotency-key': 'v' };
  expect(await desk.http('POST', '/api/v1/signals/VIX', { value: 45 }, headers)).toMatchObject([200, { accepted: true }]);
  expect(await desk.http('POST', '/api/v1/signals/VIX', { value: 46 }, headers)).toMatchObject([
    409,
    { code: 'KEY_USED_FOR_ANOTHER_COMMAND' },
  ]);
  expect(await explained()).toContain('45.00');
  await desk.threads.stop('looked at', 5_000);
  expect((await replayJournal(desk.directory, journalFolder)).equal).toBe(true);
});

test('a number that JSON can write and no journal can hold reaches no core', () => {
  const place = { view: createDeskView(), hasSlice: () => false };
  const value = JSON.parse('1e999') as number;
  expect(readVerb('signal', { id: 'VIX', value }, place)).toMatchObject({ code: 'FIELDS' });
  expect(readVerb('set-limit', { id: 'maxOrderQty', scope: 'firm', value }, place)).toMatchObject({ code: 'FIELDS' });
});
