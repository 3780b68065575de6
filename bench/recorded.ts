import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { microsUnchecked } from '../src/base/units.ts';
import { applyMark, createMarks } from '../src/core/market/marks.ts';
import { createRegistry, register } from '../src/core/registry.ts';
import type { Registration } from '../src/domain/input.ts';
import { createBinanceFeed } from '../src/feeds/binance/recorded-feed.ts';
import { binanceSymbol } from '../src/feeds/binance/symbols.ts';
import { createCaptureFeed } from '../src/feeds/capture/capture-feed.ts';
import { captureFile, CaptureWriter } from '../src/feeds/capture/capture-writer.ts';
import { Conflator } from '../src/runtime/conflator.ts';
import { ThreadHost } from '../src/runtime/thread-host.ts';
import { defineStrategy } from '../src/strategies/define-strategy.ts';

/**
 * Recorded L2 through the road that a desk takes: chunks of our capture decoded (roots verified), delivered to the thread host (its book, the strategy's
 * callbacks), conflated, marks applied. The recording is a Binance raw capture, written as a capture of our own first.
 * Included: reading the file, hashes, quotes and trades between the book events. Excluded: warm-up (one pass), the writing of the capture, core and journal.
 * Usage: node --import tsx bench/recorded.ts [--rounds 5] [--seconds 10] [--file btcusdt_20240808] [--json]
 */
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv[at + 1];
};

/** What the listening strategy saw; compared over passes. */
interface Heard {
  books: number;
  quotes: number;
  trades: number;
  spread: number;
}

const listener = (heard: Heard) =>
  defineStrategy({
    name: 'listener',
    version: '1.0.0',
    parameters: {},
    create: () => ({
      onBook: (context, listing) => {
        const book = context.book(listing);
        heard.books++;
        if (book.valid) heard.spread += book.askPx(0) - book.bidPx(0);
      },
      onQuote: (_context, quote) => {
        heard.quotes++;
        heard.spread += quote.ask - quote.bid;
      },
      onTrade: () => {
        heard.trades++;
      },
    }),
  });

function registrations(priceUnit: string, lot: string): readonly Registration[] {
  return [
    { kind: 'register', what: 'currency', currency: { code: 'USDT', exponent: 12, feeDecimals: 8 } },
    {
      kind: 'register',
      what: 'venue',
      venue: {
        venueID: 'BINANCE',
        simulated: true,
        capabilities: {
          ordTypes: ['limit'],
          timesInForce: ['gtc'],
          postOnly: true,
          reduceOnly: true,
          replace: 'atomic',
          massCancel: true,
          deadManSwitch: 'none',
          selfMatchID: true,
          queryByClOrdID: true,
          throttlePerSecond: 0,
        },
      },
    },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'BTC', assetClass: 'perpetual', currency: 'USDT', baseUnit: lot } },
    {
      kind: 'register',
      what: 'listing',
      listing: {
        listingID: 'BTC.BINANCE',
        instrumentID: 'BTC',
        venueID: 'BINANCE',
        symbol: 'BTCUSDT',
        priceUnit,
        tickTable: [],
        lot,
        multiplier: '1',
        calendar: 'ALWAYS',
      },
    },
  ];
}

interface Pass {
  readonly events: number;
  readonly levels: number;
  readonly marks: number;
  readonly heard: Heard;
}

/** One pass over the capture; everything that a desk keeps is new. */
function pass(file: string, priceUnit: string, lot: string): Pass {
  const registry = createRegistry();
  for (const registration of registrations(priceUnit, lot)) {
    const registered = register(registry, registration);
    if (!registered.ok) throw new Error(registered.error);
  }
  const heard: Heard = { books: 0, quotes: 0, trades: 0, spread: 0 };
  const host = new ThreadHost(registry.listings, () => 1e-4);
  const loaded = host.load({ row: 0, definition: listener(heard), parameters: {}, universe: [0], seed: 'bench' });
  if (!loaded.ok) throw new Error(loaded.text);
  const conflator = new Conflator((listing) => host.book(listing));
  const marks = createMarks(1);
  const feed = createCaptureFeed({ file, indicesOf: () => ({ feed: 0, listing: 0 }) });
  let [eventSeq, levels, marked] = [0, 0, 0];
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    const at = event.receivedAt;
    event.eventSeq = ++eventSeq;
    if (event.kind === 'book') levels += event.count;
    host.deliver({ kind: 'market', eventSeq, at, event });
    conflator.take(event, eventSeq);
    const mark = conflator.due(event.listing, at);
    if (mark === undefined) continue;
    applyMark(marks, mark, microsUnchecked(at));
    marked++;
  }
  if (feed.problem !== undefined) throw new Error(feed.problem);
  return { events: eventSeq, levels, marks: marked, heard };
}

function main(): void {
  const name = option('--file', 'btcusdt_20240808');
  const raw = join('..', 'shared', 'data', 'binance', 'usdm', `${name}.gz`);
  const symbol = binanceSymbol('usdm', name.slice(0, name.indexOf('_')).toUpperCase());
  if (!existsSync(raw) || symbol === undefined) {
    console.log(JSON.stringify({ bench: 'recorded', skipped: `${raw} is absent` }));
    process.exitCode = 1;
    return;
  }
  const [rounds, seconds] = [Number(option('--rounds', '5')), Number(option('--seconds', '10'))];
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
  try {
    const file = join(folder, 'bench.capture');
    const writer = new CaptureWriter(captureFile(file), [{ feedID: 'binance', listingID: 'BTC.BINANCE', ...symbol, feed: 0, listing: 0 }]);
    const feed = createBinanceFeed({ file: raw, feed: 0, listing: 0, ...symbol });
    for (let event = feed.next(); event !== undefined; event = feed.next()) writer.add(event);
    writer.close();
    const first = pass(file, symbol.priceUnit, symbol.lot);
    let best = 0;
    for (let round = 0; round < rounds; round++) {
      let levels = 0;
      const began = process.hrtime.bigint();
      let nanos = 0;
      while (nanos < seconds * 1e9) {
        const one = pass(file, symbol.priceUnit, symbol.lot);
        if (JSON.stringify(one) !== JSON.stringify(first)) throw new Error(`a pass differs: ${JSON.stringify(one)}`);
        levels += one.levels;
        nanos = Number(process.hrtime.bigint() - began);
      }
      best = Math.max(best, (levels * 1e9) / nanos);
    }
    report(name, rounds, seconds, first, best);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(file: string, rounds: number, seconds: number, first: Pass, best: number): void {
  const machine = `${cpus()[0].model} x ${cpus().length}`;
  const levelsPerSecond = Math.round(best);
  const eventsPerSecond = Math.round((best * first.events) / first.levels);
  if (process.argv.includes('--json')) {
    const excluded = 'warm-up, writing the capture, core and journal';
    console.log(
      JSON.stringify({
        bench: 'recorded',
        machine,
        node: process.version,
        file,
        rounds,
        seconds,
        excluded,
        ...first,
        levelsPerSecond,
        eventsPerSecond,
      }),
    );
    return;
  }
  console.log(`recorded: ${file}, best of ${rounds} x ${seconds} s; ${machine}, Node ${process.version}`);
  console.log(
    `${levelsPerSecond.toLocaleString('en')} level updates/s with ${eventsPerSecond.toLocaleString('en')} events/s (${first.levels} levels in ${first.events} events a pass)`,
  );
}

main();
