import { describe, expect, it } from 'vitest';
import { microsUnchecked } from '../../base/units.ts';
import { feedConditions } from '../../domain/market.ts';
import {
  addAccount,
  addCurrency,
  addDeskSlice,
  addListing,
  addVenue,
  addVersion,
  createDesk,
  quote,
  tell,
  type RiskDesk,
} from '../../testing/scenarios/risk-desk.ts';
import { expireFeeds, feedDeadline, feedHeard, isLife, never, rowStaleness, wakeFeeds } from './feed-watch.ts';
import { setUniverse } from './order-gate.ts';
import { applySession, calendarOf } from './sessions.ts';

/** Two feeds, stale after 1 s and 5 s: feed 0 marks ACME on calendar XNYS, feed 1 marks BITC around the clock. */
function deskOf(): { desk: RiskDesk; row: number } {
  const desk = createDesk();
  addCurrency(desk, 'USD');
  addVenue(desk, 'V');
  addAccount(desk, 'A', 'V');
  addListing(desk, { instrumentID: 'ACME', venueID: 'V', calendar: 'XNYS' });
  addListing(desk, { instrumentID: 'BITC', venueID: 'V' });
  for (const feedID of ['f0', 'f1'])
    tell(desk, {
      kind: 'register',
      what: 'feed',
      feedID,
      staleAfterPnl: microsUnchecked(1_000_000),
      staleAfterDrawdown: microsUnchecked(5_000_000),
    });
  const row = addVersion(desk, addDeskSlice(desk, 'maker', 'USD', '1000', '0'), '1.0.0');
  for (const listing of [0, 1]) {
    quote(desk, listing, 99, 101, 1);
    desk.marks.feed[listing] = listing;
  }
  session(desk, 'open', 1);
  return { desk, row };
}

function session(desk: RiskDesk, phase: 'open' | 'closed', at: number): void {
  applySession(
    desk.risk.sessions,
    { kind: 'session', calendar: 'XNYS', phase, sessionDay: 1, until: microsUnchecked(0) },
    microsUnchecked(at),
  );
}

function expired(desk: RiskDesk, at: number): number[] {
  const stale = new Int32Array(4);
  return [...stale.subarray(0, expireFeeds(desk.risk, at, stale))].map((_, i) => stale[i]);
}

describe('a silent feed', () => {
  it('is stale from the first microsecond past its age, twice over, and fresh with the next sign of life', () => {
    const { desk, row } = deskOf();
    const { feeds } = desk.risk;
    expect(feedDeadline(feeds)).toBe(never);
    feedHeard(feeds, 1, 10);
    expect(feedDeadline(feeds)).toBe(1_000_011);
    expect(expired(desk, 1_000_010)).toEqual([]);
    expect(rowStaleness(desk.risk, row, 1_000_010)).toBe(0);
    expect(expired(desk, 1_000_011)).toEqual([1]);
    expect([rowStaleness(desk.risk, row, 1_000_011), feedDeadline(feeds)]).toEqual([1, 5_000_011]);
    expect(expired(desk, 5_000_010)).toEqual([]);
    expect(expired(desk, 5_000_011)).toEqual([1]);
    expect([rowStaleness(desk.risk, row, 5_000_011), feedDeadline(feeds)]).toEqual([2, never]);
    expect(feedHeard(feeds, 1, 6_000_000)).toBe(true);
    expect([rowStaleness(desk.risk, row, 6_000_000), feedHeard(feeds, 1, 6_000_001)]).toEqual([0, false]);
  });
  it('goes straight to the second age when it is looked at late', () => {
    const { desk } = deskOf();
    feedHeard(desk.risk.feeds, 1, 10);
    expect(expired(desk, 9_000_000)).toEqual([1]);
    expect(desk.risk.feeds.level[1]).toBe(2);
  });
  it('makes only rows stale that trade what it marks', () => {
    const { desk, row } = deskOf();
    setUniverse(desk.risk.gate, row, [0]);
    feedHeard(desk.risk.feeds, 1, 10);
    expect(expired(desk, 2_000_000)).toEqual([1]);
    expect(rowStaleness(desk.risk, row, 2_000_000)).toBe(0);
  });
  it('is not silent while all its sessions are closed, and counts from the opening on', () => {
    const { desk, row } = deskOf();
    const { feeds } = desk.risk;
    feedHeard(feeds, 0, 10);
    session(desk, 'closed', 20);
    expect(expired(desk, 2_000_000)).toEqual([]);
    expect(feedDeadline(feeds)).toBe(never);
    session(desk, 'open', 8_000_000);
    wakeFeeds(desk.risk, calendarOf(desk.risk.sessions, 'XNYS'), 8_000_000);
    expect(feedDeadline(feeds)).toBe(9_000_001);
    expect(expired(desk, 9_000_000)).toEqual([]);
    expect(expired(desk, 9_000_001)).toEqual([0]);
    expect(rowStaleness(desk.risk, row, 9_000_001)).toBe(1);
  });
  it('lives by what it says, except that it is stale or at its end', () => {
    expect(feedConditions.filter((condition) => !isLife(condition))).toEqual(['stale', 'end']);
  });
});
