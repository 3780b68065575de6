import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { liveBudget } from '../../runtime/hosts/budget.ts';
import { monotonicMicros } from '../../runtime/shared-clock.ts';
import { moduleBeside, nodeWorld } from '../../runtime/threads.ts';
import { verifyDirectory } from '../../verify/verify.ts';
import { syntheticMarket } from '../desk/definitions.ts';
import { journalFolder } from '../desk/journal-folder.ts';
import { replayJournal } from '../desk/proof.ts';
import { paperSpec } from '../desk/specs.ts';
import { builtInModule } from '../desk/strategy-modules.ts';
import { deskEntries, DeskThreads, type CoreSettings, type ThreadEntries } from './desk-threads.ts';

const settings: CoreSettings = {
  markets: [syntheticMarket],
  versions: ['maker', 'momentum', 'clumsy'].map((name) => ({
    name,
    version: name === 'momentum' ? '2.1.0' : '1.0.0',
    module: builtInModule,
  })),
  directory: null,
  coreDigest: '0'.repeat(64),
  seed: '3',
  firmCapital: '100000000',
  sliceCapital: '1000000',
  hosts: 1,
  spinning: false,
  // the machine of a test may be busy
  budget: { ...liveBudget, callMillis: 2_000 },
};

const cleaners: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0)) await clean();
});

async function begin(more: Partial<CoreSettings> = {}, entries: ThreadEntries = deskEntries): Promise<DeskThreads> {
  const threads = new DeskThreads(nodeWorld, { ...settings, ...more }, 5, { line: () => undefined, died: () => undefined }, entries);
  cleaners.push(() => threads.stop('the test is over', 3_000));
  await threads.ready;
  return threads;
}

async function deployMaker(threads: DeskThreads): Promise<void> {
  const answer = await threads.ask({ verb: 'deploy', spec: paperSpec('maker-paper', 'maker', '1.0.0', 'USD', '1000000') }, 20_000);
  expect(answer?.text).toContain('maker-paper');
  expect(answer?.exitCode).toBe(0);
}

async function until(what: () => boolean, millis: number): Promise<boolean> {
  for (const end = performance.now() + millis; performance.now() < end; await sleep(5)) if (what()) return true;
  return what();
}

test('a desk on threads trades on the wall clock, and what it leaves verifies and replays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-up-'));
  cleaners.push(async () => rmSync(directory, { recursive: true, force: true }));
  const threads = await begin({ directory });
  await deployMaker(threads);
  expect(await until(() => threads.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  const latency = await threads.ask({ verb: 'latency' });
  expect(JSON.stringify(latency?.body)).toContain('tickToStrategy');
  const ending = await threads.stop('enough', 10_000);
  expect(ending?.trouble).toBe('');
  expect(verifyDirectory(join(directory, journalFolder), { head: ending?.head ?? '' }).valid).toBe(true);
  const replayed = await replayJournal(directory, journalFolder);
  expect(replayed.equal).toBe(true);
  expect(replayed.stateHash).toBe(ending?.stateHash);

  // started again on its journal: restricted first, the orders of the desk before it gone, then it trades on
  const again = await begin({ directory });
  expect((await again.ask({ verb: 'get' }))?.body).toMatchObject({ deployments: [{ deploymentID: 'maker-paper', phase: 'Progressing' }] });
  expect(await until(() => again.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  const last = await again.stop('enough', 10_000);
  expect(last?.trouble).toBe('');
  expect(last?.seq).toBeGreaterThan(ending?.seq ?? 0);
  expect(verifyDirectory(join(directory, journalFolder), { head: last?.head ?? '' }).valid).toBe(true);
  const both = await replayJournal(directory, journalFolder);
  expect([both.equal, both.stateHash]).toEqual([true, last?.stateHash]);
});

test('a journal of another seed, and a version that this desk lacks, are refused by name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-up-'));
  cleaners.push(async () => rmSync(directory, { recursive: true, force: true }));
  const threads = await begin({ directory });
  await deployMaker(threads);
  await threads.stop('enough', 10_000);
  await expect(begin({ directory, seed: '4' })).rejects.toThrow('seed: expected 3, which this journal began with, was 4');
  await expect(begin({ directory, versions: [] })).rejects.toThrow('maker 1.0.0: this desk does not have it');
});

test('while the core spins, the kill switch refuses everything new and takes every order back by itself', async () => {
  const threads = await begin({}, { ...deskEntries, core: moduleBeside(import.meta.url, './planted-core') });
  await deployMaker(threads);
  expect(await until(() => threads.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  const spec = paperSpec('spin', 'clumsy', '1.0.0', 'USD', '1000000');
  expect(await threads.ask({ verb: 'deploy', spec }, 300)).toBeUndefined();
  expect(await threads.ask({ verb: 'get' }, 300)).toBeUndefined();
  const open = threads.gatewayBoard.get('openOrders');
  const canceled = threads.gatewayBoard.get('cancelsSent');
  expect(open).toBeGreaterThanOrEqual(1);
  const pressed = monotonicMicros();
  const answer = await threads.kill('the core does not answer');
  expect(answer.body).toMatchObject({ killed: true, recorded: false });
  expect(await until(() => threads.gatewayBoard.get('openOrders') === 0, 5_000)).toBe(true);
  expect(threads.gatewayBoard.get('cancelsSent') - canceled).toBe(open);
  // goal 100 ms at p99, 1 s at most
  expect(threads.gatewayBoard.get('lastCancelAt') - pressed).toBeLessThan(1_000_000);
});

test('when the core dies, its orders are taken back without anybody asking', async () => {
  const threads = await begin({}, { ...deskEntries, core: moduleBeside(import.meta.url, './planted-core') });
  await deployMaker(threads);
  expect(await until(() => threads.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  expect(await threads.ask({ verb: 'deploy', spec: paperSpec('die', 'clumsy', '1.0.0', 'USD', '1000000') }, 300)).toBeUndefined();
  expect(await until(() => threads.gatewayBoard.get('openOrders') === 0, 5_000)).toBe(true);
  expect(threads.killed).toBe(true);
});

test('when the journal takes no more, every order is taken back at once, whatever the core does then', async () => {
  const threads = await begin({}, { ...deskEntries, core: moduleBeside(import.meta.url, './planted-core') });
  await deployMaker(threads);
  expect(await until(() => threads.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  // its disk is full from here on, and it spins when it has heard so
  const answer = await threads.ask({ verb: 'deploy', spec: paperSpec('full', 'clumsy', '1.0.0', 'USD', '1000000') }, 5_000);
  expect(answer?.body).toMatchObject({ code: 'NOT_DURABLE' });
  expect(await until(() => threads.gatewayBoard.get('openOrders') === 0, 5_000)).toBe(true);
  expect(threads.killed).toBe(true);
  expect(await threads.ask({ verb: 'get' }, 300)).toBeUndefined();
});

test('a kill that the core never recorded holds for the next start', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-up-'));
  cleaners.push(async () => rmSync(directory, { recursive: true, force: true }));
  const threads = await begin({ directory }, { ...deskEntries, core: moduleBeside(import.meta.url, './planted-core') });
  await deployMaker(threads);
  expect(await threads.ask({ verb: 'deploy', spec: paperSpec('spin', 'clumsy', '1.0.0', 'USD', '1000000') }, 300)).toBeUndefined();
  expect((await threads.kill('it spins')).body).toMatchObject({ killed: true, recorded: false });
  expect(await threads.stop('gone', 300)).toBeUndefined();
  const again = await begin({ directory });
  expect((await again.ask({ verb: 'get' }, 20_000))?.body).toMatchObject({ killed: true });
  expect(await until(() => again.killed, 2_000)).toBe(true);
  // it is in the journal now
  expect(existsSync(join(directory, 'kill-asked'))).toBe(false);
});

test('with the core well, the kill switch stands in the record', async () => {
  const threads = await begin();
  await deployMaker(threads);
  expect(await until(() => threads.gatewayBoard.get('openOrders') >= 2, 20_000)).toBe(true);
  const answer = await threads.kill('enough');
  expect(answer.body).toMatchObject({ killed: true, reason: 'enough' });
  expect(await until(() => threads.gatewayBoard.get('openOrders') === 0, 5_000)).toBe(true);
  const view = await threads.ask({ verb: 'get' });
  expect(view?.body).toMatchObject({ killed: true });
});
