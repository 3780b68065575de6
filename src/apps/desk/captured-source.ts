import type { Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { MarketEvent } from '../../domain/market.ts';
import { createCaptureFeed, type CaptureFeed } from '../../feeds/capture/capture-feed.ts';
import type { CaptureSource } from '../../feeds/capture/format.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import { captureFiles, readCapturedMarket } from './capture.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { recordedVenue, type MarketSource, type RecordedTerms } from './market-source.ts';

/**
 * A session that a desk captured: the same events in the same order, from the same time on. A file with a chunk that is cut short or changed ends the session there with
 * a gap. @throws Refusal when the directory holds none
 */
export function capturedSource(directory: string, terms?: RecordedTerms): MarketSource {
  const { market, startAt, description } = readCapturedMarket(directory);
  const files = captureFiles(directory);
  if (files.length === 0) throw new Refusal(exitCodes.refused, `${directory}: the capture holds no file`);
  const numbers = files.map((file) => Number(/(\d{10})\.capture$/.exec(file)?.[1]));
  const hole = numbers.find((number, n) => number !== numbers[0] + n);
  if (hole !== undefined)
    throw new Refusal(
      exitCodes.refused,
      `${directory}: the capture lacks file ${hole - 1} before ${hole}: nothing is replayed over a hole`,
    );
  return {
    market,
    startAt,
    description: `captured ${market.symbol} of ${market.venueID} (${description})`,
    open: (core) => ({
      feed: new FileAfterFile(files, core),
      venue: core.registry.listings[0].venue,
      port: recordedVenue(core, 'REC', false, terms),
      simulator: recordedVenue(core, 'PAPER', true, terms),
    }),
  };
}

/** One feed of many files. */
class FileAfterFile implements RecordedFeed {
  readonly #files: readonly string[];
  readonly #core: Core;
  #at = 0;
  #feed: CaptureFeed | undefined;

  constructor(files: readonly string[], core: Core) {
    this.#files = files;
    this.#core = core;
  }

  peek(): Micros | undefined {
    for (;;) {
      if (this.#feed === undefined) {
        if (this.#at >= this.#files.length) return undefined;
        this.#feed = openFile(this.#files[this.#at++], this.#core);
      }
      const at = this.#feed.peek();
      if (at !== undefined) return at;
      // nothing behind a file that is not whole follows on it
      if (this.#feed.problem !== undefined) this.#at = this.#files.length;
      this.#feed.close();
      this.#feed = undefined;
    }
  }

  next(): MarketEvent | undefined {
    return this.peek() === undefined ? undefined : this.#feed?.next();
  }
}

function openFile(file: string, { registry }: Core): CaptureFeed {
  const indicesOf = (source: CaptureSource): { feed: number; listing: number } | string => {
    const row = registry.listings.find(({ listing }) => listing.listingID === source.listingID);
    if (row === undefined) return 'is not registered on this desk';
    const { priceUnit, lot } = row.listing;
    const same = priceUnit === source.priceUnit && lot === source.lot;
    return same ? { feed: 0, listing: row.ix } : `expected tick ${priceUnit} and lot ${lot}, was ${source.priceUnit} and ${source.lot}`;
  };
  try {
    return createCaptureFeed({ file, indicesOf });
  } catch (error) {
    throw new Refusal(exitCodes.refused, error instanceof Error ? error.message : String(error));
  }
}
