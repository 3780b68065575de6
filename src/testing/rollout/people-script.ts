import { prng, type Prng } from '../../base/prng.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command, Proposable } from '../../domain/command.ts';
import { FakeVenue } from './fake-venue.ts';
import { Invariants } from './invariants.ts';
import {
  admin,
  admin2,
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

const versions = ['1.0.0', '1.1.0', '1.2.0'];
const people: readonly Actor[] = [risk, senior, senior2, admin, admin2, trader, { personID: 'ron', roles: ['RiskManager'] }];
const reason = 'script';
const maxWaits = 400;

/** One seeded life of a desk that several people pull at: verbs in every phase, keys used again, yes and no to proposals late, early, twice and by the wrong person. */
export class PeopleScript {
  readonly desk: RolloutDesk;
  readonly invariants = new Invariants();
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #proposals: { readonly id: string; readonly digest: string }[] = [];
  readonly #said: { readonly key: string; readonly command: Command; readonly actor: Actor; readonly expected: number | null }[] = [];
  #deployed = 0;
  #keys = 0;

  constructor(seed: number, step?: Step) {
    this.#rng = prng(seed).fork('people');
    this.desk = openDesk(step, (turn, desk) => this.invariants.watch(turn, desk));
    this.#venue = new FakeVenue(this.desk, this.#rng.fork('venue'));
  }

  run(actions: number): this {
    this.#deploy();
    for (let n = 0; n < actions; n++) {
      this.#act();
      this.#venue.deliver();
    }
    return this;
  }

  #take(turn: Turn): Turn {
    this.#venue.take(turn.effects);
    for (const one of turn.decisions)
      if (one.kind === 'proposalChanged' && one.state === 'open') this.#proposals.push({ id: one.proposalID, digest: one.digest });
    return turn;
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#rng.int(of.length)];
  }

  #act(): void {
    const dice = this.#rng.int(100);
    if (dice < 12) this.#pass(1 + this.#rng.int(70));
    else if (dice < 18)
      this.#take(this.desk.intent(this.desk.rowOf(this.#one(versions)), this.#one(['buy', 'sell']), 1 + this.#rng.int(20)));
    else if (dice < 24) this.#deploy();
    else if (dice < 48) this.#answer();
    else if (dice < 54) this.#again();
    else if (dice < 55) this.#wait();
    else this.#speak();
  }

  /** Fresh marks for some seconds. */
  #pass(seconds: number): void {
    for (let n = 0; n < seconds; n++) {
      const from = this.desk.turns.length;
      this.desk.advance(900_000);
      for (const turn of this.desk.turns.slice(from)) this.#take(turn);
      for (const listing of [0, 1]) this.#take(this.desk.mark(listing));
    }
  }

  /** Until what waits has expired, without a market; then somebody answers. */
  #wait(): void {
    const from = this.desk.turns.length;
    this.desk.advance(950_000_000, { limit: maxWaits });
    for (const turn of this.desk.turns.slice(from)) this.#take(turn);
    for (const listing of [0, 1]) this.#take(this.desk.mark(listing));
    this.#answer();
  }

  #deploy(): void {
    const version = this.#one(versions);
    const count = 1 + this.#rng.int(2);
    const stages = [
      rung(100),
      rung(500, { entryApproval: { roles: ['RiskManager'], count } }),
      rung(900, { minPnL: this.#rng.int(3) === 0 ? '1' : '-1000000' }),
    ];
    const spec = canary(`d${++this.#deployed}`, version, { stages, autoProgress: this.#rng.int(4) > 0 });
    if (answerOf(this.#take(this.desk.order({ verb: 'deploy', spec }, this.#one([trader, risk]), null))).code !== 'OK') return;
    for (const event of ['loaded', 'warmed'] as const) this.#take(this.desk.host(this.desk.rowOf(version), event));
  }

  #speak(): void {
    const command = this.#command();
    const expanding = ['promote', 'retry', 'waive', 'unhalt', 'release', 'startStrategy', 'allocate', 'setSlice'].includes(command.verb);
    const actor = this.#one(people);
    const proposes = expanding && this.#rng.int(4) > 0;
    const expected = this.#rng.int(8) === 0 ? 1 + this.#rng.int(4) : null;
    this.#order(
      proposes ? { verb: 'propose', command } : command,
      actor,
      proposes || this.#rng.int(3) > 0 ? null : this.#one(people),
      expected,
    );
  }

  #order(command: Command, actor: Actor, approvedBy: Actor | null, expected: number | null): void {
    const key = `key${++this.#keys}`;
    if (approvedBy === null) this.#said.push({ key, command, actor, expected });
    this.#take(this.desk.order(command, actor, approvedBy, key, expected));
  }

  #command(): Proposable {
    const deploymentID = `d${1 + this.#rng.int(this.#deployed)}`;
    const version = this.#one(versions);
    const plain = this.#one(['pause', 'resume', 'resume', 'abort', 'retry', 'rollback', 'undo', 'deny'] as const);
    const makers: readonly (() => Proposable)[] = [
      () => ({ verb: plain, deploymentID, reason }),
      () => ({ verb: this.#one(['pause', 'resume'] as const), deploymentID, reason }),
      () => ({ verb: 'promote', deploymentID, reason, waives: this.#one([[], ['minDuration'], ['minDuration', 'approval'], ['fresh']]) }),
      () => ({ verb: 'promote', deploymentID, reason, waives: ['minDuration', 'approval'] }),
      () => ({ verb: 'approve', deploymentID, stage: 1, specHash: deploymentID.padEnd(64, this.#rng.int(9) === 0 ? 'f' : '0') }),
      () => ({ verb: 'approve', deploymentID, stage: 1, specHash: deploymentID.padEnd(64, '0') }),
      () => ({ verb: this.#one(['halt', 'unhalt', 'unhalt', 'unhalt'] as const), sliceID, version, reason }),
      () => ({ verb: 'allocate', sliceID, version, allocation: this.#rng.int(12) * 50, reason }),
      () => ({ verb: this.#one(['startStrategy', 'pauseStrategy', 'startStrategy'] as const), algorithmID: 'algo', reason }),
      () => ({ verb: this.#one(['kill', 'release', 'release', 'release'] as const), reason }),
    ];
    return this.#one(makers)();
  }

  /** Yes or no to what waits or has waited. */
  #answer(): void {
    if (this.#proposals.length === 0) return;
    const { id, digest } = this.#rng.int(3) === 0 ? this.#one(this.#proposals) : this.#proposals[this.#proposals.length - 1];
    const wrong = this.#rng.int(10) === 0;
    const command: Command =
      this.#rng.int(6) === 0
        ? { verb: 'disagree', proposalID: id, reason }
        : { verb: 'agree', proposalID: id, digest: wrong ? 'f'.repeat(64) : digest };
    this.#order(command, this.#one(people), null, null);
  }

  /** A key that was used before, with the same words or with others. */
  #again(): void {
    if (this.#said.length === 0) return;
    const { key, command, actor, expected } = this.#one(this.#said);
    const other = this.#rng.int(2) === 0;
    this.#take(this.desk.order(other ? { verb: 'pause', deploymentID: 'd1', reason: 'else' } : command, actor, null, key, expected));
  }
}
