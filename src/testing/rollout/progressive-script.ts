import { prng, type Prng } from '../../base/prng.ts';
import { lots, ticks } from '../../base/units.ts';
import { confidenceOf } from '../../core/rollout/confidence.ts';
import type { DeploymentSpec, ProgressivePlan } from '../../domain/spec.ts';
import { Invariants, capUnits } from './invariants.ts';
import {
  admin,
  admin2,
  openDesk,
  reportOf,
  risk,
  senior,
  senior2,
  sentOf,
  sliceID,
  trader,
  type RolloutDesk,
  type Step,
  type Turn,
} from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { areTwo, spokenIn } from './spoken.ts';
import { blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const minute = 60_000_000;

/** One seeded life of a progressive allocation: a market that turns, people who lower, raise, stop and go on, a slice that grows, a swap that takes over. */
export class ProgressiveScript {
  readonly desk: RolloutDesk;
  readonly invariants = new Invariants();
  readonly violations: string[] = [];
  readonly cases = new Map<string, number>();
  readonly #rng: Prng;
  readonly #host: FakeHost;
  readonly #spec: DeploymentSpec;
  readonly #plan: ProgressivePlan;
  #row = -1;
  #cap = 0n;
  #mid = 10_000;
  #drift = 300;
  #swapped = false;

  constructor(seed: number, step?: Step) {
    this.#rng = prng(`progressive ${seed}`);
    const curve = (['Step', 'Linear', 'ExponentialGrowth'] as const)[this.#rng.int(3)];
    const score = this.#rng.int(2) === 0 ? 'evidence' : 'seedV1';
    const every = { days: 0, micros: minute };
    const hysteresis = this.#rng.int(2) === 0 ? 0.1 : 0.4;
    const days = { days: 1, micros: 0 };
    this.#plan = { updateFrequency: every, curve, score, hysteresis, minSample: 3, patience: days, thresholds: [0.5, 0.7, 0.9] };
    this.#spec = canary('p', '1.0.0', {
      strategy: 'Progressive',
      onInconclusive: 'hold',
      stages: [rung(100), rung(500), rung(1_000)],
      expect: { annualVol: null, stressLossPerInterval: 0.03, interval: every },
      progressive: this.#plan,
    });
    this.desk = openDesk(step, (turn, desk) => this.#watch(turn, desk));
    this.#host = new FakeHost(this.desk);
  }

  run(actions: number): this {
    this.#row = this.desk.deploy(this.#spec);
    this.#trade('buy', 5_000);
    for (let n = 0; n < actions; n++) this.#act();
    return this;
  }

  #watch(turn: Turn, desk: RolloutDesk): void {
    this.invariants.watch(turn, desk);
    if (this.#row < 0) return;
    const [before, now] = [this.#cap, capUnits(desk, this.#row)];
    this.#cap = now;
    const looked = turn.effects.some((one) => one.kind === 'alert' && one.subject === 'CONFIDENCE_FELL');
    if (looked) this.#count('fall');
    if (now > before) this.#raised(turn, desk);
    const d = desk.core.rollout.deployments[0];
    const taken = turn.decisions.some((one) => one.kind === 'evidenceTaken' && one.row === this.#row);
    if (!taken || !d.earned || !Number.isNaN(confidenceOf(desk.core, d, this.#plan).value)) return;
    this.#count('no score any more');
    if (now > 0n) this.violations.push(`PRO6 a row without a score keeps ${now}`);
  }

  /** Capital comes by a granted stage on a score that reaches it, or by two people: by nothing else. */
  #raised(turn: Turn, desk: RolloutDesk): void {
    this.#count('raise');
    const spoken = spokenIn(turn, desk);
    if (spoken?.verb === 'allocate' && areTwo(spoken)) return;
    const grant = turn.decisions.find((one) => one.kind === 'stageGranted' && one.deployment === 0);
    if (grant === undefined) {
      this.violations.push(`PRO6 row ${this.#row} got capital without a grant at ${turn.input.kind}`);
      return;
    }
    if (grant.kind !== 'stageGranted' || spoken?.verb === 'promote' || grant.stage <= 0) return;
    const score = turn.decisions.find((one) => one.kind === 'gateJudged' && one.deployment === 0 && one.gate === 'confidence');
    const value = score?.kind === 'gateJudged' ? score.value : NaN;
    if (!(value >= this.#plan.thresholds[grant.stage])) this.violations.push(`PRO6 stage ${grant.stage} was granted at ${value}`);
  }

  #count(what: string): void {
    this.cases.set(what, (this.cases.get(what) ?? 0) + 1);
  }

  #act(): void {
    const rng = this.#rng;
    const dice = rng.int(100);
    if (dice < 55) this.#pass(1 + rng.int(4));
    else if (dice < 75) this.#trade(rng.int(3) === 0 ? 'buy' : 'sell', 1 + rng.int(30));
    else if (dice < 80) this.#drift = -this.#drift;
    else if (dice < 99) this.#people();
    else if (!this.#swapped) this.#swap();
    const { lifecycle } = this.desk.core.rollout;
    if (lifecycle[this.#row] === 'Loading') for (const event of ['loaded', 'warmed'] as const) this.desk.host(this.#row, event);
    if (this.desk.core.residualLots(this.#row) === 0 && lifecycle[this.#row] === 'Canary') this.#trade('buy', 40);
  }

  /** Minutes, each with a move and fresh marks just before its end. */
  #pass(count: number): void {
    for (let n = 0; n < count; n++) {
      const shock = this.#rng.int(60) === 0 ? -1_500 : 0;
      this.#mid = Math.max(2_000, this.#mid + this.#drift + this.#rng.int(201) - 100 + shock);
      this.desk.advance(minute - (this.desk.at % minute) - 500_000);
      for (const listing of [0, 1]) this.desk.mark(listing, this.#mid);
      this.desk.advance(600_000);
    }
  }

  /** What leaves is filled at once, where it trades. */
  #trade(side: 'buy' | 'sell', qty: number): void {
    const { desk } = this;
    const price = ticks(side === 'buy' ? this.#mid + 1 : this.#mid - 1);
    const turn = desk.intent(this.#row, side, qty, { price });
    for (const id of sentOf(turn)) {
      const sent = turn.decisions.find((one) => one.kind === 'orderSent');
      const simulated = sent?.kind === 'orderSent' && sent.order.simulated;
      const filled = { execType: 'trade', lastQty: lots(qty), lastPx: price, cumQty: lots(qty), leavesQty: lots(0) } as const;
      desk.say(reportOf(desk, id, 0, { ...filled, simulated }));
    }
  }

  #people(): void {
    const { desk } = this;
    const rng = this.#rng;
    const [reason, deploymentID] = ['script', 'p'];
    const second = rng.int(2) === 0 ? null : senior2;
    const dice = rng.int(10);
    if (dice < 3) desk.order({ verb: 'allocate', sliceID, version: '1.0.0', allocation: rng.int(1_001), reason }, risk, second);
    else if (dice < 4) this.#grow();
    else if (dice < 5 && rng.int(4) === 0) {
      desk.order({ verb: 'kill', reason }, trader, null);
      desk.order({ verb: 'release', reason }, senior, senior2);
    } else if (dice < 7) desk.order({ verb: (['pause', 'promote'] as const)[rng.int(2)], deploymentID, reason }, risk, second);
    else desk.order({ verb: 'resume', deploymentID, reason }, risk, second);
  }

  #grow(): void {
    const totalCapital = ['1000000', '2000000', '10000000'][this.#rng.int(3)];
    const slice = { sliceID, algorithmID: 'algo', accountGroup: 'main', currency: 'USD', totalCapital, reserve: '100000' };
    this.desk.order({ verb: 'setSlice', ...slice }, admin, { ...admin2, roles: ['Admin'] });
  }

  #swap(): void {
    const { lifecycle } = this.desk.core.rollout;
    if (this.#cap === 0n || (lifecycle[this.#row] !== 'Canary' && lifecycle[this.#row] !== 'Active')) return;
    this.#swapped = true;
    this.#count('swap');
    for (const listing of [0, 1]) this.desk.mark(listing, this.#mid);
    deployGreen(this.desk, this.#host, blueGreen('bg', '1.0.0', '1.1.0', { handover: { positions: 'drain', openOrders: 'cancel' } }));
    settleNow(this.desk, this.#host);
  }
}
