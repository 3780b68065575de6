import type { FeedIx, RowIx } from '../../domain/ids.ts';
import type { FeedCondition } from '../../domain/market.ts';
import type { Risk } from './risk.ts';
import { isCalendarOpen } from './sessions.ts';

/** How old a feed's last message or heartbeat may grow: past `pnl` results are stale, past `drawdown` the NAV is. Age never counts from the last change. */
export interface FeedWatch {
  /** Microseconds; 0 = never heard, or all its sessions are closed: nothing of it can be stale. */
  readonly heardAt: number[];
  readonly staleAfterPnl: number[];
  readonly staleAfterDrawdown: number[];
  readonly level: StaleLevel[];
}

/** 0 fresh, 1 stale for results, 2 stale for drawdown too. */
export type StaleLevel = 0 | 1 | 2;

/** No deadline. */
export const never = Infinity;

export function createFeedWatch(): FeedWatch {
  return { heardAt: [], staleAfterPnl: [], staleAfterDrawdown: [], level: [] };
}

export function watchFeed(feeds: FeedWatch, staleAfterPnl: number, staleAfterDrawdown: number): void {
  feeds.heardAt.push(0);
  feeds.staleAfterPnl.push(staleAfterPnl);
  feeds.staleAfterDrawdown.push(Math.max(staleAfterPnl, staleAfterDrawdown));
  feeds.level.push(0);
}

/** Whether a notice of this condition is a sign of life. */
export function isLife(condition: FeedCondition): boolean {
  switch (condition) {
    case 'live':
    case 'heartbeat':
    case 'resync':
    case 'crossed':
    case 'skew':
    case 'gap':
      return true;
    case 'stale':
    case 'end':
      return false;
  }
}

/** A message or heartbeat. @returns whether the feed was stale until now. */
export function feedHeard(feeds: FeedWatch, feed: FeedIx, at: number): boolean {
  feeds.heardAt[feed] = at;
  const wasStale = feeds.level[feed] > 0;
  feeds.level[feed] = 0;
  return wasStale;
}

/** Whether silence counts now: some listing that this feed marks is in an open session. */
function counts(risk: Risk, feed: FeedIx, at: number): boolean {
  const { marks, sessions, registry } = risk;
  for (let listing = 0; listing < registry.listings.length; listing++) {
    if (marks.feed[listing] === feed && isCalendarOpen(sessions, sessions.calendarOf[listing], at)) return true;
  }
  return false;
}

/** A calendar has opened: the silence of its feeds counts from now. Call it when `applySession` opens one. */
export function wakeFeeds(risk: Risk, calendar: number, at: number): void {
  const { feeds, marks, sessions, registry } = risk;
  for (let listing = 0; listing < registry.listings.length; listing++) {
    const feed = marks.feed[listing];
    if (feed < 0 || sessions.calendarOf[listing] !== calendar) continue;
    feeds.heardAt[feed] = Math.max(feeds.heardAt[feed], at);
  }
}

/** Next microsecond at which a feed passes one of its ages; `never` = none. The first microsecond at which it counts as stale. */
export function feedDeadline(feeds: FeedWatch): number {
  let next = never;
  for (let feed = 0; feed < feeds.heardAt.length; feed++) next = Math.min(next, deadlineOf(feeds, feed));
  return next;
}

function deadlineOf(feeds: FeedWatch, feed: FeedIx): number {
  if (feeds.heardAt[feed] === 0 || feeds.level[feed] === 2) return never;
  return feeds.heardAt[feed] + (feeds.level[feed] === 0 ? feeds.staleAfterPnl[feed] : feeds.staleAfterDrawdown[feed]) + 1;
}

/**
 * Raises the level of every feed whose deadline has come; a feed whose sessions are all closed sleeps instead, without a
 * deadline, until `wakeFeeds` or its next message.
 * @param stale receives the feeds that became stale or staler. @returns how many.
 */
export function expireFeeds(risk: Risk, at: number, stale: Int32Array): number {
  const { feeds } = risk;
  let n = 0;
  for (let feed = 0; feed < feeds.heardAt.length; feed++) {
    if (deadlineOf(feeds, feed) > at) continue;
    if (!counts(risk, feed, at)) {
      feeds.heardAt[feed] = 0;
      continue;
    }
    feeds.level[feed] = at - feeds.heardAt[feed] > feeds.staleAfterDrawdown[feed] ? 2 : 1;
    if (n < stale.length) stale[n++] = feed;
  }
  return n;
}

/** How stale the row's view of the market is: the worst of the feeds that mark the listings of its universe while they trade. */
export function rowStaleness(risk: Risk, row: RowIx, at: number): StaleLevel {
  const { universe } = risk.gate.rows[row];
  const { marks, feeds, sessions } = risk;
  let worst: StaleLevel = 0;
  for (let listing = 0; listing < universe.length; listing++) {
    if (universe[listing] === 0) continue;
    const feed = marks.feed[listing];
    if (feed < 0 || feeds.level[feed] <= worst || !isCalendarOpen(sessions, sessions.calendarOf[listing], at)) continue;
    worst = feeds.level[feed];
  }
  return worst;
}
