import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../base/prng.ts';
import { lots, micros } from '../base/units.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { defineStrategy } from '../strategies/define-strategy.ts';
import { listingRows, request } from '../testing/hosts/host-world.ts';
import { blankBar, readBar, type BarBatch, type BarTape } from './bar-tape.ts';
import type { HostAnswer } from './host-port.ts';
import { ThreadHost, type CallWatch } from './thread-host.ts';

const listings = 4;
const count = 40;

function tapeOf(luck: Prng): BarTape {
  const column = (): Float64Array => Float64Array.from({ length: count }, () => 1 + luck.int(1_000));
  return {
    listingCount: listings,
    times: Float64Array.of(86_400_000_000),
    days: Int32Array.of(1),
    starts: Int32Array.of(0, count),
    listings: Int32Array.from({ length: count }, () => luck.int(listings)),
    numbers: Int32Array.from({ length: count }, (_, n) => n + 1),
    ...{ open: column(), high: column(), low: column(), close: column(), volume: column() },
  };
}

/** Says what it hears; proposes on some bars, throws on others (after it proposed, now and then). */
function talking(name: string, heard: string[], every: number): StrategyDefinition {
  return defineStrategy({
    name,
    version: '1.0.0',
    parameters: {},
    create: () => ({
      onBar: (context, bar) => {
        const { listing, feedSeq, open, high, low, close, volume, eventSeq } = bar;
        heard.push(`${name} ${context.now} ${eventSeq}: ${[listing, feedSeq, open, high, low, close, volume].join(' ')}`);
        if (close % every === 0) context.place({ listing, side: 'buy', ordType: 'market', orderQty: lots(1) });
        if (close % (every + 2) === 0) throw new Error(`planted in ${name}`);
      },
    }),
  });
}

function hostOf(heard: string[], watch?: CallWatch): ThreadHost {
  const host = new ThreadHost(listingRows(listings), () => 1, watch);
  const silent = defineStrategy({ name: 'silent', version: '1.0.0', parameters: {}, create: () => ({}) });
  for (const [row, definition] of [talking('one', heard, 5), silent, talking('two', heard, 7)].entries()) {
    host.load(request(row, definition, row === 2 ? [0, 2] : [0, 1, 2, 3]));
    host.authority(row, 1, 1_000, true);
  }
  return host;
}

const sayOf = ({ intents, faults, watermark }: HostAnswer): string =>
  JSON.stringify([watermark, intents.map(({ row, tag, listing, eventSeq }) => [row, tag, listing, eventSeq]), faults]);

function inBatches(tape: BarTape, heard: string[], watch?: CallWatch): string[] {
  const host = hostOf(heard, watch);
  const batch: BarBatch = { tape, bar: blankBar(), at: micros(77), next: 0, eventSeq: 100, end: count };
  const said: string[] = [];
  while (batch.next < batch.end) {
    const answer = host.deliverBars(batch);
    if (answer.intents.length + answer.faults.length > 0) said.push(`${batch.next} ${batch.eventSeq} ${sayOf(answer)}`);
  }
  return said;
}

/** The obvious way: every bar is a delivery of its own. */
function oneByOne(tape: BarTape, heard: string[]): string[] {
  const host = hostOf(heard);
  const said: string[] = [];
  for (let n = 0; n < count; n++) {
    const bar = blankBar();
    readBar(tape, n, bar);
    bar.eventSeq = 100 + n;
    const answer = host.deliver({ kind: 'market', eventSeq: 100 + n, at: micros(77), event: bar });
    if (answer.intents.length + answer.faults.length > 0) said.push(`${n + 1} ${101 + n} ${sayOf(answer)}`);
  }
  return said;
}

describe('bars that are delivered in a batch', () => {
  it('are heard and answered as one by one, whether they are watched or not', () => {
    let [answered, quiet, calls] = [0, 0, 0];
    const watch = { begins: () => void calls++, ends: () => undefined };
    for (let seed = 0; seed < 100; seed++) {
      const tape = tapeOf(prng(`batch/${seed}`));
      const [first, second, third]: [string[], string[], string[]] = [[], [], []];
      const obvious = oneByOne(tape, first);
      expect(inBatches(tape, second)).toEqual(obvious);
      expect(inBatches(tape, third, watch)).toEqual(obvious);
      expect([second, third]).toEqual([first, first]);
      answered += obvious.length;
      quiet += count - obvious.length;
    }
    expect(Math.min(answered, quiet, calls)).toBeGreaterThan(1_000);
  });
});
