import { columnSet } from '../../base/split.ts';
import { ticks } from '../../base/units.ts';
import { prng, type Prng } from '../../base/prng.ts';
import { step } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import { AccountBooks } from './account-books.ts';
import { FakeVenue } from './fake-venue.ts';
import {
  admin,
  admin2,
  answerOf,
  cashAccount,
  openDesk,
  risk,
  senior2,
  sliceID,
  trader,
  type RolloutDesk,
  type Step,
  type Turn,
} from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

/** Algorithm, capital and account of each slice: two accounts with two slices each. */
const slices = [
  { algorithmID: 'algo', total: 1_000_000, account: 'A1' },
  { algorithmID: 'beta', total: 500_000, account: 'A1' },
  { algorithmID: 'gamma', total: 400_000, account: 'A2' },
  { algorithmID: 'delta', total: 300_000, account: 'A2' },
] as const;
const versions = ['1.0.0', '1.1.0'] as const;

/** A life of several slices that share accounts: versions that buy and sell with most of what they have, a venue that answers late, twice or not at all. */
export class SeveralSlices {
  readonly desk: RolloutDesk;
  readonly violations: string[] = [];
  readonly cases = new Map<string, number>();
  readonly #luck: Prng;
  readonly #venue: FakeVenue;
  readonly #rows: number[] = [];
  readonly #books = new AccountBooks(10_000, (what) => void this.cases.set(what, (this.cases.get(what) ?? 0) + 1));

  constructor(seed: number, plant: Step = step) {
    this.#luck = prng(`several slices ${seed}`);
    this.desk = openDesk(plant, (turn, desk) => this.#watch(turn, desk));
    this.#venue = new FakeVenue(this.desk, this.#luck.fork('venue'));
    this.desk.say(cashAccount('A2', 'V'));
    for (const one of slices) this.#found(one);
  }

  run(actions: number): this {
    for (let n = 0; n < actions && this.violations.length === 0; n++) this.#act();
    return this;
  }

  #watch({ seq, at, input, decisions }: Turn, { core }: RolloutDesk): void {
    const turn = { seq: seq - decisions.length, lastSeq: seq, term: 1, at, input, decisions };
    this.#books.take(turn, core, (property, text) => void this.violations.push(`${property} ${text}`));
  }

  /** A slice, and two versions that share it. */
  #found({ algorithmID, total, account }: (typeof slices)[number]): void {
    const { desk } = this;
    const id = sliceID.replace('algo', algorithmID);
    const terms = { accountGroup: 'main', currency: 'USD', totalCapital: String(total), reserve: String(total / 10) } as const;
    if (algorithmID !== 'algo')
      this.#done(desk.order({ verb: 'setSlice', sliceID: id, algorithmID, ...terms }, admin, { ...admin2, roles: ['Admin'] }));
    for (const version of versions) {
      if (algorithmID !== 'algo')
        this.#done(desk.order({ verb: 'registerVersion', algorithmID, version, artifactDigest: 'a'.repeat(64) }, admin));
      const spec = canary(`${algorithmID}-${version}`, version, {
        algorithmID,
        sliceID: id,
        totalCapital: String(total),
        stages: [rung(4_400)],
        venues: [{ venueID: 'V', accountID: account, limits: {} }],
      });
      this.#done(desk.order({ verb: 'deploy', spec }, trader, null));
      const row = desk.core.gate.rowIx.get(`${id}/${version}`) ?? -1;
      this.#books.know(row, { sliceID: id, total: BigInt(total) * 1_000_000n, account: desk.core.registry.accountIx.get(account) ?? -1 });
      this.#rows.push(row);
      desk.host(row, 'loaded');
      for (const listing of [0, 1]) desk.mark(listing);
      // evidence that nobody can have yet is waived by two
      const { decisions } = desk.host(row, 'warmed');
      const waives = decisions.flatMap((one) => (one.kind === 'gateJudged' && one.verdict !== 'pass' ? [one.gate] : []));
      this.#done(desk.order({ verb: 'promote', deploymentID: spec.deploymentID, reason: 'test', waives }, risk, senior2));
    }
  }

  #done(turn: Turn): void {
    const { code, text } = answerOf(turn);
    if (code !== 'OK') throw new Error(`${code}: ${text}`);
  }

  #act(): void {
    const { desk } = this;
    const luck = this.#luck;
    desk.advance(luck.int(400_000));
    for (const listing of [0, 1]) desk.mark(listing);
    this.#venue.deliver();
    if (luck.int(6) === 0) this.#venue.trade();
    const row = this.#rows[luck.int(this.#rows.length)];
    const side = luck.int(5) < 4 ? 'buy' : 'sell';
    const price = ticks(side === 'buy' ? 9_999 - luck.int(20) : 10_001 + luck.int(20));
    const turn =
      luck.int(12) === 0
        ? desk.intent(row, side, 1, { action: 'cancelAll' })
        : desk.intent(row, side, 1 + luck.int(1_500), { listing: luck.int(2), price });
    this.#venue.take(turn.effects);
  }
}

const spoiled =
  (spoil: (outcome: Outcome, core: Parameters<Step>[0]) => void): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    spoil(outcome, core);
  };

/** Invariant, name and plant of each fault that the lives of several slices must find. */
export const sliceFaults: readonly (readonly [string, string, Step])[] = [
  [
    'CAP2',
    'a slice gives what another one of its account has',
    spoiled(({ decisions }, { gate }) => {
      for (const one of decisions)
        if (one.kind === 'stageGranted' && one.deploymentID === 'beta-1.1.0')
          columnSet(gate.cap, gate.rowIx.get('beta@main.USD/1.1.0') ?? 0, { hi: 0, lo: 1_200_000_000_000 });
    }),
  ],
  [
    'CAP2',
    'an order of one slice goes to the account of another',
    spoiled(({ decisions }) => {
      decisions.forEach((one, i) => {
        if (one.kind === 'orderSent' && one.order.row % 3 === 1)
          decisions[i] = { ...one, order: { ...one.order, account: 1 - one.order.account } };
      });
    }),
  ],
];
