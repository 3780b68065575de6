import type { RowIx } from '../../domain/ids.ts';
import type { HandoverEvent, HandoverNotice } from '../../domain/swap.ts';
import type { Delivery, HandoverReply, HandoverRequest, HostAnswer, OwnEvent } from '../host-port.ts';
import { Giving } from './giving.ts';
import { Hearing } from './hearing.ts';
import { thrownText } from '../thrown-text.ts';
import { faultOf, type HostRows, type Parting } from './hosted.ts';
import { overflowNotice, refusedNotice, stoppedNotice, takenNotice } from './notices.ts';
import { Taking, type Taken } from './taking.ts';

/** Hand-overs that a host takes part in, as the old version's, as the new one's, or as both (rollout.md 3). */
export class Handovers {
  readonly giving: Giving;
  readonly taking: Taking;
  readonly #rows: HostRows;
  readonly #hearing = new Hearing();
  readonly #overflows = new Map<number, RowIx>();

  constructor(rows: HostRows) {
    this.#rows = rows;
    const full = (swap: number, from: RowIx): void => void this.#overflows.set(swap, from);
    this.giving = new Giving(rows, this.#hearing, full);
    this.taking = new Taking(rows, this.#hearing, full);
  }

  /** Whether anything is stopped. */
  get active(): boolean {
    return this.giving.active || this.taking.active;
  }

  isStill(row: RowIx): boolean {
    return this.giving.isStill(row) || this.taking.isStill(row);
  }

  /** Which queues are full since the last call. */
  unasked(): readonly HandoverNotice[] {
    if (this.#overflows.size === 0) return none;
    const taken = [...this.#overflows].map(([swap, from]) => overflowNotice(swap, from));
    this.#overflows.clear();
    return taken;
  }

  hears(event: OwnEvent): boolean {
    return this.#hearing.hears(event);
  }

  /** A row was loaded anew or given up. */
  forget(row: RowIx): void {
    this.#hearing.forget(row);
  }

  /** Keeps copies of what stopped versions would have heard. @returns whether that was all there was to do. */
  keep(delivery: Delivery): boolean {
    const given = this.giving.keep(delivery);
    return this.taking.keep(delivery) || given;
  }

  /** A step between two versions of this host. */
  handle(request: HandoverRequest): HandoverReply {
    try {
      return this.#step(request);
    } catch (error) {
      return refused(request, thrownText(error));
    }
  }

  #step(request: HandoverRequest): HandoverReply {
    const { verb, swap, from, to } = request;
    switch (verb) {
      case 'sync':
        return this.#from(request, (parting) => {
          const { said, answers } = this.taking.sync(request, parting);
          return { ...reply(request, 'synced', parting, said), answers };
        });
      case 'try':
        return this.#from(request, (parting) => {
          const giver = this.#rows.get(from);
          if (giver === undefined) return refused(request, 'the old version is not on this host');
          const {
            parameters,
            request: { definition },
          } = giver;
          return reply(request, 'accepted', parting, this.taking.try(request, parting, { definition, parameters }));
        });
      case 'stop': {
        const watermark = this.giving.stop(request);
        if (typeof watermark === 'string') return refused(request, watermark);
        this.taking.hold(request, true);
        return { notice: stoppedNotice(swap, from, watermark), answers: [] };
      }
      case 'adopt':
        if (!this.giving.isStopped(swap)) return refused(request, 'the old version was not stopped on this host');
        return this.#from(request, (parting) => reply(request, 'adopted', parting, this.taking.adopt(request, parting)));
      case 'wake':
        return this.#from(request, (parting) => reply(request, 'adopted', parting, this.taking.wake(request, parting)));
      case 'commit': {
        const taken = this.#ended(to, () => this.taking.take(request));
        if (to === from) return { notice: null, answers: taken };
        return {
          notice: null,
          answers: inOrder(
            taken,
            this.#ended(from, () => this.giving.release(request)),
          ),
        };
      }
      case 'abort': {
        const dropped = this.#ended(to, () => this.taking.drop(request));
        return {
          notice: null,
          answers: inOrder(
            dropped,
            this.#ended(from, () => this.giving.giveBack(request)),
          ),
        };
      }
    }
  }

  /** The swap is over, whatever a version's part in its end comes to: what it cannot do is a fault of its own, and keeps nothing from the other. */
  #ended(row: RowIx, work: () => readonly HostAnswer[] | string): readonly HostAnswer[] {
    const answers = this.#attempt(work);
    if (typeof answers !== 'string') return answers;
    const hosted = this.#rows.get(row);
    return hosted === undefined ? [] : [faultOf(hosted, answers)];
  }

  #attempt(work: () => readonly HostAnswer[] | string): readonly HostAnswer[] | string {
    try {
      return work();
    } catch (error) {
      return thrownText(error);
    }
  }

  #from(request: HandoverRequest, then: (parting: Parting) => HandoverReply): HandoverReply {
    const parting = this.giving.part(request.from);
    return typeof parting === 'string' ? refused(request, parting) : then(parting);
  }
}

const none: readonly HandoverNotice[] = [];

function refused(request: HandoverRequest, text: string): HandoverReply {
  return { notice: refusedNotice(request, text), answers: [] };
}

function reply(request: HandoverRequest, event: HandoverEvent, { state, exported }: Parting, said: Taken): HandoverReply {
  if (!said.ok) return refused(request, said.text);
  const { swap, to } = request;
  return { notice: takenNotice(swap, to, event, { eventSeq: state.eventSeq, exported, taken: said.taken }), answers: [] };
}

/** Answers of both versions by the event that they answer, the new one's first. */
export function inOrder(taken: readonly HostAnswer[], given: readonly HostAnswer[]): readonly HostAnswer[] {
  return given.length === 0 ? taken : [...taken, ...given].sort((a, b) => a.watermark - b.watermark);
}
