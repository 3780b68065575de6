import { prng, type Prng } from '../../base/prng.ts';
import { ticks } from '../../base/units.ts';
import type { Actor } from '../../domain/actor.ts';
import { orderModes, positionModes } from '../../domain/swap.ts';
import { FakeVenue } from './fake-venue.ts';
import {
  admin,
  answerOf,
  openDesk,
  risk,
  senior,
  senior2,
  sliceID,
  trader,
  type RolloutDesk,
  type Step,
  type Turn,
} from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen, FakeHost } from './swap-desk.ts';
import { SwapInvariants } from './swap-invariants.ts';

/** Who may approve a cutover; the last of them proposes. */
const managers: readonly Actor[] = [
  risk,
  senior2,
  { personID: 'ron', roles: ['RiskManager'] },
  { ...trader, roles: ['Trader', 'RiskManager'] },
];
const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];

/** One seeded life in which versions take over from each other under everything that may go wrong: venues, hosts, people. */
export class SwapScript {
  readonly desk: RolloutDesk;
  readonly invariants = new SwapInvariants();
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #host: FakeHost;
  #deployed = 0;
  #mid = 10_000;
  #active = '1.0.0';

  constructor(seed: number, step?: Step) {
    this.#rng = prng(`swap ${seed}`);
    this.desk = openDesk(step, (turn, desk) => this.invariants.watch(turn, desk));
    this.#venue = new FakeVenue(this.desk, this.#rng.fork('venue'));
    this.#host = new FakeHost(this.desk);
    this.#host.spoil = (notice) => {
      const dice = this.#rng.int(90);
      if (dice === 0) return null;
      if (dice === 1) return { ...notice, event: 'refused', text: 'no' };
      if (dice === 2) return { ...notice, taken: 'f'.repeat(64), exported: 'e'.repeat(64) };
      if (dice === 3 && notice.event === 'adopted') return { ...notice, event: 'overflow', text: 'full' };
      return notice;
    };
  }

  run(actions: number): this {
    this.#ladder();
    for (let n = 0; n < actions; n++) {
      this.#act();
      this.#venue.deliver();
    }
    return this;
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

  #markBoth(): void {
    this.#mid = Math.max(9_800, Math.min(10_200, this.#mid + this.#rng.int(21) - 10));
    for (const listing of [0, 1]) this.#say(this.desk.mark(listing, this.#mid));
  }

  /** The first version gets a tenth of the capital, and whatever follows takes over from it. */
  #ladder(): void {
    const base = canary('ladder', '1.0.0');
    this.#say(this.desk.order({ verb: 'deploy', spec: { ...base, stages: [rung(1_000)] } }, trader));
    const row = this.desk.rowOf('1.0.0');
    this.#say(this.desk.host(row, 'loaded'));
    this.#say(this.desk.host(row, 'warmed'));
  }

  #act(): void {
    const rng = this.#rng;
    const dice = rng.int(100);
    if (dice < 22) this.#pass(rng.int(120_000));
    else if (dice < 38) this.#markBoth();
    else if (dice < 60) this.#intent();
    else if (dice < 68) this.#venue.trade();
    else if (dice < 86) this.#answer();
    else if (dice < 93) this.#deploy();
    else if (dice < 98) this.#people();
    else if (dice < 99 && rng.int(3) === 0) this.#fault();
    else this.#watchOver();
  }

  #answer(): void {
    for (let n = this.#rng.int(4); n >= 0; n--) {
      const turn = this.#host.answer();
      if (turn !== undefined) this.#venue.take(turn.effects);
      this.#pass(0);
    }
  }

  /** A minute and more of fresh marks: a watch is over. */
  #watchOver(): void {
    for (let n = 0; n < 70; n++) {
      this.#pass(900_000);
      this.#markBoth();
      this.#venue.deliver();
    }
  }

  /** A version throws: mostly the one that owns the capital, whose predecessor may stand by; now and then a host is ended. */
  #fault(): void {
    const rng = this.#rng;
    const row = rng.int(3) === 0 ? this.#row() : this.desk.rowOf(this.#owner());
    this.#say(this.desk.host(row, rng.int(8) === 0 ? 'ended' : 'exception'));
    if (rng.int(6) === 0) this.#say(this.desk.host(this.#row(), rng.int(2) === 0 ? 'ended' : 'exception'));
  }

  /** A row of the slice, its custodian's left out. */
  #row(): number {
    const rows = this.desk.core.gate.rows.filter(({ custodian }) => !custodian);
    return rows[this.#rng.int(rows.length)].ix;
  }

  #intent(): void {
    const rng = this.#rng;
    const row = rng.int(4) === 0 ? this.#row() : this.desk.rowOf(this.#owner());
    if (row < 0) return;
    this.desk.tags[row] = Math.max(this.desk.tags[row] ?? 0, this.desk.core.lastTag[row] ?? 0);
    const side = rng.int(2) === 0 ? 'buy' : 'sell';
    const action = (['new', 'new', 'new', 'cancel', 'replace'] as const)[rng.int(5)];
    const targetTag = Math.max(1, (this.desk.tags[row] ?? 0) - rng.int(4));
    const price = ticks(side === 'buy' ? this.#mid - rng.int(4) : this.#mid + rng.int(4));
    this.#say(
      this.desk.intent(row, side, 1 + rng.int(60), {
        listing: rng.int(2),
        action,
        targetTag,
        price,
        epoch: this.desk.core.gate.epoch[row] - (rng.int(9) === 0 ? 1 : 0),
      }),
    );
  }

  /** Version that holds the capital, as far as the script knows. */
  #owner(): string {
    const { rollout, gate } = this.desk.core;
    for (const swap of rollout.swaps)
      if (swap.step === 'monitoring' || swap.step === 'finalized') this.#active = gate.rows[swap.to].version;
    // who was woken again
    for (const { row, step } of rollout.standbys)
      if (step === 'over' && rollout.lifecycle[row] === 'Active') this.#active = gate.rows[row].version;
    return this.#active;
  }

  #deploy(): void {
    const rng = this.#rng;
    const [blue, green] = [this.#owner(), versions[rng.int(versions.length)]];
    const id = `s${++this.#deployed}`;
    const spec = blueGreen(id, blue, green, {
      handover: { positions: positionModes[[1, 1, 1, 0, 2][rng.int(5)]], openOrders: orderModes[rng.int(2)] },
      autoProgress: rng.int(6) > 0,
      onInconclusive: rng.int(2) === 0 ? 'pause' : 'hold',
    });
    const policy = rng.int(8) === 0 ? 'never' : 'versionFault';
    const window = { days: 0, micros: [60_000_000, 300_000_000][rng.int(2)] };
    const count = rng.int(4) === 0 ? 1 + rng.int(2) : 0;
    if (count > 0) Object.assign(spec, { blueGreen: { ...spec.blueGreen, entryApproval: { roles: ['RiskManager'], count } } });
    Object.assign(spec, { rollback: { ...spec.rollback, reactivatePrevious: policy, rollbackWindow: window } });
    if (answerOf(this.#say(this.desk.order({ verb: 'deploy', spec }, trader))).code !== 'OK') return;
    if (rng.int(8) > 0)
      for (const gate of ['paper', 'agreement'])
        this.#say(this.desk.order({ verb: 'waive', deploymentID: id, stage: 0, gate, reason: 'script' }, risk, senior2));
    const row = this.desk.rowOf(green);
    this.#say(this.desk.host(row, 'loaded'));
    this.#say(this.desk.host(row, 'warmed'));
  }

  /** A yes, sometimes of the proposer, for another spec, twice, or too late; a no; a role that is gone; and what it is about changes meanwhile. */
  #approve(deploymentID: string): void {
    const { desk } = this;
    const rng = this.#rng;
    const reason = 'script';
    const specHash = deploymentID.padEnd(64, rng.int(9) === 0 ? 'f' : '0');
    const newest = `s${this.#deployed}`;
    const dice = rng.int(12);
    if (dice === 0) this.#say(desk.order({ verb: 'deny', deploymentID, reason }, risk, null));
    else if (dice === 1)
      this.#say(desk.order({ verb: 'knowPeople', people: rng.int(2) === 0 ? managers : managers.slice(1) }, admin, null));
    else if (dice === 2)
      this.#say(desk.order({ verb: 'allocate', sliceID, version: this.#owner(), allocation: 500 + rng.int(400), reason }, risk, null));
    else if (dice < 5) this.#say(desk.order({ verb: 'approve', deploymentID, stage: 0, specHash }, managers[rng.int(4)], null));
    else
      for (let n = 1 + rng.int(3); n > 0; n--) {
        const yes = { verb: 'approve', deploymentID: newest, stage: 0, specHash: newest.padEnd(64, '0') } as const;
        this.#say(desk.order(yes, managers[rng.int(4)], null));
      }
  }

  #people(): void {
    const { desk } = this;
    const rng = this.#rng;
    const deploymentID = `s${1 + rng.int(Math.max(1, this.#deployed))}`;
    const version = versions[rng.int(versions.length)];
    const reason = 'script';
    const dice = rng.int(14);
    if (rng.int(2) === 0) return this.#approve(deploymentID);
    if (dice === 0 && rng.int(3) === 0) this.#say(desk.order({ verb: 'kill', reason }, trader, null));
    else if (dice < 4) this.#say(desk.order({ verb: 'release', reason }, senior, senior2));
    else if (dice < 6) this.#say(desk.order({ verb: 'unhalt', sliceID, version, reason }, risk, senior2));
    else if (dice < 7 && rng.int(3) === 0) this.#say(desk.order({ verb: 'halt', sliceID, version, reason }, trader, null));
    else {
      const verb = (['pause', 'resume', 'resume', 'promote', 'abort', 'retry', 'resume'] as const)[Math.max(0, dice - 7)];
      this.#say(desk.order({ verb, deploymentID: rng.int(3) === 0 ? 'ladder' : deploymentID, reason }, risk, senior2));
    }
  }
}
