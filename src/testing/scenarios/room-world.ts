import { fromSafe, mulSmallInto, splitZero, type Split } from '../../base/split.ts';
import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import { MICROS_PER_SECOND } from '../../base/time.ts';
import { capFits } from '../../core/risk/capital.ts';
import type { BookedFill } from '../../core/positions/correction.ts';
import { setRow } from '../../core/risk/row-change.ts';
import { applySession } from '../../core/risk/sessions.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  createDesk,
  everything,
  quote,
  setFirmCapital,
  type RiskDesk,
} from './risk-desk.ts';
import { timeOf } from './risk-world.ts';

/**
 * A desk in which much may happen between two orders. NYX and ALT list ACME and BOLT (sector Industry), NYX COIL (Energy) and EURO (Industry, in EUR), and the
 * pair EURUSD. NYX has a cash account and one with half the margin, ALT one with a table. Two algorithms in USD, one in EUR, each with two versions.
 */
export interface RoomWorld {
  readonly desk: RiskDesk;
  readonly luck: Prng;
  /** Quantities and capital are this many times the usual. */
  readonly scale: number;
  /** Whether fees may be in another currency: marks of such rows make every route be measured anew. */
  readonly foreignFees: boolean;
  /** Ticks by listing, the middle. */
  /** Whether orders are for one or two lots of any listing, so that positions often come and go. */
  readonly few: boolean;
  readonly px: number[];
  readonly fills: BookedFill[];
  readonly happened: Map<string, number>;
  at: number;
  late: number;
}

export const pairListing = 6;
export const rows = [3, 4, 5, 6, 7, 8] as const;

export function createRoomWorld(
  luck: Prng,
  scale: number,
  exponent: number,
  foreignFees: boolean,
  few: boolean,
  happened: Map<string, number>,
): RoomWorld {
  const desk = createDesk();
  addCurrency(desk, 'USD', exponent);
  addCurrency(desk, 'EUR', exponent);
  setFirmCapital(desk, 'USD', String(1_000_000 * scale));
  addVenue(desk, 'NYX');
  addVenue(desk, 'ALT', { ...everything, replace: 'cancelNew' });
  addAccount(desk, 'A1', 'NYX');
  addAccount(desk, 'A2', 'ALT', { kind: 'table', initialBps: { ACME: 2_000 }, defaultBps: 10_000 });
  addAccount(desk, 'A3', 'NYX', { kind: 'regT', initialBps: 5_000, maintenanceBps: 2_500 });
  addListing(desk, { instrumentID: 'ACME', venueID: 'NYX', sector: 'Industry' });
  addListing(desk, { instrumentID: 'BOLT', venueID: 'NYX', sector: 'Industry' });
  addListing(desk, { instrumentID: 'COIL', venueID: 'NYX', sector: 'Energy' });
  addListing(desk, { instrumentID: 'EURO', venueID: 'NYX', sector: 'Industry', currency: 'EUR' });
  addListing(desk, { instrumentID: 'ACME', venueID: 'ALT' });
  addListing(desk, { instrumentID: 'DIRT', venueID: 'NYX', sector: 'Energy', lot: '10' });
  addListing(desk, {
    instrumentID: 'EURUSD',
    venueID: 'NYX',
    assetClass: 'fx',
    baseCurrency: 'EUR',
    priceUnit: '0.0001',
    lot: '100',
  });
  const until = microsUnchecked(timeOf('16:00'));
  applySession(desk.risk.sessions, { kind: 'session', calendar: 'XNYS', phase: 'open', sessionDay: 1, until }, timeOf('09:30'));
  const slices = [
    addDeskSlice(desk, 'maker', 'USD', String(200_000 * scale), '0'),
    addDeskSlice(desk, 'taker', 'USD', String(200_000 * scale), '0'),
    addDeskSlice(desk, 'euro', 'EUR', String(200_000 * scale), '0'),
  ];
  const world: RoomWorld = { desk, luck, scale, foreignFees, few, px: [], fills: [], happened, at: timeOf('10:00'), late: 0 };
  for (let listing = 0; listing <= pairListing; listing++) price(world, listing, listing === pairListing ? 11_000 : 10_000);
  for (const slice of slices) for (const version of ['1.0.0', '1.1.0']) staff(world, addVersion(desk, slice, version));
  return world;
}

/** So many whole units of a currency, in its money units. */
export function units(world: RoomWorld, whole: number): Split {
  const out = splitZero();
  const { exponent } = world.desk.registry.currencies[0];
  fromSafe(out, whole);
  mulSmallInto(out, out, world.scale);
  mulSmallInto(out, out, Number(`1e${exponent}`));
  return out;
}

export function staff(world: RoomWorld, row: number): void {
  const { gate } = world.desk.risk;
  for (const share of [90_000, 10_000, 0]) {
    const cap = units(world, share);
    if (!capFits(gate, row, cap)) continue;
    setRow(gate, row, { mode: 'ACTIVE', cap });
    return;
  }
}

export function price(world: RoomWorld, listing: number, ticks: number): void {
  world.px[listing] = ticks;
  quote(world.desk, listing, ticks - 2, ticks + 2, world.at);
}

export function count(world: RoomWorld, what: string): void {
  world.happened.set(what, (world.happened.get(what) ?? 0) + 1);
}

export function pass(world: RoomWorld): void {
  world.at += world.luck.int(MICROS_PER_SECOND / 10);
}
