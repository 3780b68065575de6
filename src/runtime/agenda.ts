import type { Micros } from '../base/units.ts';
import type { Core } from '../core/core.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { Conflator } from './conflator.ts';
import type { Gateway } from './gateway.ts';
import type { HostPort } from './host-port.ts';
import { PulledVenues, sooner } from './pulled-venues.ts';

/** When a desk on a virtual clock has something to do next: market data, and everything besides. */
export class Agenda {
  feeds: readonly RecordedFeed[] = [];
  venues = new PulledVenues([]);
  /** Inputs stepped so far. */
  steps = 0;
  readonly #core: Core;
  readonly #host: HostPort;
  readonly #conflator: Conflator;
  readonly #gateway: Gateway;
  /** The core's next deadline as it was after so many steps. */
  #deadline: Micros | undefined;
  #deadlineOf = -1;

  constructor(core: Core, host: HostPort, conflator: Conflator, gateway: Gateway) {
    this.#core = core;
    this.#host = host;
    this.#conflator = conflator;
    this.#gateway = gateway;
  }

  get feedsLeft(): boolean {
    for (const feed of this.feeds) if (feed.peek() !== undefined) return true;
    return false;
  }

  /** Next virtual time at which anything happens; undefined = nothing ever will. */
  nextAt(): Micros | undefined {
    let next = this.coreDeadline();
    for (const feed of this.feeds) next = sooner(next, feed.peek());
    next = sooner(next, this.venues.nextAt());
    next = sooner(next, this.#host.nextTimerAt());
    next = sooner(next, this.#conflator.nextAt());
    return sooner(next, this.#gateway.nextPumpAt());
  }

  /** The core's next deadline: it is asked again after a step only. */
  coreDeadline(): Micros | undefined {
    if (this.#deadlineOf === this.steps) return this.#deadline;
    this.#deadlineOf = this.steps;
    return (this.#deadline = this.#core.nextDeadline());
  }

  /** The first of what a step alone can change: the core's deadline and what the throttles hold; Infinity = nothing. */
  firmAt(): number {
    return Math.min(this.coreDeadline() ?? Infinity, this.#gateway.nextPumpAt() ?? Infinity);
  }

  /** The first of what an event of the market can change without a step: reports of venues, timers of strategies, marks; Infinity = nothing. */
  looseAt(): number {
    const soonest = Math.min(this.#conflator.nextAt() ?? Infinity, this.#host.nextTimerAt() ?? Infinity);
    return Math.min(soonest, this.venues.nextAt() ?? Infinity);
  }
}
