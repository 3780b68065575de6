import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, HostPort, LoadRequest } from '../../../src/runtime/host-port.ts';
import type { HandoverNotice } from '../../../src/domain/swap.ts';
import type { ThreadHost } from '../../../src/runtime/thread-host.ts';
import type { ExportedState } from '../../../src/ports/strategy.ts';
import type { EventLedger } from './event-ledger.ts';

/** What a planted host does otherwise; left out = what the real one does. */
export interface HostPlant {
  readonly deliver?: (host: ThreadHost, delivery: Delivery, stopped: boolean) => HostAnswer;
  readonly handover?: (host: ThreadHost, request: HandoverRequest) => HandoverReply;
}

/** The strategy host behind its ledger of events. It may be slow to say that a version is stopped, so that events queue meanwhile. */
export class WatchedHost implements HostPort {
  readonly #host: ThreadHost;
  readonly #ledger: EventLedger;
  readonly #plant: HostPlant;
  #stopped = 0;
  /** Whether the next stop is answered late. */
  slow = false;
  /** The late answer. */
  late: HandoverNotice | undefined;
  /** Events of the market that came while a version was stopped. */
  queued = 0;

  constructor(host: ThreadHost, ledger: EventLedger, plant: HostPlant) {
    this.#host = host;
    this.#ledger = ledger;
    this.#plant = plant;
  }

  load(request: LoadRequest): { readonly ok: true } | { readonly ok: false; readonly text: string } {
    return this.#host.load(request);
  }

  unload(row: number): void {
    this.#host.unload(row);
  }

  authority(row: number, epoch: number, capital: number, trading: boolean): void {
    this.#host.authority(row, epoch, capital, trading);
  }

  warm(row: number): boolean {
    return this.#host.warm(row);
  }

  deliver(delivery: Delivery): HostAnswer {
    this.#ledger.delivered(delivery);
    if (delivery.kind === 'market' && this.#stopped > 0) this.queued++;
    return this.#plant.deliver?.(this.#host, delivery, this.#stopped > 0) ?? this.#host.deliver(delivery);
  }

  nextTimerAt(): ReturnType<HostPort['nextTimerAt']> {
    return this.#host.nextTimerAt();
  }

  dueTimers(at: Parameters<HostPort['dueTimers']>[0]): ReturnType<HostPort['dueTimers']> {
    return this.#host.dueTimers(at);
  }

  exportState(row: number): ExportedState | undefined {
    return this.#host.exportState(row);
  }

  unasked(): readonly HandoverNotice[] {
    return this.#host.unasked();
  }

  handover(request: HandoverRequest): HandoverReply {
    if (request.verb === 'stop') this.#stopped++;
    if ((request.verb === 'commit' || request.verb === 'abort') && this.#stopped > 0) this.#stopped--;
    const reply = this.#plant.handover?.(this.#host, request) ?? this.#host.handover(request);
    if (request.verb !== 'stop' || !this.slow || reply.notice === null) return reply;
    this.slow = false;
    this.late = reply.notice;
    return { ...reply, notice: null };
  }
}
