import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { ticks } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import { matchWithin } from '../../core/rollout/compared-order.ts';
import type { OrderCompared } from '../../domain/order-compared.ts';
import type { Order } from '../../domain/order.ts';
import { openDesk, type RolloutDesk, type Step, type Turn } from './rollout-desk.ts';
import { FakeVenue } from './fake-venue.ts';
import { canary, paper, rung } from './rollout-specs.ts';

interface Known {
  readonly order: Readonly<Order>;
  readonly at: number;
  filled: number;
  traded: number;
}

/** What the journal of a desk says of each order, in the plainest way, beside what its comparisons said. */
class Reader {
  readonly violations: string[] = [];
  readonly cases = new Map<string, number>();
  readonly #orders = new Map<number, Known>();
  readonly #told = new Set<string>();

  read(desk: RolloutDesk): void {
    for (const { at, decisions } of desk.turns)
      for (const one of decisions) {
        if (one.kind === 'orderSent') this.#orders.set(one.order.clOrdID, { order: one.order, at, filled: 0, traded: 0 });
        if (one.kind === 'replaceSent') {
          const before = this.#orders.get(one.order.origClOrdID);
          // fills of the old number go on with the order, whichever number they name
          if (before !== undefined) this.#orders.set(one.order.clOrdID, before);
        }
        if (one.kind === 'fillBooked' && one.booking === 'fill') this.#fill(one.clOrdID, one.lastQty, one.lastPx);
        if (one.kind === 'orderCompared') this.#compared(one);
      }
  }

  #fill(clOrdID: number, qty: number, px: number): void {
    const known = this.#orders.get(clOrdID);
    if (known === undefined) return;
    known.filled += qty;
    known.traded += qty * px;
  }

  #compared(one: OrderCompared): void {
    this.cases.set(one.outcome, (this.cases.get(one.outcome) ?? 0) + 1);
    for (const [id, filled, cost] of [
      [one.clOrdID, one.filledQty, one.cost],
      [one.besideClOrdID, one.besideFilledQty, one.besideCost],
    ] as const)
      if (id !== 0) this.#side(one, id, filled, cost);
    if (one.outcome !== 'matched') return;
    const [live, beside] = [this.#orders.get(one.clOrdID), this.#orders.get(one.besideClOrdID)];
    if (live === undefined || beside === undefined) return this.#say('matched an order that was never sent');
    if (live.order.simulated || !beside.order.simulated) this.#say('matched two orders of one kind');
    for (const field of ['listing', 'side', 'ordType'] as const)
      if (live.order[field] !== beside.order[field]) this.#say(`matched orders that differ in ${field}`);
    if (Math.abs(live.at - beside.at) > matchWithin) this.#say('matched orders that lie too far apart');
    if (live.at - beside.at !== one.timeApart) this.#say('the time between them is another one');
  }

  #side({ row, besideRow }: OrderCompared, id: number, filled: number, cost: number): void {
    const key = `${row}/${besideRow}/${id}`;
    if (this.#told.has(key)) this.#say(`order ${id} was told twice`);
    this.#told.add(key);
    const known = this.#orders.get(id);
    if (known === undefined) return this.#say(`order ${id} was never sent`);
    if (known.filled !== filled) this.#say(`order ${id} executed ${known.filled}, it was compared by ${filled}`);
    const middle = (known.order.arrivalBid + known.order.arrivalAsk) / 2;
    const sign = known.order.side === 'buy' ? 1 : -1;
    const byHand = (sign * (known.traded / known.filled - middle) * 10_000) / middle;
    if (known.filled > 0 && !(Math.abs(byHand - cost) < 1e-6)) this.#say(`order ${id} cost ${byHand} bps, it was compared by ${cost}`);
    if (known.filled > 0) this.cases.set('with fills', (this.cases.get('with fills') ?? 0) + 1);
  }

  #say(text: string): void {
    if (this.violations.length < 20) this.violations.push(text);
  }
}

function read(seed: number, plant?: Step): Reader {
  const reader = new Reader();
  reader.read(new Twins(seed, plant).run(160));
  return reader;
}

/** A version on paper and a live one that often want the same, at a venue that does what it should not: late, repeated, reordered and lost reports. */
class Twins {
  readonly #desk: RolloutDesk;
  readonly #rng: Prng;
  readonly #venue: FakeVenue;

  constructor(seed: number, plant?: Step) {
    this.#rng = prng(seed);
    this.#desk = openDesk(plant);
    this.#venue = new FakeVenue(this.#desk, this.#rng.fork('venue'));
  }

  run(actions: number): RolloutDesk {
    const desk = this.#desk;
    const rng = this.#rng;
    const shadow = desk.deploy({ ...paper('p', '1.1.0', null), promotionCriteria: null });
    const live = desk.deploy(canary('d', '1.0.0', { stages: [rung(1_000, { minDuration: { days: 1, micros: 0 } })] }));
    for (let n = 0; n < actions; n++) {
      const dice = rng.int(10);
      if (dice < 4) this.#order(shadow, live);
      else if (dice < 6) this.#pass(rng.int(400_000));
      else if (dice < 7) this.#pass(900_000);
      else this.#venue.trade();
      this.#venue.deliver();
    }
    for (let n = 0; n < 6; n++) this.#pass(500_000);
    return desk;
  }

  #order(shadow: number, live: number): void {
    const rng = this.#rng;
    const side = rng.int(2) === 0 ? 'buy' : 'sell';
    const price = ticks(side === 'buy' ? 10_001 + rng.int(2) : 9_999 - rng.int(2));
    const qty = 1 + rng.int(40);
    const listing = rng.int(2);
    const which = rng.int(6);
    if (which > 0) this.#say(this.#desk.intent(shadow, side, qty * 10, { listing, price }));
    if (which > 2) this.#pass(rng.int(300_000));
    if (which !== 1) this.#say(this.#desk.intent(live, side, rng.int(8) === 0 ? qty + 20 : qty, { listing, price }));
    if (rng.int(6) === 0) this.#say(this.#desk.intent(live, side, 0, { action: 'cancelAll' }));
    if (rng.int(6) === 0)
      this.#say(this.#desk.intent(live, side, qty + 1, { action: 'replace', listing, targetTag: this.#desk.tags[live] ?? 1, price }));
  }

  #pass(by: number): void {
    const from = this.#desk.turns.length;
    this.#desk.advance(by);
    for (const turn of this.#desk.turns.slice(from)) this.#say(turn);
    for (const listing of [0, 1]) this.#say(this.#desk.mark(listing));
  }

  #say(turn: Turn): void {
    this.#venue.take(turn.effects);
  }
}

const spoiled =
  (spoil: (one: OrderCompared) => OrderCompared): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    outcome.decisions.forEach((one, i) => {
      if (one.kind === 'orderCompared') outcome.decisions[i] = spoil(one);
    });
  };

describe('comparisons of orders over seeded lives of a desk', () => {
  it('say each order once, with what the journal says that it executed', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= 60; seed++) {
      const { violations, cases: seen } = read(seed);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      for (const [what, n] of seen) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`comparisons of orders: 60 seeds, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of ['matched', 'onlyLive', 'onlyBeside', 'with fills'])
      expect({ what, seen: (cases.get(what) ?? 0) >= 5 }).toEqual({ what, seen: true });
  }, 120_000);

  it.each([
    ['a fill is forgotten', 'executed', spoiled((one) => ({ ...one, filledQty: (one.filledQty === 0 ? 0 : one.filledQty - 1) as never }))],
    ['a cost has the wrong sign', 'cost', spoiled((one) => ({ ...one, cost: -one.cost, besideCost: -one.besideCost }))],
    ['a pair is one of other orders', 'twice', spoiled((one) => ({ ...one, clOrdID: 65_536 }))],
  ])(
    'catches: %s',
    (_fault, word, plant) => {
      let caught = 0;
      for (let seed = 1; seed <= 60 && caught === 0; seed++)
        if (read(seed, plant).violations.some((text) => text.includes(word) || text.includes('never sent'))) caught = seed;
      console.log(`caught with seed ${caught}: ${_fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    60_000,
  );
});
