import { describe, expect, it } from 'vitest';
import { micros, ticks } from '../../base/units.ts';
import type { Effect } from '../../domain/effect.ts';
import type { VenueCapabilities } from '../../domain/venue.ts';
import type { VenuePort } from '../../ports/venue.ts';
import { Gateway, type OrderEffect } from '../../runtime/gateway.ts';
import { canary, paper } from '../rollout/rollout-specs.ts';
import { answerOf, openDesk, risk, senior, senior2, sliceID, trader, type RolloutDesk } from '../rollout/rollout-desk.ts';
import { firmLimit, outcomeOf, tradingDesk } from './incident-desk.ts';

const closedDay = { kind: 'session', calendar: 'XDAY', sessionDay: 1, until: micros(0) } as const;

/** A venue that does what a test says, its calendar before the open, and a version that trades there. */
function morning(more: Partial<VenueCapabilities>): { readonly desk: RolloutDesk; readonly row: number; readonly listing: number } {
  const desk = openDesk();
  const [known] = desk.core.registry.venues;
  const capabilities = { ...known.capabilities, ...more };
  desk.say({ kind: 'register', what: 'venue', venue: { venueID: 'Q', simulated: false, capabilities } });
  desk.say({
    kind: 'register',
    what: 'account',
    account: { accountID: 'A2', venueID: 'Q', accountGroup: 'main', margin: { kind: 'cash' } },
  });
  const terms = { priceUnit: '0.01', tickTable: [], lot: '1', multiplier: '1', calendar: 'XDAY' };
  desk.say({ kind: 'register', what: 'listing', listing: { ...terms, listingID: 'X.Q', instrumentID: 'X', venueID: 'Q', symbol: 'X' } });
  const listing = desk.core.registry.listings.length - 1;
  desk.say({ ...closedDay, phase: 'open' });
  desk.mark(listing);
  const venues = [{ venueID: 'Q', accountID: 'A2', limits: {} }];
  const row = desk.deploy(canary('d0', '1.0.0', { universe: ['X.Q'], venues }));
  desk.say({ ...closedDay, phase: 'preOpen' });
  desk.mark(listing);
  return { desk, row, listing };
}

/** 20 August 2013: indications that were meant to wait left as orders, 16,000 of them before the open, and somebody lifted the breakers that had stopped them. */
describe('Goldman 2013', () => {
  it('an order of a version on paper never reaches a venue, whatever its host sends', () => {
    const desk = openDesk();
    const row = desk.deploy(paper('p0', '1.0.0', null));
    const reached: string[] = [];
    const port = (name: string): VenuePort => ({
      capabilities: { ...desk.core.registry.venues[0].capabilities },
      send: () => (reached.push(name), 'sent'),
      replace: () => (reached.push(name), 'sent'),
      cancel: () => 'sent',
      cancelAll: () => 'sent',
      query: () => 'sent',
    });
    const gateway = new Gateway({ term: 1, onNote: ({ code }) => reached.push(code) });
    gateway.connect(new Map([[0, port('venue')]]), new Map([[0, port('simulator')]]));
    for (let n = 0; n < 5; n++) {
      const { effects } = desk.intent(row, 'buy', 1 + n);
      for (const effect of effects) if (isSend(effect)) gateway.submit(effect, micros(desk.at));
    }
    expect(reached).toEqual(Array.from({ length: 5 }, () => 'simulator'));
  });

  it('an order that depends on another goes to a venue that keeps it dependent, and to no other', () => {
    const terms = { ordType: 'bracket', stopPx: ticks(9_500), targetPx: ticks(10_500) } as const;
    const { desk, row } = tradingDesk();
    const legs = desk.intent(row, 'buy', 10, terms).decisions.flatMap((one) => (one.kind === 'orderSent' ? [one.order] : []));
    expect(legs.map(({ leg, bracketOf }) => [leg, bracketOf])).toEqual([
      ['entry', 0],
      ['stop', legs[0].clOrdID],
      ['target', legs[0].clOrdID],
    ]);
    const plain = morning({ ordTypes: ['market', 'limit'] });
    plain.desk.say({ ...closedDay, phase: 'open' });
    plain.desk.mark(plain.listing);
    const turn = plain.desk.intent(plain.row, 'buy', 10, { ...terms, listing: plain.listing });
    expect(outcomeOf(turn)).toBe('ORD_TYPE_NOT_SUPPORTED');
    expect(turn.effects.filter(isSend)).toEqual([]);
    expect(outcomeOf(plain.desk.intent(plain.row, 'buy', 10, { listing: plain.listing }))).toBeGreaterThan(0);
  });

  it('the price band holds before the open, on orders that the venue keeps until then', () => {
    const { desk, row, listing } = morning({ queuesOrders: true });
    firmLimit(desk, 'priceCollarBps', 500);
    expect(outcomeOf(desk.intent(row, 'buy', 1, { listing, price: ticks(10_400) }))).toBeGreaterThan(0);
    expect(outcomeOf(desk.intent(row, 'buy', 1, { listing, price: ticks(100) }))).toBe('PRICE_OUTSIDE_COLLAR');
    expect(outcomeOf(desk.intent(row, 'buy', 1, { listing, price: ticks(10_600) }))).toBe('PRICE_OUTSIDE_COLLAR');
  });

  it('an order before the open is not sent when no price is known that it could be held against', () => {
    const { desk, row, listing } = morning({ queuesOrders: true });
    firmLimit(desk, 'priceCollarBps', 500);
    desk.say({ kind: 'feed', feed: 0, listing, condition: 'gap', value: 1, text: 'lost' });
    expect(outcomeOf(desk.intent(row, 'buy', 1, { listing }))).toBe('REFERENCE_PRICE_STALE');
  });

  it('a venue that keeps no orders gets none before the open', () => {
    const { desk, row, listing } = morning({ queuesOrders: false });
    expect(outcomeOf(desk.intent(row, 'buy', 1, { listing }))).toBe('OUTSIDE_TRADING_HOURS');
  });

  it('one person, in whatever roles, does not re-arm a breaker', () => {
    const { desk } = tradingDesk();
    desk.order({ verb: 'kill', reason: 'wrong orders' }, trader, null);
    const release = { verb: 'release', reason: 'it looks fine' } as const;
    expect(answerOf(desk.order(release, senior, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(release, senior, { ...senior, roles: ['SeniorManagement', 'Admin'] })).code).toBe('SECOND_PERSON_REQUIRED');
    expect(desk.core.risk.killed).toBe(true);
    expect(answerOf(desk.order(release, senior, senior2)).code).toBe('OK');
  });

  it('a breaker of one version that has tripped takes two people too', () => {
    const { desk } = tradingDesk();
    desk.order({ verb: 'halt', sliceID, version: '1.0.0', reason: 'wrong orders' }, trader, null);
    const unhalt = { verb: 'unhalt', sliceID, version: '1.0.0', reason: 'it looks fine' } as const;
    expect(answerOf(desk.order(unhalt, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order(unhalt, risk, senior2)).code).toBe('OK');
  });
});

function isSend(effect: Effect): effect is OrderEffect {
  return effect.kind === 'send';
}
