import type { LatencyReport } from '../../src/runtime/live/latencies.ts';
import type { Incident } from './host-incident.ts';

/** One promise about a busy desk with a strategy that spins and one that leaks, and what came of it. */
export interface Line {
  readonly line: string;
  readonly unit: 'us' | 'ms';
  /** Bounds, and what was measured; a line without a p50 bounds its longest alone. */
  readonly bounds: { readonly p50?: number; readonly p99?: number; readonly max?: number };
  readonly measured: { readonly p50?: number; readonly p99?: number; readonly max?: number };
  readonly met: boolean;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function line(name: string, unit: Line['unit'], bounds: Line['bounds'], measured: Line['measured']): Line {
  const within = (bound: number | undefined, value: number | undefined): boolean =>
    bound === undefined || (value !== undefined && value < bound);
  const met = within(bounds.p50, measured.p50) && within(bounds.p99, measured.p99) && within(bounds.max, measured.max);
  return { line: name, unit, bounds, measured, met };
}

/** The lines of a run; without faults nobody has to trade again. */
export function hostLines(latencies: LatencyReport, incident: Incident, faults: boolean): readonly Line[] {
  const of = (name: keyof LatencyReport): Line['measured'] => ({ p50: round(latencies[name].p50), p99: round(latencies[name].p99) });
  const { cancelP50, cancelP99, tradeAgainMillis } = incident;
  const all = [
    line('tick to strategy', 'us', { p50: 100, p99: 500 }, of('tickToStrategy')),
    line('signal to order', 'us', { p50: 500, p99: 2_000 }, of('signalToOrder')),
    line('order to acknowledgement', 'us', { p50: 1_000, p99: 5_000 }, of('orderToAck')),
    line('tick to trade', 'us', { p50: 5_000, p99: 20_000 }, of('tickToTrade')),
    // not delayed: a cancel takes no longer from its decision to the venue's word than an order may to its acknowledgement
    line('cancel to the word of the venue', 'ms', { p50: 1, p99: 5 }, { p50: cancelP50, p99: cancelP99 }),
  ];
  return faults ? [...all, line('innocents trade again', 'ms', { max: 1_000 }, { max: tradeAgainMillis })] : all;
}

/** `tick to strategy: p50 31 us (< 100), p99 212 us (< 500): met`. */
export function textOfLine({ line: name, unit, bounds, measured, met }: Line): string {
  const parts = (['p50', 'p99', 'max'] as const).filter((key) => bounds[key] !== undefined);
  const said = parts.map((key) => `${key} ${measured[key]} ${unit} (< ${bounds[key]})`).join(', ');
  return `${name}: ${said}: ${met ? 'met' : 'NOT MET'}`;
}
