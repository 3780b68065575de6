import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { lots, ticks } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import { findOrder, firstOfRow, nextOfRow, replacementOf } from '../../core/orders/order-store.ts';
import type { StoredOrder } from '../../core/orders/stored-order.ts';
import { lotStride } from '../../core/risk/exposure.ts';
import {
  findSlot,
  slotCounted,
  slotHeir,
  slotLeaves,
  slotOrder,
  slotRoute,
  slotSell,
  slotShift,
  slotTwin,
  slotWeight,
} from '../../core/risk/open-slot.ts';
import { FakeVenue } from './fake-venue.ts';
import { openDesk, type RolloutDesk } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

/** What open orders count in the limits against what the order store knows of them, and each slot against its twin and heir; '' = nothing is wrong. */
function slotsDiffer({ risk, orders }: Core): string {
  const { slots, routes, lots: sums } = risk.exposure;
  const { numbers, words } = slots;
  const open = new Float64Array(routes.length * 2);
  const wrong: string[] = [];
  slots.byID.forEach((slot, clOrdID) => {
    const at = slot << slotShift;
    const [twin, heir] = [words[at | slotTwin], words[at | slotHeir]];
    if (twin >= 0 && (numbers[(twin << slotShift) | slotOrder] === 0 || words[(twin << slotShift) | slotHeir] !== slot))
      wrong.push(`order ${clOrdID} replaces one that knows nothing of it`);
    if (heir >= 0 && (numbers[(heir << slotShift) | slotOrder] === 0 || words[(heir << slotShift) | slotTwin] !== slot))
      wrong.push(`order ${clOrdID} is replaced by one that knows nothing of it`);
    const leaves = numbers[at | slotLeaves];
    const counts = twin < 0 ? leaves : Math.max(0, leaves - numbers[(twin << slotShift) | slotLeaves]);
    if (numbers[at | slotCounted] !== counts) wrong.push(`order ${clOrdID}: expected to count ${counts}, was ${numbers[at | slotCounted]}`);
    if (words[at | slotWeight] !== 2) open[words[at | slotRoute] * 2 + words[at | slotSell]] += counts;
    const order = findOrder(orders, clOrdID);
    const pending = order === undefined ? undefined : replacementOf(orders, order);
    const own = order?.clOrdID === clOrdID ? order : pending?.clOrdID === clOrdID ? pending : undefined;
    if (own === undefined) wrong.push(`order ${clOrdID} counts and is not open`);
    else if (own === order && order.leavesQty !== leaves) wrong.push(`order ${clOrdID}: expected ${order.leavesQty} open, was ${leaves}`);
    if (own === order && pending !== undefined && heir !== findSlot(slots, pending.clOrdID))
      wrong.push(`order ${clOrdID}: its replacement ${pending.clOrdID} is not the one that it counts with`);
  });
  for (const { ix } of routes)
    for (const sell of [0, 1]) {
      const sum = sums[ix * lotStride + 1 + sell];
      if (sum !== open[ix * 2 + sell]) wrong.push(`route ${ix}: expected ${open[ix * 2 + sell]} open, was ${sum}`);
    }
  return wrong.slice(0, 3).join('; ');
}

/** A version that replaces and takes back its orders again and again, at a venue that answers late, twice, out of order or not at all. */
class Races {
  readonly desk: RolloutDesk;
  readonly seen = new Map<string, number>();
  wrong = '';
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #row: number;
  readonly #spoil: (core: Core) => void;

  constructor(seed: number, spoil: (core: Core) => void = () => undefined) {
    this.#rng = prng(`replace races ${seed}`);
    this.#spoil = spoil;
    this.desk = openDesk(undefined, ({ decisions, input }, { core }) => {
      const what = input.kind === 'report' ? input.execType : input.kind === 'intent' ? input.action : '';
      if (what !== '') this.#count(what);
      for (const one of decisions) if (one.kind === 'orderDenied') this.#count(one.code);
      if (this.wrong === '') this.wrong = slotsDiffer(core);
    });
    this.#venue = new FakeVenue(this.desk, this.#rng);
    this.#row = this.desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  run(actions: number): string {
    for (let n = 0; n < actions && this.wrong === ''; n++) {
      this.#act();
      this.#spoil(this.desk.core);
      if (this.#rng.int(2) === 0) this.#pass(this.#rng.int(60_000));
    }
    return this.wrong;
  }

  #pass(micros: number): void {
    const { desk } = this;
    const from = desk.turns.length;
    desk.advance(micros);
    for (const listing of [0, 1]) desk.mark(listing);
    for (const { effects } of desk.turns.slice(from)) this.#venue.take(effects);
    this.#venue.deliver();
    if (this.#rng.int(4) === 0) this.#venue.trade();
  }

  /** Mostly about an order that works, whatever is under way for it already. */
  #act(): void {
    const rng = this.#rng;
    const { desk } = this;
    const open: StoredOrder[] = [];
    for (let one = firstOfRow(desk.core.orders, this.#row); one !== undefined; one = nextOfRow(desk.core.orders, one)) open.push(one);
    const dice = open.length < 3 ? 0 : rng.int(12);
    const target = open[rng.int(Math.max(1, open.length))];
    const targetTag = target?.tag ?? 0;
    const side = dice < 3 ? (rng.int(2) === 0 ? 'buy' : 'sell') : target.side;
    // sells rest above, buys below: they never meet
    const price = ticks(side === 'buy' ? 9_990 - rng.int(5) : 10_010 + rng.int(5));
    const terms = { price, timeInForce: 'gtc' as const };
    const nothing = { price: ticks(0), orderQty: lots(0), targetTag };
    const turn =
      dice < 3
        ? desk.intent(this.#row, side, 1 + rng.int(30), terms)
        : dice < 9
          ? desk.intent(this.#row, side, 1 + rng.int(30), { ...terms, action: 'replace', targetTag })
          : desk.intent(this.#row, side, 0, { ...nothing, action: dice === 11 && rng.int(3) === 0 ? 'cancelAll' : 'cancel' });
    this.#venue.take(turn.effects);
  }
}

const seeds = 60;
const actions = 250;

describe('cancels and replaces that race', () => {
  it('leave each order with one replacement at most, and count what is open once', () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const races = new Races(seed);
      expect({ seed, wrong: races.run(actions) }).toEqual({ seed, wrong: '' });
      for (const [what, n] of races.seen) seen.set(what, (seen.get(what) ?? 0) + n);
    }
    console.log(`races: ${seeds} lives, ${[...seen].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of ['replaced', 'replaceRejected', 'cancelRejected', 'canceled', 'timeout', 'REPLACE_PENDING', 'trade'])
      expect({ what, often: (seen.get(what) ?? 0) >= 20 }).toEqual({ what, often: true });
  }, 120_000);

  it('an order whose replacement was overwritten by another is found', () => {
    const forget = ({ risk }: Core): void => {
      const { byID, words } = risk.exposure.slots;
      byID.forEach((slot) => {
        if (words[(slot << slotShift) | slotHeir] >= 0) words[(slot << slotShift) | slotHeir] = -1;
      });
    };
    expect(Array.from({ length: 5 }, (_, seed) => new Races(seed + 1, forget).run(actions)).some((wrong) => wrong !== '')).toBe(true);
  });
});
