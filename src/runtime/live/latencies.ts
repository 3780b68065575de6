import { Histogram, type Percentiles } from '../latency/histogram.ts';

/** What is measured from the receive stamp on, and where each ends. */
export const latencyNames = ['tickToStrategy', 'signalToOrder', 'signalToWire', 'tickToTrade', 'orderToAck', 'loopLag'] as const;
export type LatencyName = (typeof latencyNames)[number];

/** In words, for people and for the metrics. */
export const latencyMeanings: Readonly<Record<LatencyName, string>> = {
  tickToStrategy: 'from the receive stamp of a market event to the strategy',
  signalToOrder: 'from the proposal of a strategy to the order that the core decided (to effect)',
  signalToWire: 'from the proposal of a strategy to the hand-over at the venue, the durable record included',
  tickToTrade: 'from the receive stamp of a market event to the hand-over of the order that answers it at the venue',
  orderToAck: 'from the hand-over at the venue to its first word on the order',
  loopLag: 'how late the core was at what it had planned',
};

export type LatencyReport = Readonly<Record<LatencyName, Percentiles>>;

/** Shared memory of the histograms that the core and the gateway write; the hosts have their own. */
export interface LatencyMemory {
  readonly signalToOrder: SharedArrayBuffer;
  readonly signalToWire: SharedArrayBuffer;
  readonly tickToTrade: SharedArrayBuffer;
  readonly orderToAck: SharedArrayBuffer;
  readonly loopLag: SharedArrayBuffer;
}

export function createLatencyMemory(): LatencyMemory {
  const one = (): SharedArrayBuffer => new Histogram().memory;
  return { signalToOrder: one(), signalToWire: one(), tickToTrade: one(), orderToAck: one(), loopLag: one() };
}

export function latencyReport(memory: LatencyMemory, tickToStrategy: Histogram): LatencyReport {
  const of = (shared: SharedArrayBuffer): Percentiles => new Histogram(shared).percentiles();
  return {
    tickToStrategy: tickToStrategy.percentiles(),
    signalToOrder: of(memory.signalToOrder),
    signalToWire: of(memory.signalToWire),
    tickToTrade: of(memory.tickToTrade),
    orderToAck: of(memory.orderToAck),
    loopLag: of(memory.loopLag),
  };
}
