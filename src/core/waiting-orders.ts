import { microsUnchecked, type Micros } from '../base/units.ts';
import type { ClOrdID, Seq } from '../domain/ids.ts';
import type { Core } from './core.ts';
import type { Outcome } from './outcome.ts';
import { deny, hasCertainEnd, place } from './order-flow.ts';
import { selfTradeWaitMicros } from './risk/capacities.ts';
import { escalateCancels } from './rollout/escalation.ts';

/** Orders whose way is free are checked again; those that waited too long are denied, and what stands in their way is escalated (rollout.md 3). */
export function retryWaiting(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  for (let i = 0; i < core.waiting.length; i++) {
    const { intent, account, waits, until } = core.waiting[i];
    const open = waits.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
    if (open.length > 0 && at < until) continue;
    core.waiting.splice(i--, 1);
    if (open.length === 0) {
      place(core, intent, account, seq, at, outcome);
      continue;
    }
    deny(core, intent, 'SELF_TRADE', waits.length, 0, '', outcome);
    escalate(core, intent.row, open, microsUnchecked(until - selfTradeWaitMicros), at, outcome);
  }
}

/** Once for each order: a custodian waits for the same one again and again. */
function escalate(core: Core, row: number, open: readonly ClOrdID[], since: Micros, at: Micros, outcome: Outcome): void {
  const { rollout } = core;
  rollout.inTheWay = rollout.inTheWay.filter((clOrdID) => !hasCertainEnd(core, clOrdID));
  const fresh = open.filter((clOrdID) => !rollout.inTheWay.includes(clOrdID));
  if (fresh.length === 0) return;
  rollout.inTheWay.push(...fresh);
  escalateCancels(core, 'selfTrade', row, since, fresh, at, outcome);
}
