import { describe, expect, it } from 'vitest';
import { micros, type Micros } from '../base/units.ts';
import type { KillEffect } from '../domain/effect.ts';
import type { Order } from '../domain/order.ts';
import type { VenueCapabilities } from '../domain/venue.ts';
import type { VenuePort } from '../ports/venue.ts';
import { checkedForTest, plainOrder } from '../testing/venue/plain-order.ts';
import { Gateway, type GatewayNote } from './gateway.ts';

const capabilities: VenueCapabilities = {
  ordTypes: ['limit'],
  timesInForce: ['gtc'],
  postOnly: true,
  reduceOnly: true,
  replace: 'atomic',
  massCancel: true,
  deadManSwitch: 'session',
  selfMatchID: false,
  queryByClOrdID: true,
  throttlePerSecond: 10,
};

/** A venue that writes down what it is handed, behind a gateway with a bucket of ten. */
function desk(perSecond = 10): { gateway: Gateway; said: string[]; notes: GatewayNote[] } {
  const said: string[] = [];
  const notes: GatewayNote[] = [];
  const port = (name: string): VenuePort => ({
    capabilities: { ...capabilities, throttlePerSecond: perSecond },
    send: ({ clOrdID }) => (said.push(`${name}send ${clOrdID}`), 'sent'),
    replace: ({ clOrdID }) => (said.push(`${name}replace ${clOrdID}`), 'sent'),
    cancel: ({ target }) => (said.push(`${name}cancel ${target}`), 'sent'),
    cancelAll: () => (said.push(`${name}mass cancel`), 'sent'),
    query: (clOrdID) => (said.push(`${name}query ${clOrdID}`), 'sent'),
    dropSession: () => (said.push(`${name}drop session`), 'sent'),
  });
  const gateway = new Gateway({ term: 1, onNote: (note) => notes.push(note) });
  gateway.connect(
    new Map([
      [0, port('')],
      [1, port('other ')],
    ]),
    new Map(),
  );
  return { gateway, said, notes };
}

const at = (n: number): Micros => micros(n);
const send = (
  gateway: Gateway,
  clOrdID: number,
  more: Partial<Omit<Order, 'price' | 'stopPx' | 'orderQty' | 'expireTime'>> = {},
  venue = 0,
  reducing = false,
): void => gateway.submit({ kind: 'send', reducing, venue, order: checkedForTest(plainOrder({ clOrdID, ...more })) }, at(0));
const cancel = (gateway: Gateway, target: number, when = at(0), venue = 0): void =>
  gateway.submit({ kind: 'cancel', reducing: true, venue, simulated: false, listing: 0, clOrdID: 1_000 + target, target, row: 0 }, when);
const kill = (more: Partial<KillEffect> = {}): KillEffect => ({
  kind: 'kill',
  reducing: true,
  engaged: true,
  hold: 'firm',
  ix: -1,
  generation: 1,
  ...more,
});

describe('the throttle of a venue', () => {
  it('orders leave a fifth of the bucket, cancels go first and may take all of it', () => {
    const { gateway, said } = desk();
    for (let id = 1; id <= 12; id++) send(gateway, id);
    expect(said).toHaveLength(8);
    for (let id = 1; id <= 3; id++) cancel(gateway, id);
    expect(said.slice(8)).toEqual(['cancel 1', 'cancel 2']);
    gateway.pump(at(100_000));
    expect(said.slice(10)).toEqual(['cancel 3']);
    gateway.pump(at(400_000));
    expect(said).toHaveLength(12);
  });

  it('a question goes first, unless it is about an order that still waits: that one leaves before it', () => {
    const { gateway, said } = desk();
    for (let id = 1; id <= 12; id++) send(gateway, id);
    for (const clOrdID of [3, 11]) gateway.submit({ kind: 'query', reducing: true, venue: 0, simulated: false, clOrdID }, at(0));
    expect(said.slice(8)).toEqual(['query 3']);
    gateway.pump(at(1_000_000));
    const [question, order] = ['query 11', 'send 11'].map((what) => said.indexOf(what));
    expect([order > 0, question > order]).toEqual([true, true]);
  });

  it('an order that only reduces may take what ordinary ones leave', () => {
    const { gateway, said } = desk();
    for (let id = 1; id <= 12; id++) send(gateway, id);
    send(gateway, 20, {}, 0, true);
    expect(said).not.toContain('send 20');
    const alone = desk();
    for (let id = 1; id <= 8; id++) send(alone.gateway, id);
    send(alone.gateway, 20, {}, 0, true);
    expect(alone.said).toContain('send 20');
  });

  it('an order whose cancel comes while it waits never leaves, and the desk hears that it did not', () => {
    const { gateway, said, notes } = desk();
    for (let id = 1; id <= 9; id++) send(gateway, id);
    cancel(gateway, 9);
    gateway.pump(at(10_000_000));
    expect(said).not.toContain('send 9');
    expect(said).not.toContain('cancel 9');
    expect(notes.map(({ outcome, code, order }) => [outcome, code, order.clOrdID])).toEqual([['refused', 'CANCELED_UNSENT', 9]]);
  });

  it('an order of an earlier desk is taken back by its term; the one that waits here under its number is another one', () => {
    const { gateway, said } = desk();
    for (let id = 1; id <= 9; id++) send(gateway, id);
    gateway.submit(
      { kind: 'cancel', reducing: true, venue: 0, simulated: false, listing: 0, clOrdID: 1_009, target: 9, row: -1, term: 7 },
      at(0),
    );
    gateway.pump(at(10_000_000));
    expect(said.filter((one) => one.endsWith(' 9'))).toEqual(['cancel 9', 'send 9']);
  });

  it('a replace that waits goes with the order that it would replace', () => {
    const { gateway, said, notes } = desk();
    for (let id = 1; id <= 9; id++) send(gateway, id);
    const order = checkedForTest(plainOrder({ clOrdID: 20, origClOrdID: 9 }));
    gateway.submit({ kind: 'replace', reducing: false, venue: 0, order }, at(0));
    cancel(gateway, 9);
    gateway.pump(at(10_000_000));
    expect(said.filter((one) => /( 9| 20)$/.test(one))).toEqual([]);
    expect(notes.map(({ code, order: { clOrdID }, replacing }) => [code, clOrdID, replacing])).toEqual([
      ['CANCELED_UNSENT', 9, false],
      ['CANCELED_UNSENT', 20, true],
    ]);
  });

  it('a token that has half come is not lost between two looks', () => {
    const { gateway, said } = desk();
    for (let id = 1; id <= 8; id++) send(gateway, id);
    send(gateway, 9);
    for (let n = 1; n <= 2; n++) gateway.pump(at(n * 75_000));
    expect(said).toContain('send 9');
  });
});

describe('the kill switch at the gateway', () => {
  it('of a venue, an account or a row takes back what it holds and refuses what comes under it, and nothing else', () => {
    const cases: readonly [Partial<KillEffect>, readonly string[], readonly number[]][] = [
      [{ hold: 'venue', ix: 1 }, ['other cancel 3'], [6]],
      [{ hold: 'account', ix: 7 }, ['cancel 2'], [5]],
      [{ hold: 'row', ix: 4 }, ['cancel 1'], [4]],
      [{}, ['cancel 1', 'cancel 2', 'other cancel 3'], [4, 5, 6]],
    ];
    for (const [target, canceled, refused] of cases) {
      const { gateway, said, notes } = desk(1_000);
      const three = (first: number): void => {
        send(gateway, first, { row: 4 });
        send(gateway, first + 1, { account: 7 });
        send(gateway, first + 2, {}, 1);
      };
      three(1);
      gateway.submit(kill(target), at(1));
      expect(said.slice(3)).toEqual(canceled);
      three(4);
      expect(notes.map(({ code, order }) => [code, order.clOrdID])).toEqual(refused.map((id) => ['KILL_SWITCH_ENGAGED', id]));
    }
  });

  it('a release that was decided before a newer kill leaves that kill standing', () => {
    const { gateway, notes } = desk();
    gateway.submit(kill({ generation: 2 }), at(0));
    gateway.submit(kill({ engaged: false, reducing: false, generation: 1 }), at(1));
    expect(gateway.killed).toBe(true);
    send(gateway, 1);
    expect(notes).toHaveLength(1);
    gateway.submit(kill({ engaged: false, reducing: false, generation: 2 }), at(2));
    expect(gateway.killed).toBe(false);
  });
});
