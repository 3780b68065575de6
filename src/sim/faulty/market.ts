import type { Prng } from '../../base/prng.ts';
import { lotsUnchecked, ticksUnchecked } from '../../base/units.ts';
import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultyVenue } from './faulty-venue.ts';
import { middle, widest } from './stage.ts';

/** Prices that walk, and trades of working orders at the venues. */
export class Market {
  readonly mids: number[];
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  #venues: readonly FaultyVenue[] = [];
  #desk: SimDesk | undefined;
  #feedSeq = 0;
  #silentUntil = 0;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, listings: number) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.mids = Array.from({ length: listings }, () => middle);
  }

  join(desk: SimDesk): void {
    this.#desk = desk;
  }

  open(venues: readonly FaultyVenue[]): void {
    this.#venues = venues;
    this.#tick();
    this.#trade();
  }

  silence(micros: number): void {
    this.#silentUntil = this.#agenda.now + micros;
  }

  #tick(): void {
    const luck = this.#luck;
    this.#agenda.after(30_000 + luck.int(60_000), () => this.#tick());
    const listing = luck.int(this.mids.length);
    this.mids[listing] = Math.max(middle - widest, Math.min(middle + widest, this.mids[listing] + luck.int(41) - 20));
    if (this.#agenda.now >= this.#silentUntil) this.#mark(listing);
  }

  #mark(listing: number): void {
    const desk = this.#desk;
    if (desk === undefined) return;
    const mid = this.mids[listing];
    desk.submit({
      kind: 'mark',
      listing,
      feed: 0,
      feedSeq: ++this.#feedSeq,
      bid: ticksUnchecked(mid - 1),
      bidQty: lotsUnchecked(1_000),
      ask: ticksUnchecked(mid + 1),
      askQty: lotsUnchecked(1_000),
      last: ticksUnchecked(mid),
      eventTime: desk.now(),
      eventSeq: this.#feedSeq,
    });
  }

  #trade(): void {
    const luck = this.#luck;
    this.#agenda.after(luck.exponential(15_000), () => this.#trade());
    const venue = this.#venues[luck.int(this.#venues.length)];
    venue.trade();
    if (this.#hits('bust')) this.#agenda.after(luck.int(3_000) + 1, () => venue.revise('bust'));
    if (this.#hits('correction')) this.#agenda.after(luck.int(3_000) + 1, () => venue.revise('correction'));
  }

  #hits(name: 'bust' | 'correction'): boolean {
    return this.#faults[name] > 0 && this.#luck.float() < this.#faults[name] * 0.3;
  }
}
