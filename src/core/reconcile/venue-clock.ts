import type { Micros } from '../../base/units.ts';
import type { BreakClass } from '../../domain/statement.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { WholeStatement } from './difference.ts';
import { findDifferences } from './find-differences.ts';
import { maxLookBack, type AskedAccount } from './reconciliation.ts';

/** A clock that went back counts when it was seen to go on at the desk's pace for this long (microseconds). */
export const provenAfter = 2_000_000;
/** How far the two may come apart meanwhile: answers take their time. */
const mostApart = 1_000_000;
/** What an old statement could not invent. */
const sureClasses: ReadonlySet<BreakClass> = new Set(['missedFill', 'duplicateFill']);

/**
 * Whether a statement whose cut lies before an earlier one is that of a venue whose clock was set back. An old statement looks the same, so that it counts only where its
 * clock goes on (a kept answer stands still) and where it says nothing else than the desk does, executions that are missing here aside: those have happened.
 */
export function isClockSetBack(core: Core, asked: AskedAccount, statement: WholeStatement, at: Micros): boolean {
  const { asOf } = statement;
  const [moved, passed] = [asOf - asked.backCut, at - asked.backAt];
  if (asked.backAt === 0 || moved <= 0 || Math.abs(moved - passed) > mostApart) {
    asked.backAt = at;
    asked.backCut = asOf;
    return false;
  }
  return passed >= provenAfter && findDifferences(core, asked, statement).differences.every((one) => sureClasses.has(one.class));
}

/** The venue's clock counts from now on; executions of before its jump may bear later times than its cut. */
export function takeClockBack(core: Core, asked: AskedAccount, { asOf, venue, account }: WholeStatement, outcome: Outcome): void {
  const { venues, accounts } = core.registry;
  const by = asked.cutAt - asOf;
  const text = `the clock of venue ${venues[venue].venueID} went back by at least ${(by / 1e6).toFixed(1)} s, as account ${accounts[account].account.accountID} is stated; it goes on, and what is stated is what is here`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'high', subject: 'VENUE_CLOCK_SET_BACK', value: by, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'VENUE_CLOCK_SET_BACK', text });
  asked.setBackFrom = Math.max(asked.cutAt, asked.setBackFrom);
}

/** A sound statement was judged: nothing is doubted any more, and a day after its jump nothing of before can be stated. */
export function settleClock(asked: AskedAccount, { asOf }: WholeStatement): void {
  asked.backAt = 0;
  asked.backCut = 0;
  if (asked.setBackFrom !== 0 && asOf > asked.setBackFrom + maxLookBack) asked.setBackFrom = 0;
}
