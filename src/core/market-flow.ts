import { MICROS_PER_DAY } from '../base/time.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import { sessionPhases, type FeedNotice, type Mark, type Session } from '../domain/input.ts';
import { countRated } from './bookings.ts';
import type { Core } from './core.ts';
import { judgeDrawdowns } from './drawdown-watch.ts';
import { applyFeedNotice, applyMark, isPriced } from './market/marks.ts';
import { haltUnprotected } from './protection-watch.ts';
import { retryWaiting } from './waiting-orders.ts';
import { expireBefore, keptSince } from './orders/order-store.ts';
import type { Outcome } from './outcome.ts';
import { askAll, reconcileDue } from './reconcile/rounds.ts';
import { tellAuthority } from './reconcile/release.ts';
import { rollDrawdowns } from './risk/drawdown.ts';
import { expireFeeds, feedDeadline, feedHeard, isLife, rowStaleness, wakeFeeds } from './risk/feed-watch.ts';
import { markMoved } from './risk/moves.ts';
import { startRowDay } from './risk/monitors.ts';
import { modeActive, modeReducing, modeSimulated, modeOf } from './risk/order-gate.ts';
import { startDay } from './risk/pnl.ts';
import { alwaysOpen, applySession } from './risk/sessions.ts';
import { refreshClocks } from './rollout/controller.ts';
import { nextFlattenAt, work } from './rollout/custodian.ts';
import { activeTime, judgeNext, nextJudgment } from './rollout/deployment.ts';
import { continueEscalations, nextEscalationAt } from './rollout/escalation.ts';
import { continueKills, nextKillDeadline } from './rollout/kill.ts';
import { stopsRow } from './rollout/latches.ts';
import { judgeDue } from './rollout/judge-due.ts';
import { changeRow } from './rollout/rows.ts';
import { isOnPaper, servedBy } from './rollout/rollout.ts';
import { continueSagas, nextSagaDeadline, rollBack } from './rollout/saga.ts';
import { nextStandbyAt, syncStandbys } from './rollout/standby-sync.ts';
import { nextSwapDeadline, takeSwapTimers } from './rollout/swap-flow.ts';
import { takeEvidence } from './rollout/take-evidence.ts';
import { workingMode } from './rollout/working-mode.ts';
import { judgeListing, judgeRated } from './watch.ts';

/** Most feeds that one deadline can find silent. */
const silent = new Int32Array(1_024);

/** A mark: the price that positions are valued at, and a sign of life of its feed. */
export function takeMark(core: Core, mark: Mark, seq: Seq, at: Micros, outcome: Outcome): void {
  const wasPriced = isPriced(core.marks, mark.listing);
  applyMark(core.marks, mark, at);
  const wasStale = feedHeard(core.risk.feeds, mark.feed, at);
  if (wasStale && core.staleRows.size > 0) freshen(core, outcome);
  if (wasStale || wasPriced !== isPriced(core.marks, mark.listing)) refreshClocks(core, at);
  const unrated = [...core.risk.foreign.unrated.keys()];
  const rated = markMoved(core.risk, mark.listing);
  if (unrated.length > core.risk.foreign.unrated.size) countRated(core, unrated, outcome);
  judgeListing(core, mark.listing, seq, at, outcome);
  for (const row of rated) judgeRated(core, row, seq, at, outcome);
  if (core.risk.drawdowns.watched > 0) judgeDrawdowns(core, seq, at, outcome);
}

/** What a feed says about itself; its word on the marks was taken already. */
export function takeFeedNotice(core: Core, notice: FeedNotice, at: Micros, outcome: Outcome): void {
  if (isLife(notice.condition) && feedHeard(core.risk.feeds, notice.feed, at) && core.staleRows.size > 0) freshen(core, outcome);
  refreshClocks(core, at);
  if (notice.condition !== 'gap' && notice.condition !== 'crossed') return;
  const text = `feed ${core.registry.feeds[notice.feed].feedID}: ${notice.condition}${notice.text === '' ? '' : `, ${notice.text}`}`;
  outcome.decisions.push({
    kind: 'alertRaised',
    severity: 'medium',
    subject: `FEED_${notice.condition.toUpperCase()}`,
    value: notice.value,
    limit: 0,
    text,
  });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: `FEED_${notice.condition.toUpperCase()}`, text });
}

/** Rows that were restricted by silence go back to what they were when every feed of theirs speaks again. */
function freshen(core: Core, outcome: Outcome): void {
  for (const row of core.staleRows) {
    if (rowStaleness(core.risk, row, core.at) > 0) continue;
    core.staleRows.delete(row);
    if (modeOf(core.gate, row) !== 'CANCEL_ONLY' || stopsRow(core, row) || core.starting) continue;
    changeRow(core, row, { mode: workingMode(core, row, isOnPaper(core.rollout, row)) }, 'core', 'its feeds speak again', outcome);
    tellAuthority(core, row, outcome);
  }
}

/** Silence of a feed: marks invalid, rows that hang on it CANCEL_ONLY, a rollback only when the spec says so. */
function restrictSilent(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  const n = expireFeeds(core.risk, at, silent);
  if (n === 0) return;
  for (let i = 0; i < n; i++) {
    const feed = silent[i];
    applyFeedNotice(core.marks, { kind: 'feed', feed, listing: -1, condition: 'stale', value: 0, text: '' });
    const text = `feed ${core.registry.feeds[feed].feedID} is silent for more than ${core.registry.feeds[feed].staleAfterPnl / 1000} ms`;
    outcome.decisions.push({
      kind: 'alertRaised',
      severity: 'high',
      subject: 'FEED_STALE',
      value: at - core.risk.feeds.heardAt[feed],
      limit: core.registry.feeds[feed].staleAfterPnl,
      text,
    });
    outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'FEED_STALE', text });
  }
  for (const row of core.gate.rows)
    if (!row.custodian && rowStaleness(core.risk, row.ix, at) > 0) restrictRow(core, row.ix, seq, at, outcome);
  refreshClocks(core, at);
}

function restrictRow(core: Core, row: RowIx, seq: Seq, at: Micros, outcome: Outcome): void {
  const mode = core.gate.mode[row];
  if (mode !== modeActive && mode !== modeReducing && mode !== modeSimulated) return;
  const deployment = servedBy(core.rollout, row);
  if (deployment?.spec.rollback.onStale === 'rollback' && mode !== modeSimulated) {
    rollBack(
      core,
      row,
      { rule: 'staleData', class: 'market', value: 1, limit: 0, text: 'a feed of its universe is silent', actor: 'core' },
      seq,
      at,
      outcome,
    );
    return;
  }
  core.staleRows.add(row);
  changeRow(core, row, { mode: 'CANCEL_ONLY' }, 'core', 'a feed of its universe is silent', outcome);
}

/** Phases of a calendar: clocks run in open sessions only, a new session day begins new daily results. */
export function takeSession(core: Core, session: Session, at: Micros, outcome: Outcome): void {
  const { sessions } = core.risk;
  const wasOpen = isOpenPhase(core, session.calendar);
  const newDay = applySession(sessions, session, at);
  const calendar = sessions.calendarIx.get(session.calendar) ?? 0;
  if (newDay) beginDay(core, calendar);
  if (session.phase === 'open') wakeFeeds(core.risk, calendar, at);
  if (wasOpen && session.phase !== 'open') countSession(core, session.calendar, sessions.openedAt[calendar], at);
  if (wasOpen && session.phase !== 'open') compareDay(core, calendar, at, outcome);
  refreshClocks(core, at);
  if (!wasOpen && session.phase === 'open')
    for (const deployment of core.rollout.deployments) deployment.activeAtOpen = activeTime(deployment, at);
}

function isOpenPhase({ risk: { sessions } }: Core, calendar: string): boolean {
  const ix = sessions.calendarIx.get(calendar);
  return ix !== undefined && sessions.phase[ix] === sessionPhases.indexOf('open');
}

/** A session is completed by a stage that was held from its opening on and whose clock ran for at least half of it. */
function countSession(core: Core, calendar: string, openedAt: number, at: Micros): void {
  for (const deployment of core.rollout.deployments) {
    if (deployment.phase !== 'Progressing' || deployment.spec.clock.calendar !== calendar || deployment.stageGrantedAt > openedAt) continue;
    const counted = activeTime(deployment, at) - deployment.activeAtOpen;
    if (counted * 2 < at - openedAt) continue;
    deployment.sessions++;
    judgeNext(deployment, at);
  }
}

/** The day of a calendar is over: the venues that trade by it are compared, where comparisons are made at all. */
function compareDay(core: Core, calendar: number, at: Micros, outcome: Outcome): void {
  if (core.reconciliation.every === 0) return;
  const venues = new Set(
    core.registry.listings.filter(({ ix }) => core.risk.sessions.calendarOf[ix] === calendar).map(({ venue }) => venue),
  );
  for (const venue of venues) askAll(core, 'endOfDay', venue, at, outcome);
}

function beginDay(core: Core, calendar: number): void {
  startDay(core.risk, calendar);
  const { calendarOf } = core.risk.sessions;
  for (const row of core.gate.rows) {
    if (row.universe.some((of, listing) => of === 1 && calendarOf[listing] === calendar)) startRowDay(core.risk, row.ix);
  }
}

/** Ends days, and windows of drawdowns, whose end has come, at what was made until now: before anything of the next one is counted. */
export function endDays(core: Core, at: Micros, outcome: Outcome): void {
  if (at >= core.risk.drawdowns.nextAt) rollDrawdowns(core.risk, at);
  if (core.dayEndsAt !== 0 && at >= core.dayEndsAt) {
    core.dayEndsAt = microsUnchecked((Math.floor(at / MICROS_PER_DAY) + 1) * MICROS_PER_DAY);
    const always = core.risk.sessions.calendarIx.get(alwaysOpen) ?? 0;
    // a day that no listing lives by ends nobody's results
    if (core.risk.sessions.calendarOf.includes(always)) beginDay(core, always);
    compareDay(core, always, at, outcome);
    // what ended before yesterday's midnight is forgotten: the venue session and one day
    expireBefore(core.orders, microsUnchecked(core.dayEndsAt - 2 * MICROS_PER_DAY));
  }
}

/** Whether something came before the timer that ends a day. What is of the very instant is still of the day before: its close. */
export function isPastDays({ risk, dayEndsAt }: Core, at: Micros): boolean {
  return at > risk.drawdowns.nextAt || (dayEndsAt !== 0 && at > dayEndsAt);
}

/** Everything whose time has come. */
export function takeTimer(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  endDays(core, at, outcome);
  restrictSilent(core, seq, at, outcome);
  if (core.rollout.unprotected.length > 0) haltUnprotected(core, seq, at, outcome);
  reconcileDue(core, at, outcome);
  continueSagas(core, seq, at, outcome);
  continueKills(core, seq, at, outcome);
  continueEscalations(core, at, outcome);
  if (core.rollout.openSwaps.length > 0) takeSwapTimers(core, at, outcome);
  if (core.rollout.openStandbys.length > 0) syncStandbys(core, at, outcome);
  takeEvidence(core, seq, at, outcome);
  if (core.rollout.flattening.length > 0) work(core, seq, at, outcome);
  if (core.waiting.length > 0) retryWaiting(core, seq, at, outcome);
  judgeDue(core, seq, at, outcome);
}

/**
 * The midnight that changes anything, Infinity = none: the next one for a listing of a market that never closes; else the one that forgets the oldest of what is
 * over, which is the second after its end.
 */
function midnightAt({ dayEndsAt, risk, orders }: Core): number {
  const { calendarIx, calendarOf } = risk.sessions;
  if (dayEndsAt === 0) return Infinity;
  if (calendarOf.includes(calendarIx.get(alwaysOpen) ?? 0)) return dayEndsAt;
  return Math.max(dayEndsAt, (Math.floor(keptSince(orders) / MICROS_PER_DAY) + 2) * MICROS_PER_DAY);
}

/** Next time at which the core wants a timer; undefined = it waits for nothing. */
export function nextDeadline(core: Core): Micros | undefined {
  let next = midnightAt(core);
  next = Math.min(next, feedDeadline(core.risk.feeds), nextSagaDeadline(core) ?? Infinity, nextFlattenAt(core) ?? Infinity);
  next = Math.min(next, nextKillDeadline(core) ?? Infinity, nextEscalationAt(core) ?? Infinity);
  if (core.rollout.openSwaps.length > 0) next = Math.min(next, nextSwapDeadline(core) ?? Infinity);
  if (core.rollout.openStandbys.length > 0) next = Math.min(next, nextStandbyAt(core) ?? Infinity);
  if (core.reconciliation.dueAt !== 0) next = Math.min(next, core.reconciliation.dueAt);
  next = Math.min(next, core.risk.drawdowns.nextAt);
  if (core.rollout.evidenceAt !== 0) next = Math.min(next, core.rollout.evidenceAt);
  for (const { until } of core.rollout.unprotected) next = Math.min(next, until);
  for (const { until } of core.waiting) next = Math.min(next, until);
  next = Math.min(next, nextJudgment(core.rollout.agenda, core.rollout.deployments));
  return next === Infinity ? undefined : microsUnchecked(next);
}
