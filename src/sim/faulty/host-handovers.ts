import type { Prng } from '../../base/prng.ts';
import type { Effect } from '../../domain/effect.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { HandoverEvent, HandoverNotice } from '../../domain/swap.ts';
import type { FaultPlan } from './fault-plan.ts';

export type HandoverEffect = Extract<Effect, { kind: 'handover' }>;

const stateHash = 'c'.repeat(64);
const events: Readonly<Record<HandoverEffect['verb'], HandoverEvent | null>> = {
  sync: 'synced',
  try: 'accepted',
  stop: 'stopped',
  adopt: 'adopted',
  wake: 'adopted',
  commit: null,
  abort: null,
};

/** What hosts say to the steps of a hand-over, and the rows that they do not feed meanwhile. */
export class HostHandovers {
  /** Rows that are stopped until the commit or the abort. */
  readonly still = new Set<RowIx>();
  readonly #luck: Prng;
  readonly #faults: FaultPlan;

  constructor(luck: Prng, faults: FaultPlan) {
    this.#luck = luck;
    this.#faults = faults;
  }

  /** Does the step. @returns the host's word on it; undefined = it has none to say, or it gets lost. */
  take({ verb, swap, from, to }: HandoverEffect, eventSeq: number): HandoverNotice | undefined {
    if (verb === 'stop' || verb === 'wake') this.still.add(from).add(to);
    else if (verb === 'commit' || verb === 'abort') for (const row of [from, to]) this.still.delete(row);
    const event = events[verb];
    if (event === null) return undefined;
    const hash = event === 'stopped' ? '' : stateHash;
    const row = event === 'stopped' ? from : to;
    // standbys are woken seldom: what can go wrong there does so more often
    const often = verb === 'wake' ? 6 : 1;
    return this.#spoiled({ kind: 'handover', swap, row, event, eventSeq, exported: hash, taken: hash, text: '' }, often);
  }

  /** A host that dies, refuses, takes another state than was exported, or has no room for what waits. */
  #spoiled(notice: HandoverNotice, often: number): HandoverNotice | undefined {
    if (this.#faults.handoverFault === 0 || this.#luck.float() >= this.#faults.handoverFault * often) return notice;
    switch (this.#luck.int(4)) {
      case 0:
        return undefined;
      case 1:
        return { ...notice, event: 'refused', text: 'no' };
      case 2:
        return { ...notice, event: 'overflow', text: 'full' };
      default:
        // the state of another event than the one at which the old version was stopped
        if (notice.event === 'adopted' && often === 1 && notice.eventSeq % 2 === 1) return { ...notice, eventSeq: notice.eventSeq - 1 };
        return { ...notice, taken: 'f'.repeat(64) };
    }
  }
}
