import { baseQtyUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { LimitKey } from '../../domain/limit.ts';
import type { Order } from '../../domain/order.ts';
import type { CancelRequest } from '../../ports/venue.ts';
import type { Disk } from '../../ports/world.ts';
import { Facts } from './checks/facts.ts';
import { ledgerLots } from './checks/fills.ts';
import { compareRecords } from './checks/records.ts';
import type { Turn } from './checks/turn.ts';
import type { SimDesk } from './desk.ts';
import { promoting } from './promoting.ts';
import type { People } from './people.ts';
import { capabilities, instrumentIDs, instrumentOf, leastPrice, venueOf } from './stage.ts';
import type { VenueTruth } from './venue-truth.ts';

/** Part of a cap that the clerk's arithmetic (ticks, no rounding) may miss. */
const capTolerance = 0.002;
const mostViolations = 8;
/** Decisions that a seed says it has seen. */
const counted: ReadonlySet<string> = new Set<Decision['kind']>([
  'swapProposed',
  'swapCommitted',
  'swapAborted',
  'swapFinalized',
  'orderAdopted',
  'scopeKilled',
  'stageGranted',
  'orderCompared',
  'rollbackCompleted',
  'statementJudged',
]);

/**
 * Stands beside the desk and believes nothing of it: it writes down what leaves and what comes, keeps books of its own and compares after every event. What the
 * desk has lost with a crash it forgets too; what the world has seen it does not.
 */
export class Watch {
  readonly violations: string[] = [];
  /** Highest seq that the desk has called durable. */
  acknowledged: Seq = 0;
  /** How often there was something to check, by property. */
  readonly cases = new Map<string, number>();
  readonly #truth: VenueTruth;
  readonly #people: People;
  readonly #count = (property: string): void => {
    this.cases.set(property, (this.cases.get(property) ?? 0) + 1);
  };
  #facts = new Facts(this.#count);
  #turns: Turn[] = [];
  /** Highest seq of a record that an order or an answer hangs on which the world has seen. */
  #promised: { seq: Seq; what: string } = { seq: 0, what: '' };
  #engaged = false;
  /** Capital that hosts were told of, by row; 0 = it may not trade. */
  readonly #told = new Map<number, number>();
  /** Requests of the last second, by venue. */
  readonly #sentAt: number[][] = [];
  /** Records before it were compared with what was written. */
  #compared: Seq = 0;
  /** Newest snapshot that was called written. */
  #snapshotSeq: Seq = 0;

  constructor(truth: VenueTruth, people: People) {
    this.#truth = truth;
    this.#people = people;
  }

  get facts(): Facts {
    return this.#facts;
  }

  readonly say = (property: string, text: string): void => {
    if (this.violations.length < mostViolations) this.violations.push(`${property} ${text}`);
  };

  /** Hears every turn before it is checked. */
  onTurn: (turn: Turn) => void = () => undefined;

  /** An input was stepped; nothing of it has left yet. */
  stepped(desk: SimDesk, seq: Seq, at: Micros, input: Input, decisions: readonly Decision[]): void {
    const turn: Turn = { seq, lastSeq: seq + decisions.length, term: desk.term, at, input, decisions: [...decisions] };
    this.#turns.push(turn);
    this.onTurn(turn);
    if (desk.journal.hasFailed) this.say('POISON', `record ${seq} is written into a journal that takes no more`);
    this.#facts.take(turn, desk.core, this.say);
    for (const decision of turn.decisions) {
      if (decision.kind === 'orderSent' || decision.kind === 'replaceSent') this.#capital(decision.order);
      else if (decision.kind === 'killLatched') this.#engaged = decision.engaged;
      else if (counted.has(decision.kind)) this.#count(decision.kind);
      else if (decision.kind === 'breakChanged') this.#count(`break ${decision.class} ${decision.state}`);
      if (decision.kind === 'stageGranted' && decision.deploymentID.endsWith('-baseline')) this.#count('stageGranted to a baseline');
      else if (decision.kind === 'rollbackStepDone' && decision.step === 'RB5')
        this.#count(decision.count > 0 ? 'reactivated' : 'not reactivated');
    }
  }

  /** CAP4: what is sent fits into the cap, open and unknown orders counted in full. */
  #capital(order: Readonly<Order>): void {
    const { orders, rows } = this.#facts;
    const own = orders.orders.get(order.clOrdID);
    const row = rows.rows[order.row];
    if (own === undefined || row === undefined || order.simulated) return;
    if (row.mode === 'REDUCING' && !own.reducing && !orders.blurred.has(order.row))
      this.say('AUTH1', `order ${order.clOrdID} of row ${order.row} leaves in REDUCING and reduces nothing`);
    if (order.reduceOnly && !own.reducing && !orders.blurred.has(order.row))
      this.say('ROL3', `reduce-only order ${order.clOrdID} of row ${order.row} can turn its position`);
    if (own.reducing || row.custodian || orders.blurred.has(order.row)) return;
    this.#count('CAP4');
    // a tick of a lot is 0.01 USD, caps count 10^-6
    const used = orders.used(order.row, leastPrice) * 10_000;
    if (used > row.cap * (1 + capTolerance))
      this.say('CAP4', `row ${order.row} uses ${used / 1e6} of ${row.cap / 1e6} USD with order ${order.clOrdID}`);
  }

  /** An effect leaves the outbox. */
  effect(desk: SimDesk, effect: Effect): void {
    switch (effect.kind) {
      case 'answer':
        this.#hang(desk, 'answer', desk.journal.durableSeq);
        this.#people.answered(effect.commandID, effect);
        return;
      case 'send':
      case 'replace': {
        const own = this.#facts.orders.orders.get(effect.order.clOrdID);
        if (own === undefined || !effect.reducing || effect.order.simulated) return;
        this.#count('ROL6');
        const custodian = this.#facts.rows.rows[effect.order.row]?.custodian === true;
        if (!custodian && !own.reducing && !this.#facts.orders.blurred.has(effect.order.row))
          this.say('ROL6', `order ${effect.order.clOrdID} adds to what is held and does not wait for its record`);
        return;
      }
      case 'handover':
        this.#facts.reactivations.asked(effect, desk.now(), this.say);
        // a commit tells its hosts what their rows have from there on
        if (effect.verb === 'commit') {
          this.#told.set(effect.from, effect.fromAuthority.capital);
          this.#told.set(effect.to, effect.toAuthority.capital);
        }
        return;
      case 'load':
        if (effect.reducing as boolean) this.say('ROL6', 'a version is loaded before its record is durable');
        return;
      case 'kill':
        if (effect.reducing !== effect.engaged)
          this.say('ROL6', 'the release of the switch does not wait for its record, or the kill does');
        return;
      case 'authority':
        this.#authority(effect.row, effect.trading ? effect.capital : 0, effect.reducing);
        return;
      default:
        return;
    }
  }

  /** What a row may use: less of it is told at once, more waits for its record. */
  #authority(row: number, capital: number, reducing: boolean): void {
    if (reducing && capital > (this.#told.get(row) ?? 0)) this.say('ROL6', `authority for row ${row} does not wait for its record`);
    this.#told.set(row, capital);
  }

  #hang(desk: SimDesk, what: string, durableSeq: Seq): void {
    if (durableSeq > this.#promised.seq) this.#promised = { seq: durableSeq, what: `${what} in term ${desk.term}` };
  }

  /** Something leaves the gateway for a venue. */
  left(desk: SimDesk, kind: 'send' | 'replace' | 'cancel', what: Readonly<Order> & CancelRequest): void {
    this.#throttle(desk, what.listing);
    if (kind === 'cancel') return;
    const order: Readonly<Order> = what;
    this.#count('wire');
    const { orders, rows } = this.#facts;
    if (this.#engaged) this.say('KILL', `order ${order.clOrdID} reaches the wire under the kill switch`);
    const hold = rows.holdOn(order);
    if (hold !== '') this.say('KILL', `order ${order.clOrdID} reaches the wire under the kill switch of ${hold}`);
    if (order.term !== desk.term)
      this.say('TERM', `order ${order.clOrdID} of term ${order.term} reaches the wire of a desk of term ${desk.term}`);
    const row = rows.rows[order.row];
    if (row !== undefined && row.epoch !== 0 && order.epoch !== row.epoch)
      this.say('AUTH2', `order ${order.clOrdID} of epoch ${order.epoch} reaches the wire, row ${order.row} has ${row.epoch}`);
    if (row?.mode === 'HALTED') this.say('AUTH2', `order ${order.clOrdID} of fenced row ${order.row} reaches the wire`);
    if (order.simulated) this.say('AUTH7', `order ${order.clOrdID} of a row on paper reaches a venue`);
    const own = orders.orders.get(order.clOrdID);
    if (own === undefined) return this.say('DURABLE', `order ${order.clOrdID} reaches the wire and no record names it`);
    const reducing = own.reducing || row?.custodian === true;
    if (!reducing && !orders.blurred.has(order.row)) {
      if (own.seq > desk.journal.durableSeq)
        this.say(
          'DURABLE',
          `order ${order.clOrdID} adds risk and leaves before its record ${own.seq} is durable (${desk.journal.durableSeq} is)`,
        );
      if (own.seq > this.#promised.seq) this.#promised = { seq: own.seq, what: `order ${order.clOrdID}` };
    }
    if (this.#truth.isKnown(order)) this.say('ONCE', `order ${order.clOrdID} is handed to the venue a second time`);
    this.#truth.sent(venueOf[order.listing], order);
    if (!reducing && kind === 'send') this.#exposure(order, own.seq);
  }

  /** A venue takes so many requests a second, and as many at once. */
  #throttle(desk: SimDesk, listing: number): void {
    const venue = venueOf[listing];
    const { throttlePerSecond } = capabilities[venue];
    if (throttlePerSecond === 0) return;
    this.#count('THROTTLE');
    const now = desk.now();
    const sent = (this.#sentAt[venue] ??= []);
    sent.push(now);
    while (sent[0] <= now - 1_000_000) sent.shift();
    if (sent.length > 2 * throttlePerSecond)
      this.say('THROTTLE', `${sent.length} requests in a second to venue ${venue}, which takes ${throttlePerSecond}`);
  }

  /** What the venues could hold if everything under way traded, against the limit: unknown orders count in full. */
  #exposure(order: Readonly<Order>, decidedAt: Seq): void {
    const instrument = instrumentOf[order.listing];
    const key: LimitKey = { scope: 'instrument', scopeID: instrumentIDs[instrument], limit: 'maxPosition' };
    const limit = this.#facts.commands.limitAt(key, decidedAt);
    if (limit === undefined) return;
    this.#count('LIMIT');
    let [net, potential, revised] = [0, 0, 0];
    for (let listing = 0; listing < venueOf.length; listing++) {
      if (instrumentOf[listing] !== instrument) continue;
      net += this.#truth.net[listing];
      potential += this.#truth.potential(listing, order.side);
      revised += this.#truth.revised[listing];
    }
    const worst = (order.side === 'buy' ? net + potential : potential - net) - this.#overtaken(order, decidedAt);
    if (worst > limit + revised)
      this.say('LIMIT', `${instrumentIDs[instrument]} could reach ${worst} lots with order ${order.clOrdID}, the limit is ${limit}`);
  }

  /**
   * Lots of the order's side in its instrument by orders that were decided after it and take lots off their own listing. They do not wait for their record
   * and are not held against `maxPosition` (docs/reference/denials.md), so that they reach the wire before an order that could not count them.
   */
  #overtaken({ listing, side }: Readonly<Order>, decidedAt: Seq): number {
    const { orders, rows } = this.#facts;
    let lots = 0;
    for (const { order, reducing } of orders.decidedBehind(decidedAt)) {
      if (order.side !== side || order.simulated || instrumentOf[order.listing] !== instrumentOf[listing]) continue;
      if (reducing || rows.rows[order.row]?.custodian === true) lots += this.#truth.reachOf(venueOf[order.listing], order);
    }
    return lots;
  }

  /** The venue's word on a position goes to the desk. @returns whether the ledger holds as much. */
  compared(desk: SimDesk, account: number, venue: number, instrument: number, position: number): boolean {
    const before = this.#turns.length;
    desk.submit({
      kind: 'venuePosition',
      account,
      venue,
      instrument,
      position: baseQtyUnchecked(position),
      openOrders: 0,
      asOfClOrdID: 0,
    });
    const said = this.#turns[before]?.decisions.find((one) => one.kind === 'positionCompared');
    if (said === undefined) return false;
    let own = 0;
    for (let listing = 0; listing < venueOf.length; listing++)
      if (instrumentOf[listing] === instrument) own += this.#facts.fills.heldAt(account, listing);
    if (said.ledger !== own)
      this.say('POS1', `account ${account} holds ${said.ledger} of instrument ${instrument} by the desk, ${own} by its fills`);
    if (said.equal !== (own === position))
      this.say('POS1', `the desk calls ${said.ledger} and ${position} ${said.equal ? 'equal' : 'different'}`);
    return said.equal;
  }

  /** A journal derives something otherwise than it was decided: PRO5 where that record is of a verdict, of evidence or of a promotion. */
  derived(text: string): void {
    const seq = Number(/\brecord (\d+)/.exec(text)?.[1] ?? 0);
    const turn = this.#turns.find((one) => one.seq < seq && seq <= one.lastSeq);
    const kind = turn?.decisions.at(seq - turn.seq - 1)?.kind ?? '';
    this.say(promoting.has(kind) ? 'PRO5' : 'REPLAY', text);
  }

  durable(seq: Seq): void {
    if (seq > this.acknowledged) this.acknowledged = seq;
  }

  /** A follower says that the state at `seq` is safe. */
  snapshotted(seq: Seq): void {
    this.#snapshotSeq = Math.max(this.#snapshotSeq, seq);
  }

  /** A snapshot that was called written is there after a crash, unless the medium broke it. */
  snapshotFound(seq: Seq, held: 'kept' | 'broken'): void {
    this.#count('snapshot found');
    if (held === 'kept' && seq < this.#snapshotSeq)
      this.say('SNAPSHOT', `the snapshot of record ${this.#snapshotSeq} was safe, the newest found is of ${seq}`);
    this.#snapshotSeq = Math.min(this.#snapshotSeq, seq);
  }

  /** A desk is about to go on: every record that its journal gives back is the one that was written. */
  async reads(disk: Disk, directory: string, lied: boolean): Promise<void> {
    const compared = await compareRecords(disk, directory, this.#turns, this.say, lied ? 0 : this.#compared);
    this.#compared = this.#turns.at(-1)?.seq ?? 0;
    this.cases.set('READ', (this.cases.get('READ') ?? 0) + compared);
  }

  /** What the desk has lost is folded out of the books; where it has lost nothing they are what they were. */
  #forgetBehind(core: Core, lastSeq: Seq): void {
    if ((this.#turns.at(-1)?.lastSeq ?? 0) > lastSeq) {
      this.#turns = this.#turns.filter((turn) => turn.lastSeq <= lastSeq);
      this.#facts = new Facts(this.#count);
      this.#facts.learn(core);
      for (const turn of this.#turns) this.#facts.take(turn, undefined, () => undefined);
    }
  }

  /** A desk goes on: what it still has is all that was promised, and its state is what the records say. */
  recovered(core: Core, lastSeq: Seq, held: 'kept' | 'broken'): void {
    this.#count('recovered');
    if (held === 'kept' && lastSeq < this.acknowledged)
      this.say('ACKNOWLEDGED', `record ${this.acknowledged} was acknowledged, the journal ends with ${lastSeq}`);
    if (held === 'kept' && lastSeq < this.#promised.seq)
      this.say('ACKNOWLEDGED', `${this.#promised.what} left on record ${this.#promised.seq}, the journal ends with ${lastSeq}`);
    this.acknowledged = Math.min(this.acknowledged, lastSeq);
    this.#compared = Math.min(this.#compared, lastSeq + 1);
    if (this.#promised.seq > lastSeq) this.#promised = { seq: lastSeq, what: 'the end of the journal' };
    this.#forgetBehind(core, lastSeq);
    this.#sentAt.length = 0;
    this.#told.clear();
    // what a host was told before it may be told again
    for (const [row, { cap }] of this.#facts.rows.rows.entries()) this.#told.set(row, cap / 1e6);
    this.#engaged = this.#facts.rows.killed;
    if (core.rollout.killed !== this.#facts.rows.killed)
      this.say('REPLAY', `the kill switch is ${core.rollout.killed ? 'engaged' : 'open'} after recovery, the records say otherwise`);
    for (let listing = 0; listing < venueOf.length; listing++) {
      const [ledger, own] = [ledgerLots(core, listing), this.#facts.fills.net[listing]];
      if (ledger !== own)
        this.say('REPLAY', `the ledger holds ${ledger} lots of listing ${listing} after recovery, the records say ${own}`);
    }
  }
}
