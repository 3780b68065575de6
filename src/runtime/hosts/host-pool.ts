import type { Micros } from '../../base/units.ts';
import type { L2Book } from '../../core/market/book.ts';
import type { EventSeq, ListingIx, RowIx } from '../../domain/ids.ts';
import type { Intent } from '../../domain/input.ts';
import type { HandoverNotice } from '../../domain/swap.ts';
import type { ExportedState } from '../../ports/strategy.ts';
import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, HostFault, HostPort, LoadRequest } from '../host-port.ts';
import { createDoorbell } from '../rings/doorbell.ts';
import { monotonicMicros } from '../shared-clock.ts';
import { stateHashOf } from '../exported-state.ts';
import { Fleet, type FleetOptions } from './fleet.ts';

const none: readonly HandoverNotice[] = [];
/** Longest sleep between two looks at the budgets while hosts work (ms). */
const lookMillis = 5;

/**
 * Hosts in lock-step: a delivery returns when every host has answered it, in the order that one thread would give; recordings bring the same orders in
 * hosts as in one thread. It blocks its caller's thread, a strategy that never returns for no longer than its budget.
 */
export class HostPool implements HostPort {
  readonly #fleet: Fleet;
  readonly #bell = createDoorbell(false);
  #intents: Intent[] = [];
  #faults: HostFault[] = [];
  #notices: HandoverNotice[] = [];
  readonly #ready = (): boolean => this.#fleet.hasWord;

  constructor(options: Omit<FleetOptions, 'bell' | 'sink' | 'spinning' | 'lockStep'>) {
    this.#fleet = new Fleet({
      ...options,
      spinning: false,
      lockStep: true,
      bell: this.#bell,
      sink: {
        intent: (intent) => this.#intents.push(intent),
        fault: (fault) => this.#faults.push(fault),
        loaded: () => undefined,
        handover: (notice) => this.#notices.push(notice),
      },
    });
  }

  growTo(count: number): void {
    this.#fleet.market.growTo(count);
  }

  book(listing: ListingIx): L2Book {
    return this.#fleet.market.books[listing];
  }

  /** Blocks until `done`; budgets hold meanwhile. */
  #until(done: () => boolean): void {
    this.#fleet.publish();
    for (;;) {
      this.#fleet.poll();
      if (done()) return;
      this.#bell.wait(this.#ready, lookMillis);
      this.#fleet.watch(monotonicMicros());
      this.#fleet.publish();
    }
  }

  load(request: LoadRequest): { readonly ok: true } | { readonly ok: false; readonly text: string } {
    const { name, version } = request.definition;
    const refused = this.#fleet.load({ ...request, name, version });
    if (refused !== '') return { ok: false, text: refused };
    const served = this.#fleet.rows.get(request.row);
    this.#until(() => served === undefined || served.loaded.count > 0 || served.link === undefined);
    if (served?.loaded.ok === true) return { ok: true };
    this.unload(request.row);
    return { ok: false, text: served?.loaded.text ?? '' };
  }

  unload(row: RowIx): void {
    this.#fleet.unload(row);
  }

  authority(row: RowIx, epoch: number, capital: number, trading: boolean): void {
    this.#fleet.authority(row, { epoch, capital, trading });
  }

  warm(row: RowIx): boolean {
    const served = this.#fleet.rows.get(row);
    return served !== undefined && served.request.universe.every((listing) => this.#fleet.market.hasSeen(listing));
  }

  deliver(delivery: Delivery): HostAnswer {
    this.#fleet.post(delivery, 0);
    this.#until(() => this.#fleet.links.every((link) => !link.busy));
    return this.#take(delivery.eventSeq);
  }

  /** One thread answers row by row; hosts answer one beside the other. */
  #take(watermark: EventSeq, byRow = true): HostAnswer {
    const intents = byRow && this.#intents.length > 1 ? this.#intents.sort((a, b) => a.row - b.row) : this.#intents;
    const faults = this.#faults.length > 1 ? this.#faults.sort((a, b) => a.row - b.row) : this.#faults;
    this.#intents = [];
    this.#faults = [];
    return { intents, faults, watermark };
  }

  nextTimerAt(): Micros | undefined {
    return this.#fleet.nextTimerAt();
  }

  dueTimers(at: Micros): readonly { readonly row: RowIx; readonly name: string }[] {
    return this.#fleet.dueTimers(at);
  }

  exportState(row: RowIx): ExportedState | undefined {
    const served = this.#fleet.rows.get(row);
    if (served?.link === undefined) return undefined;
    const before = served.exports;
    served.link.order({ verb: 'export', row });
    this.#until(() => served.exports > before || served.link === undefined);
    const { state } = served;
    return state === undefined
      ? undefined
      : { schema: state.schema, bytes: state.bytes, eventSeq: state.eventSeq, hash: stateHashOf(state) };
  }

  handover(request: HandoverRequest): HandoverReply {
    const before = this.#notices.length;
    const answered = (): HandoverNotice | undefined => this.#notices.slice(before).find(({ event }) => event !== 'overflow');
    this.#fleet.handover(request);
    const ends = request.verb === 'commit' || request.verb === 'abort';
    this.#until(() => (ends ? this.#fleet.handing === 0 : answered() !== undefined));
    const notice = answered() ?? null;
    this.#notices = this.#notices.filter((one) => one !== notice);
    return { notice, answers: this.#inOrder(request.to) };
  }

  /** What came of the events that had waited, by event; the new version answers each before the old one. */
  #inOrder(first: RowIx): readonly HostAnswer[] {
    const rank = (row: RowIx): number => (row === first ? 0 : 1);
    this.#intents.sort((a, b) => a.eventSeq - b.eventSeq || rank(a.row) - rank(b.row));
    const answer = this.#take(this.#intents.at(-1)?.eventSeq ?? 0, false);
    return answer.intents.length + answer.faults.length === 0 ? [] : [answer];
  }

  unasked(): readonly HandoverNotice[] {
    if (this.#notices.length === 0) return none;
    const said = this.#notices;
    this.#notices = [];
    return said;
  }

  async end(): Promise<void> {
    await this.#fleet.end();
  }
}
