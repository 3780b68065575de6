import type { Budget } from './budget.ts';
import type { RunningCall } from './host-board.ts';
import type { HostLink } from './host-link.ts';
import { threadCpuMillis } from './thread-cpu.ts';

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
  const slow = running === undefined ? undefined : slowText(link, running, now, callMillis);
  if (running !== undefined && slow !== undefined) return { row: running.row, text: `${slow}; ${heap}` };
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

/** Share of the budget after which a callback's processor time is counted, and the share of the budget that it must have run since. */
const countFrom = 0.5;
const mustHaveRun = 0.4;
/** A callback that does not run and does not return (it sleeps, it waits for a file) is ended after this many budgets. */
const stuckBudgets = 10;

/** Why a running callback is past its budget: by the clock on the wall, and where that can be told by the time it really ran; undefined = it is not. */
function slowText(link: HostLink, running: RunningCall, now: number, callMillis: number): string | undefined {
  const millis = (now - running.since) / 1_000;
  if (millis < countFrom * callMillis) return undefined;
  const ran = threadCpuMillis(link.board.thread);
  if (link.counted?.call !== running.call) link.counted = { call: running.call, ran: ran ?? 0 };
  if (millis <= callMillis) return undefined;
  const since = ran === undefined ? Infinity : ran - link.counted.ran;
  if (since < mustHaveRun * callMillis && millis < stuckBudgets * callMillis) return undefined;
  return `callback: expected at most ${callMillis} ms, had run for ${millis.toFixed(0)} ms`;
}
