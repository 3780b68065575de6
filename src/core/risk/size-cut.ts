import type { CheckContext } from './check-context.ts';
import { cutAboveLimit, cutAgeLimit, cutShareLimit } from './limits.ts';
import { strictestApart, type StrictestApart } from './protection.ts';
import { bpsOne } from './reference.ts';
import type { Risk } from './risk.ts';
import { noLimit } from './scope-table.ts';
import { firmScope, type ScopeKind } from './scopes.ts';

/** An index of volatility that is not traded here (VIX), as it was last told. */
export interface VolatilityLevel {
  /** Hundredths of an index point; -1 = never told. */
  level: number;
  /** When it was so, microseconds. */
  knownAt: number;
}

/** Level above which sizes are cut where a share is set and no level: 30 points. */
export const usualCutAbove = 3_000;
/** How old a level may be where nobody says otherwise: a day. */
export const usualCutAge = 86_400_000_000;

export function createVolatilityLevel(): VolatilityLevel {
  return { level: -1, knownAt: 0 };
}

/** Takes a level; one that is older than the last one is none. @returns whether it was taken */
export function takeLevel(volatility: VolatilityLevel, level: number, knownAt: number): boolean {
  if (knownAt < volatility.knownAt) return false;
  volatility.level = level;
  volatility.knownAt = knownAt;
  return true;
}

const share: StrictestApart = { limit: noLimit, scope: 0 };
const above: StrictestApart = { limit: noLimit, scope: 0 };
const age: StrictestApart = { limit: noLimit, scope: 0 };

/** Bps of its usual size that an order of these scopes may have now: 10,000 where nothing is cut. A level that is missing or too old cuts as a high one does. */
export function cutFor(risk: Risk, c: CheckContext): number {
  strictestApart(share, risk, cutShareLimit, c.scopeIx);
  if (share.limit === noLimit) return bpsOne;
  strictestApart(above, risk, cutAboveLimit, c.scopeIx);
  strictestApart(age, risk, cutAgeLimit, c.scopeIx);
  const { level, knownAt } = risk.volatility;
  const fresh = level >= 0 && c.at - knownAt <= (age.limit === noLimit ? usualCutAge : age.limit);
  return fresh && level <= (above.limit === noLimit ? usualCutAbove : above.limit) ? bpsOne : share.limit;
}

/**
 * Hundredths of a point above which a level cuts whatever can be cut, wherever levels are set: the firm's if there is one, since the strictest holds; else the widest of all, the
 * usual one among them.
 */
export function aloneAbove({ limits }: Risk): number {
  let widest = usualCutAbove;
  for (const { name, scope, value } of limits.entries) {
    if (name !== cutAboveLimit || value === null) continue;
    if (scope === firmScope) return value;
    widest = Math.max(widest, value);
  }
  return widest;
}

/** Why and how far sizes are cut. */
export interface SizeCut {
  /** bps of the usual that are left, and the scope that says so. */
  readonly share: number;
  readonly scope: ScopeKind;
  /** The index was never told, its level is too old, or above its limit. */
  readonly why: 'unknown' | 'old' | 'high';
  /** Hundredths of a point and microseconds that hold for these scopes. */
  readonly above: number;
  readonly age: number;
}

/** The same as `cutFor` in words, for scopes with these indices; undefined = nothing is cut. */
export function cutOf(risk: Risk, scopeIx: ArrayLike<number>, at: number): SizeCut | undefined {
  const [most, over, old]: StrictestApart[] = [cutShareLimit, cutAboveLimit, cutAgeLimit].map((name) => {
    const found: StrictestApart = { limit: noLimit, scope: 0 };
    strictestApart(found, risk, name, scopeIx);
    return found;
  });
  if (most.limit === noLimit || most.limit >= bpsOne) return undefined;
  const { level, knownAt } = risk.volatility;
  const terms = {
    share: most.limit,
    scope: most.scope,
    above: over.limit === noLimit ? usualCutAbove : over.limit,
    age: old.limit === noLimit ? usualCutAge : old.limit,
  };
  if (level < 0) return { ...terms, why: 'unknown' };
  if (at - knownAt > terms.age) return { ...terms, why: 'old' };
  return level > terms.above ? { ...terms, why: 'high' } : undefined;
}

/** Scope whose share `cutFor` took. */
export function cutScope(): number {
  return share.scope;
}
