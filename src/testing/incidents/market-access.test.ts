import { describe, expect, it } from 'vitest';
import { micros } from '../../base/units.ts';
import type { Effect } from '../../domain/effect.ts';
import type { VenuePort } from '../../ports/venue.ts';
import { Gateway } from '../../runtime/gateway.ts';
import { createOutbox } from '../../runtime/outbox.ts';
import { canary } from '../rollout/rollout-specs.ts';
import { openDesk, sentOf, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';
import { rooms } from '../tidy/rooms.ts';
import { checkedForTest, plainOrder } from '../venue/plain-order.ts';
import { outcomeOf, tradingDesk } from './incident-desk.ts';

const capabilities = (desk: RolloutDesk) => desk.core.registry.venues[0].capabilities;

/** A gateway before a venue that takes ten requests a second and writes down what it gets. */
function narrowVenue(): { readonly gateway: Gateway; readonly said: string[] } {
  const said: string[] = [];
  const port: VenuePort = {
    capabilities: { ...capabilities(openDesk()), throttlePerSecond: 10 },
    send: () => (said.push('send'), 'sent'),
    replace: () => (said.push('replace'), 'sent'),
    cancel: () => (said.push('cancel'), 'sent'),
    cancelAll: () => (said.push('mass cancel'), 'sent'),
    query: () => (said.push('query'), 'sent'),
  };
  const gateway = new Gateway({ term: 1, onNote: () => undefined });
  gateway.connect(new Map([[0, port]]), new Map());
  return { gateway, said };
}

const firmKill = { kind: 'kill', reducing: true, engaged: true, hold: 'firm', ix: -1, generation: 1 } as const;
const order = (clOrdID: number) => checkedForTest(plainOrder({ clOrdID }));

/** SEC rule 15c3-5, market access: the switch works on the worst day, when the machine is full, the disk is full and nothing else answers. */
describe('market access', () => {
  /** What leaves of a turn while the disk takes nothing. */
  function leavesOf(turn: Turn): readonly Effect[] {
    const left: Effect[] = [];
    createOutbox((effect) => left.push(effect)).accept(turn.seq, turn.effects);
    return left;
  }

  it('with the disk full a kill and its cancels leave at once; an order does not leave at all', () => {
    const { desk, row } = tradingDesk();
    const turn = desk.intent(row, 'buy', 10);
    const [open] = sentOf(turn);
    expect(leavesOf(turn).filter(({ kind }) => kind === 'send')).toEqual([]);
    const left = leavesOf(desk.order({ verb: 'kill', reason: 'test' }, trader, null));
    expect(left[0].kind).toBe('kill');
    expect(left.flatMap((one) => (one.kind === 'cancel' ? [one.target] : []))).toEqual([open]);
  });

  it('under load a kill empties the queue of orders and goes before everything', () => {
    const { gateway, said } = narrowVenue();
    for (let n = 1; n <= 5_000; n++) gateway.submit({ kind: 'send', reducing: false, venue: 0, order: order(n) }, micros(0));
    expect(said).toHaveLength(8);
    gateway.submit(firmKill, micros(0));
    for (let second = 1; second <= 30; second++) gateway.pump(micros(second * 1_000_000));
    expect(said.slice(8).every((word) => word === 'cancel')).toBe(true);
    expect(said.filter((word) => word === 'cancel')).toHaveLength(8);
  });

  it('the gateway refuses by itself, whatever a core that does not know of the kill still sends', () => {
    const { gateway, said } = narrowVenue();
    gateway.submit(firmKill, micros(0));
    for (let n = 1; n <= 100; n++) gateway.submit({ kind: 'send', reducing: true, venue: 0, order: order(n) }, micros(n));
    expect(said).toEqual([]);
  });

  it('under a kill every strategy is refused, those that start later too', () => {
    const { desk, row } = tradingDesk();
    desk.order({ verb: 'kill', reason: 'test' }, trader, null);
    // its version is halted by the kill; the latch itself holds the others
    expect(outcomeOf(desk.intent(row, 'buy', 1))).toBe('KILL_SWITCH_ENGAGED');
    expect(desk.order({ verb: 'deploy', spec: canary('d2', '1.1.0') }, trader, null).effects.some(({ kind }) => kind === 'load')).toBe(
      false,
    );
  });

  it('nothing between a kill and the venue may know a database', () => {
    const path = ['core', 'runtime', 'journal', 'venues', 'venues/simulated', 'domain', 'ports', 'base'];
    const reaching = rooms.filter(({ name, mayImport }) => path.includes(name) && mayImport.some((room) => room.startsWith('storage')));
    expect(reaching.map(({ name }) => name)).toEqual([]);
  });
});
