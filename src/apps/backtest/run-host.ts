import type { Core } from '../../core/core.ts';
import type { ListingIx } from '../../domain/ids.ts';
import type { BookView } from '../../ports/strategy.ts';
import type { HostPort } from '../../runtime/host-port.ts';
import { recordedBudget } from '../../runtime/hosts/budget.ts';
import { HostPool } from '../../runtime/hosts/host-pool.ts';
import { ThreadHost } from '../../runtime/thread-host.ts';
import { nodeWorld } from '../../runtime/threads.ts';
import { builtInModule } from '../desk/strategy-modules.ts';

/** Where the strategy of a backtest lives. */
export interface RunHost {
  readonly port: HostPort;
  growTo(listings: number): void;
  book(listing: ListingIx): BookView;
  /** Ends its threads. */
  end(): Promise<void>;
}

/** In a backtest no host is replaced: no state is kept for one. */
const exportEvery = Number.MAX_SAFE_INTEGER;

/**
 * A host whose strategy sizes by `capital` (currency units) and trades from the first bar on: instruments may begin years into a run. `workers`: host
 * threads, 0 = the thread of the caller; the run is the same.
 */
export function createRunHost(core: Core, capital: number, workers: number): RunHost {
  const { listings } = core.registry;
  const tickValue = (ix: ListingIx): number => listings[ix].moneyPerTickLot / listings[ix].unitsPerCurrency;
  if (workers === 0) {
    const host = new ThreadHost(listings, tickValue, undefined, { capital, isWarm: true });
    return { port: host, growTo: (count) => host.growTo(count), book: (ix) => host.book(ix), end: () => Promise.resolve() };
  }
  const pool = new HostPool({
    world: nodeWorld,
    hosts: workers,
    listings,
    tickValue,
    moduleOf: () => builtInModule,
    budget: recordedBudget,
    exportEvery,
  });
  const port: HostPort = {
    load: (request) => pool.load(request),
    unload: (row) => pool.unload(row),
    authority: (row, epoch, _capital, trading) => pool.authority(row, epoch, capital, trading),
    warm: () => true,
    deliver: (delivery) => pool.deliver(delivery),
    nextTimerAt: () => pool.nextTimerAt(),
    dueTimers: (at) => pool.dueTimers(at),
    exportState: (row) => pool.exportState(row),
    handover: (request) => pool.handover(request),
    unasked: () => pool.unasked(),
  };
  return { port, growTo: (count) => pool.growTo(count), book: (ix) => pool.book(ix), end: () => pool.end() };
}
