import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { liveBudget } from '../../runtime/hosts/budget.ts';
import { moduleBeside, nodeWorld } from '../../runtime/threads.ts';
import { syntheticMarket } from '../desk/definitions.ts';
import { deskPeople } from '../desk/people.ts';
import { builtInModule } from '../desk/strategy-modules.ts';
import { DeskThreads, type CoreSettings } from './desk-threads.ts';

const clones = moduleBeside(import.meta.url, '../../testing/hosts/maker-clones');
const settings: CoreSettings = {
  markets: [syntheticMarket],
  versions: ['1.0.0', '1.1.0', '1.2.0'].map((version) => ({
    name: 'maker',
    version,
    module: version === '1.0.0' ? builtInModule : clones,
  })),
  directory: null,
  coreDigest: '0'.repeat(64),
  seed: '3',
  firmCapital: '100000000',
  sliceCapital: '10000000',
  hosts: 2,
  spinning: false,
  // the machine of a test may be busy
  budget: { ...liveBudget, callMillis: 3_000 },
};

const cleaners: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0)) await clean();
});

function specOf(deploymentId: string, version: string, strategy: string, more: PlainObject): PlainObject {
  return { deploymentId, algorithmId: 'maker', version, strategy, configuration: { totalCapital: '10000000', ...more } };
}

async function explained(threads: DeskThreads, id: string, until: (text: string) => boolean): Promise<string> {
  let text = '';
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(20)) {
    text = (await threads.ask({ verb: 'explain', id }, 5_000))?.text ?? '';
    if (until(text)) break;
  }
  return text;
}

/** A maker with capital on host threads, and another version that two people send to its cutover. */
async function swapTo(version: string): Promise<DeskThreads> {
  const threads = new DeskThreads(nodeWorld, settings, 5, { line: () => undefined, died: () => undefined });
  cleaners.push(() => threads.stop('the test is over', 3_000));
  await threads.ready;
  const stages = [{ name: 'Medium', allocation: 0.1, minDuration: 'P30D', minTrades: 0, minPnL: -1_000_000 }];
  expect((await threads.ask({ verb: 'deploy', spec: specOf('blue', '1.0.0', 'Canary', { stages }) }, 20_000))?.exitCode).toBe(0);
  expect(await explained(threads, 'blue', (text) => text.includes('at Medium'))).toContain('at Medium');
  const handover = { positions: 'transfer', openOrders: 'adopt' };
  const terms = { blueVersion: '1.0.0', greenVersion: version, warmupDuration: 'PT1S', monitoringDuration: 'PT1S', handover };
  expect((await threads.ask({ verb: 'deploy', spec: specOf('green', version, 'BlueGreen', terms) }, 20_000))?.exitCode).toBe(0);
  expect(await explained(threads, 'green', (text) => text.includes('Paused'))).toContain('paper inconclusive');
  const { risk, senior } = deskPeople;
  const promoted = await threads.ask(
    { verb: 'promote', id: 'green', waives: ['paper', 'agreement'], reason: 'its own clone' },
    5_000,
    undefined,
    risk,
  );
  expect(promoted?.text).toContain('p1 waits for a second person');
  expect((await threads.ask({ verb: 'approve', id: 'p1' }, 5_000, undefined, senior))?.exitCode).toBe(0);
  return threads;
}

test('on a desk that stays up a version in one host thread takes over from one in another, and trades on', async () => {
  const threads = await swapTo('1.1.0');
  expect(await explained(threads, 'green', (text) => text.includes('is Healthy'))).toContain('is finalized');
  const view = await threads.ask({ verb: 'get' });
  expect(view?.text).toMatch(/Standby, SIMULATED, cap 0[^]*Active, ACTIVE, cap 1,000,000/);
  const ending = await threads.stop('enough', 10_000);
  expect(ending?.trouble).toBe('');
});

test('a new version that never comes back from the state of its cutover ends the swap, and the old one trades on under its limits', async () => {
  const threads = await swapTo('1.2.0');
  const text = await explained(threads, 'green', (one) => one.includes('swap was aborted'));
  expect(text).toContain('swap was aborted: it was not committed within 500 ms');
  const view = await threads.ask({ verb: 'get' }, 10_000);
  expect(view?.text).toMatch(/Canary, ACTIVE, cap 1,000,000, epoch 1/);
  expect(view?.text).toContain('0 rollbacks');
});
