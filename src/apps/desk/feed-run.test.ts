import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { addMicros } from '../../base/units.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { CountJournal } from '../../runtime/count-journal.ts';
import { VirtualDesk } from '../../runtime/virtual-desk.ts';
import { maker100 } from '../../strategies/maker/maker-1.0.0.ts';
import { recordedPath } from '../../testing/recorded-files.ts';
import { recordedSource, syntheticSource, type MarketSource } from './market-source.ts';
import { deskPeople } from './people.ts';
import { Session } from './session.ts';
import { paperSpec } from './specs.ts';

const silent: RecordedFeed = { peek: () => undefined, next: () => undefined };

/** Everything that is stepped in so many microseconds of a market with a maker on it, and what was decided; `besides`: feeds beside the market's own. */
async function told(source: MarketSource, length: number, besides: readonly RecordedFeed[]): Promise<{ root: string; steps: number }> {
  const hash = createHash('sha256');
  let steps = 0;
  const session = new Session({
    source,
    journal: new CountJournal(),
    coreDigest: 'c',
    seed: 's',
    firmCapital: '1000000',
    durability: 'os',
    strategies: [maker100],
    unwatched: true,
    onStep: (at, input, decisions) => {
      steps++;
      hash.update(JSON.stringify([at, input, decisions]));
    },
  });
  const join = Object.getOwnPropertyDescriptor(VirtualDesk.prototype, 'join')?.value as VirtualDesk['join'];
  vi.spyOn(VirtualDesk.prototype, 'join').mockImplementation(function (this: VirtualDesk, feeds, venues, simulators) {
    join.call(this, [...feeds, ...besides], venues, simulators);
  });
  await session.open();
  vi.restoreAllMocks();
  await session.prepare('1000000');
  const deployed = await session.deploy(paperSpec('maker-paper', 'maker', '1.0.0', source.market.currency, '1000000'), deskPeople.trader);
  if (!deployed.accepted) throw new Error(deployed.text);
  const { desk } = session;
  // a point each second, as whoever looks at a desk stops it now and then
  for (let at = 0; at < length; at += 1_000_000) await desk.advance(addMicros(source.startAt, at), Number.MAX_SAFE_INTEGER);
  return { root: hash.digest('hex'), steps };
}

afterEach(() => vi.restoreAllMocks());

async function equal(open: () => MarketSource, length: number): Promise<void> {
  const alone = await told(open(), length, []);
  expect(alone).toEqual(await told(open(), length, [silent]));
  expect(alone.steps).toBeGreaterThan(500);
}

const recording = recordedPath('binance/usdm/btcusdt_20240808.gz');

test.each([3, 4])(
  'a feed that is alone is delivered as it is beside one that says nothing: the exchange of seed %i, feed and venue in one',
  (seed) => equal(() => syntheticSource(seed), 120_000_000),
);

test.skipIf(recording === undefined)('and so is a recorded session', () => equal(() => recordedSource(recording ?? ''), 60_000_000));
