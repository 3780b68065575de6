import type { Budget } from './budget.ts';
import type { HostLink } from './host-link.ts';

/** Longest that a host may take to load a module (microseconds). */
const loadMicros = 20_000_000;
/** How many budgets a host may be silent with work before it, without any callback running, before it counts as dead. */
const silentBudgets = 20;

/** Why a host must be ended, and the row to blame (-1 = none). Undefined = it is well. `now`: microseconds of the shared clock. */
export function verdictOf(
  link: HostLink,
  now: number,
  { callMillis, heapMebibytes }: Budget,
  maxWaiting: number,
): { readonly row: number; readonly text: string } | undefined {
  const { board, died } = link;
  const heap = `heap ${(board.heapBytes / 1_048_576).toFixed(0)} of ${heapMebibytes} MiB`;
  const running = board.running();
  if (died !== undefined)
    return { row: running?.row ?? board.grower, text: `its host died (${died === '' ? 'no reason given' : died}); ${heap}` };
  if (running !== undefined) {
    const millis = (now - running.since) / 1_000;
    if (millis > callMillis) {
      return { row: running.row, text: `callback: expected at most ${callMillis} ms, had run for ${millis.toFixed(0)} ms; ${heap}` };
    }
  }
  if (link.behind >= maxWaiting) {
    return {
      row: running?.row ?? board.grower,
      text: `host: expected at most ${maxWaiting} deliveries waiting, was ${link.behind}; ${heap}`,
    };
  }
  if (!link.busy) {
    link.progressAt = now;
    return undefined;
  }
  const silent = now - link.progressAt;
  const allowed = link.loading > 0 ? loadMicros : silentBudgets * callMillis * 1_000;
  if (running !== undefined || silent <= allowed) return undefined;
  return {
    row: board.grower,
    text: `host: expected an answer within ${allowed / 1_000} ms, was silent for ${(silent / 1_000).toFixed(0)} ms; ${heap}`,
  };
}
