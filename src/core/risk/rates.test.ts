import { describe, expect, it } from 'vitest';
import { splitZero, toNumber } from '../../base/split.ts';
import { addCurrency, addListing, addVenue, createDesk, moneyOf, quote, type RiskDesk } from '../../testing/scenarios/risk-desk.ts';
import { microDown, microUp } from './firm-money.ts';
import { convertInto } from './rates.ts';

/** EUR/USD 1.1000, USD/JPY 150.00 (yen count in 10^-6), BTC/USDT of 0.001 lots at 50,000; nothing joins USDT and USD. */
function deskOf(): RiskDesk {
  const desk = createDesk();
  for (const [code, exponent] of [
    ['USD', 12],
    ['EUR', 12],
    ['JPY', 6],
    ['BTC', 12],
    ['USDT', 9],
  ] as const)
    addCurrency(desk, code, exponent, 2);
  addVenue(desk, 'V');
  addListing(desk, { instrumentID: 'EURUSD', venueID: 'V', assetClass: 'fx', baseCurrency: 'EUR', priceUnit: '0.00001', lot: '1000' });
  addListing(desk, {
    instrumentID: 'USDJPY',
    venueID: 'V',
    assetClass: 'fx',
    baseCurrency: 'USD',
    currency: 'JPY',
    priceUnit: '0.001',
    lot: '1000',
  });
  addListing(desk, {
    instrumentID: 'BTCUSDT',
    venueID: 'V',
    assetClass: 'spot',
    baseCurrency: 'BTC',
    currency: 'USDT',
    priceUnit: '0.1',
    lot: '0.001',
    baseUnit: '0.001',
  });
  quote(desk, 0, 109_999, 110_001, 1);
  quote(desk, 1, 149_999, 150_001, 1);
  quote(desk, 2, 499_999, 500_001, 1);
  return desk;
}

function convert(desk: RiskDesk, text: string, from: string, to: string, up = false): number | undefined {
  const out = splitZero();
  const ix = (code: string): number => desk.registry.currencyIx.get(code) ?? -1;
  const known = convertInto(out, desk.risk.rates, moneyOf(desk, text, from), ix(from), ix(to), up);
  return known ? toNumber(out) / 10 ** desk.registry.currencies[ix(to)].exponent : undefined;
}

describe('conversion', () => {
  it('goes along a pair, against it, and over one currency between', () => {
    const desk = deskOf();
    expect(convert(desk, '100', 'EUR', 'USD')).toBe(110);
    expect(convert(desk, '110', 'USD', 'EUR')).toBe(100);
    expect(convert(desk, '2', 'USD', 'JPY')).toBe(300);
    expect(convert(desk, '300', 'JPY', 'USD')).toBe(2);
    expect(convert(desk, '1', 'EUR', 'JPY')).toBe(165);
    expect(convert(desk, '165', 'JPY', 'EUR')).toBe(1);
    expect(convert(desk, '0.002', 'BTC', 'USDT')).toBe(100);
    expect(convert(desk, '7', 'USD', 'USD')).toBe(7);
  });
  it('is half-even in valuations and up in limit checks', () => {
    const desk = deskOf();
    const units = (text: string, up: boolean): number => Math.round((convert(desk, text, 'USD', 'JPY', up) ?? 0) * 1e6);
    expect([units('0.000000000001', false), units('0.000000000001', true)]).toEqual([0, 1]);
    quote(desk, 1, 499_999, 500_001, 2);
    expect([units('0.000000001', false), units('0.000000003', false), units('0.000000003', true)]).toEqual([0, 2, 2]);
  });
  it('is not there without a pair, without a mark, or with one that may not be used', () => {
    const desk = deskOf();
    expect(convert(desk, '1', 'USDT', 'USD')).toBeUndefined();
    desk.marks.valid[0] = 0;
    expect(convert(desk, '1', 'EUR', 'USD')).toBeUndefined();
    expect(convert(desk, '1', 'EUR', 'JPY')).toBeUndefined();
    quote(desk, 0, 0, 0, 3);
    expect(convert(desk, '1', 'EUR', 'USD')).toBeUndefined();
    quote(desk, 0, 109_999, 110_001, 4);
    expect(convert(desk, '1', 'EUR', 'USD')).toBeCloseTo(1.1, 12);
  });
  it('is refused where the result would leave the range', () => {
    expect(convert(deskOf(), '1000000000000000000', 'EUR', 'JPY')).toBeUndefined();
  });
});

describe('micro-money', () => {
  it('is rounded up for what is used and down for what is there', () => {
    const desk = deskOf();
    const one = moneyOf(desk, '1.000000000001', 'USD');
    expect([microUp(one, 12), microDown(one, 12)]).toEqual([1_000_001, 1_000_000]);
    const loss = moneyOf(desk, '-1.000000000001', 'USD');
    expect(microDown(loss, 12)).toBe(-1_000_001);
    expect([microUp(moneyOf(desk, '3', 'JPY'), 6), microUp({ hi: 0, lo: 3 }, 0), microDown({ hi: 0, lo: 3 }, 2)]).toEqual([
      3_000_000, 3_000_000, 30_000,
    ]);
  });
});
