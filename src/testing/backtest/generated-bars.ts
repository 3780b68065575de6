import { prng, type Prng } from '../../base/prng.ts';
import { isoFromDay } from '../../base/time.ts';
import type { DailyBar } from './daily-bars.ts';
import type { ObviousInput } from './obvious-money.ts';

const firstDay = 10_959;

/**
 * Daily bars of a few instruments that swing around a level, with missing days and days of hardly any volume: signals, stops and partial fills are
 * frequent in them.
 */
export function swingingBars(seed: string, instruments: number, days: number): ObviousInput[] {
  return Array.from({ length: instruments }, (_, n) => {
    const luck = prng(`${seed}/${n}`);
    let distance = 0;
    const level = 20_000_000 + luck.int(200) * 1_000_000;
    const bars = dated(luck, days, 0.05, () => {
      const shock = luck.float() < 0.1 ? -0.04 * luck.float() : 0;
      distance = 0.86 * distance + 0.012 * luck.normal() + shock;
      const lively = Math.abs(shock) > 0 ? 4 : 1;
      return { price: level * Math.exp(distance), volume: volumeOf(luck, 8_000) * lively };
    });
    return { id: `G${n}`, bars };
  });
}

/** Two instruments whose distance comes back, with missing days on either side and days of hardly any volume. */
export function tiedBars(seed: string, days: number): readonly [ObviousInput, ObviousInput] {
  const luck = prng(seed);
  const common: number[] = [];
  const distance: number[] = [];
  for (let day = 0; day < days; day++) {
    common.push((common[day - 1] ?? 0) + 0.015 * luck.normal());
    distance.push(0.85 * (distance[day - 1] ?? 0) + 0.006 * luck.normal());
  }
  const leg = (id: string, weight: number, level: number): ObviousInput => {
    const own = prng(`${seed}/${id}`);
    const bars = dated(own, days, 0.02, (day) => ({
      price: level * Math.exp(common[day] + weight * distance[day]),
      volume: own.float() < 0.3 ? own.int(15_000) : 1_000_000,
    }));
    return { id, bars };
  };
  return [leg('TB', 1, 60_000_000), leg('TA', -0.2, 35_000_000)];
}

function volumeOf(luck: Prng, usual: number): number {
  return luck.float() < 0.1 ? luck.int(30) : Math.round(usual * (0.5 + luck.float()));
}

function dated(
  luck: Prng,
  days: number,
  missing: number,
  close: (day: number) => { readonly price: number; readonly volume: number },
): DailyBar[] {
  const bars: DailyBar[] = [];
  for (let day = 0; day < days; day++) {
    const { price, volume } = close(day);
    const last = bars[bars.length - 1]?.close ?? price;
    const open = Math.round(last + (price - last) * luck.float());
    const end = Math.round(price);
    const range = Math.round(price * 0.01 * luck.float());
    const bar = {
      date: isoFromDay(firstDay + day),
      open,
      high: Math.max(open, end) + range,
      low: Math.min(open, end) - range,
      close: end,
      volume,
    };
    if (luck.float() >= missing) bars.push(bar);
  }
  return bars;
}
