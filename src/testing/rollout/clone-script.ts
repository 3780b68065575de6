import { prng, type Prng } from '../../base/prng.ts';
import { ticks } from '../../base/units.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Order } from '../../domain/order.ts';
import { FakeVenue } from './fake-venue.ts';
import { openDesk, type RolloutDesk, type Step, type Turn } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';
import { blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const [blue, green] = ['1.0.0', '1.1.0'];

/**
 * One seeded life of a version that trades at a venue which answers late, twice, out of order or not at all; at one of its actions, or never, it is swapped for a clone of itself that goes on with
 * what the seed proposes. What leaves for the venue is kept as lines without numbers, version and epoch (POS4, rollout.md 6).
 */
export class CloneScript {
  readonly desk: RolloutDesk;
  readonly lines: string[] = [];
  committed = false;
  /** Orders and lots that the clone took along. */
  adopted = 0;
  moved = 0;
  /** Actions whose proposal waited while the swap held the version still, and the action before which its owner made it then; Infinity = never. */
  readonly heldUntil = new Map<number, number>();
  #frozen = false;
  readonly #swapAt: number;
  /** What the other life held, and until when: this one is late by as much. */
  readonly #late: ReadonlyMap<number, number> | undefined;
  /** What hosts keep for whoever owns the row when it goes on. */
  #queue: { readonly action: number; readonly tell: () => void }[] = [];
  readonly #rng: Prng;
  readonly #venue: FakeVenue;
  readonly #host: FakeHost;
  /** Orders in the order in which they were sent, by their number; and the tag of each at its present owner. */
  readonly #sent = new Map<number, number>();
  readonly #tags: number[] = [];
  #row: number;
  /** The desk has its version; what came before is nobody's. */
  #open = false;
  #mid = 10_000;

  /** `swapAt`: action before which the swap is asked for; -1 = there is none, and `late` says what is proposed late all the same. */
  constructor(seed: number, swapAt: number, step?: Step, late?: ReadonlyMap<number, number>) {
    this.#swapAt = swapAt;
    this.#late = late;
    this.#rng = prng(`clone ${seed}`);
    this.desk = openDesk(step, (turn) => this.#heard(turn));
    this.#host = new FakeHost(this.desk);
    this.#venue = new FakeVenue(this.desk, this.#rng.fork('venue'));
    const ladder = canary('ladder', blue, { stages: [rung(1_000, { minDuration: { days: 30, micros: 0 } })] });
    this.#row = this.desk.deploy(ladder);
    this.#open = true;
  }

  run(actions: number): this {
    for (let n = 0; n < actions; n++) {
      this.#tell(n);
      if (n === this.#swapAt) this.#taken(() => this.#swap());
      this.#act(n);
      this.#venue.deliver();
      this.#taken(() => settleNow(this.desk, this.#host));
    }
    return this;
  }

  /** What waited and need not wait any more, in its order. */
  #tell(action: number): void {
    if (this.#late === undefined && this.#frozen) return;
    const late = this.#late;
    const due = this.#queue.filter((one) => late === undefined || late.get(one.action) === action);
    this.#queue = this.#queue.filter((one) => !due.includes(one));
    for (const one of due) {
      if (late === undefined) this.heldUntil.set(one.action, action);
      one.tell();
    }
  }

  /** Hosts are asked in any turn; what left is written down in the words of the seed. */
  #heard(turn: Turn): void {
    if (!this.#open) return;
    this.#host.take(turn.effects.filter(({ kind }) => kind === 'handover'));
    for (const decision of turn.decisions) {
      if (decision.kind === 'swapFrozen') this.#frozen = true;
      else if (decision.kind === 'swapCommitted' || decision.kind === 'swapAborted') this.#frozen = false;
      if (decision.kind === 'swapCommitted') this.#handedOver(decision.to, decision.tagShift, decision.lots);
      else if (decision.kind === 'orderAdopted') {
        this.adopted++;
        this.#tags[this.#sent.get(decision.clOrdID) ?? -1] = decision.tag;
      }
    }
    for (const effect of turn.effects) this.#left(effect, turn.at);
  }

  #handedOver(to: number, tagShift: number, lots: number): void {
    this.committed = true;
    this.moved += lots;
    this.#row = to;
    this.#tags.forEach((tag, n) => (this.#tags[n] = tag + tagShift));
  }

  #left(effect: Effect, at: number): void {
    if (effect.kind === 'send' || effect.kind === 'replace') {
      const { clOrdID, origClOrdID, tag } = effect.order;
      this.#sent.set(clOrdID, this.#tags.length);
      this.#tags.push(tag);
      this.lines.push(`${at} ${effect.kind} ${this.#sent.get(origClOrdID) ?? ''} ${wordsOf(effect.order)}`);
    } else if (effect.kind === 'cancel') this.lines.push(`${at} cancel ${this.#sent.get(effect.target) ?? ''}`);
  }

  #say(turn: Turn): Turn {
    this.#venue.take(turn.effects);
    return turn;
  }

  #swap(): void {
    const spec = blueGreen('swap', blue, green, { onInconclusive: 'hold' });
    deployGreen(this.desk, this.#host, spec);
    settleNow(this.desk, this.#host);
  }

  #pass(by: number): void {
    this.#taken(() => this.desk.advance(by));
  }

  /** The venue gets what the desk does meanwhile. */
  #taken(act: () => void): void {
    const from = this.desk.turns.length;
    act();
    for (const turn of this.desk.turns.slice(from)) this.#say(turn);
  }

  #act(n: number): void {
    const dice = this.#rng.int(100);
    if (dice < 24) this.#pass(this.#rng.int(120_000));
    else if (dice < 44) this.#mark();
    else if (dice < 86) this.#intent(n);
    else if (dice < 98) this.#venue.trade();
    else this.#pass(1_300_000);
  }

  #mark(): void {
    this.#mid = Math.max(9_800, Math.min(10_200, this.#mid + this.#rng.int(21) - 10));
    for (const listing of [0, 1]) this.#say(this.desk.mark(listing, this.#mid));
  }

  #intent(n: number): void {
    const rng = this.#rng;
    const { desk } = this;
    const side = rng.int(2) === 0 ? 'buy' : 'sell';
    const action = (['new', 'new', 'new', 'new', 'cancel', 'replace'] as const)[rng.int(6)];
    const target = this.#tags.length - 1 - rng.int(4);
    const price = ticks(side === 'buy' ? this.#mid - rng.int(4) : this.#mid + rng.int(4));
    const ioc = rng.int(6) === 0;
    const [listing, qty, reduceOnly] = [rng.int(2), 1 + rng.int(60), rng.int(5) === 0];
    const tell = (): void => {
      const row = this.#row;
      desk.tags[row] = Math.max(desk.tags[row] ?? 0, desk.core.lastTag[row] ?? 0);
      const targetTag = Math.max(1, this.#tags[target] ?? 1);
      const terms = { listing, action, targetTag, price, reduceOnly, ...(ioc ? { timeInForce: 'ioc' as const } : {}) };
      this.#say(desk.intent(row, side, qty, terms));
    };
    const waits = this.#late === undefined ? this.#frozen : this.#late.has(n);
    if (!waits) return tell();
    this.#queue.push({ action: n, tell });
    if (this.#late === undefined) this.heldUntil.set(n, Infinity);
  }
}

function wordsOf({ listing, side, ordType, price, orderQty, timeInForce, reduceOnly }: Readonly<Order>): string {
  return [listing, side, ordType, price, orderQty, timeInForce, reduceOnly ? 'reduce-only' : ''].join(' ');
}

/** Two lives of a seed, one with a swap for a clone: '' or the first thing that left otherwise. What was kept while the version stood still the other life proposes as late. */
export function cloneDifference(seed: number, actions: number, step?: Step): { readonly text: string; readonly swapped: CloneScript } {
  const swapAt = prng(`clone at ${seed}`).int(Math.ceil(actions / 2));
  const swapped = new CloneScript(seed, swapAt, step).run(actions);
  const base = new CloneScript(seed, -1, undefined, swapped.heldUntil).run(actions);
  for (let n = 0; n < Math.max(base.lines.length, swapped.lines.length); n++) {
    const [own, other] = [base.lines.at(n), swapped.lines.at(n)];
    if (own !== other)
      return { text: `POS4 swapped before action ${swapAt}: "${own ?? 'nothing'}" became "${other ?? 'nothing'}"`, swapped };
  }
  return { text: '', swapped };
}
