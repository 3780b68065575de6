import { lotsUnchecked, micros, microsUnchecked, ticksUnchecked, type Micros } from '../../base/units.ts';
import type { ListingRow } from '../../core/registry.ts';
import type { EventSeq, ListingIx } from '../../domain/ids.ts';
import type { Quote } from '../../domain/market.ts';
import type { StrategyDefinition } from '../../ports/strategy.ts';
import type { Delivery, LoadRequest } from '../../runtime/host-port.ts';
import { moduleBeside } from '../../runtime/threads.ts';

/** Module that host threads load the strategies of these tests from. */
export const tryingModule = moduleBeside(import.meta.url, './trying-strategies');

export function listingRows(count: number): ListingRow[] {
  return Array.from({ length: count }, (_none, ix) => ({
    ix,
    listing: {
      listingID: `I${ix}.SIM`,
      instrumentID: `I${ix}`,
      venueID: 'SIM',
      symbol: `I${ix}`,
      priceUnit: '0.01',
      tickTable: [],
      lot: '1',
      multiplier: '1',
      calendar: 'ALWAYS',
    },
    instrument: ix,
    venue: 0,
    currency: 0,
    baseUnitsPerLot: 1,
    moneyPerTickLot: 10_000_000_000,
    unitsPerCurrency: 1_000_000_000_000,
  }));
}

export function request(row: number, definition: StrategyDefinition, universe: readonly ListingIx[], after?: number): LoadRequest {
  return { row, definition, parameters: after === undefined ? {} : { after }, universe, seed: `row ${row}` };
}

export function quote(eventSeq: EventSeq, listing: ListingIx, bid: number): Quote {
  const at = microsUnchecked(eventSeq * 100);
  return {
    kind: 'quote',
    eventSeq,
    feed: 0,
    feedSeq: eventSeq,
    eventTime: at,
    receivedAt: at,
    listing,
    bid: ticksUnchecked(bid),
    bidQty: lotsUnchecked(5),
    ask: ticksUnchecked(bid + 2),
    askQty: lotsUnchecked(7),
  };
}

export function quoteDelivery(eventSeq: EventSeq, listing: ListingIx, bid: number, at: Micros = micros(eventSeq * 100)): Delivery {
  return { kind: 'market', eventSeq, at, event: quote(eventSeq, listing, bid) };
}
