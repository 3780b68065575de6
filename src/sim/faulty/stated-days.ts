import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';

/** Between two comparisons with what venues state, and between two ends of a day: days of this world are short. */
const every = 2_000_000;
const dayMicros = 9_000_000;

/** A desk is compared with what its venues state: at its start, every two seconds and at the end of each day. */
export function compareWithStatements(agenda: Agenda, desk: SimDesk): void {
  desk.submit({ kind: 'reconcile', reason: 'start', venue: -1, every });
  const nextDay = (): void =>
    agenda.after(dayMicros, () => {
      if (!desk.alive) return;
      desk.submit({ kind: 'reconcile', reason: 'endOfDay', venue: -1, every: 0 });
      nextDay();
    });
  nextDay();
}
