import { describe, expect, it } from 'vitest';
import { prng, type Prng } from '../../base/prng.ts';
import { lots, ticks } from '../../base/units.ts';
import { step } from '../../core/engine.ts';
import { openPositionsLimit, positionLimit } from '../../core/risk/limits.ts';
import type { LimitKey, LimitScope } from '../../domain/limit.ts';
import type { Order } from '../../domain/order.ts';
import { checkedForTest } from '../venue/plain-order.ts';
import { admin, admin2, openDesk, openVenueW, reportOf, trader, type RolloutDesk, type Step, type Turn } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

const instruments = ['X', 'Y', 'X'];
const venues = ['V', 'V', 'W'];
const accounts = ['A1', 'A1', 'B1'];
const algorithms = ['algo', 'beta'];
const twoAdmins = { ...admin2, roles: ['Admin'] as const };

interface Working {
  readonly order: Readonly<Order>;
  leaves: number;
}

/** Books of its own, read off the journal: what each scope holds and has at work. */
class Books {
  readonly violations: string[] = [];
  readonly cases = new Map<string, number>();
  readonly #limits = new Map<string, { readonly key: LimitKey; readonly value: number }>();
  readonly #working = new Map<number, Working>();
  /** Lots by row and listing. */
  readonly #held = new Map<string, number>();

  read({ decisions }: Turn): void {
    for (const one of decisions) {
      if (one.kind === 'limitChanged') {
        const name = `${one.key.scope}/${one.key.scopeID}/${one.key.limit}`;
        if (one.to === null) this.#limits.delete(name);
        else this.#limits.set(name, { key: one.key, value: one.to });
      }
      if (one.kind === 'orderSent') {
        this.#judge(one.order);
        this.#working.set(one.order.clOrdID, { order: one.order, leaves: one.order.orderQty });
      }
      if (one.kind === 'orderStateChanged') {
        const working = this.#working.get(one.clOrdID);
        if (working !== undefined) working.leaves = one.leavesQty;
        if (['filled', 'canceled', 'rejected', 'expired'].includes(one.to)) this.#working.delete(one.clOrdID);
      }
      if (one.kind === 'fillBooked') {
        this.#held.set(`${one.row}/${one.listing}`, one.position);
        const working = this.#working.get(one.clOrdID);
        if (working !== undefined) working.leaves -= one.lastQty;
      }
      if (one.kind === 'lotsTransferred') {
        this.#move(`${one.fromRow}/${one.listing}`, -one.position);
        this.#move(`${one.toRow}/${one.listing}`, one.position);
      }
      if (one.kind === 'orderDenied') this.#count(one.code);
    }
  }

  #move(place: string, by: number): void {
    this.#held.set(place, (this.#held.get(place) ?? 0) + by);
  }

  #count(what: string): void {
    this.cases.set(what, (this.cases.get(what) ?? 0) + 1);
  }

  /** Rows 0 and 1 are the custodians of the two slices, 2 and 3 their versions. */
  #within(scope: LimitScope, scopeID: string, row: number, listing: number): boolean {
    const algorithm = algorithms[row % 2];
    switch (scope) {
      case 'firm':
        return true;
      case 'account':
        return accounts[listing] === scopeID;
      case 'venue':
        return venues[listing] === scopeID;
      case 'algorithm':
        return algorithm === scopeID;
      case 'version':
        return row >= 2 && `${algorithm}@main.USD/1.0.0` === scopeID;
      case 'instrument':
        return instruments[listing] === scopeID;
      case 'sector':
      case 'route':
        return false;
    }
  }

  #judge(order: Readonly<Order>): void {
    this.#count('orderSent');
    const sign = order.side === 'buy' ? 1 : -1;
    const instrument = instruments[order.listing];
    if (this.#reduces(order)) return;
    for (const { key, value } of this.#limits.values()) {
      if (!this.#within(key.scope, key.scopeID, order.row, order.listing)) continue;
      const concerned = (row: number, listing: number): boolean =>
        key.scope === 'instrument' || this.#within(key.scope, key.scopeID, row, listing);
      if (key.limit === 'maxPosition') {
        let reach = order.orderQty as number;
        for (const [place, held] of this.#held) {
          const [row, listing] = place.split('/').map(Number);
          if (instruments[listing] === instrument && concerned(row, listing)) reach += sign * held;
        }
        for (const { order: open, leaves } of this.#working.values())
          if (instruments[open.listing] === instrument && open.side === order.side && concerned(open.row, open.listing)) reach += leaves;
        this.#count('position judged');
        if (reach > value)
          this.#say(`C8 order ${order.clOrdID} takes ${instrument} of ${key.scope} ${key.scopeID} to ${reach} of ${value}`);
      }
      if (key.limit === 'maxOpenPositions') {
        const busy = new Set<string>();
        for (const [place, held] of this.#held) {
          const [row, listing] = place.split('/').map(Number);
          if (held !== 0 && concerned(row, listing)) busy.add(instruments[listing]);
        }
        for (const { order: open } of this.#working.values()) if (concerned(open.row, open.listing)) busy.add(instruments[open.listing]);
        // a limit that was cut below what is there makes no order in it one too many
        if (busy.has(instrument)) continue;
        busy.add(instrument);
        this.#count('open positions judged');
        if (busy.size > value)
          this.#say(`C4 order ${order.clOrdID} makes ${busy.size} positions of ${key.scope} ${key.scopeID}, at most ${value}`);
      }
    }
  }

  /** Takes lots off its own leaf, whatever works there already: that passes every limit. */
  #reduces({ row, listing, side, orderQty }: Readonly<Order>): boolean {
    const held = (this.#held.get(`${row}/${listing}`) ?? 0) * (side === 'sell' ? 1 : -1);
    let working = 0;
    for (const { order, leaves } of this.#working.values())
      if (order.row === row && order.listing === listing && order.side === side) working += leaves;
    return held >= orderQty + working;
  }

  /** Orders that may still trade. */
  get open(): readonly Working[] {
    return [...this.#working.values()].filter(({ leaves }) => leaves > 0);
  }

  #say(text: string): void {
    if (this.violations.length < 20) this.violations.push(text);
  }
}

/** A life of two algorithms in two slices, at two venues with an account each, whose limits people change all the time. */
class Limits {
  readonly books = new Books();
  readonly #desk: RolloutDesk;
  readonly #rng: Prng;
  #limits = 0;

  constructor(seed: number, plant?: Step) {
    this.#rng = prng(`limits ${seed}`);
    this.#desk = openDesk(plant, (turn) => this.books.read(turn));
  }

  run(actions: number): Books {
    this.#open();
    for (let n = 0; n < actions; n++) {
      const dice = this.#rng.int(20);
      if (dice < 2) this.#limit();
      else if (dice < 13) this.#intent();
      else if (dice < 19) this.#answer();
      else this.#pass(700_000);
      this.#pass(50_000);
    }
    return this.books;
  }

  #pass(by: number): void {
    this.#desk.advance(by);
    for (const listing of [0, 1, 2]) this.#desk.mark(listing);
  }

  #open(): void {
    const desk = this.#desk;
    openVenueW(desk);
    desk.order({ verb: 'registerVersion', algorithmID: 'beta', version: '1.0.0', artifactDigest: 'b'.repeat(64) }, admin);
    const beta = {
      sliceID: 'beta@main.USD',
      algorithmID: 'beta',
      accountGroup: 'main',
      currency: 'USD',
      totalCapital: '1000000',
      reserve: '0',
    };
    desk.order({ verb: 'setSlice', ...beta }, admin, twoAdmins);
    this.#pass(1);
    for (const algorithmID of algorithms) {
      const spec = canary(algorithmID, '1.0.0', {
        algorithmID,
        sliceID: `${algorithmID}@main.USD`,
        universe: ['X.V', 'Y.V', 'X.W'],
        venues: [
          { venueID: 'V', accountID: 'A1', limits: {} },
          { venueID: 'W', accountID: 'B1', limits: {} },
        ],
        stages: [rung(1_000)],
      });
      const turn = desk.order({ verb: 'deploy', spec }, trader);
      for (const one of turn.effects) if (one.kind === 'load') for (const event of ['loaded', 'warmed'] as const) desk.host(one.row, event);
    }
  }

  #rows(): readonly number[] {
    return this.#desk.core.gate.rows.filter(({ custodian }) => !custodian).map(({ ix }) => ix);
  }

  #intent(): void {
    const rng = this.#rng;
    const rows = this.#rows();
    const side = rng.int(3) === 0 ? 'sell' : 'buy';
    const row = rows[rng.int(rows.length)];
    this.#desk.intent(row, side, 1 + rng.int(40), { listing: rng.int(3), price: ticks(side === 'buy' ? 9_999 : 10_001) });
  }

  #limit(): void {
    const rng = this.#rng;
    const scopes: readonly (readonly [LimitScope, string])[] = [
      ['firm', ''],
      ['account', 'A1'],
      ['account', 'B1'],
      ['algorithm', 'algo'],
      ['version', 'beta@main.USD/1.0.0'],
      ['venue', 'W'],
      ['instrument', 'X'],
    ];
    const [scope, scopeID] = scopes[this.#limits++ % scopes.length];
    const few = rng.int(3) === 0 && scope !== 'instrument';
    const key: LimitKey = { scope, scopeID, limit: few ? 'maxOpenPositions' : 'maxPosition' };
    this.#desk.order({ verb: 'setLimit', key, value: few ? 1 + rng.int(2) : 40 + rng.int(120) }, admin, twoAdmins);
  }

  /** A venue that fills some, or all, of what works, or takes it back. */
  #answer(): void {
    const rng = this.#rng;
    const { open } = this.books;
    if (open.length === 0) return;
    const { order, leaves } = open[rng.int(open.length)];
    const told = { venue: order.listing === 2 ? 1 : 0, cumQty: lots(order.orderQty - leaves), leavesQty: lots(leaves) };
    const dice = rng.int(4);
    if (dice === 0)
      this.#desk.say(reportOf(this.#desk, order.clOrdID, order.listing, { execType: 'canceled', ...told, leavesQty: lots(0) }));
    else {
      const lastQty = dice === 1 ? 1 + rng.int(leaves) : leaves;
      const done = { cumQty: lots(told.cumQty + lastQty), leavesQty: lots(leaves - lastQty) };
      const filled = { execType: 'trade' as const, lastQty: lots(lastQty), lastPx: order.price, venue: told.venue, ...done };
      this.#desk.say(reportOf(this.#desk, order.clOrdID, order.listing, filled));
    }
  }
}

/** An order that leaves is made larger, or sent to another side, than what was checked. */
function spoiled(alter: (order: Readonly<Order>) => Readonly<Order>): Step {
  return (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    outcome.decisions.forEach((one, i) => {
      if (one.kind === 'orderSent') outcome.decisions[i] = { kind: 'orderSent', order: checkedForTest(alter(one.order)) };
    });
  };
}

const without =
  (limit: number): Step =>
  (core, seq, at, input, outcome) => {
    const { active } = core.risk.limits;
    const kept = active[limit];
    if (input.kind === 'intent') active[limit] = 0;
    step(core, seq, at, input, outcome);
    if (input.kind === 'intent') active[limit] = kept;
  };

const seeds = 40;
const actions = 300;

describe('positions across accounts, venues, algorithms and slices over random lives', () => {
  it('C8 C4: no order takes a scope past its largest position, or past its number of positions, as people have set them', () => {
    const cases = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const books = new Limits(seed).run(actions);
      expect({ seed, violations: books.violations }).toEqual({ seed, violations: [] });
      for (const [what, n] of books.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    }
    console.log(`position limits: ${seeds} seeds, ${[...cases].map(([what, n]) => `${n} ${what}`).join(', ')}`);
    for (const what of ['POSITION_EXCEEDS_MAX', 'OPEN_POSITIONS_EXCEED_MAX', 'orderSent', 'position judged', 'open positions judged'])
      expect({ what, seen: (cases.get(what) ?? 0) >= 5 }).toEqual({ what, seen: true });
  }, 120_000);

  it.each([
    ['C8', 'an order leaves larger than it was checked', spoiled((order) => ({ ...order, orderQty: lots(order.orderQty * 3) }))],
    ['C8', 'positions are not checked', without(positionLimit)],
    ['C4', 'the number of positions is not checked', without(openPositionsLimit)],
  ] as const)(
    '%s catches: %s',
    (rule, fault, plant) => {
      let caught = 0;
      for (let seed = 1; seed <= seeds && caught === 0; seed++)
        if (new Limits(seed, plant).run(actions).violations.some((text) => text.startsWith(rule))) caught = seed;
      console.log(`${rule} seed ${caught}  ${fault}`);
      expect(caught).toBeGreaterThan(0);
    },
    60_000,
  );
});
