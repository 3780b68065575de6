import { ticks } from '../../base/units.ts';
import { micros } from '../../base/units.ts';
import type { Prng } from '../../base/prng.ts';
import { isSettled } from '../../core/reconcile/reconciliation.ts';
import type { BreakChanged } from '../../domain/break-changed.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { ReconcileReason } from '../../domain/statement.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, sentOf, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { comparedState, type ComparedState } from './compared-state.ts';
import { StatingVenue, type HeldOrder } from './stating-venue.ts';

/** Longest virtual time until nothing is unsettled (microseconds). */
const longestSettling = 300_000_000;
const breath = 400_000;

/** A desk that trades capital at one venue double, and what happens between them. */
export class ComparedDesk {
  readonly desk: RolloutDesk = openDesk();
  readonly venue = new StatingVenue();
  readonly row: number;
  readonly rng: Prng;
  #read = 0;

  constructor(rng: Prng) {
    this.rng = rng;
    this.row = this.desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
    this.settle();
    this.compare('start');
  }

  get at() {
    return micros(this.desk.at);
  }

  /** Carries effects to the venue and its words back until there are none; then time passes until nothing is unsettled. */
  settle(): void {
    const until = this.desk.at + longestSettling;
    for (;;) {
      this.exchange();
      const { reconciliation } = this.desk.core;
      if (isSettled(reconciliation) || reconciliation.dueAt === 0 || this.desk.at > until) return;
      this.wait(Math.max(0, reconciliation.dueAt - this.desk.at));
    }
  }

  /** Time passes; the feed is heard. */
  wait(by: number): void {
    for (let left = by; left > 0; left -= breath) {
      this.desk.advance(Math.min(left, breath));
      this.desk.mark(0);
      this.desk.mark(1);
      this.exchange();
    }
  }

  exchange(): void {
    const { turns } = this.desk;
    while (this.#read < turns.length) {
      for (const effect of turns[this.#read++].effects) for (const word of this.venue.take(effect, this.at)) this.desk.say(word);
    }
  }

  compare(reason: ReconcileReason = 'person'): void {
    this.desk.say({ kind: 'reconcile', reason, venue: -1, every: 0 });
    this.settle();
  }

  /** A limit order that works on both sides. Prices of the sides never cross. @returns how the venue holds it. */
  work(qty = 2 + this.rng.int(8)): HeldOrder {
    const side = this.rng.int(2) === 0 ? 'buy' : 'sell';
    const listing = this.rng.int(2);
    const price = side === 'buy' ? 9_900 - this.rng.int(40) : 10_100 + this.rng.int(40);
    const turn = this.intent(side, qty, listing, price);
    this.exchange();
    return this.venue.held(sentOf(turn)[0]);
  }

  intent(side: 'buy' | 'sell', qty: number, listing: number, price: number): Turn {
    this.wait(5_000);
    const turn = this.desk.intent(this.row, side, qty, { listing, price: ticks(price), timeInForce: 'gtc' });
    if (sentOf(turn).length === 0) throw new Error(`the desk sent nothing: ${JSON.stringify(turn.decisions)}`);
    return turn;
  }

  /** Decisions from a turn on. */
  decisionsFrom(turn: number): readonly Decision[] {
    return this.desk.turns.slice(turn).flatMap((one) => one.decisions);
  }

  effectsFrom(turn: number): readonly Effect[] {
    return this.desk.turns.slice(turn).flatMap((one) => one.effects);
  }

  breaksFrom(turn: number): readonly BreakChanged[] {
    return this.decisionsFrom(turn).filter((one) => one.kind === 'breakChanged');
  }

  get #state(): ComparedState {
    return comparedState(this.desk.core, this.row);
  }

  openBreaks(): readonly string[] {
    return this.#state.openBreaks;
  }

  get mode(): string {
    return this.#state.mode;
  }

  workingHere(): readonly string[] {
    return this.#state.working;
  }

  workingThere(): readonly string[] {
    return this.venue.working();
  }

  positionsHere(): readonly number[] {
    return this.#state.positions;
  }
}
