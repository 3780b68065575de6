import { prng, type Prng } from '../../base/prng.ts';
import { lots, micros, ticks } from '../../base/units.ts';
import type { KillTarget } from '../../domain/kill.ts';
import { flattenModes } from '../../domain/spec.ts';
import { FakeVenue } from './fake-venue.ts';
import { Invariants } from './invariants.ts';
import { canary, paper, rung } from './rollout-specs.ts';
import { promotionDifference } from './prefix.ts';
import { plainMoney, type MoneyTwist } from './money-twist.ts';
import { answerOf, openDesk, risk, RolloutDesk, senior, senior2, sliceID, trader, type Step, type Turn } from './rollout-desk.ts';

const killTargets: readonly KillTarget[] = [
  { scope: 'firm', id: '' },
  { scope: 'firm', id: '' },
  { scope: 'venue', id: 'V' },
  { scope: 'account', id: 'A1' },
  { scope: 'strategy', id: 'algo' },
];
const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];

export interface ScriptRun {
  readonly desk: RolloutDesk;
  readonly invariants: Invariants;
}

function reserveOf(seed: number, tight: boolean): string {
  if (tight) return '895000';
  return seed % 3 === 0 ? '0' : '100000';
}

/** One seeded life of a desk: people, versions, a market and a venue that all do what they should not. */
export class SeededScript {
  desk: RolloutDesk;
  invariants: Invariants;
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #step: Step | undefined;
  readonly #tight: boolean;
  readonly #money: MoneyTwist;
  /** Effects that wait for their record are held: the desk crashes before it is durable. */
  #crashing = false;
  crashes = 0;
  /** What a desk that went on from a journal decided otherwise than the one before it (PRO5), and turns that were compared. */
  readonly rejudged: string[] = [];
  replayed = 0;
  #deployed = 0;
  #mid = 10_000;

  /** `tight`: the desk has capital for one version at the top of its ladder and little else, and the first one is there already. */
  constructor(seed: number, step?: Step, tight = false, money: MoneyTwist = plainMoney) {
    this.#tight = tight;
    this.#money = money;
    this.#rng = prng(seed);
    this.#step = step;
    this.invariants = new Invariants();
    // a life beside another is compared with it, not watched
    const watch = money === plainMoney ? (turn: Turn, desk: RolloutDesk): void => this.invariants.watch(turn, desk) : undefined;
    this.desk = openDesk(step, watch, reserveOf(seed, tight), undefined, money.scale);
    this.#venue = new FakeVenue(this.desk, this.#rng.fork('venue'), money.commission);
  }

  /** `crashOneIn`: how seldom an action ends in a crash of the desk at one of its records; 0 = never. */
  run(actions: number, crashOneIn = 0): ScriptRun {
    if (this.#tight) this.#complete();
    else this.#deploy();
    for (let n = 0; n < actions; n++) {
      if (crashOneIn > 0 && this.#rng.int(crashOneIn) === 0) this.#crashIn(n);
      else this.#act(n);
      this.#venue.deliver();
    }
    for (let n = 0; n < 12; n++) {
      this.#pass(500_000);
      this.#venue.deliver();
    }
    this.invariants.finish(this.desk);
    return { desk: this.desk, invariants: this.invariants };
  }

  /** A version that has completed its ladder and holds nearly all that there is. */
  #complete(): void {
    const spec = canary(`d${++this.#deployed}`, '1.0.0', {
      stages: [rung(1_000, this.#least('-1000000'))],
      totalCapital: this.#scaled('1000000'),
    });
    this.#say(this.desk.order({ verb: 'deploy', spec }, trader));
    for (const event of ['loaded', 'warmed'] as const) this.#say(this.desk.host(this.desk.rowOf('1.0.0'), event));
    for (let n = 0; n < 3; n++) this.#climb();
  }

  #say(turn: Turn): Turn {
    this.#venue.take(this.#crashing ? turn.effects.filter((one) => one.reducing) : turn.effects);
    return turn;
  }

  /** Acts, and crashes: a random number of the action's inputs is durable, what restricts has left, the rest has not; then the desk starts again on its journal. */
  #crashIn(n: number): void {
    const from = this.desk.turns.length;
    this.#crashing = true;
    this.#act(n);
    this.#crashing = false;
    const { turns, tags, at } = this.desk;
    const durable = from + this.#rng.int(turns.length - from + 1);
    this.#restart(turns.slice(0, durable), tags, at);
  }

  #restart(journal: readonly Turn[], tags: readonly number[], at: number): void {
    this.crashes++;
    const invariants = new Invariants();
    const watch = this.#money === plainMoney ? (turn: Turn, of: RolloutDesk): void => invariants.watch(turn, of) : undefined;
    const desk = new RolloutDesk(this.#step, watch);
    for (const turn of journal) {
      desk.at = turn.at;
      const difference = promotionDifference(turn, desk.say(turn.input));
      if (difference !== '') this.rejudged.push(`PRO5 ${difference}`);
    }
    this.replayed += journal.length;
    desk.at = at;
    desk.tags.push(...tags);
    this.desk = desk;
    this.invariants = invariants;
    this.#venue.attach(desk);
    this.#say(desk.say({ kind: 'start', term: desk.core.term + 1, coreDigest: 'd'.repeat(64), text: 'crashed' }));
    this.#pass(this.#rng.int(2) === 0 ? 100_000 : 1_500_000);
    this.#venue.deliver();
    const breaks = this.#rng.int(4) === 0 ? 1 : 0;
    this.#say(desk.say({ kind: 'venuesCompared', breaks, text: '' }));
    if (breaks > 0) this.#say(desk.say({ kind: 'venuesCompared', breaks: 0, text: '' }));
  }

  #pass(by: number): void {
    const from = this.desk.turns.length;
    this.desk.advance(by);
    for (const turn of this.desk.turns.slice(from)) this.#say(turn);
  }

  #act(n: number): void {
    const rng = this.#rng;
    const dice = rng.int(100);
    if (dice < 22) this.#pass(rng.int(300_000));
    else if (dice < 40) this.#markBoth();
    else if (dice < 70) this.#intent();
    else if (dice < 78) this.#venue.trade();
    else if (dice < 81) this.#climb();
    else if (dice < 85 || n < 5) this.#deploy();
    else if (dice < 98) this.#people();
    else if (dice < 99) this.#pass(1_500_000);
    else this.#say(this.desk.host(this.#row(), 'exception'));
  }

  #markBoth(): void {
    this.#mid = Math.max(9_500, Math.min(10_500, this.#mid + this.#rng.int(61) - 30));
    for (const listing of [0, 1]) this.#say(this.desk.mark(listing, this.#mid));
  }

  /** A minute and more of fresh marks: time for a rung. */
  #climb(): void {
    for (let n = 0; n < 35; n++) {
      this.#pass(900_000);
      this.#markBoth();
      this.#venue.deliver();
    }
    this.#pass(900_000);
  }

  #row(): number {
    const { rows } = this.desk.core.gate;
    return rows[this.#rng.int(rows.length)].ix;
  }

  #intent(): void {
    const rng = this.#rng;
    const row = this.#row();
    const side = rng.int(2) === 0 ? 'buy' : 'sell';
    const listing = rng.int(2);
    const tag = this.desk.tags[row] ?? 0;
    const targetTag = Math.max(1, tag - rng.int(4));
    const price = ticks(side === 'buy' ? this.#mid + 1 : this.#mid - 1);
    const epoch = this.desk.core.gate.epoch[row] - (rng.int(8) === 0 ? 1 : 0);
    const action = (['new', 'new', 'new', 'new', 'replace', 'cancel', 'new', 'cancelAll'] as const)[rng.int(8)];
    const market = rng.int(5) === 0 ? { ordType: 'market' as const, price: ticks(0) } : { price };
    const reduceOnly = rng.int(4) === 0;
    this.#say(this.desk.intent(row, side, 1 + rng.int(60), { listing, action, targetTag, epoch, reduceOnly, ...market }));
  }

  #deploy(): void {
    const rng = this.#rng;
    const version = versions[rng.int(versions.length)];
    const id = `d${++this.#deployed}`;
    const flatten = flattenModes[rng.int(flattenModes.length)];
    const onStale = rng.int(5) === 0 ? ('rollback' as const) : ('cancelOnly' as const);
    const base = canary(id, version);
    const ladder = [
      rung(100, this.#least('-1000000')),
      rung(500, this.#least(rng.int(3) === 0 ? '-1' : '-1000000')),
      rung(1_000, this.#least('-1000000')),
    ];
    const spec = canary(id, version, {
      stages: ladder,
      totalCapital: this.#scaled('1000000'),
      ...(this.#champion() && this.#deployed % 2 === 0 ? { baseline: { upTo: 500 } } : {}),
      onInconclusive: rng.int(2) === 0 ? 'pause' : 'hold',
      rollback: { ...base.rollback, flatten, onStale },
      rollbackThresholds: { ...base.rollbackThresholds, maxDailyLoss: rng.int(2) === 0 ? 0.002 : null },
    });
    const onPaper = { ...paper(`p${id}`, version, spec), totalCapital: this.#scaled('1000000') };
    const wanted = rng.int(4) === 0 ? onPaper : spec;
    const asked = this.#say(this.desk.order({ verb: 'deploy', spec: wanted }, trader));
    if (answerOf(asked).code !== 'OK') return;
    // its baseline too, where it has one
    for (const load of asked.effects) {
      if (load.kind !== 'load') continue;
      this.#say(this.desk.host(load.row, 'loaded'));
      if (rng.int(6) > 0) this.#say(this.desk.host(load.row, 'warmed'));
    }
  }

  #scaled(text: string): string {
    return this.#money.scale === 1 ? text : String(Number(text) * this.#money.scale);
  }

  #least(minPnL: string): { readonly minPnL: string } {
    return { minPnL: this.#scaled(minPnL) };
  }

  /** Whether a version has completed a ladder: without one there is no baseline. */
  #champion(): boolean {
    return this.desk.core.rollout.lifecycle.includes('Active');
  }

  #people(): void {
    const { desk } = this;
    const rng = this.#rng;
    const deploymentID = `d${1 + rng.int(this.#deployed)}`;
    const version = versions[rng.int(versions.length)];
    const reason = 'script';
    const second = [null, senior2, risk][rng.int(3)];
    const dice = rng.int(16);
    const target = killTargets[rng.int(killTargets.length)];
    if (dice === 0 && rng.int(2) === 0) this.#say(desk.order({ verb: 'kill', reason, target }, trader, null));
    else if (dice < 3) for (const one of killTargets) this.#say(desk.order({ verb: 'release', reason, target: one }, senior, senior2));
    else if (dice < 6) this.#say(desk.order({ verb: 'unhalt', sliceID, version, reason }, risk, second));
    else if (dice < 7) this.#say(desk.order({ verb: 'halt', sliceID, version, reason }, trader, null));
    else if (dice < 8 && rng.int(2) === 0) this.#externalFill();
    else {
      const verb = (['promote', 'pause', 'resume', 'abort', 'retry', 'rollback', 'resume', 'promote'] as const)[dice - 8];
      this.#say(desk.order({ verb: dice < 8 ? 'resume' : verb, deploymentID, reason }, risk, second));
    }
  }

  #externalFill(): void {
    const { desk } = this;
    const [side, lastQty] = [this.#rng.int(2) === 0 ? ('buy' as const) : ('sell' as const), lots(1 + this.#rng.int(5))];
    const [lastPx, transactTime] = [ticks(10_000), micros(desk.at)];
    const execID = `ext${desk.turns.length}`;
    this.#say(desk.say({ kind: 'externalFill', account: 0, listing: 0, side, lastQty, lastPx, execID, transactTime }));
  }
}
