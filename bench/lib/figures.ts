import type { Effort } from './effort.ts';

/** One line of the table. `higher`: more is better; else less is. */
export interface Figure {
  readonly name: string;
  readonly target: number;
  readonly unit: string;
  readonly higher: boolean;
  /** Where it stands in the JSON object that the bench prints. */
  readonly path: string;
  /** A smoke run is too short for it: printed there, not judged. */
  readonly wholeOnly?: true;
}

/** A program of bench/ that runs in a process of its own, so that no other's compiled code and heap disturb it. */
export interface BenchProgram {
  readonly name: string;
  readonly nodeFlags: readonly string[];
  /** What is needed from ../shared/data, '' = nothing. */
  readonly needs: string;
  readonly options: (effort: Effort) => readonly string[];
  readonly figures: readonly Figure[];
}

const rounds = (effort: Effort): string[] => ['--rounds', String(effort.rounds), '--seconds', String(effort.seconds)];
const seeded = (effort: Effort): string[] => [...rounds(effort), '--seed', String(effort.seed)];

/** What the product promises (figures of the keel), in the order of the table. */
export const programs: readonly BenchProgram[] = [
  {
    name: 'risk',
    nodeFlags: [],
    needs: '',
    options: seeded,
    figures: [
      { name: 'pre-trade checks, p99', target: 2_000, unit: 'ns', higher: false, path: 'p99' },
      { name: 'pre-trade checks, p99.9', target: 20_000, unit: 'ns', higher: false, path: 'p999' },
    ],
  },
  {
    name: 'intent-to-ledger',
    nodeFlags: [],
    needs: '',
    options: seeded,
    figures: [
      { name: 'intent to ledger', target: 500_000, unit: 'orders/s', higher: true, path: 'ordersPerSecond' },
      { name: 'intent to ledger, p99', target: 10_000, unit: 'ns', higher: false, path: 'p99' },
    ],
  },
  {
    name: 'book',
    nodeFlags: [],
    needs: '',
    options: (effort) => [
      '--rounds',
      String(effort.rounds),
      '--ops',
      String(effort.seconds < 2 ? 200_000 : 1_000_000),
      '--seed',
      String(effort.seed),
    ],
    figures: [
      { name: 'fast book beside nodejs-order-book', target: 20, unit: 'times', higher: true, path: 'timesFaster' },
      { name: 'fast book, p99.9', target: 5, unit: 'us', higher: false, path: 'fast.p999' },
    ],
  },
  {
    name: 'recorded',
    nodeFlags: [],
    needs: '../shared/data/binance/usdm',
    options: rounds,
    figures: [{ name: 'recorded L2 to strategy', target: 5_000_000, unit: 'levels/s', higher: true, path: 'levelsPerSecond' }],
  },
  {
    name: 'frames',
    nodeFlags: [],
    needs: '../shared/data/binance/usdm',
    options: rounds,
    figures: [{ name: 'raw frames parsed', target: 200_000, unit: 'frames/s', higher: true, path: 'framesPerSecond' }],
  },
  {
    name: 'ledger',
    nodeFlags: [],
    needs: '',
    options: seeded,
    figures: [{ name: 'ledger, four scopes', target: 3_000_000, unit: 'fills/s', higher: true, path: 'fillsPerSecond' }],
  },
  {
    name: 'journal',
    nodeFlags: [],
    needs: '',
    options: rounds,
    figures: [{ name: 'journal of the raw device', target: 0.6, unit: 'share', higher: true, path: 'share' }],
  },
  {
    name: 'rings',
    nodeFlags: [],
    needs: '',
    options: seeded,
    figures: [
      { name: 'ring between two threads', target: 5_000_000, unit: 'messages/s', higher: true, path: 'parked.messagesPerSecond' },
      { name: 'ring at 5,000,000/s, parked, p99', target: 10, unit: 'us', higher: false, path: 'parked.p99' },
      { name: 'ring, wake-up beside a bare one', target: 1.5, unit: 'times', higher: false, path: 'wakes.times.p50' },
    ],
  },
  {
    name: 'hosts',
    nodeFlags: [],
    needs: '',
    // of a length of its own: the leaker has to fill its heap, be fenced, and the innocents trade again
    options: (effort) => ['--seconds', '35', '--seed', String(effort.seed)],
    figures: [
      { name: 'tick to strategy, p50', target: 100, unit: 'us', higher: false, path: 'latencies.tickToStrategy.p50' },
      { name: 'tick to strategy, p99', target: 500, unit: 'us', higher: false, path: 'latencies.tickToStrategy.p99' },
      { name: 'signal to order, p50', target: 500, unit: 'us', higher: false, path: 'latencies.signalToOrder.p50' },
      { name: 'signal to order, p99', target: 2_000, unit: 'us', higher: false, path: 'latencies.signalToOrder.p99' },
      { name: 'order to acknowledgement, p50', target: 1_000, unit: 'us', higher: false, path: 'latencies.orderToAck.p50' },
      { name: 'order to acknowledgement, p99', target: 5_000, unit: 'us', higher: false, path: 'latencies.orderToAck.p99' },
      { name: 'tick to trade, p50', target: 5_000, unit: 'us', higher: false, path: 'latencies.tickToTrade.p50' },
      { name: 'tick to trade, p99', target: 20_000, unit: 'us', higher: false, path: 'latencies.tickToTrade.p99' },
      { name: 'cancel to the word of the venue, p99', target: 5, unit: 'ms', higher: false, path: 'incident.cancelP99' },
      { name: 'innocents trade again', target: 1_000, unit: 'ms', higher: false, path: 'incident.tradeAgainMillis' },
    ],
  },
  {
    name: 'rollback',
    nodeFlags: [],
    needs: '',
    // a repetition takes a second: its venue takes 1,000 messages in one
    options: (effort) => [
      '--repetitions',
      String(effort.repetitions),
      '--kills',
      String(Math.max(1, Math.floor(effort.repetitions / 10))),
      '--seed',
      String(effort.seed),
    ],
    figures: [
      { name: 'deploy, accepted to registered, p99', target: 50, unit: 'ms', higher: false, path: 'millis.deploy.p99' },
      { name: 'allocation change, p99', target: 5, unit: 'ms', higher: false, path: 'millis.allocation.p99' },
      { name: 'limit change, in force, p99', target: 100, unit: 'ms', higher: false, path: 'millis.limit.p99' },
      { name: 'rollback, fence, p99', target: 5, unit: 'ms', higher: false, path: 'millis.fence.p99' },
      { name: 'rollback, first cancel, p99', target: 10, unit: 'ms', higher: false, path: 'millis.firstCancel.p99' },
      { name: 'rollback, 500 cancels, p99', target: 500, unit: 'ms', higher: false, path: 'millis.allCancels.p99' },
      { name: 'rollback complete, p99', target: 1_000, unit: 'ms', higher: false, path: 'millis.complete.p99' },
      { name: 'kill, first cancel, p99', target: 100, unit: 'ms', higher: false, path: 'millis.killFirstCancel.p99' },
    ],
  },
  {
    name: 'swap',
    nodeFlags: [],
    needs: '',
    // a swap between host threads starts threads of its own, which takes a second
    options: ({ name }) => (name === 'smoke' ? ['--rounds', '10', '--host-rounds', '2'] : ['--rounds', '100', '--host-rounds', '20']),
    figures: [
      { name: 'swap, freeze, p50', target: 10, unit: 'ms', higher: false, path: 'thread.whole.p50' },
      { name: 'swap, freeze, p99', target: 10, unit: 'ms', higher: false, path: 'thread.whole.p99' },
      { name: 'swap between hosts, freeze, p50', target: 10, unit: 'ms', higher: false, path: 'hosts.whole.p50' },
      { name: 'swap between hosts, freeze, p99', target: 10, unit: 'ms', higher: false, path: 'hosts.whole.p99' },
    ],
  },
  {
    name: 'sweep',
    nodeFlags: [],
    needs: '',
    options: (effort) => ['--rounds', String(effort.name === 'smoke' ? 1 : 3), '--seed', String(effort.seed)],
    figures: [{ name: 'sweep, 1,000 x 2,500 bars', target: 2, unit: 's', higher: false, path: 'seconds' }],
  },
  {
    name: 'recovery',
    nodeFlags: [],
    needs: '',
    // ten million as they are: of fewer, the code that is not yet compiled takes its share ten times
    options: (effort) => (effort.name === 'full' ? ['--rounds', '1', '--seconds', '100', '--seed', String(effort.seed)] : seeded(effort)),
    figures: [
      { name: 'ten million records recovered', target: 20, unit: 's', higher: false, path: 'secondsForTenMillion', wholeOnly: true },
    ],
  },
  {
    name: 'snapshot',
    nodeFlags: [],
    needs: '',
    options: (effort) => ['--rounds', effort.seconds < 2 ? '3' : '15', '--seconds', '1', '--seed', String(effort.seed)],
    figures: [{ name: 'snapshots, added to p99 of a step', target: 10, unit: '%', higher: false, path: 'addedPercent' }],
  },
  {
    name: 'backtest',
    nodeFlags: [],
    needs: '../shared/data/sp500/daily',
    options: (effort) => ['--rounds', String(effort.name === 'smoke' ? 1 : 3), '--seed', String(effort.seed)],
    figures: [
      { name: 'backtest of 129 names, loop', target: 2_000_000, unit: 'bars/s', higher: true, path: 'bars.barsPerSecond' },
      { name: 'the same, whole command', target: 3, unit: 's', higher: false, path: 'bars.commandSeconds' },
      { name: 'the same, resident memory', target: 1_024, unit: 'MiB', higher: false, path: 'bars.rssMiB' },
      { name: 'recorded L2 backtest, loop', target: 3_000_000, unit: 'levels/s', higher: true, path: 'book.levelsPerSecond' },
      { name: 'recorded session, whole command', target: 2, unit: 's', higher: false, path: 'book.commandSeconds' },
    ],
  },
  {
    name: 'memory',
    nodeFlags: ['--expose-gc'],
    needs: '',
    options: (effort) => ['--first', String(effort.firstInputs), '--last', String(effort.lastInputs), '--seed', String(effort.seed)],
    figures: [{ name: 'memory, growth to the last input', target: 5, unit: '%', higher: false, path: 'growthPercent' }],
  },
];

export function isMet(figure: Figure, measured: number): boolean {
  if (!figure.higher) return measured < figure.target;
  return measured >= figure.target;
}

/** What of a committed figure was reached, 1 = the same or better. */
export function shareOf(figure: Figure, measured: number, committed: number): number {
  if (figure.higher) return Math.min(1, measured / committed);
  return measured <= committed ? 1 : committed / measured;
}
