import { lots, ticks } from '../../base/units.ts';
import type { LimitKey, LimitName } from '../../domain/limit.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { denialsOf, openDesk, reportOf, risk, senior2, sentOf, sliceID, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

/** A version `1.0.0` of the algorithm `algo` that holds its first stage: 10,000 USD. */
export function tradingDesk(): { readonly desk: RolloutDesk; readonly row: number } {
  const desk = openDesk();
  return { desk, row: desk.deploy(canary('d0', '1.0.0', { stages: [rung(100), rung(500)] })) };
}

export function firmLimit(desk: RolloutDesk, limit: LimitName, value: number): Turn {
  return desk.order({ verb: 'setLimit', key: { scope: 'firm', scopeID: '', limit }, value }, risk, null);
}

export const versionKey = (limit: LimitName): LimitKey => ({ scope: 'version', scopeID: `${sliceID}/1.0.0`, limit });

/** Sets a limit by two people, so that it may be any. */
export function setLimit(desk: RolloutDesk, key: LimitKey, value: number): Turn {
  return desk.order({ verb: 'setLimit', key, value }, risk, senior2);
}

/** What came of an intent: the number of the order that left, or the code of the denial. */
export function outcomeOf(turn: Turn): number | string {
  return sentOf(turn)[0] ?? denialsOf(turn)[0] ?? 'nothing';
}

/** The venue says that lots of an order traded at 100.00. */
export function traded(desk: RolloutDesk, clOrdID: number, qty: number, of: number, execID: string): Turn {
  const more = { lastQty: lots(qty), lastPx: ticks(10_000), cumQty: lots(qty), leavesQty: lots(of - qty), execID } as const;
  return desk.say(reportOf(desk, clOrdID, 0, { execType: 'trade', ...more }));
}

/** Nobody answers for an order. */
export function unanswered(desk: RolloutDesk, clOrdID: number): Turn {
  return desk.say(reportOf(desk, clOrdID, 0, { execType: 'timeout', execID: '', orderID: '' }));
}

export function held(desk: RolloutDesk, row: number, listing = 0): number {
  return desk.core.risk.positions.leafPosition(row, 0, listing, false);
}
