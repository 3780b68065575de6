import type { Micros } from '../../base/units.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { applyRule } from './apply-rule.ts';
import { alertBreak, changeBreak } from './break-records.ts';
import type { Difference, WholeStatement } from './difference.ts';
import { isOpenBreak, maxBreaks, maxLookBack, type AskedAccount, type BreakRecord } from './reconciliation.ts';
import { breakRules } from './rules.ts';

/**
 * The life of breaks: a difference is suspected at first sight and found at second, unless nothing in flight can explain it; its rule is applied as often
 * as it is seen; it is resolved when it is seen no more. Seen again with the figures that people accepted, or after its rule has ended it, it changes nothing.
 * @returns how many were found.
 */
export function settleDifferences(
  core: Core,
  asked: AskedAccount,
  statement: WholeStatement,
  differences: readonly Difference[],
  seq: Seq,
  at: Micros,
  outcome: Outcome,
): number {
  const { breaks } = core.reconciliation;
  const present = new Set<string>();
  let found = 0;
  for (const difference of differences) {
    const { breakID } = difference;
    present.add(breakID);
    const known = breaks.get(breakID);
    if (known === undefined) {
      if (!isRipe(asked, difference, at)) continue;
      if (breaks.size >= maxBreaks) continue;
    } else if (!isOpenBreak(known) && isAsItWas(known, difference)) {
      known.here = difference.here;
      known.there = difference.there;
      continue;
    }
    const one = known ?? recordOf(asked, difference);
    const moved = one.there - one.here !== difference.there - difference.here;
    const begins = known === undefined || !isOpenBreak(known);
    one.here = difference.here;
    one.there = difference.there;
    one.text = difference.text;
    if (begins) {
      one.attempts = 0;
      breaks.set(breakID, one);
      asked.suspects.delete(breakID);
      changeBreak(one, 'found', 'core', outcome);
      alertBreak(one, 'BREAK_FOUND', outcome);
      found += 1;
    } else if (moved && breakRules[one.class].act === 'tell') changeBreak(one, one.state, 'core', outcome);
    applyRule(core, one, difference, seq, at, outcome);
  }
  endAbsent(core, asked, statement, present, outcome);
  return found;
}

/** Figures that go on with every trade, here and there by the same. */
const growing: ReadonlySet<BreakRecord['class']> = new Set<BreakRecord['class']>(['position', 'cumQty', 'leaves']);

/** Seen again as it was ended: with both its figures; what people have accepted is how far the two are apart, and a trade that both sides have changes nothing of that. */
function isAsItWas(known: BreakRecord, { here, there }: Difference): boolean {
  if (known.here === here && known.there === there) return true;
  return known.state === 'accepted' && growing.has(known.class) && known.there - known.here === there - here;
}

/** Whether it was there in an earlier statement too, with the same figure, for as long as its rule says. */
function isRipe({ suspects }: AskedAccount, { breakID, class: kind, here, there, sure }: Difference, at: Micros): boolean {
  if (sure) return true;
  const figure = there - here;
  const before = suspects.get(breakID);
  if (before === undefined || before.figure !== figure) {
    suspects.set(breakID, { figure, at });
    return false;
  }
  return at - before.at >= breakRules[kind].after;
}

function recordOf(
  { venue, account }: AskedAccount,
  { breakID, class: kind, listing, clOrdID, here, there, text, fill }: Difference,
): BreakRecord {
  const happenedAt = fill?.transactTime ?? 0;
  return { breakID, class: kind, state: 'found', venue, account, listing, clOrdID, happenedAt, here, there, attempts: 0, text };
}

/** What a whole and sound statement does not show any more is over, where it could have shown it; so are silence and contradiction. */
function endAbsent(
  { reconciliation }: Core,
  { account, suspects }: AskedAccount,
  statement: WholeStatement,
  present: ReadonlySet<string>,
  outcome: Outcome,
): void {
  for (const [breakID, one] of reconciliation.breaks) {
    if (one.account !== account || present.has(breakID) || isOutOfSight(one, statement)) continue;
    if (isOpenBreak(one)) changeBreak(one, 'resolved', 'core', outcome);
    reconciliation.breaks.delete(breakID);
  }
  for (const breakID of suspects.keys()) if (!present.has(breakID)) suspects.delete(breakID);
}

/** An execution of before the statement's first: it says nothing of it. Open, the break waits for people; accepted, it stays so for as long as it may be stated once more. */
function isOutOfSight(one: BreakRecord, { since, asOf }: WholeStatement): boolean {
  const { happenedAt, state } = one;
  if (happenedAt === 0 || happenedAt >= since) return false;
  return isOpenBreak(one) || (state === 'accepted' && happenedAt >= asOf - 2 * maxLookBack);
}
