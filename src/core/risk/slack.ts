import type { Split } from '../../base/split.ts';
import type { Risk } from './risk.ts';
import type { Route } from './route.ts';

/**
 * What has happened since the limits of a route were last looked at, in sums that only grow, and how far they may grow before any of these limits could be
 * reached (`room.ts`). An order within them needs no look at its seven scopes. No state of its own: all of it may be forgotten, and is measured anew.
 */
export interface Slack {
  /** `slackStride` numbers for each route: the version of the scope table they were measured at, then as far as each sum may grow. */
  readonly rows: Float64Array;
  /** By instrument: base units that orders were accepted for and positions moved by. */
  spent: Float64Array;
  /** By sector: micro-money of the firm that the value of its instruments moved by. */
  traded: Float64Array;
  /** Micro-money that results moved by, that margins and results moved by, and instruments that an order was counted in or a position moved in: each may be opened, also one that was netted. */
  readonly used: Float64Array;
  /**
   * Routes measured so far; and by instrument how many that were when it was last counted as opened. However often it opens and closes, a scope holds an instrument once:
   * between two measurements it counts once.
   */
  measurements: number;
  openedAt: Float64Array;
  /** At least 1 + initial margin as a fraction of notional, of any account. */
  mostMargin: number;
  /** Listings that have positions and no price: with a price they are worth something at once. */
  readonly unpriced: Set<number>;
}

export const slackStride = 8;
export const measuredAt = 0;
export const positionRoom = 1;
export const lossRoom = 2;
export const creditRoom = 3;
export const heldRoom = 4;
/** The reference price up to which the others hold, half ticks; and the slice's capital down to which they do. */
export const priceRoom = 5;
export const sectorRoom = 6;
export const capitalRoom = 7;

export const resultsMoved = 0;
export const owedMoved = 1;
export const rises = 2;

// constants of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const results = resultsMoved;
const owed = owedMoved;
const risesAt = rises;
const splitBase = 281_474_976_710_656;
/** Sums stay whole numbers up to here; then all begin anew. */
const mostMoved = 4_503_599_627_370_496;

export function createSlack(routes: number): Slack {
  return {
    rows: new Float64Array(routes * slackStride),
    spent: new Float64Array(16),
    traded: new Float64Array(16),
    used: new Float64Array(3),
    measurements: 1,
    openedAt: new Float64Array(16),
    mostMargin: 2,
    unpriced: new Set(),
  };
}

/** Makes room for an instrument of a sector. */
export function growSlack(slack: Slack, instrument: number, sector: number): void {
  if (instrument >= slack.spent.length) {
    slack.spent = wider(slack.spent, 2 * instrument);
    slack.openedAt = wider(slack.openedAt, 2 * instrument);
  }
  if (sector >= slack.traded.length) slack.traded = wider(slack.traded, 2 * sector);
}

function wider(old: Float64Array, length: number): Float64Array {
  const numbers = new Float64Array(length);
  numbers.set(old);
  return numbers;
}

/** What the sums do not tell has changed: every route is measured anew. */
export function forgetSlack(risk: Risk): void {
  risk.limits.table.version += 1;
}

function beginAnew(risk: Risk): void {
  const { slack } = risk;
  slack.spent.fill(0);
  slack.traded.fill(0);
  slack.used.fill(0);
  forgetSlack(risk);
}

/** Micro-money at least as much as |money| of the firm's currency and one unit more, by which a margin may have been rounded up. */
function microAbove({ microPerUnit }: Risk, money: number): number {
  return Math.ceil((money < 0 ? -money : money) * microPerUnit + microPerUnit) + 1;
}

/** The result of a real route changed by this money (a pair) of the firm's currency. */
export function noteResult(risk: Risk, { instrument }: Route, hi: number, lo: number): void {
  const { used, traded } = risk.slack;
  const micro = microAbove(risk, hi * splitBase + lo);
  const moved = used[owed] + micro;
  used[results] += micro;
  used[owed] = moved;
  traded[risk.sectorOf[instrument]] += micro;
  if (moved > mostMoved) beginAnew(risk);
}

/** Something became owed, or less so: a margin, a reservation. */
export function noteOwed(risk: Risk, money: Split): void {
  const { used } = risk.slack;
  used[owed] += microAbove(risk, money.hi * splitBase + money.lo);
  if (used[owed] > mostMoved) beginAnew(risk);
}

/** The value of a sector's instruments changed. */
export function noteValue(risk: Risk, sector: number, money: Split): void {
  const { traded } = risk.slack;
  traded[sector] += microAbove(risk, money.hi * splitBase + money.lo);
  if (traded[sector] > mostMoved) beginAnew(risk);
}

/** A listing with routes has this reference price now, 0 = none: what it is worth begins or ends, which no sum of moves tells. */
export function notePrice(risk: Risk, listing: number, refTwice: number): void {
  const { unpriced } = risk.slack;
  if (refTwice <= 0) unpriced.add(listing);
  else if (unpriced.size === 0 || !unpriced.delete(listing)) return;
  forgetSlack(risk);
}

/** Orders for so many base units of the route's instrument were accepted. */
export function noteOpened(risk: Risk, { instrument }: Route, baseUnits: number): void {
  const { spent, used, openedAt, measurements } = risk.slack;
  spent[instrument] += baseUnits;
  if (openedAt[instrument] !== measurements) {
    openedAt[instrument] = measurements;
    used[risesAt] += 1;
  }
  if (spent[instrument] > mostMoved) beginAnew(risk);
}

/** The position of a route moved by so many base units, which are worth this money of the firm's currency at the mark. */
export function noteMoved(risk: Risk, route: Route, baseUnits: number, money: number): void {
  noteOpened(risk, route, baseUnits < 0 ? -baseUnits : baseUnits);
  const { traded, used } = risk.slack;
  const micro = microAbove(risk, money);
  used[owed] += micro;
  traded[risk.sectorOf[route.instrument]] += micro;
  if (used[owed] > mostMoved) beginAnew(risk);
}
