import { createRegistry, register, type Registry } from '../../core/registry.ts';
import type { Registration } from '../../domain/input.ts';
import type { Listing } from '../../domain/instrument.ts';

/** Two venues, three accounts, three currencies, three instruments over five listings: tick values from 1 and 3 (odd, so that half ticks round) to 1e11. */
export function ledgerWorld(): Registry {
  const registry = createRegistry();
  for (const definition of definitions()) {
    const answer = register(registry, definition);
    if (!answer.ok) throw new Error(answer.error);
  }
  return registry;
}

/** Rows of the tests: 0 and 1 are versions of algorithm 0, 2 of algorithm 1, 3 is the custodian of algorithm 0's slice. */
export const rowAlgorithms = [0, 0, 1, 0] as const;

/** Where a leaf can be: accounts trade at their own venue. */
export const spots = [
  { account: 0, listing: 0 },
  { account: 1, listing: 0 },
  { account: 2, listing: 1 },
  { account: 0, listing: 2 },
  { account: 2, listing: 4 },
  { account: 1, listing: 3 },
] as const;

function definitions(): Registration[] {
  return [
    { kind: 'register', what: 'currency', currency: { code: 'USD', exponent: 12, feeDecimals: 2 } },
    { kind: 'register', what: 'currency', currency: { code: 'EUR', exponent: 2, feeDecimals: 2 } },
    { kind: 'register', what: 'currency', currency: { code: 'JPY', exponent: 0, feeDecimals: 0 } },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'AAA', assetClass: 'equity', currency: 'USD', baseUnit: '1' } },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'BBB', assetClass: 'equity', currency: 'EUR', baseUnit: '1' } },
    { kind: 'register', what: 'instrument', instrument: { instrumentID: 'CCC', assetClass: 'future', currency: 'JPY', baseUnit: '1' } },
    venue('V0'),
    venue('V1'),
    account('A0', 'V0'),
    account('A1', 'V0'),
    account('A2', 'V1'),
    { kind: 'register', what: 'listing', listing: listing('AAA.V0', 'AAA', 'V0', '0.01', '1', '1') },
    { kind: 'register', what: 'listing', listing: listing('AAA.V1', 'AAA', 'V1', '0.01', '10', '1') },
    { kind: 'register', what: 'listing', listing: listing('BBB.V0', 'BBB', 'V0', '0.01', '1', '1') },
    { kind: 'register', what: 'listing', listing: listing('CCC.V0', 'CCC', 'V0', '1', '1', '3') },
    { kind: 'register', what: 'listing', listing: listing('BBB.V1', 'BBB', 'V1', '0.01', '7', '1') },
  ];
}

function venue(venueID: string): Registration {
  return {
    kind: 'register',
    what: 'venue',
    venue: {
      venueID,
      simulated: false,
      capabilities: {
        ordTypes: ['limit'],
        timesInForce: ['gtc'],
        postOnly: false,
        reduceOnly: false,
        replace: 'none',
        massCancel: false,
        deadManSwitch: 'none',
        selfMatchID: false,
        queryByClOrdID: false,
        throttlePerSecond: 0,
      },
    },
  };
}

function account(accountID: string, venueID: string): Registration {
  return { kind: 'register', what: 'account', account: { accountID, venueID, accountGroup: 'main', margin: { kind: 'cash' } } };
}

function listing(listingID: string, instrumentID: string, venueID: string, priceUnit: string, lot: string, multiplier: string): Listing {
  return { listingID, instrumentID, venueID, symbol: instrumentID, priceUnit, tickTable: [], lot, multiplier, calendar: 'ALWAYS' };
}
