import { describe, expect, it } from 'vitest';
import { dayNumber } from '../../base/time.ts';
import { lots, micros, ticks, type Micros } from '../../base/units.ts';
import type { StrategyInstance } from '../../ports/strategy.ts';
import { barOf } from '../../testing/backtest/bar-desk.ts';
import { ScriptedContext } from '../../testing/backtest/scripted-context.ts';
import { utf8Encode } from '../../base/utf8.ts';
import { meanReversion100, meanReversionWith } from './mean-reversion-1.0.0.ts';

const day = 86_400_000_000;

/** A strategy over instruments that stood still for 25 days; `fall` sends some of them down on volume. */
class Story {
  readonly context: ScriptedContext;
  readonly instance: StrategyInstance;
  #days = 10_000;

  constructor(ids: readonly string[], parameters = {}, definition = meanReversion100) {
    const parsed = definition.parse(parameters);
    if (!parsed.ok) throw new Error(parsed.error.join());
    this.context = new ScriptedContext(ids);
    this.instance = definition.create(parsed.value);
    for (let n = 0; n < 25; n++) this.close({}, n % 2 === 0 ? 100_000_000 : 100_100_000);
  }

  get now(): Micros {
    return micros(this.#days * day + 20 * 3_600_000_000);
  }

  /** The next close of all: those named at their price on four times the volume, the others at `price`. @returns what was proposed. */
  close(special: Readonly<Record<number, number>>, price = 100_000_000): string[] {
    this.#days += 1;
    this.context.now = this.now;
    for (const ix of this.context.universe) {
      const px = special[ix] ?? price;
      this.instance.onBar?.(this.context, barOf(ix, this.now, [px, px, px, px], ix in special ? 40_000 : 10_000));
    }
    this.instance.group?.(this.context, this.now);
    return this.context.take();
  }

  /** A fill in the bar that closes next. */
  fill(tag: number, qty: number, px: number): string[] {
    this.context.now = micros((this.#days + 1) * day + 20 * 3_600_000_000);
    this.instance.onFill?.(this.context, this.context.fill(tag, qty, px));
    return this.context.take();
  }

  over(tag: number, ordStatus: 'canceled' | 'denied' | 'filled' | 'cancelRejected'): string[] {
    if (ordStatus !== 'cancelRejected') this.context.end(tag);
    this.instance.onOrder?.(this.context, { tag, ordStatus, code: '' });
    return this.context.take();
  }
}

describe('mean reversion', () => {
  it('buys what fell to the lower band on volume, 5 % of the equity', () => {
    const story = new Story(['A', 'B']);
    expect(story.close({ 1: 96_000_000 })).toEqual(['1 buy market 520 B: entry']);
    expect(story.close({ 1: 95_000_000 })).toEqual([]);
  });

  it('gives the free places to the lowest RSI first, then by id', () => {
    const story = new Story(['C', 'A', 'B', 'D'], { maxPositions: 3 });
    expect(story.close({ 0: 96_000_000, 1: 96_000_000, 2: 96_000_000, 3: 90_000_000 })).toEqual([
      '1 buy market 555 D: entry',
      '2 buy market 520 A: entry',
      '3 buy market 520 B: entry',
    ]);
  });

  it('keeps away from earnings dates it is given', () => {
    const story = (distance: number): string[] => {
      const found = new Story(['A'], {}, meanReversionWith(new Map([['A', [dayNumber(micros(10_026 * day)) + distance]]])));
      return found.close({ 0: 96_000_000 });
    };
    expect([-4, -3, 0, 3, 4].map((distance) => story(distance).length)).toEqual([1, 0, 0, 0, 1]);
  });

  it('protects every entry fill at 98 % of its price and takes the rest of the entry back when a stop fills', () => {
    const story = new Story(['A']);
    story.close({ 0: 96_000_000 });
    expect(story.fill(1, 200, 96_000_025)).toEqual(['2 sell stop 200 A at 94080024: stop']);
    story.close({});
    expect(story.fill(1, 100, 95_000_000)).toEqual(['3 sell stop 100 A at 93100000: stop']);
    expect(story.fill(2, 150, 94_000_000)).toEqual(['cancel 1']);
    expect(story.fill(2, 50, 94_000_000)).toEqual([]);
  });

  it('leaves with age: everything else goes first, and only then what is held is sold', () => {
    const story = new Story(['A'], { maxBars: 2 });
    story.close({ 0: 96_000_000 });
    story.fill(1, 200, 96_000_000);
    expect(story.close({}, 97_000_000)).toEqual([]);
    expect(story.close({}, 97_000_000)).toEqual([]);
    expect(story.close({}, 97_000_000)).toEqual(['cancel 1', 'cancel 2']);
    expect(story.over(2, 'canceled')).toEqual([]);
    expect(story.over(1, 'canceled')).toEqual(['3 sell market 200 A: time']);
    expect(story.close({}, 97_000_000)).toEqual([]);
    expect(story.fill(3, 200, 97_000_000)).toEqual([]);
    story.over(3, 'filled');
    expect(story.close({ 0: 80_000_000 })).toEqual(['4 buy market 625 A: entry']);
  });

  it('leaves at the upper band, or on a high RSI below it', () => {
    const story = new Story(['A', 'B'], { rsiExit: 45 });
    story.close({ 0: 96_000_000, 1: 96_000_000 });
    story.fill(1, 520, 96_000_000);
    story.fill(2, 520, 96_000_000);
    story.over(1, 'filled');
    story.over(2, 'filled');
    expect(story.close({ 0: 110_000_000, 1: 99_900_000 })).toEqual(['cancel 3', 'cancel 4']);
    expect(story.over(3, 'canceled')).toEqual(['5 sell market 520 A: band']);
    expect(story.over(4, 'canceled')).toEqual(['6 sell market 520 B: rsi']);
  });

  it('decides an exit that was denied anew at the next close, never in a loop', () => {
    const story = new Story(['A'], { maxBars: 0 });
    story.close({ 0: 96_000_000 });
    story.fill(1, 520, 96_000_000);
    story.over(1, 'filled');
    story.close({});
    expect(story.over(2, 'canceled')).toEqual(['3 sell market 520 A: time']);
    expect(story.over(3, 'denied')).toEqual([]);
    expect(story.close({})).toEqual(['4 sell market 520 A: time']);
  });

  it('does not hold what no stop protects', () => {
    const story = new Story(['A']);
    story.close({ 0: 96_000_000 });
    story.fill(1, 520, 96_000_000);
    story.over(1, 'filled');
    expect(story.over(2, 'denied')).toEqual([]);
    expect(story.close({}, 97_000_000)).toEqual(['3 sell market 520 A: unprotected']);
  });

  it('sells what filled before its cancel came through with the rest', () => {
    const story = new Story(['A'], { maxBars: 0 });
    story.close({ 0: 96_000_000 });
    story.fill(1, 200, 96_000_000);
    expect(story.close({})).toEqual(['cancel 1', 'cancel 2']);
    expect(story.fill(1, 320, 95_000_000)).toEqual([]);
    expect(story.over(1, 'filled')).toEqual([]);
    expect(story.over(2, 'canceled')).toEqual(['3 sell market 520 A: time']);
  });

  it('names what it cannot go on from', () => {
    const parsed = meanReversion100.parse({});
    const values = parsed.ok ? parsed.value : {};
    const fresh = meanReversion100.create(values);
    const order = {
      tag: 9,
      listing: 0,
      side: 'buy',
      ordType: 'limit',
      orderQty: lots(1),
      leavesQty: lots(1),
      cumQty: lots(0),
      ordStatus: 'new',
    } as const;
    const refused = fresh.adopt?.({ positions: [{ listing: 0, position: lots(5) }], orders: [] });
    expect(refused).toEqual({ ok: false, error: ['listing 0: expected a state that knows when its position began'] });
    const story = new Story(['A']);
    const limit = story.instance.adopt?.({ positions: [{ listing: 0, position: lots(-5) }], orders: [{ ...order, price: ticks(1) }] });
    expect(limit).toMatchObject({ ok: false });
    expect(meanReversion100.migrate(values, 'maker/1', new Uint8Array())).toEqual({
      ok: false,
      error: 'expected state of schema mean-reversion/1, was maker/1',
    });
    expect(meanReversion100.migrate(values, 'mean-reversion/1', utf8Encode('{'))).toMatchObject({ ok: false });
    const state = story.instance.exportState?.();
    const other = meanReversion100.parse({ bandPeriod: 30 });
    const unfit = meanReversion100.migrate(other.ok ? other.value : {}, state?.schema ?? '', state?.bytes ?? new Uint8Array());
    expect(unfit).toMatchObject({ ok: false, error: expect.stringContaining('expected a state with bandPeriod 30, was 20') as string });
  });

  it('refuses parameters by name and range', () => {
    const refused = meanReversion100.parse({ stopBps: 1.5, rsiEntri: 3 });
    expect(refused.ok ? [] : refused.error).toEqual([
      'unknown parameter rsiEntri (did you mean rsiEntry?)',
      'stopBps: expected a whole number 1…9999 bps below the fill, was 1.5',
    ]);
  });
});
