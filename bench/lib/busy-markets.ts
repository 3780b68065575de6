import type { MarketDefinition } from '../../src/apps/desk/definitions.ts';

export const listings = 100;

export const busyMarkets: readonly MarketDefinition[] = Array.from({ length: listings }, (_none, n) => ({
  venueID: 'SIM',
  accountID: 'A1',
  currency: 'USD',
  instrumentID: `I${n}`,
  assetClass: 'equity',
  listingID: `I${n}.SIM`,
  symbol: `I${n}`,
  priceUnit: '0.01',
  lot: '1',
  feedID: 'quotes',
}));
