import { describe, expect, it } from 'vitest';
import { expectAllClose, golden } from '../../testing/quant/golden.ts';
import { adxSeries } from './adx.ts';
import { atrSeries } from './atr.ts';
import { bollingerSeries } from './bollinger.ts';
import { donchianSeries } from './donchian.ts';
import { emaSeries } from './ema.ts';
import { macdSeries } from './macd.ts';
import { rollingExtremeSeries } from './rolling-extreme.ts';
import { rollingDeviationSeries } from './rolling-deviation.ts';
import { rsiSeries } from './rsi.ts';
import { smaSeries } from './sma.ts';

type Column = readonly (number | null)[];

interface Golden {
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  readonly volume: readonly number[];
  readonly coarse: Readonly<Record<'adx3' | 'rsi3' | 'atr3', Column>> & Readonly<Record<'high' | 'low' | 'close', readonly number[]>>;
  readonly talib: Readonly<Record<string, Column>>;
  readonly pandas: Readonly<Record<string, Column>>;
}

const { high, low, close, volume, coarse, talib, pandas } = golden<Golden>('indicators');
const macd = macdSeries(close);
const macdFirst = macdSeries(close, undefined, 'first');
const bollinger = bollingerSeries(close, 20, 2);
const donchian = donchianSeries(high, low, 20);

const ofTaLib: Readonly<Record<string, readonly (number | undefined)[]>> = {
  sma14: smaSeries(close, 14),
  meanVolume20: smaSeries(volume, 20),
  ema10: emaSeries(close, 10),
  rsi14: rsiSeries(close, 14),
  bollingerLower: bollinger.map((bands) => bands?.lower),
  bollingerMiddle: bollinger.map((bands) => bands?.middle),
  bollingerUpper: bollinger.map((bands) => bands?.upper),
  atr14: atrSeries(high, low, close, 14),
  adx14: adxSeries(high, low, close, 14),
  adx5: adxSeries(high, low, close, 5),
  macd: macd.map((value) => value?.line),
  macdSignal: macd.map((value) => value?.signal),
  macdHistogram: macd.map((value) => value?.histogram),
  donchianUpper: donchian.map((channel) => channel?.upper),
  donchianLower: donchian.map((channel) => channel?.lower),
};

const ofPandas: Readonly<Record<string, readonly (number | undefined)[]>> = {
  ema10First: emaSeries(close, 10, 'first'),
  rsi14First: rsiSeries(close, 14, 'first'),
  atr14First: atrSeries(high, low, close, 14, 'first'),
  macdFirst: macdFirst.map((value) => value?.line),
  macdSignalFirst: macdFirst.map((value) => value?.signal),
  deviation20Sample: rollingDeviationSeries(close, 20, 'sample'),
  deviation20Population: rollingDeviationSeries(close, 20, 'population'),
};

describe('indicators agree with TA-Lib 0.8.2 (talib seeding), values and first index', () => {
  it.each(Object.keys(talib))('%s', (name) => {
    expect(expectAllClose(ofTaLib[name], talib[name], name)).toBeGreaterThan(100);
  });
  it('nothing is left out', () => expect(Object.keys(ofTaLib).sort()).toEqual(Object.keys(talib).sort()));
});

describe('on whole-number bars full of ties, where equal moves count for neither side', () => {
  it('ADX, RSI and ATR agree with TA-Lib 0.8.2', () => {
    const bars = [coarse.high, coarse.low, coarse.close] as const;
    expect(expectAllClose(adxSeries(...bars, 3), coarse.adx3, 'ADX')).toBe(75);
    expect(expectAllClose(rsiSeries(coarse.close, 3), coarse.rsi3, 'RSI')).toBe(77);
    expect(expectAllClose(atrSeries(...bars, 3), coarse.atr3, 'ATR')).toBe(77);
  });
});

describe('indicators agree with pandas 3.1.1 (first seeding, rolling deviations), values and first index', () => {
  it.each(Object.keys(pandas))('%s', (name) => {
    expect(expectAllClose(ofPandas[name], pandas[name], name)).toBeGreaterThan(100);
  });
  it('nothing is left out', () => expect(Object.keys(ofPandas).sort()).toEqual(Object.keys(pandas).sort()));
});

describe('first values', () => {
  const firstIndex = (values: readonly unknown[]): number => values.findIndex((value) => value !== undefined);
  it.each([
    ['SMA(n): n - 1', firstIndex(smaSeries(close, 14)), 13],
    ['EMA(n): n - 1', firstIndex(emaSeries(close, 10)), 9],
    ['RSI(n): n', firstIndex(rsiSeries(close, 14)), 14],
    ['Bollinger(n): n - 1', firstIndex(bollinger), 19],
    ['ATR(n): n', firstIndex(atrSeries(high, low, close, 14)), 14],
    ['ADX(n): 2n - 1', firstIndex(adxSeries(high, low, close, 14)), 27],
    ['ADX(1): 1', firstIndex(adxSeries(high, low, close, 1)), 1],
    ['MACD(f, s, g): s + g - 2', firstIndex(macd), 33],
    ['MACD, first seeding, at the same index', firstIndex(macdFirst), 33],
  ])('%s', (_, index, expected) => expect(index).toBe(expected));
});

describe('edges', () => {
  it('RSI is 0 when nothing ever moved, 100 when everything rose', () => {
    expect(rsiSeries([5, 5, 5, 5], 2)).toEqual([undefined, undefined, 0, 0]);
    expect(rsiSeries([1, 2, 3, 4], 2)).toEqual([undefined, undefined, 100, 100]);
  });
  it('bands of equal closes are that close, whatever it is', () => {
    const [bands] = bollingerSeries(new Array<number>(20).fill(0.1), 20).slice(-1);
    expect(bands).toEqual({ lower: 0.1, middle: 0.1, upper: 0.1 });
  });
  it('extremes of a fall and of a rise are its ends', () => {
    expect(rollingExtremeSeries([5, 4, 3, 2, 1], 3, 'highest')).toEqual([undefined, undefined, 5, 4, 3]);
    expect(rollingExtremeSeries([5, 4, 3, 2, 1], 3, 'lowest')).toEqual([undefined, undefined, 3, 2, 1]);
    expect(rollingExtremeSeries([2, 2, 1, 1], 1, 'highest')).toEqual([2, 2, 1, 1]);
  });
  it('ADX of bars that never move is 0', () => {
    const still = new Array<number>(10).fill(3);
    expect(adxSeries(still, still, still, 3).at(-1)).toBe(0);
  });
  it('a number that is not finite is refused, not carried along', () => {
    expect(() => smaSeries([1, NaN], 2)).toThrow('expected observation to be a finite number, was NaN');
    expect(() => rsiSeries([1, Infinity], 2)).toThrow('expected close to be a finite number, was Infinity');
    expect(() => adxSeries([NaN], [1], [1], 2)).toThrow(RangeError);
    expect(() => donchianSeries([NaN], [1], 2)).toThrow(RangeError);
  });
  it('a period is a whole number of at least 1', () => {
    expect(() => smaSeries([], 0)).toThrow('expected window size to be a whole number from 1 to 1048576, was 0');
    expect(() => rsiSeries([], 1.5)).toThrow(RangeError);
    expect(() => rollingDeviationSeries([], 1, 'sample')).toThrow(RangeError);
    expect(() => macdSeries([], { fast: 26, slow: 12, signal: 9 })).toThrow(RangeError);
  });
});
