import { microsFromCivil } from '../../base/time.ts';
import { micros, type Micros } from '../../base/units.ts';
import type { StrategyDefinition, StrategyInstance } from '../../ports/strategy.ts';
import { BarDesk, barOf, barVenueOf } from './bar-desk.ts';
import { ObviousBook, type ObviousInput, type ObviousRun } from './obvious-money.ts';

/** Session days end at 21:00 UTC here: no run of daily bars hangs on the hour. */
function closeOf(date: string): Micros {
  const [year, month, day] = date.split('-').map(Number);
  return micros(microsFromCivil(year, month, day) + 21 * 3_600_000_000);
}

/**
 * A strategy of the engine on the bar venue of the engine, with fees of 10 bps; trades are paired the obvious way. `handOverEvery`: dates after which
 * another instance goes on from the exported state; 0 = never.
 */
export function runOnBars(
  definition: StrategyDefinition,
  inputs: readonly ObviousInput[],
  capital: number,
  handOverEvery = 0,
): ObviousRun & { readonly refusals: readonly string[] } {
  const ids = inputs.map(({ id }) => id);
  const venue = barVenueOf(ids, { fees: { kind: 'bps', rate: 100_000 } });
  const parsed = definition.parse({});
  if (!parsed.ok) throw new Error(parsed.error.join('; '));
  let instance = definition.create(parsed.value);
  const desk = new BarDesk(ids, venue, instance, capital);
  const book = new ObviousBook({ capital: BigInt(capital) * 1_000_000n, feeBps: 10n });
  const byDate = inputs.map(({ bars }) => new Map(bars.map((bar) => [bar.date, bar])));
  const inOrder = [...ids.keys()].sort((a, b) => (ids[a] < ids[b] ? -1 : 1));
  const dates = [...new Set(inputs.flatMap(({ bars }) => bars.map(({ date }) => date)))].sort();
  const equity: { date: string; value: bigint }[] = [];
  let booked = 0;
  for (const date of dates) {
    const at = closeOf(date);
    const bars = inOrder.flatMap((ix) => {
      const bar = byDate[ix].get(date);
      return bar === undefined ? [] : [barOf(ix, at, [bar.open, bar.high, bar.low, bar.close], bar.volume)];
    });
    desk.close(at, bars);
    for (; booked < desk.fills.length; booked++) {
      const { report, order } = desk.fills[booked];
      book.fill(ids[order.listing], order.side, report.lastQty, report.lastPx, date, order.reason);
    }
    equity.push({ date, value: desk.equity() });
    if (handOverEvery === 0 || equity.length % handOverEvery !== 0) continue;
    instance = successorOf(definition, instance);
    desk.handOver(instance);
  }
  return { trades: book.trades, equity, refusals: desk.refusals };
}

/** A new instance from what the old one exports. */
function successorOf(definition: StrategyDefinition, instance: StrategyInstance): StrategyInstance {
  const state = instance.exportState?.();
  if (state === undefined) throw new Error(`${definition.name} exports no state`);
  const parsed = definition.parse({});
  const next = definition.migrate(parsed.ok ? parsed.value : {}, state.schema, state.bytes);
  if (!next.ok) throw new Error(next.error);
  return next.value;
}
