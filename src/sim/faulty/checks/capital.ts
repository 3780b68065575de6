import { toNumber } from '../../../base/split.ts';
import type { Core } from '../../../core/core.ts';
import type { Decision } from '../../../domain/decision.ts';
import { two48 } from './rows.ts';
import type { SliceFacts } from './slices.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** What changes who holds how much. */
const moves: ReadonlySet<string> = new Set<Decision['kind']>([
  'orderSent',
  'replaceSent',
  'orderStateChanged',
  'fillBooked',
  'rowChanged',
  'lotsTransferred',
  'orderAdopted',
]);

/** CAP1 in whole units: after every turn the rows of a slice hold no more than its capital, the reserve beside them, by the terms that people have said; only fills and orders that a venue restates draw of the reserve, and an overdraft is a record. */
export class CapitalFacts implements Fold {
  readonly #slices: SliceFacts;
  readonly #count: Count;
  #overdrawn = false;

  constructor(slices: SliceFacts, count: Count) {
    this.#slices = slices;
    this.#count = count;
  }

  take({ decisions }: Turn, core: Core | undefined, say: Say): void {
    if (decisions.length === 0) return;
    let [moved, booked] = [false, false];
    for (const decision of decisions) {
      moved ||= moves.has(decision.kind);
      booked ||= decision.kind === 'fillBooked';
      this.#overdrawn ||= decision.kind === 'capitalOverdraft';
    }
    if (moved && core !== undefined) this.#sums(core, say);
  }

  #sums({ gate }: Core, say: Say): void {
    for (const slice of gate.slices) {
      const terms = this.#slices.terms.get(slice.sliceID);
      if (terms === undefined) continue;
      this.#count('CAP1');
      let held = 0;
      for (const row of slice.rows) {
        const cap = gate.cap.hi[row] * two48 + gate.cap.lo[row];
        const used = (gate.entryCost.hi[row] + gate.reserved.hi[row]) * two48 + gate.entryCost.lo[row] + gate.reserved.lo[row];
        held += Math.max(cap, used);
      }
      const [drawn, overdraft] = [toNumber(slice.drawn), toNumber(slice.overdraft)];
      if (held + terms.reserve - drawn > terms.total + overdraft)
        say('CAP1', `rows hold ${held} beside a reserve of ${terms.reserve - drawn} of ${terms.total} with an overdraft of ${overdraft}`);
      if (drawn > terms.reserve) say('CAP1', `${drawn} are drawn of a reserve of ${terms.reserve}`);
      if (overdraft > 0 && !this.#overdrawn) say('CAP1', `an overdraft of ${overdraft} has no record`);
    }
  }
}
