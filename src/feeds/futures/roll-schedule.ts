import { MICROS_PER_DAY } from '../../base/time.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Calendar } from '../calendars/calendar.ts';
import { isSessionDay, sessionOf } from '../calendars/market-clock.ts';
import { localDay } from '../../base/zone.ts';
import { contractMonth, indexFutureExpiry } from './index-future.ts';

export const rollRules = ['calendar', 'open-interest'] as const;
export type RollRule = (typeof rollRules)[number];

/** The front contract changes at the opening of a session: from then on `to` is held instead of `from`. */
export interface Roll {
  readonly at: Micros;
  readonly from: string;
  readonly to: string;
}

/** Open contracts at a time. */
export interface OpenInterest {
  readonly instrumentID: string;
  readonly time: number;
  readonly qty: number;
}

/** Sessions before the last trading day at whose opening a calendar roll happens: for index futures the second Thursday of the contract's month. */
export const usualRollSessions = 6;
/** Longest way back to find them, days. */
const maxLookDays = 60;

/** Contracts of one root by their expiry; names without a month are left out. */
export function contractsByExpiry(instrumentIDs: readonly string[]): { readonly instrumentID: string; readonly expiry: Micros }[] {
  const dated = instrumentIDs.flatMap((instrumentID) => {
    const month = contractMonth(instrumentID);
    return month === undefined ? [] : [{ instrumentID, expiry: indexFutureExpiry(month.year, month.month) }];
  });
  return dated.sort((a, b) => a.expiry - b.expiry);
}

/** Rolls from each contract to the next, so many sessions before its last trading day. */
export function calendarRolls(instrumentIDs: readonly string[], calendar: Calendar, sessionsBefore = usualRollSessions): Roll[] {
  const contracts = contractsByExpiry(instrumentIDs);
  return contracts.slice(1).map(({ instrumentID }, i) => {
    const { instrumentID: from, expiry } = contracts[i];
    return { at: openingBefore(calendar, expiry, sessionsBefore), from, to: instrumentID };
  });
}

/**
 * Rolls to the next contract at the first opening after its open interest, as last said, passed that of the front; at the latest one session before the last
 * trading day, since nobody can hold a contract past its end.
 */
export function openInterestRolls(instrumentIDs: readonly string[], interest: readonly OpenInterest[], calendar: Calendar): Roll[] {
  const contracts = contractsByExpiry(instrumentIDs);
  const said = [...interest].sort((a, b) => a.time - b.time);
  const rolls: Roll[] = [];
  let since = -Infinity;
  for (let i = 0; i + 1 < contracts.length; i++) {
    const [front, next] = [contracts[i], contracts[i + 1]];
    const last = openingBefore(calendar, front.expiry, 1);
    const passed = passedAt(said, front.instrumentID, next.instrumentID, since);
    const at = passed === undefined ? last : Math.min(last, openingAfter(calendar, passed));
    rolls.push({ at: microsUnchecked(at), from: front.instrumentID, to: next.instrumentID });
    since = at;
  }
  return rolls;
}

function passedAt(said: readonly OpenInterest[], front: string, next: string, since: number): number | undefined {
  let [held, coming] = [NaN, NaN];
  for (const { instrumentID, time, qty } of said) {
    if (instrumentID === front) held = qty;
    else if (instrumentID === next) coming = qty;
    if (time > since && coming > held) return time;
  }
  return undefined;
}

/** The contract held at a time: that of the last roll at or before it, the first roll's `from` before any. */
export function frontAt(rolls: readonly Roll[], time: number): string | undefined {
  return rolls.findLast((roll) => roll.at <= time)?.to ?? rolls[0]?.from;
}

/** Opening of the session `sessions` before the one that an instant falls on. */
function openingBefore(calendar: Calendar, instant: Micros, sessions: number): Micros {
  let day = localDay(calendar.zone, instant);
  let left = sessions;
  for (let looked = 0; left > 0 && looked < maxLookDays; looked++) {
    day--;
    if (isSessionDay(calendar, day)) left--;
  }
  return sessionOf(calendar, day)?.open ?? microsUnchecked(day * MICROS_PER_DAY);
}

/** First opening of a session's own date after an instant. */
function openingAfter(calendar: Calendar, instant: number): Micros {
  const today = localDay(calendar.zone, instant);
  for (let day = today; day <= today + maxLookDays; day++) {
    const open = sessionOf(calendar, day)?.open;
    if (open !== undefined && open > instant) return open;
  }
  return microsUnchecked(instant);
}
