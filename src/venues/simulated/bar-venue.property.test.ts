import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../domain/report.ts';
import { BarScript } from '../../testing/venue/bar-script.ts';
import { ObviousBars } from '../../testing/venue/obvious-bars.ts';
import type { PlainBar, PlainFill, PlainOrder } from '../../testing/venue/obvious-bars.ts';
import type { BarVenue } from './bar-venue.ts';

const price = fc.integer({ min: 90, max: 110 });

const bar: fc.Arbitrary<PlainBar> = fc
  .record({
    open: price,
    close: price,
    up: fc.nat(5),
    down: fc.nat(5),
    volume: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_000 })),
  })
  .map(({ open, close, up, down, volume }) => ({
    open,
    close,
    high: Math.max(open, close) + up,
    low: Math.min(open, close) - down,
    volume,
  }));

const order: fc.Arbitrary<Omit<PlainOrder, 'number'>> = fc
  .record({
    type: fc.constantFrom('market', 'limit', 'stop', 'stopLimit', 'bracket', 'bracket'),
    side: fc.constantFrom('buy', 'sell'),
    qty: fc.integer({ min: 1, max: 300 }),
    day: fc.boolean(),
    limit: price,
    atMarket: fc.boolean(),
    stop: price,
    target: price,
  })
  .map(({ atMarket, ...terms }) => ({ ...terms, limit: terms.type === 'bracket' && atMarket ? 0 : terms.limit }));

type Step = { readonly bar: PlainBar } | { readonly order: Omit<PlainOrder, 'number'> } | { readonly cancel: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: bar.map((one) => ({ bar: one })) },
  { weight: 3, arbitrary: order.map((one) => ({ order: one })) },
  { weight: 1, arbitrary: fc.nat(20).map((cancel) => ({ cancel })) },
);

/** A plain order as the desk sends it: a bracket as three. */
function send(script: BarScript, { number, type, side, qty, day, limit, stop, target }: PlainOrder): void {
  const timeInForce = day ? 'day' : 'gtc';
  if (type !== 'bracket') {
    const prices = {
      ...(type === 'limit' || type === 'stopLimit' ? { price: limit } : {}),
      ...(type === 'stop' || type === 'stopLimit' ? { stopPx: stop } : {}),
    };
    script.order(number, { side, ordType: type, orderQty: qty, timeInForce, ...prices });
    return;
  }
  const exit = { side: side === 'buy' ? 'sell' : 'buy', orderQty: qty, bracketOf: number } as const;
  const entry = limit === 0 ? ({ ordType: 'market' } as const) : ({ ordType: 'limit', price: limit } as const);
  script.order(number, { side, orderQty: qty, timeInForce, leg: 'entry', ...entry });
  script.order(number + 1, { ...exit, ordType: 'stop', stopPx: stop, leg: 'stop' });
  script.order(number + 2, { ...exit, ordType: 'limit', price: target, leg: 'target' });
}

function fillsOf(venue: BarVenue, at: BarScript): PlainFill[] {
  const fills: PlainFill[] = [];
  venue.advance(at.now, (report: Report) => {
    if (report.execType === 'trade') fills.push([report.clOrdID, report.lastQty, report.lastPx]);
  });
  return fills.sort((a, b) => a[0] - b[0]);
}

describe('a bar venue and the rules on paper', () => {
  it('give the same fills for any orders on any bars', () => {
    let fills = 0;
    let brackets = 0;
    const runs = fc.check(
      fc.property(fc.constantFrom(333, 1_000, 10_000), fc.array(step, { minLength: 5, maxLength: 40 }), (shareBps, steps) => {
        const script = new BarScript(['A'], { maxParticipationBps: shareBps });
        const obvious = new ObviousBars(shareBps);
        let orders = 0;
        for (const one of steps) {
          if ('order' in one) {
            const plain = { ...one.order, number: 10 * ++orders };
            obvious.place(plain);
            send(script, plain);
          } else if ('cancel' in one) {
            obvious.cancel(10 * one.cancel);
            script.cancel(10 * one.cancel);
          } else {
            const { open, high, low, close, volume } = one.bar;
            script.deliver([open, high, low, close], volume);
            const said = fillsOf(script.venue, script);
            expect(said).toEqual(obvious.meet(one.bar));
            fills += said.length;
            brackets += said.filter(([number]) => number % 10 !== 0).length;
          }
        }
      }),
      { numRuns: 1_500, seed: 20_261_001 },
    );
    console.log(`${runs.numRuns} runs, ${fills} fills, ${brackets} of them exits of brackets`);
    expect(runs.failed, JSON.stringify(runs.counterexample)).toBe(false);
    expect(brackets).toBeGreaterThan(500);
  });
});
