import { prng, type Prng } from '../../base/prng.ts';
import { ticks } from '../../base/units.ts';
import { CustodyInvariants } from './custody-invariants.ts';
import { FakeVenue } from './fake-venue.ts';
import { openDesk, risk, senior, senior2, sliceID, trader, type RolloutDesk, type Step, type Turn } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen, deployGreen, FakeHost } from './swap-desk.ts';
import { SwapInvariants } from './swap-invariants.ts';

const triggers = ['exception', 'exception', 'exception', 'overBudget'] as const;

/**
 * One seeded life after a cutover: the old version stands by with copies that arrive, are refused, spoiled or never answered, and the new one ends by a fault, a person, a kill
 * or a silent feed, while orders are open, hosts are ended and desks start again. Then it ends again.
 */
export class ReactivationScript {
  readonly desk: RolloutDesk;
  readonly invariants = new SwapInvariants();
  readonly #custody = new CustodyInvariants((text) => this.invariants.violations.push(text));
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #host: FakeHost;
  #spoils = 0;
  #mid = 10_000;
  #term = 1;

  constructor(seed: number, step?: Step) {
    this.#rng = prng(`reactivation ${seed}`);
    this.desk = openDesk(step, (turn, desk) => {
      this.invariants.watch(turn, desk);
      this.#custody.watch(turn, desk);
    });
    this.#venue = new FakeVenue(this.desk, this.#rng.fork('venue'));
    this.#host = new FakeHost(this.desk);
    this.#host.spoil = (notice) => {
      if (this.#spoils === 0 || this.#rng.int(100) >= this.#spoils) return notice;
      const dice = this.#rng.int(4);
      if (dice === 0) return null;
      if (dice === 1) return { ...notice, event: 'refused', text: 'no' };
      return dice === 2 ? { ...notice, taken: 'f'.repeat(64) } : { ...notice, event: 'overflow', text: 'full' };
    };
  }

  run(actions: number): this {
    this.#swap();
    this.#spoils = [0, 0, 20, 60][this.#rng.int(4)];
    for (let n = 0; n < actions; n++) {
      this.#act(n / actions);
      this.#deliver();
    }
    this.#end();
    return this;
  }

  /** Whoever owns the capital throws at last. */
  #end(): void {
    this.#seconds(3);
    this.#fault();
    this.#seconds(2);
  }

  #say(turn: Turn): Turn {
    this.#venue.take(turn.effects);
    this.#host.take(turn.effects);
    return turn;
  }

  #pass(by: number): void {
    const from = this.desk.turns.length;
    this.desk.advance(by);
    for (const turn of this.desk.turns.slice(from)) this.#say(turn);
  }

  /** What the venue says; hosts hear of what comes of it. */
  #deliver(): void {
    const from = this.desk.turns.length;
    this.#venue.deliver();
    for (const { effects } of this.desk.turns.slice(from)) this.#host.take(effects);
  }

  #trade(): void {
    const from = this.desk.turns.length;
    this.#venue.trade();
    for (const { effects } of this.desk.turns.slice(from)) this.#host.take(effects);
  }

  #marks(): void {
    this.#mid = Math.max(9_800, Math.min(10_200, this.#mid + this.#rng.int(21) - 10));
    for (const listing of [0, 1]) this.#say(this.desk.mark(listing, this.#mid));
  }

  /** So many seconds with fresh marks, in which hosts answer. */
  #seconds(n: number): void {
    for (let i = 0; i < n; i++) {
      this.#pass(900_000);
      this.#marks();
      this.#answer(2);
      this.#deliver();
    }
  }

  #answer(most: number): void {
    for (let n = 0; n < most; n++) {
      const turn = this.#host.answer();
      if (turn !== undefined) this.#venue.take(turn.effects);
    }
  }

  /** 1.0.0 climbs, mostly to the end of its ladder, and 1.1.0 takes over. */
  #swap(): void {
    const rng = this.#rng;
    this.#say(this.desk.order({ verb: 'deploy', spec: canary('ladder', '1.0.0', { stages: [rung(1_000)] }) }, trader));
    const blue = this.desk.rowOf('1.0.0');
    for (const event of ['loaded', 'warmed'] as const) this.#say(this.desk.host(blue, event));
    this.#seconds(rng.int(8) === 0 ? 20 : 70);
    for (let n = rng.int(3); n > 0; n--) this.#intent(blue);
    this.#seconds(1);
    const spec = blueGreen('bg', '1.0.0', '1.1.0', {
      handover: { positions: (['transfer', 'transfer', 'drain', 'flatten'] as const)[rng.int(4)], openOrders: 'cancel' },
    });
    const rollback = {
      ...spec.rollback,
      flatten: (['none', 'limit', 'market'] as const)[rng.int(3)],
      reactivatePrevious: rng.int(12) === 0 ? ('never' as const) : ('versionFault' as const),
      rollbackWindow: { days: 0, micros: [90_000_000, 900_000_000][rng.int(2)] },
    };
    deployGreen(this.desk, this.#host, { ...spec, rollback });
    for (let n = 0; n < 40; n++) {
      this.#answer(8);
      this.#pass(10_000);
      this.#deliver();
    }
    this.#seconds(2);
  }

  /** Mostly trading and copies at first, mostly trouble at the end. */
  #act(progress: number): void {
    const rng = this.#rng;
    const dice = rng.int(100);
    const trouble = progress < 0.4 ? 97 : 90;
    if (dice < 20) this.#pass(rng.int(100_000));
    else if (dice < 34) this.#marks();
    else if (dice < 56) this.#intent(this.#row());
    else if (dice < 64) this.#trade();
    else if (dice < 80) this.#answer(1 + rng.int(3));
    else if (dice < 83) this.#seconds(1 + rng.int(150));
    else if (dice < trouble) this.#pass(rng.int(10_000));
    else this.#trouble();
  }

  #row(): number {
    const { rows } = this.desk.core.gate;
    const all = rows.filter(({ custodian }) => !custodian);
    const active = all.filter(({ ix }) => this.desk.core.rollout.lifecycle[ix] === 'Active');
    return active.length > 0 && this.#rng.int(5) > 0 ? active[0].ix : all[this.#rng.int(all.length)].ix;
  }

  #intent(row: number): void {
    const rng = this.#rng;
    this.desk.tags[row] = Math.max(this.desk.tags[row] ?? 0, this.desk.core.lastTag[row] ?? 0);
    const side = rng.int(2) === 0 ? 'buy' : 'sell';
    const price = ticks(side === 'buy' ? this.#mid + 1 - rng.int(4) : this.#mid - 1 + rng.int(4));
    this.#say(this.desk.intent(row, side, 1 + rng.int(300), { listing: rng.int(2), price }));
  }

  #trouble(): void {
    const { desk } = this;
    const rng = this.#rng;
    const dice = rng.int(20);
    const reason = 'script';
    const version = ['1.0.0', '1.1.0'][rng.int(2)];
    if (dice < 9) this.#fault();
    else if (dice < 11) this.#say(desk.host(this.#row(), 'ended'));
    else if (dice < 12) this.#say(desk.order({ verb: 'kill', reason }, trader, null));
    else if (dice < 14) this.#say(desk.order({ verb: 'release', reason }, senior, senior2));
    else if (dice < 15) this.#say(desk.order({ verb: 'rollback', deploymentID: 'bg', reason }, risk, null));
    else if (dice < 16) this.#say(desk.order({ verb: 'halt', sliceID, version, reason }, trader, null));
    else if (dice < 17) this.#say(desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason }, trader, null));
    else if (dice < 18) this.#say(desk.order({ verb: 'startStrategy', algorithmID: 'algo', reason }, risk, senior2));
    else if (dice < 19) this.#say(desk.say({ kind: 'feed', feed: 0, listing: rng.int(2), condition: 'stale', value: 0, text: '' }));
    else this.#start();
  }

  /** A version throws; mostly nothing else happens until its rollback is over. */
  #fault(): void {
    const rng = this.#rng;
    this.#say(this.desk.host(this.#row(), triggers[rng.int(4)]));
    for (let n = rng.int(3) === 0 ? 0 : 12; n > 0; n--) {
      this.#answer(1);
      this.#pass(20_000);
      this.#deliver();
    }
  }

  /** The process ended, its hosts with it, and a desk starts on the journal. */
  #start(): void {
    this.#host.forget();
    this.#say(this.desk.say({ kind: 'start', term: ++this.#term, coreDigest: 'd'.repeat(64), text: 'ended' }));
    this.#marks();
    this.#say(this.desk.say({ kind: 'venuesCompared', breaks: 0, text: '' }));
  }
}
