import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { AccountIx, Seq, VenueIx } from '../../domain/ids.ts';
import type { BreakClass, Reconcile, ReconcileReason, VenueStatement } from '../../domain/statement.ts';
import type { Core } from '../core.ts';
import { rememberedSince } from '../orders/exec-log.ts';
import type { Outcome } from '../outcome.ts';
import { alertBreak, changeBreak } from './break-records.ts';
import { breakIDOf, type WholeStatement } from './difference.ts';
import { findDifferences } from './find-differences.ts';
import {
  askedAccount,
  isOpenBreak,
  lookAgain,
  maxLookBack,
  refreshDue,
  venueHeard,
  type AskedAccount,
  type BreakRecord,
} from './reconciliation.ts';
import { releaseRows, restrictAffected } from './release.ts';
import { breakRules } from './rules.ts';
import { settleDifferences } from './settle.ts';
import { contradictionOf } from './sound-statement.ts';
import { isClockSetBack, settleClock, takeClockBack } from './venue-clock.ts';

/** First wait for an answer, and the longest (microseconds); no answer is no failure: it is asked again. */
const firstAnswer = 1_000_000;
const longestAnswer = 30_000_000;
/** So many questions in a row without a whole answer, and the silence is a break. */
export const silentAfter = 3;
/**
 * Executions are asked for from this long before the last cut on; while something is not settled, from `maxLookBack` back. Never from before what is remembered
 * here, and as long behind it (or half of what is remembered), since more is forgotten until the answer comes: what is forgotten may be booked, and nobody could tell.
 */
const overlap = 60_000_000;
/** Most pages of one statement. */
export const maxPages = 4_096;

/** A page of a statement, or the word that the desk is to be compared now. */
export function takeVenueWord(core: Core, word: VenueStatement | Reconcile, seq: Seq, at: Micros, outcome: Outcome): void {
  if (word.kind === 'reconcile') takeReconcile(core, word, at, outcome);
  else takeStatement(core, word, seq, at, outcome);
}

/** The desk is to be compared now; every account of the venue, or of all. */
export function takeReconcile(core: Core, { reason, venue, every }: Reconcile, at: Micros, outcome: Outcome): void {
  const { reconciliation } = core;
  if (every > 0) reconciliation.every = every;
  askAll(core, reason, venue, at, outcome);
  if (reconciliation.every > 0 && venue < 0) reconciliation.nextAt = microsUnchecked(at + reconciliation.every);
  refreshDue(reconciliation);
  releaseRows(core, outcome);
}

/** A question whose answer is awaited stands, unless somebody wants to know anew. */
export function askAll(core: Core, reason: ReconcileReason, venue: VenueIx, at: Micros, outcome: Outcome): void {
  for (const { ix, venue: of } of core.registry.accounts) {
    if (venue >= 0 && of !== venue) continue;
    const asked = askedAccount(core.reconciliation, ix, of);
    const patient = reason === 'interval' || reason === 'endOfDay';
    if (patient && asked.answerBy !== 0) continue;
    if (!patient) asked.unanswered = 0;
    ask(core, asked, reason, at, outcome);
  }
}

function ask(core: Core, asked: AskedAccount, reason: ReconcileReason, at: Micros, outcome: Outcome): void {
  const { reconciliation } = core;
  reconciliation.asks += 1;
  asked.ask = reconciliation.asks;
  asked.reason = reason;
  const unsettled = asked.suspects.size > 0 || hasOpen(core, asked.account) || asked.cutAt === 0;
  const wanted = Math.max(at - maxLookBack, unsettled ? 0 : asked.cutAt - overlap);
  const forgotten = rememberedSince(core.orders.execs);
  const known = forgotten === 0 ? 0 : forgotten + Math.min(overlap, Math.floor((at - forgotten) / 2));
  asked.since = microsUnchecked(Math.max(0, wanted, known));
  asked.execsAt = core.orders.execs.head;
  asked.pages = [];
  asked.lookAt = 0;
  asked.answerBy = microsUnchecked(at + Math.min(longestAnswer, firstAnswer * (1 << Math.min(asked.unanswered, 8))));
  refreshDue(reconciliation);
  const { venue, account, since } = asked;
  outcome.effects.push({ kind: 'statement', reducing: false, venue, account, ask: asked.ask, since });
}

function hasOpen({ reconciliation }: Core, account: AccountIx): boolean {
  for (const one of reconciliation.breaks.values()) if (one.account === account && isOpenBreak(one)) return true;
  return false;
}

/** Everything of it whose time has come: questions without an answer, looks again, the interval. */
export function reconcileDue(core: Core, at: Micros, outcome: Outcome): void {
  const { reconciliation } = core;
  if (reconciliation.dueAt === 0 || at < reconciliation.dueAt) return;
  for (const asked of reconciliation.accounts) {
    if (asked === undefined) continue;
    if (asked.answerBy !== 0 && at >= asked.answerBy) unanswered(core, asked, at, outcome);
    else if (asked.lookAt !== 0 && at >= asked.lookAt) ask(core, asked, 'again', at, outcome);
  }
  if (reconciliation.nextAt !== 0 && at >= reconciliation.nextAt) {
    reconciliation.nextAt = reconciliation.every === 0 ? 0 : microsUnchecked(at + reconciliation.every);
    askAll(core, 'interval', -1, at, outcome);
  }
  refreshDue(reconciliation);
}

/** Nobody knows what the venue would have said: it is asked again, later each time; silence that lasts restricts. */
function unanswered(core: Core, asked: AskedAccount, at: Micros, outcome: Outcome): void {
  asked.unanswered += 1;
  if (asked.unanswered >= silentAfter) {
    const text = `${nameOf(core, asked)} has not answered ${asked.unanswered} questions in a row`;
    plainBreak(core, asked, 'venueSilent', asked.unanswered, text, outcome);
  }
  ask(core, asked, 'again', at, outcome);
}

function nameOf({ registry }: Core, { venue, account }: AskedAccount): string {
  return `venue ${registry.venues[venue].venueID}, asked for account ${registry.accounts[account].account.accountID},`;
}

/** A break about the account's venue itself. */
function plainBreak(core: Core, asked: AskedAccount, kind: BreakClass, there: number, text: string, outcome: Outcome): void {
  const { account, venue } = asked;
  const { breaks } = core.reconciliation;
  const breakID = breakIDOf(core, kind, venue, account, '');
  const known = breaks.get(breakID);
  const one: BreakRecord = known ?? {
    breakID,
    class: kind,
    state: 'found',
    venue,
    account,
    listing: -1,
    clOrdID: 0,
    happenedAt: 0,
    here: 0,
    there,
    attempts: 0,
    text,
  };
  one.there = there;
  one.text = text;
  if (known !== undefined) return;
  breaks.set(breakID, one);
  changeBreak(one, 'found', 'core', outcome);
  alertBreak(one, 'BREAK_FOUND', outcome);
  restrictAffected(core, outcome);
}

/** A page of an answer. Answers to questions that were given up, and pages that came before, are nothing. */
function takeStatement(core: Core, page: VenueStatement, seq: Seq, at: Micros, outcome: Outcome): void {
  const asked = core.reconciliation.accounts[page.account];
  if (asked === undefined || asked.answerBy === 0 || asked.ask !== page.ask || asked.venue !== page.venue) return;
  venueHeard(core.reconciliation, page.venue, seq);
  const [first] = asked.pages;
  const { page: n, pages } = page;
  if (
    !(pages >= 1 && pages <= maxPages && n >= 1 && n <= pages) ||
    (first !== undefined && (first.pages !== pages || first.asOf !== page.asOf))
  )
    return distrust(core, asked, `page ${n} of ${pages} does not fit what came before`, at, outcome);
  if (asked.pages.some((one) => one.page === n)) return;
  asked.pages.push(page);
  if (asked.pages.length < pages) return;
  const statement = wholeOf(asked);
  asked.answerBy = 0;
  asked.unanswered = 0;
  asked.pages = [];
  const why = contradictionOf(core, asked, statement) || cutBefore(core, asked, statement, at, outcome);
  if (why === '') judge(core, asked, statement, seq, at, outcome);
  else distrust(core, asked, why, at, outcome);
}

/** Why a statement whose cut lies before an earlier one counts for nothing; '' = it does not, or the venue's clock went back and is taken as it is. */
function cutBefore(core: Core, asked: AskedAccount, statement: WholeStatement, at: Micros, outcome: Outcome): string {
  const { cutAt } = asked;
  if (statement.asOf >= cutAt) return '';
  if (!isClockSetBack(core, asked, statement, at))
    return `its cut ${statement.asOf} lies before the one of ${cutAt} that was stated earlier`;
  takeClockBack(core, asked, statement, outcome);
  return '';
}

function wholeOf({ pages, venue, account }: AskedAccount): WholeStatement {
  const inOrder = [...pages].sort((a, b) => a.page - b.page);
  const [{ asOf }] = inOrder;
  return {
    venue,
    account,
    asOf,
    since: microsUnchecked(Math.max(...inOrder.map(({ since }) => since))),
    orders: inOrder.flatMap(({ orders }) => orders),
    fills: inOrder.flatMap(({ fills }) => fills),
    positions: inOrder.flatMap(({ positions }) => positions),
  };
}

/** A statement that cannot be true is compared with nothing; the venue is asked again. */
function distrust(core: Core, asked: AskedAccount, why: string, at: Micros, outcome: Outcome): void {
  asked.answerBy = 0;
  asked.pages = [];
  plainBreak(core, asked, 'contradiction', 1, `${nameOf(core, asked)} contradicts itself: ${why}`, outcome);
  lookAgain(core.reconciliation, asked, at);
}

function judge(core: Core, asked: AskedAccount, statement: WholeStatement, seq: Seq, at: Micros, outcome: Outcome): void {
  const { reconciliation } = core;
  const { differences, positions } = findDifferences(core, asked, statement);
  const found = settleDifferences(core, asked, statement, differences, seq, at, outcome);
  outcome.decisions.push(...positions);
  asked.cutAt = statement.asOf;
  settleClock(asked, statement);
  for (const [breakID, time] of reconciliation.outside) if (time < at - 2 * maxLookBack) reconciliation.outside.delete(breakID);
  const open = [...reconciliation.breaks.values()].filter((one) => one.account === asked.account && isOpenBreak(one));
  const { venue, account } = asked;
  outcome.decisions.push({
    kind: 'statementJudged',
    venue,
    account,
    ask: asked.ask,
    reason: asked.reason,
    asOf: statement.asOf,
    orders: statement.orders.length,
    fills: statement.fills.length,
    positions: positions.length,
    differences: differences.length,
    found,
    open: open.length,
  });
  const unsettled = differences.some(({ breakID }) => !reconciliation.breaks.has(breakID));
  if (unsettled || open.some((one) => breakRules[one.class].act !== 'tell')) lookAgain(reconciliation, asked, at);
  else asked.looks = 0;
  if (!unsettled) asked.compared = true;
  refreshDue(reconciliation);
  restrictAffected(core, outcome);
  releaseRows(core, outcome);
}
