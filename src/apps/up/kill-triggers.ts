import { isNeg, negInto, splitZero } from '../../base/split.ts';
import type { Core } from '../../core/core.ts';
import { microUp } from '../../core/risk/firm-money.ts';
import { dailyLossLimit, limitOf } from '../../core/risk/limits.ts';
import { dayInto } from '../../core/risk/scope-results.ts';
import { settle } from '../../core/risk/settle.ts';
import { noLimit } from '../../core/risk/scope-table.ts';
import { firmScope } from '../../core/risk/scopes.ts';
import { wholeFirm, type KillTarget } from '../../domain/kill.ts';
import type { Actor } from '../../domain/actor.ts';

/** A market that says nothing for this long while it is open is lost, and its venues with it (microseconds). */
export const lostAfter = 300_000_000;
/** Between two looks (ms). */
export const lookEvery = 500;
/** Who kills when nobody is asked: it may only restrict. */
export const watchdog: Actor = { personID: 'watchdog', roles: ['Trader'] };

export interface WantedKill {
  readonly target: KillTarget;
  readonly reason: string;
}

const day = splitZero();

/**
 * What a desk kills by itself: the firm when its day has lost more than its `maxDailyLoss`, the venues of a market that has been silent for five minutes of an open
 * session. Unhandled exceptions and a failing journal set the kill word where they happen. Nothing is asked for twice.
 * @param silentMicros since the market said anything.
 */
export function killsWanted(core: Core, silentMicros: number): readonly WantedKill[] {
  if (core.rollout.killed) return [];
  const lost = lossOfDay(core);
  if (lost !== undefined) return [{ target: wholeFirm, reason: lost }];
  if (silentMicros <= lostAfter) return [];
  const reason = `the market is silent for ${Math.floor(silentMicros / 1e6)} s of an open session`;
  return core.registry.venues.flatMap(({ venueID }, venue) => {
    const open = core.registry.listings.some((one) => one.venue === venue && core.isOpen(one.listing.calendar));
    const killed = core.rollout.kills.some(({ target }) => target.scope === 'venue' && target.id === venueID);
    return open && !killed ? [{ target: { scope: 'venue', id: venueID }, reason } as const] : [];
  });
}

/** A sentence when the firm's day is past its limit. */
function lossOfDay({ risk, registry }: Core): string | undefined {
  const limit = limitOf(risk.limits, dailyLossLimit, firmScope, 0);
  if (limit === noLimit || risk.firmCurrency < 0) return undefined;
  settle(risk);
  dayInto(day, risk, firmScope, 0);
  if (!isNeg(day)) return undefined;
  negInto(day, day);
  const lost = microUp(day, registry.currencies[risk.firmCurrency].exponent);
  return lost > limit ? `the firm lost ${(lost / 1e6).toFixed(2)} of ${(limit / 1e6).toFixed(2)} since its day began` : undefined;
}
