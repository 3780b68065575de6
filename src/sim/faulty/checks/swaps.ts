import type { Core } from '../../../core/core.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { RowIx } from '../../../domain/ids.ts';
import type { SwapCommitted, SwapProposed } from '../../../domain/swap.ts';
import { venueOf } from '../stage.ts';
import { ledgerLots, type FillFacts } from './fills.ts';
import type { RollbackFacts } from './rollbacks.ts';
import type { RowFacts } from './rows.ts';
import type { SliceFacts } from './slices.ts';
import type { Fold, Say, Turn } from './turn.ts';

/** AUTH3, AUTH4, AUTH5, POS3, POS5 and POS6 of hand-overs from one version to another: one owner, one at a time, new epochs, nothing made and nothing lost, one state and one watermark. */
export class SwapFacts implements Fold {
  /** Proposed and neither committed nor aborted. */
  readonly open = new Map<number, SwapProposed>();
  commits = 0;
  /** Committed and still watched, with the row that took over. */
  readonly #watched = new Map<number, RowIx>();
  readonly #ended = new Set<number>();
  /** Event at which the old version of a swap was stopped. */
  readonly #stopped = new Map<number, number>();
  readonly #epochs = new Map<number, number>();
  readonly #slices: SliceFacts;
  readonly #rows: RowFacts;
  readonly #fills: FillFacts;
  readonly #rollbacks: RollbackFacts;

  constructor(slices: SliceFacts, rows: RowFacts, fills: FillFacts, rollbacks: RollbackFacts) {
    this.#slices = slices;
    this.#rows = rows;
    this.#fills = fills;
    this.#rollbacks = rollbacks;
  }

  /** After the folds of rows, fills and rollbacks have taken the turn. */
  take(turn: Turn, core: Core | undefined, say: Say): void {
    const { input, decisions } = turn;
    if (input.kind === 'handover' && input.event === 'stopped' && this.open.has(input.swap)) this.#stopped.set(input.swap, input.eventSeq);
    for (const decision of decisions) this.#decided(decision, turn, core, say);
    for (const decision of decisions) if (decision.kind === 'rowChanged') this.#epochs.set(decision.row, decision.epoch);
    if (this.open.size === 0) return;
    if (this.open.size > 1) say('AUTH4', `${this.open.size} swaps are under way in one slice`);
    for (const { swap, to } of this.open.values()) {
      const slice = this.#slices.of(to);
      if (this.#rollbacks.open.some((one) => this.#slices.of(one.row) === slice)) say('AUTH4', 'a swap goes on beside a rollback');
      const row = this.#rows.rows[to];
      if (row.cap > 0 || row.mode === 'ACTIVE') say('AUTH3', `row ${to} is ${row.mode} with ${row.cap} before swap ${swap} is committed`);
    }
  }

  #decided(decision: Decision, turn: Turn, core: Core | undefined, say: Say): void {
    switch (decision.kind) {
      case 'swapProposed':
        this.#proposed(decision, say);
        return;
      case 'swapCommitted':
        this.#handedOver(decision, turn, say);
        this.#end(decision.swap, say);
        this.#committed(decision, core, say);
        return;
      case 'swapAborted':
        this.#end(decision.swap, say);
        return;
      case 'swapFinalized':
        this.#watched.delete(decision.swap);
        return;
      case 'triggerFired':
        // the watch over a version ends with its rollback
        for (const [swap, to] of this.#watched) if (to === decision.row) this.#watched.delete(swap);
        return;
      case 'orderSent':
      case 'replaceSent':
        if (decision.order.simulated) return;
        for (const { swap, from, to } of this.open.values()) {
          if (decision.order.row === to) say('AUTH3', `row ${to} sends before swap ${swap} is committed`);
          else if (decision.order.row === from) this.#afterStop(swap, turn, say);
        }
        return;
      default:
        return;
    }
  }

  /** One at a time, and one that was committed goes on until its watch is over. */
  #proposed(proposed: SwapProposed, say: Say): void {
    const [other] = [...this.open.keys(), ...this.#watched.keys()];
    if (other !== undefined) say('AUTH4', `swap ${proposed.swap} is proposed beside swap ${other}`);
    this.open.set(proposed.swap, proposed);
  }

  /** POS5: a version takes over with the very state that the other one had; POS6: with that of the event at which the other one was stopped. */
  #handedOver({ swap, watermark, stateHash }: SwapCommitted, { input }: Turn, say: Say): void {
    if (input.kind !== 'handover' || input.event !== 'adopted' || input.swap !== swap)
      return say('POS5', `swap ${swap} is committed by ${input.kind}, no host has taken its state`);
    const { exported, taken, eventSeq } = input;
    if (exported === '' || exported !== taken || exported !== stateHash)
      say('POS5', `swap ${swap} is committed with state ${stateHash}, ${exported} was exported and ${taken} was taken`);
    const stopped = this.#stopped.get(swap);
    if (eventSeq !== watermark || stopped !== watermark)
      say(
        'POS6',
        `swap ${swap} is committed at event ${watermark}, its state is of ${eventSeq} and the old version was stopped at ${stopped ?? 'none'}`,
      );
  }

  /** POS6: what comes behind the watermark is the new version's, if it is anybody's. */
  #afterStop(swap: number, { input }: Turn, say: Say): void {
    const stopped = this.#stopped.get(swap);
    if (stopped !== undefined && input.kind === 'intent' && input.eventSeq > stopped)
      say('POS6', `the old version of swap ${swap} trades on event ${input.eventSeq}, it was stopped at ${stopped}`);
  }

  #end(swap: number, say: Say): void {
    this.#stopped.delete(swap);
    if (this.#ended.has(swap)) say('AUTH4', `swap ${swap} ended twice`);
    this.#ended.add(swap);
    this.open.delete(swap);
  }

  #committed({ swap, from, to, fromEpoch, toEpoch }: SwapCommitted, core: Core | undefined, say: Say): void {
    this.commits += 1;
    this.#watched.set(swap, to);
    if (fromEpoch <= (this.#epochs.get(from) ?? 0) || toEpoch <= (this.#epochs.get(to) ?? 0))
      say('AUTH5', `swap ${swap} raised no epoch: ${fromEpoch} and ${toEpoch}`);
    if (this.#rows.rows[from].cap > 0) say('AUTH3', `row ${from} keeps ${this.#rows.rows[from].cap} after swap ${swap}`);
    if (core === undefined) return;
    for (let listing = 0; listing < venueOf.length; listing++) {
      const [held, traded] = [ledgerLots(core, listing), this.#fills.net[listing]];
      if (held !== traded) say('POS3', `swap ${swap} made ${held} lots of listing ${listing} of ${traded}`);
    }
  }
}
