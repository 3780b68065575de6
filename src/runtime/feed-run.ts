import type { Micros } from '../base/units.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import type { Agenda } from './agenda.ts';

/** What a desk lends to the one who delivers its feed. */
export interface FeedDesk {
  readonly now: () => Micros;
  /** Moves the clock to `at` and delivers what the feed has until then. */
  readonly pull: (feed: RecordedFeed, at: Micros) => void;
  /** Whether something is under way that must be seen to before the next event. */
  readonly waits: () => boolean;
  /** Does what follows the market data of a microsecond. */
  readonly end: (at: Micros) => void;
}

/**
 * Delivers the events of a feed that is alone on its desk, up to the first of which something comes, or besides which something is due: most lead to nothing, and
 * what is due besides is not asked for before each of them. @returns how many microseconds had some, at most `most`
 */
export function runFeed(agenda: Agenda, desk: FeedDesk, until: Micros, most: number): number {
  if (agenda.feeds.length !== 1) return 0;
  const [feed] = agenda.feeds;
  const { steps } = agenda;
  const firm = agenda.firmAt();
  let turns = 0;
  let due = feed.peek();
  let besides = Math.min(firm, agenda.looseAt());
  while (due !== undefined && due <= until && turns < most) {
    const now = desk.now();
    const at = due > now ? due : now;
    if (at >= besides) break;
    turns++;
    desk.pull(feed, at);
    due = feed.peek();
    besides = Math.min(firm, agenda.looseAt());
    if (besides > at && agenda.steps === steps && !desk.waits()) continue;
    desk.end(at);
    break;
  }
  return turns;
}
