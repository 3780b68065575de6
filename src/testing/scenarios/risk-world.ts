import { setRow } from '../../core/risk/row-change.ts';
import type { RiskCapacities } from '../../core/risk/capacities.ts';
import { setPaperCap, setUniverse } from '../../core/risk/order-gate.ts';
import { applySession } from '../../core/risk/sessions.ts';
import { MICROS_PER_SECOND, microsFromCivil } from '../../base/time.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  createDesk,
  everything,
  moneyOf,
  quote,
  setFirmCapital,
  smallCapacities,
  ticksAt,
  type RiskDesk,
} from './risk-desk.ts';

/**
 * The desk of the scenario tables, 2024-01-02. Firm capital 1,000,000 USD. EUR/USD stands at 1.1000.
 *
 * NYX takes every order, replaces in one message; open 09:30 to 16:00: ACME BOLT (sector Industry), COIL (Energy), EURO (in EUR), DIME (steps of 0.05 from
 * 100.00, 10 to 1,000 a piece). ALT takes market and limit orders for the day, no replaces: ACME. TWO replaces by canceling first: ACME. BITC trades at NYX
 * around the clock in lots of 0.001, base unit 0.001. All quotes stand at 99.99 to 100.01, BITC at 49999 to 50001.
 *
 * maker 1.0.0 has 50,000 of the 100,000 of slice maker@main.USD (reserve 10,000), maker 1.1.0 has 10,000, maker 9.0.0 trades 10,000 on paper;
 * taker 2.0.0 has all 100,000 of taker@main.USD; euro 1.0.0 all 50,000 of euro@main.EUR. Account A1 is at NYX (cash), A2 at ALT (half of it), A3 at TWO.
 */
export function createRiskWorld(capacities: Partial<RiskCapacities> = {}): RiskDesk {
  const desk = createDesk({ ...smallCapacities, ...capacities });
  addCurrency(desk, 'USD');
  addCurrency(desk, 'EUR');
  setFirmCapital(desk, 'USD', '1000000');
  addVenue(desk, 'NYX');
  addVenue(desk, 'ALT', {
    ...everything,
    ordTypes: ['market', 'limit'],
    timesInForce: ['day'],
    postOnly: false,
    reduceOnly: false,
    replace: 'none',
  });
  addVenue(desk, 'TWO', { ...everything, replace: 'cancelNew' });
  addAccount(desk, 'A1', 'NYX');
  addAccount(desk, 'A2', 'ALT', { kind: 'regT', initialBps: 5_000, maintenanceBps: 2_500 });
  addAccount(desk, 'A3', 'TWO', { kind: 'table', initialBps: { ACME: 2_000 }, defaultBps: 10_000 });
  listEverything(desk);
  applySession(
    desk.risk.sessions,
    { kind: 'session', calendar: 'XNYS', phase: 'open', sessionDay: 1, until: microsUnchecked(timeOf('16:00')) },
    timeOf('09:30'),
  );
  staff(desk);
  return desk;
}

function listEverything(desk: RiskDesk): void {
  const day = { calendar: 'XNYS', venueID: 'NYX' } as const;
  addListing(desk, { ...day, instrumentID: 'ACME', sector: 'Industry' });
  addListing(desk, { ...day, instrumentID: 'BOLT', sector: 'Industry' });
  addListing(desk, { ...day, instrumentID: 'COIL', sector: 'Energy' });
  addListing(desk, { ...day, instrumentID: 'EURO', currency: 'EUR' });
  addListing(desk, {
    ...day,
    instrumentID: 'DIME',
    tickTable: [
      { fromPrice: 0, step: 1 },
      { fromPrice: 10_000, step: 5 },
    ],
    minQty: 10,
    maxQty: 1_000,
  });
  addListing(desk, { instrumentID: 'ACME', venueID: 'ALT' });
  addListing(desk, { instrumentID: 'ACME', venueID: 'TWO' });
  addListing(desk, { instrumentID: 'BITC', venueID: 'NYX', assetClass: 'perpetual', lot: '0.001', baseUnit: '0.001', priceUnit: '1' });
  for (const { ix, listing } of desk.registry.listings) {
    const [bid, ask] = listing.instrumentID === 'BITC' ? ['49999', '50001'] : ['99.99', '100.01'];
    quote(desk, ix, ticksAt(desk, ix, bid), ticksAt(desk, ix, ask), timeOf('09:30'));
  }
  const pair = addListing(desk, { instrumentID: 'EURUSD', venueID: 'NYX', assetClass: 'fx', baseCurrency: 'EUR', priceUnit: '0.0001' });
  quote(desk, pair, 10_999, 11_001, timeOf('09:30'));
}

function staff(desk: RiskDesk): void {
  const { gate } = desk.risk;
  const maker = addDeskSlice(desk, 'maker', 'USD', '100000', '10000');
  const taker = addDeskSlice(desk, 'taker', 'USD', '100000', '0');
  const euro = addDeskSlice(desk, 'euro', 'EUR', '50000', '0');
  const grant = (row: RowIx, cap: string, currency: string): void =>
    setRow(gate, row, { mode: 'ACTIVE', cap: moneyOf(desk, cap, currency) });
  grant(addVersion(desk, maker, '1.0.0'), '50000', 'USD');
  grant(addVersion(desk, maker, '1.1.0'), '10000', 'USD');
  setPaperCap(gate, addVersion(desk, maker, '9.0.0'), moneyOf(desk, '10000', 'USD'));
  grant(addVersion(desk, taker, '2.0.0'), '100000', 'USD');
  const ofEuro = addVersion(desk, euro, '1.0.0');
  setUniverse(gate, ofEuro, [desk.registry.listingIx.get('EURO.NYX') ?? -1]);
  grant(ofEuro, '50000', 'EUR');
}

const midnight = microsFromCivil(2024, 1, 2);

/** Microsecond of 2024-01-02 at `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`. */
export function timeOf(text: string): ReturnType<typeof microsUnchecked> {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{6}))?)?$/.exec(text);
  if (match === null) throw new Error(`expected a time of day, was '${text}'`);
  const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0);
  return microsUnchecked(midnight + seconds * MICROS_PER_SECOND + Number(match[4] ?? 0));
}
