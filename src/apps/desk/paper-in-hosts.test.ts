import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { recordedSource, syntheticSource, type MarketSource } from './market-source.ts';
import { deskPeople } from './people.ts';
import { Session } from './session.ts';
import { paperSpec } from './specs.ts';
import { bookStrategies } from './strategies.ts';
import { builtInModule } from './strategy-modules.ts';

const digest = '0'.repeat(64);
const capital = '1000000';

/** Maker, momentum and clumsy on paper at once. @returns what the journal and the view say at the end. */
async function paper(source: MarketSource, hosts: number, until: number): Promise<object> {
  const journal = createMemoryJournal({ origin: 'test', term: 1, coreDigest: digest });
  const session = new Session({
    source,
    journal,
    coreDigest: digest,
    seed: '3',
    firmCapital: '10000000',
    durability: 'os',
    strategies: bookStrategies,
    ...(hosts === 0 ? {} : { hosts, moduleOf: () => builtInModule }),
  });
  await session.open();
  await session.prepare(capital);
  for (const { name, version } of bookStrategies) {
    const deployed = await session.deploy(paperSpec(`${name}-paper`, name, version, source.market.currency, capital), deskPeople.trader);
    expect(deployed.text).not.toContain('refused');
  }
  await session.desk.advance(micros(until), 100_000_000, true);
  await session.close('the end');
  const { orderCount, fillCount, stateHash, seq } = session.view;
  return { orderCount, fillCount, stateHash, seq, root: journal.root() };
}

test.for(['binance/spot/ethusdt_20240808.gz', 'binance/usdm/btcusdt_20240808.gz'])(
  '%s brings the same orders, record for record, in hosts as in one thread',
  async (file, { skip }) => {
    const path = recordedPath(file);
    if (path === undefined) return skip('the recording is not there');
    const until = recordedSource(path).startAt + 180_000_000;
    const one = await paper(recordedSource(path), 0, until);
    expect((one as { orderCount: number }).orderCount).toBeGreaterThan(20);
    expect(await paper(recordedSource(path), 1, until)).toEqual(one);
    expect(await paper(recordedSource(path), 2, until)).toEqual(one);
  },
);

test('so does the synthetic exchange', async () => {
  const until = syntheticSource(5).startAt + 120_000_000;
  const one = await paper(syntheticSource(5), 0, until);
  expect((one as { orderCount: number }).orderCount).toBeGreaterThan(20);
  expect(await paper(syntheticSource(5), 2, until)).toEqual(one);
});
