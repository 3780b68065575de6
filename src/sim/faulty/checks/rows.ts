import type { Core } from '../../../core/core.ts';
import type { Decision } from '../../../domain/decision.ts';
import type { Order } from '../../../domain/order.ts';
import { gateModes, type GateMode } from '../../../domain/rollout.ts';
import { accountIDs, allAccounts, staleAfter, venueIDs, venueOf } from '../stage.ts';
import type { SliceFacts } from './slices.ts';
import type { Fold, Say, Turn } from './turn.ts';

interface RowFact {
  readonly custodian: boolean;
  mode: GateMode;
  epoch: number;
  /** Units of 10^-6 USD: whole numbers below 2^53. */
  cap: number;
}

/** Within it a silence is noticed (rollout.md 4), microseconds. */
const noticeMicros = 250_000;
/** Money in two halves: hi * 2^48 + lo. */
export const two48 = 281_474_976_710_656;

/** CAP1, CAP5, AUTH1, AUTH2, AUTH5, AUTH6, AUTH7 and the kill switch: what each row may do, by the records alone. */
export class RowFacts implements Fold {
  readonly rows: RowFact[] = [];
  killed = false;
  /** Venues, accounts and algorithms that the switch holds, as `scope id`. */
  readonly held = new Set<string>();
  overdrawn = false;
  term = 1;
  /** A start whose venues are not compared yet. */
  starting = false;
  /** Accounts of which a statement was judged since the start. */
  readonly #judged = new Set<number>();
  readonly #slices: SliceFacts;
  /** When the feed last spoke, on the desk's clock; 0 = not since the start. */
  heardAt = 0;

  constructor(slices: SliceFacts) {
    this.#slices = slices;
  }

  take(turn: Turn, core: Core | undefined, say: Say): void {
    if (core !== undefined) this.learn(core);
    const { input, decisions } = turn;
    const before = input.kind === 'start' ? this.rows.map(({ epoch }) => epoch) : [];
    if (input.kind === 'start') {
      if (input.term <= this.term) say('AUTH5', `term ${input.term} follows ${this.term}`);
      this.term = input.term;
      this.starting = true;
      this.#judged.clear();
      this.heardAt = 0;
    } else if (input.kind === 'venuesCompared' && input.breaks === 0) this.starting = false;
    else if (input.kind === 'mark' || (input.kind === 'feed' && input.condition === 'heartbeat')) this.heardAt = turn.at;
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'rowChanged':
          this.#changed(decision, turn, say);
          break;
        case 'orderSent':
        case 'replaceSent':
          this.#mayLeave(decision.order, turn, say);
          break;
        case 'killLatched':
          if (!decision.engaged && (input.kind !== 'command' || !twoPeople(input)))
            say('KILL', 'the switch was released without two people');
          this.killed = decision.engaged;
          break;
        case 'scopeKilled':
          if (!decision.engaged && (input.kind !== 'command' || !twoPeople(input)))
            say('KILL', `the switch of ${decision.scope} ${decision.id} was released without two people`);
          if (decision.engaged) this.held.add(`${decision.scope} ${decision.id}`);
          else this.held.delete(`${decision.scope} ${decision.id}`);
          break;
        case 'statementJudged':
          this.#judged.add(decision.account);
          if (this.#judged.size === accountIDs.length) this.starting = false;
          break;
        case 'capitalOverdraft':
          this.overdrawn = true;
          break;
        case 'stageGranted':
          if (this.killed) say('KILL', `${decision.deploymentID} was granted capital under the switch`);
          break;
        default:
          break;
      }
    }
    // a start aborts swaps before it raises the epochs: what counts is what the turn leaves
    for (const [ix, epoch] of before.entries())
      if (this.rows[ix].epoch <= epoch) say('AUTH5', `row ${ix} went through a start without a new epoch`);
    if (core !== undefined && decisions.length > 0) this.#asRecorded(core, say);
  }

  /** An order that was decided, under the authority that its row has now. */
  #mayLeave(order: Readonly<Order>, { input, at }: Turn, say: Say): void {
    const row = this.rows[order.row];
    const id = `order ${order.clOrdID} of row ${order.row}`;
    if (row === undefined) return say('AUTH1', `${id} of no row that was ever recorded`);
    if (this.killed && !order.simulated) say('KILL', `${id} leaves under the kill switch`);
    const hold = order.simulated ? '' : this.holdOn(order);
    if (hold !== '') say('KILL', `${id} leaves under the kill switch of ${hold}`);
    if (order.term !== this.term) say('TERM', `${id} leaves under term ${order.term}, the desk has ${this.term}`);
    if (row.epoch !== 0 && order.epoch !== row.epoch) say('AUTH2', `${id} leaves under epoch ${order.epoch}, the row has ${row.epoch}`);
    if (row.mode === 'HALTED' || row.mode === 'CANCEL_ONLY') say('AUTH1', `${id} leaves in mode ${row.mode}`);
    if (order.simulated !== (row.mode === 'SIMULATED')) say('AUTH7', `${id} leaves to the wrong place in mode ${row.mode}`);
    if (input.kind === 'intent' && row.epoch !== 0 && input.epoch !== row.epoch)
      say('AUTH2', `${id} answers an intent of epoch ${input.epoch}, the row has ${row.epoch}`);
    if (this.starting && !this.#judged.has(order.account) && !order.simulated && !row.custodian)
      say('START', `${id} leaves before the venues are compared`);
    if (!row.custodian && !order.simulated && this.heardAt > 0 && at > this.heardAt + staleAfter + noticeMicros)
      say('STALE', `${id} leaves under a feed that is silent for ${at - this.heardAt} us`);
    if (row.custodian && !order.reduceOnly) say('ROL3', `${id}, the custodian's, is not reduce-only`);
  }

  /** What the switch holds an order by; '' = nothing but the firm's does. */
  holdOn({ listing, row, account }: Readonly<Order>): string {
    if (this.held.size === 0) return '';
    const algorithm = this.rows[row]?.custodian === true ? [] : [`strategy ${this.#slices.algorithmOf(row)}`];
    return (
      [`venue ${venueIDs[venueOf[listing]]}`, `account ${allAccounts[account].accountID}`, ...algorithm].find((scope) =>
        this.held.has(scope),
      ) ?? ''
    );
  }

  /** Rows that are there, with an epoch that no record has told yet. */
  learn(core: Core): void {
    for (let ix = this.rows.length; ix < core.gate.rows.length; ix++) {
      const { custodian } = core.gate.rows[ix];
      this.rows.push({ custodian, mode: custodian ? 'REDUCING' : 'SIMULATED', epoch: 0, cap: 0 });
    }
  }

  #changed(changed: Extract<Decision, { kind: 'rowChanged' }>, { input }: Turn, say: Say): void {
    const { row: ix, epoch, mode, cap, actor, reason } = changed;
    const row = (this.rows[ix] ??= { custodian: false, mode: 'SIMULATED', epoch: 0, cap: 0 });
    const by = input.kind === 'command' ? input.command.verb : input.kind;
    if (epoch < row.epoch) say('AUTH5', `epoch of row ${ix} fell from ${row.epoch} to ${epoch}`);
    if (mode === 'HALTED' && row.mode !== 'HALTED' && epoch <= row.epoch) say('AUTH5', `row ${ix} was fenced without a new epoch`);
    if (row.mode === 'HALTED' && mode !== 'HALTED') {
      if (by !== 'unhalt') say('AUTH6', `row ${ix} left HALTED by ${by}`);
      else if (input.kind === 'command' && !twoPeople(input)) say('AUTH6', `row ${ix} left HALTED by one person`);
    }
    if (mode === 'HALTED' && (cap.hi !== 0 || cap.lo !== 0)) say('AUTH2', `row ${ix} was fenced and keeps capital`);
    if (actor === '' || reason === '') say('CAP5', `row ${ix} changed without actor or cause`);
    if (this.killed && (mode === 'ACTIVE' || mode === 'REDUCING')) say('KILL', `row ${ix} became ${mode} under the kill switch`);
    row.mode = mode;
    row.epoch = epoch;
    const grown = cap.hi * two48 + cap.lo > row.cap;
    row.cap = cap.hi * two48 + cap.lo;
    this.#capital(this.#slices.of(ix), grown, say);
  }

  /** Caps of the rows of a slice, units of 10^-6 USD. */
  capsOf(sliceID: string): number {
    let sum = 0;
    for (const [ix, { cap }] of this.rows.entries()) if (this.#slices.of(ix) === sliceID) sum += cap;
    return sum;
  }

  /** The reserve is nobody's to be given. */
  #capital(sliceID: string, grown: boolean, say: Say): void {
    const terms = this.#slices.terms.get(sliceID);
    if (terms === undefined) return say('CAP1', `a row of ${sliceID}, of which nobody has said what it has, has another cap`);
    const caps = this.capsOf(sliceID);
    const reserve = grown ? terms.reserve : 0;
    if (caps + reserve > terms.total)
      say('CAP1', `caps of ${sliceID} add up to ${caps / 1e6} of ${terms.total / 1e6}, ${reserve / 1e6} are in reserve`);
  }

  #asRecorded({ gate }: Core, say: Say): void {
    for (let ix = 0; ix < this.rows.length; ix++) {
      const { mode, epoch, cap } = this.rows[ix];
      if (gateModes[gate.mode[ix]] !== mode) say('CAP5', `mode of row ${ix} is ${gateModes[gate.mode[ix]]}, the records say ${mode}`);
      // a row begins with an epoch that no record tells
      if (epoch === 0) this.rows[ix].epoch = gate.epoch[ix];
      else if (gate.epoch[ix] !== epoch) say('CAP5', `epoch of row ${ix} is ${gate.epoch[ix]}, the records say ${epoch}`);
      if (gate.cap.hi[ix] * two48 + gate.cap.lo[ix] !== cap) say('CAP5', `cap of row ${ix} changed without a record`);
    }
  }
}

/** Author and approver are two. */
export function twoPeople(input: {
  readonly actor: { readonly personID: string };
  readonly approvedBy: { readonly personID: string } | null;
}): boolean {
  return input.approvedBy !== null && input.approvedBy.personID !== input.actor.personID;
}
