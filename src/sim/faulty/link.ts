import type { Prng } from '../../base/prng.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';

/** One direction of a connection. What is sent arrives in order, once, after its delay, unless the direction is cut while it is under way. */
export class Link {
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #base: number;
  #lastArrival = 0;
  #cut = false;
  /** Raised when everything under way is lost. */
  #line = 0;

  /** @param base microseconds from end to end. */
  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, base: number) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#base = base;
  }

  get cut(): boolean {
    return this.#cut;
  }

  setCut(cut: boolean): void {
    this.#cut = cut;
    if (cut) this.#line += 1;
  }

  /** @param jumps overtakes what was sent before it. @param lost hears that it never arrives. */
  send(arrive: () => void, jumps = false, lost: () => void = () => undefined): void {
    if (this.#cut) return lost();
    const line = this.#line;
    let delay = this.#base * (0.5 + this.#luck.float());
    if (this.#faults.delay > 0 && this.#luck.float() < this.#faults.delay) delay += this.#luck.exponential(120_000);
    let at = this.#agenda.now + Math.ceil(delay);
    if (!jumps) {
      at = Math.max(at, this.#lastArrival);
      this.#lastArrival = at;
    }
    this.#agenda.at(at, () => {
      if (line === this.#line) arrive();
      else lost();
    });
  }
}
