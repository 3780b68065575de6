import { splitZero, toBigInt } from '../../base/split.ts';
import { firstOpen, nextOpen } from '../../core/orders/order-store.ts';
import { isSimulatedLeaf, leafLink, positionOfLeaf } from '../../core/positions/leaf.ts';
import { LEAF_LISTING } from '../../core/positions/ledger.ts';
import { capInto, modeOf, usedInto } from '../../core/risk/order-gate.ts';
import { isFrozen, isUncommitted } from '../../core/rollout/swap.ts';
import type { Decision } from '../../domain/decision.ts';
import { ApprovalInvariants } from './approval-invariants.ts';
import { ReactivationInvariants } from './reactivation-invariants.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

const split = splitZero();
const units = (read: (out: typeof split) => void): bigint => {
  read(split);
  return toBigInt(split);
};

/** What section 6 of rollout.md promises of swaps, watched from outside after every turn. */
export class SwapInvariants {
  readonly violations: string[] = [];
  readonly cases = new Map<string, number>();
  readonly #booked = new Set<string>();
  readonly #owned = new Map<number, number>();
  /** By row: its epoch and the caps of the last turn. */
  readonly #epochs: number[] = [];
  readonly #ended = new Map<number, string>();
  readonly #back = new ReactivationInvariants(
    (text) => this.#say(text),
    (what) => this.#count(what),
  );
  readonly #yes = new ApprovalInvariants(
    (text) => this.#say(text),
    (what) => this.#count(what),
  );
  #lots = new Map<number, number>();
  #cost = 0n;

  watch(turn: Turn, desk: RolloutDesk): void {
    this.#back.watch(turn, desk);
    this.#yes.watch(turn, desk);
    for (const decision of turn.decisions) this.#decided(decision, desk);
    this.#capital(desk);
    this.#authority(desk);
    this.#transfers(turn, desk);
    this.#effects(turn);
  }

  #say(text: string): void {
    if (this.violations.length < 20) this.violations.push(text);
  }

  #count(what: string): void {
    this.cases.set(what, (this.cases.get(what) ?? 0) + 1);
  }

  #decided(decision: Decision, desk: RolloutDesk): void {
    switch (decision.kind) {
      case 'swapProposed':
      case 'swapFrozen':
      case 'swapFinalized':
      case 'orderAdopted':
        this.#count(decision.kind);
        if (decision.kind === 'orderAdopted') this.#owned.set(decision.clOrdID, decision.toRow);
        return;
      case 'swapCommitted':
      case 'swapAborted': {
        this.#count(decision.kind);
        const before = this.#ended.get(decision.swap);
        if (before !== undefined) this.#say(`AUTH4 swap ${decision.swap} ended as ${before} and again as ${decision.kind}`);
        this.#ended.set(decision.swap, decision.kind);
        if (
          decision.kind === 'swapCommitted' &&
          (decision.fromEpoch <= this.#epochs[decision.from] || decision.toEpoch <= this.#epochs[decision.to])
        )
          this.#say(`AUTH5 swap ${decision.swap} raised no epoch: ${decision.fromEpoch}, ${decision.toEpoch}`);
        return;
      }
      case 'orderSent':
        if (!decision.order.simulated) this.#sent(decision.order.row, decision.order.epoch, desk);
        return;
      case 'fillBooked': {
        this.#count('fillBooked');
        const key = `${decision.clOrdID} ${decision.execID}`;
        if (decision.booking === 'fill' && this.#booked.has(key)) this.#say(`POS2 fill ${key} was booked twice`);
        this.#booked.add(key);
        const owner = this.#owned.get(decision.clOrdID);
        if (
          owner !== undefined &&
          owner !== decision.row &&
          !desk.core.gate.rows[decision.row].custodian &&
          !this.#inherits(desk, owner, decision.row)
        )
          this.#say(`POS2 fill ${key} of an order of row ${owner} was booked to row ${decision.row}`);
        return;
      }
      default:
        return;
    }
  }

  /** Whether lots of `from` went on to `to` by a hand-over. */
  #inherits(desk: RolloutDesk, from: number, to: number): boolean {
    for (let row = from, hop = 0; hop < 8; hop++) {
      const heir = desk.core.rollout.heirs.get(row);
      if (heir === undefined) return false;
      if (heir.to === to) return true;
      row = heir.to;
    }
    return false;
  }

  #sent(row: number, epoch: number, desk: RolloutDesk): void {
    this.#count('orderSent');
    if (epoch !== desk.core.gate.epoch[row]) this.#say(`AUTH2 row ${row} sent an order under epoch ${epoch}`);
    for (const swap of desk.core.rollout.swaps) {
      if (swap.to === row && isUncommitted(swap)) this.#say(`AUTH3 row ${row} sent an order before it owned anything`);
      if (swap.from === row && (swap.step === 'settling' || swap.step === 'adopting'))
        this.#say(`AUTH1 row ${row} sent an order after its watermark`);
    }
  }

  /** CAP1 and CAP2: by slice and, with one account for all of them, by account. */
  #capital(desk: RolloutDesk): void {
    const { gate } = desk.core;
    let [account, total] = [0n, 0n];
    for (const slice of gate.slices) {
      let held = 0n;
      for (const row of slice.rows) {
        const cap = units((out) => capInto(out, gate, row));
        const used = units((out) => usedInto(out, gate, row));
        held += cap > used ? cap : used;
        account += used;
        if (used > cap && modeOf(gate, row) === 'ACTIVE') this.#say(`CAP4 row ${row} uses ${used} of ${cap} while ACTIVE`);
      }
      const limit = toBigInt(slice.total) + toBigInt(slice.overdraft);
      total += limit;
      if (held > limit) this.#say(`CAP1 rows hold ${held} of ${limit}`);
    }
    if (account > total) this.#say(`CAP2 the account's orders and lots take ${account} of ${total}`);
  }

  /** AUTH3: capital has one owner; AUTH4: one swap or rollback of a slice at a time. */
  #authority(desk: RolloutDesk): void {
    const { gate, rollout } = desk.core;
    for (const { ix } of gate.rows) this.#epochs[ix] = gate.epoch[ix];
    for (const swap of rollout.swaps) {
      const caps = [swap.from, swap.to].map((row) => units((out) => capInto(out, gate, row)));
      if (isUncommitted(swap)) {
        if (caps[1] > 0n) this.#say(`AUTH3 the new version of swap ${swap.ix} has capital while the old one owns it`);
        if (modeOf(gate, swap.to) === 'ACTIVE') this.#say(`AUTH3 the new version of swap ${swap.ix} is ACTIVE before its commit`);
        if (!rollout.openSwaps.includes(swap.ix)) this.#say(`LIV1 swap ${swap.ix} is ${swap.step} and waits for nobody`);
        if (isFrozen(swap) && swap.deadline === 0) this.#say(`LIV1 swap ${swap.ix} is frozen without a deadline`);
        if (rollout.open.some((open) => rollout.rollbacks[open].slice === swap.slice))
          this.#say(`AUTH4 swap ${swap.ix} goes on beside a rollback`);
      } else if (swap.step === 'monitoring' && caps[0] > 0n)
        this.#say(`AUTH3 the old version of swap ${swap.ix} has capital after its commit`);
    }
    for (const { ix } of gate.slices) {
      const open = rollout.swaps.filter((swap) => swap.slice === ix && isUncommitted(swap)).length;
      if (open > 1) this.#say(`AUTH4 ${open} swaps are under way in slice ${ix}`);
    }
  }

  /** POS3: what does not trade moves neither lots nor their cost. */
  #transfers(turn: Turn, desk: RolloutDesk): void {
    const { ledger, gate } = desk.core;
    const lots = new Map<number, number>();
    for (let leaf = 0; leaf < ledger.leaves.count; leaf++) {
      if (isSimulatedLeaf(ledger, leaf)) continue;
      const listing = leafLink(ledger, leaf, LEAF_LISTING);
      lots.set(listing, (lots.get(listing) ?? 0) + positionOfLeaf(ledger, leaf));
    }
    let cost = 0n;
    for (const { ix } of gate.rows) cost += toBigInt({ hi: gate.entryCost.hi[ix], lo: gate.entryCost.lo[ix] });
    const committed = turn.decisions.some((one) => one.kind === 'swapCommitted');
    if (committed && !turn.decisions.some((one) => one.kind === 'fillBooked')) {
      this.#count('POS3 commits');
      for (const [listing, sum] of lots)
        if (sum !== (this.#lots.get(listing) ?? 0)) this.#say(`POS3 a swap made ${sum} of ${this.#lots.get(listing) ?? 0} lots`);
      if (cost !== this.#cost) this.#say(`POS3 a swap made the cost of all lots ${cost}, it was ${this.#cost}`);
    }
    this.#lots = lots;
    this.#cost = cost;
    for (let order = firstOpen(desk.core.orders); order !== undefined; order = nextOpen(desk.core.orders, order))
      if (!this.#owned.has(order.clOrdID)) this.#owned.set(order.clOrdID, order.row);
  }

  /** ROL6: what gives a version something to do waits for its record, what takes it away does not. */
  #effects(turn: Turn): void {
    for (const effect of turn.effects) {
      if (effect.kind !== 'handover') continue;
      const gives = effect.verb === 'commit' || effect.verb === 'abort';
      if (gives === effect.reducing) this.#say(`ROL6 hand-over ${effect.verb} ${gives ? 'does not wait' : 'waits'} for its record`);
    }
  }
}
