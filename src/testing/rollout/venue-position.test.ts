import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { LimitScope } from '../../domain/limit.ts';
import { canary, rung } from './rollout-specs.ts';
import { denialsOf, openDesk, openVenueW, reportOf, risk, senior2, sentOf, type RolloutDesk, type Turn } from './rollout-desk.ts';

/** X at the venues V (listing 0) and W (2), Y at V (1); one version with 10 % of 1,000,000 that may trade all of them. */
function twoVenues(): { readonly desk: RolloutDesk; readonly row: number } {
  const desk = openDesk();
  openVenueW(desk);
  for (const ix of [0, 1, 2]) desk.mark(ix);
  const spec = canary('d0', '1.0.0', {
    universe: ['X.V', 'Y.V', 'X.W'],
    venues: [
      { venueID: 'V', accountID: 'A1', limits: {} },
      { venueID: 'W', accountID: 'B1', limits: {} },
    ],
    stages: [rung(1_000)],
  });
  return { desk, row: desk.deploy(spec) };
}

const route = 'algo@main.USD/1.0.0@V';
const limit = (desk: RolloutDesk, scope: LimitScope, scopeID: string, value: number | null): Turn =>
  desk.order({ verb: 'setLimit', key: { scope, scopeID, limit: 'maxPosition' }, value }, risk, senior2);
const order = (desk: RolloutDesk, row: number, side: 'buy' | 'sell', qty: number, listing = 0): number =>
  sentOf(desk.intent(row, side, qty, { listing, price: ticks(side === 'buy' ? 9_990 : 10_010) }))[0] ?? 0;

function fill(desk: RolloutDesk, id: number, qty: number, listing = 0): Turn {
  const execID = `x${desk.turns.length}`;
  return desk.say(
    reportOf(desk, id, listing, { execType: 'trade', venue: listing === 2 ? 1 : 0, lastQty: lots(qty), lastPx: ticks(10_000), execID }),
  );
}

const alerts = (turn: Turn): readonly string[] =>
  turn.decisions.flatMap((one) => (one.kind === 'alertRaised' && one.subject === 'POSITION_LIMIT' ? [one.text] : []));
const canceled = (turn: Turn): readonly number[] => turn.decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : []));
const held = (position: number, most: number, more = ''): string =>
  `route:${route}: position of ${position} base units of X, of ${most}${more}`;

describe('the position of a version at a venue', () => {
  it('is said at 80 % and at all of its limit, once, and again after it was lower', () => {
    const { desk, row } = twoVenues();
    limit(desk, 'route', route, 100);
    const said = (side: 'buy' | 'sell', qty: number, listing = 0): readonly string[] =>
      alerts(fill(desk, order(desk, row, side, qty, listing), qty, listing));
    expect(said('buy', 79)).toEqual([]);
    // neither another venue's lots nor another instrument's count
    expect([said('buy', 200, 2), said('buy', 200, 1)]).toEqual([[], []]);
    expect(said('buy', 1)).toEqual([held(80, 100)]);
    expect(said('buy', 1)).toEqual([]);
    expect(said('buy', 19)).toEqual([held(100, 100)]);
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual(['POSITION_EXCEEDS_MAX']);
    expect(said('sell', 30)).toEqual([]);
    expect(said('buy', 20)).toEqual([held(90, 100)]);
  });

  it('counts short lots as long ones', () => {
    const { desk, row } = twoVenues();
    limit(desk, 'route', route, 100);
    expect(alerts(fill(desk, order(desk, row, 'sell', 80), 80))).toEqual([held(-80, 100)]);
  });

  it('below which its limit is tightened is said in that turn, and what would add to it there is taken back, nothing elsewhere', () => {
    const { desk, row } = twoVenues();
    limit(desk, 'route', route, 200);
    fill(desk, order(desk, row, 'buy', 90), 90);
    const adding = order(desk, row, 'buy', 10);
    const [elsewhere, other, closing] = [order(desk, row, 'buy', 10, 2), order(desk, row, 'buy', 10, 1), order(desk, row, 'sell', 20)];
    expect(Math.min(adding, elsewhere, other, closing)).toBeGreaterThan(0);
    const turn = limit(desk, 'route', route, 80);
    expect(alerts(turn)).toEqual([held(90, 80, ', 1 orders that add to it are taken back')]);
    expect(canceled(turn)).toEqual([adding]);
    // and once: tightening further says nothing new
    expect(alerts(limit(desk, 'route', route, 70))).toEqual([]);
  });

  it('is forgotten when its limit is removed: one that is set again speaks again', () => {
    const { desk, row } = twoVenues();
    fill(desk, order(desk, row, 'buy', 90), 90);
    expect(alerts(limit(desk, 'route', route, 90))).toEqual([held(90, 90)]);
    limit(desk, 'route', route, null);
    expect(alerts(limit(desk, 'route', route, 90))).toEqual([held(90, 90)]);
  });

  it('is in snapshots: a desk that went on from one says and refuses the same', () => {
    const { desk, row } = twoVenues();
    limit(desk, 'route', route, 100);
    fill(desk, order(desk, row, 'buy', 79), 79);
    const copy = decodeCore(encodeCore(desk.core).slice());
    if (!copy.ok) throw new Error(copy.error);
    expect(copy.value.risk.exposure.newestOfCell).toEqual(desk.core.risk.exposure.newestOfCell);
    expect(stateHash(copy.value)).toBe(stateHash(desk.core));
  });
});

describe.each<readonly [LimitScope, string]>([
  ['firm', ''],
  ['account', 'A1'],
  ['algorithm', 'algo'],
  ['venue', 'V'],
  ['instrument', 'X'],
  ['route', route],
])('a maxPosition of %s %s', (scope, id) => {
  it('that is set or tightened below what is held is said in that turn, at four fifths and at all of it', () => {
    const { desk, row } = twoVenues();
    fill(desk, order(desk, row, 'buy', 90), 90);
    expect(alerts(limit(desk, scope, id, 113))).toEqual([]);
    expect(alerts(limit(desk, scope, id, 112))).toHaveLength(1);
    expect(alerts(limit(desk, scope, id, 91))).toEqual([]);
    expect(alerts(limit(desk, scope, id, 90))).toHaveLength(1);
    expect(alerts(limit(desk, scope, id, 1))).toEqual([]);
  });
});

it('a maxPosition of a version that is cut below what it holds rolls it back with the next mark, whichever instrument moved last', () => {
  const { desk, row } = twoVenues();
  fill(desk, order(desk, row, 'buy', 90), 90);
  fill(desk, order(desk, row, 'buy', 10, 1), 10, 1);
  limit(desk, 'version', 'algo@main.USD/1.0.0', 50);
  desk.mark(1);
  expect(desk.phaseOf('d0')).toBe('Aborted');
});
