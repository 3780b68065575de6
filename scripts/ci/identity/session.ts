import type { MarketDefinition } from '../../../src/apps/desk/definitions.ts';
import type { MarketEvent } from '../../../src/domain/market.ts';
import type { RecordedFeed } from '../../../src/ports/feed.ts';
import type { ParameterValues, StrategyDefinition } from '../../../src/ports/strategy.ts';
import type { DeploymentSpec } from '../../../src/domain/spec.ts';

/** A stretch of market data and the version that trades on it, to be swapped for its own clone. */
export interface IdentitySession {
  readonly name: string;
  readonly market: MarketDefinition;
  readonly events: readonly MarketEvent[];
  readonly definition: StrategyDefinition;
  readonly parameters: ParameterValues;
  readonly handover: DeploymentSpec['handover'];
}

/** The events of a session as a feed; each run gets objects of its own. */
export class ArrayFeed implements RecordedFeed {
  readonly #events: readonly MarketEvent[];
  #next = 0;

  constructor(events: readonly MarketEvent[]) {
    this.#events = events;
  }

  get taken(): number {
    return this.#next;
  }

  peek(): MarketEvent['receivedAt'] | undefined {
    return this.#events[this.#next]?.receivedAt;
  }

  next(): MarketEvent | undefined {
    const event = this.#events[this.#next++];
    return event === undefined ? undefined : { ...event };
  }
}

/** The first `count` events of a feed, kept beyond its next one. */
export function cut(feed: RecordedFeed, count: number, skip = 0): readonly MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let n = 0; events.length < count; n++) {
    if (feed.peek() === undefined) break;
    const event = feed.next();
    if (event === undefined || n < skip) continue;
    events.push(
      event.kind === 'book'
        ? {
            ...event,
            sides: event.sides.slice(0, event.count),
            prices: event.prices.slice(0, event.count),
            qtys: event.qtys.slice(0, event.count),
          }
        : { ...event },
    );
  }
  return events;
}
