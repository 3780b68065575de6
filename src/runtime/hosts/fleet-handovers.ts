import type { RowIx } from '../../domain/ids.ts';
import type { HandoverEvent, HandoverNotice } from '../../domain/swap.ts';
import { applyOwn, Hearing } from '../handover/hearing.ts';
import { maxQueuedDeliveries } from '../handover/held-queue.ts';
import { overflowNotice, refusedNotice, stoppedNotice, takenNotice } from '../handover/notices.ts';
import { carriedAs } from '../handover/taking.ts';
import type { HandoverRequest, OwnEvent } from '../host-port.ts';
import type { Carried, Context } from '../strategy-context.ts';
import type { HandOrder, HandOverflow, HandReply, HandStep } from './hand-step.ts';
import type { HostLink } from './host-link.ts';
import type { HostState } from './messages.ts';
import { heardBy, type Authority, type ServedRow, type ServeRequest } from './served-row.ts';

/** What hand-overs need of the fleet. */
export interface FleetRows {
  get(row: RowIx): ServedRow | undefined;
  newContext(request: ServeRequest): Context;
  say(notice: HandoverNotice): void;
  /** Serves the row in another host, from what is known of it here. */
  again(served: ServedRow, why: string): void;
  /** A version could not do what it owed: a fault of its own. */
  fault(row: RowIx, text: string): void;
}

type Parted = { readonly state: HostState; readonly parting: NonNullable<HandReply['parting']> };

/** A hand-over that is under way between two hosts, or within one. */
interface Move {
  readonly swap: number;
  readonly from: RowIx;
  readonly to: RowIx;
  readonly request: HandoverRequest;
  /** Hosts of both as they were when it was stopped. */
  giver: HostLink | undefined;
  taker: HostLink | undefined;
  /** What the old version left. */
  parted: Parted | undefined;
  /** From the stop to the end: the old version's own events go to both. */
  cutover: boolean;
  /** Before the shadow: own events of the new version since its host was given the state. */
  meanwhile: OwnEvent[] | undefined;
  /** What the new version might do when it was asked for. */
  readonly before: Authority | undefined;
}

interface Asked {
  readonly step: HandStep;
  readonly request: HandoverRequest;
  readonly link: HostLink;
}

/** Steps after which a swap is over, but for the one that is done elsewhere when it is refused. */
const ends: ReadonlySet<HandStep> = new Set<HandStep>(['release', 'giveBack', 'drop']);
const queueFull = `more than ${maxQueuedDeliveries} of its own events wait for the new version's host`;

/** What a host says when it has taken a state, by the step. */
const saidOf: Readonly<Partial<Record<HandStep, HandoverEvent>>> = { sync: 'synced', try: 'accepted', adopt: 'adopted' };

/**
 * Hand-overs between hosts: asks the old version's host for its state and the new one's to take it, and keeps what is known here of both rows in step.
 * Presumed abort: a host that is ended, that throws or that refuses ends the swap, and an answer that comes after its end changes nothing.
 */
export class FleetHandovers {
  readonly #rows: FleetRows;
  readonly #hearing = new Hearing();
  readonly #moves = new Map<number, Move>();
  readonly #asked = new Map<number, Asked>();
  #asks = 0;

  constructor(rows: FleetRows) {
    this.#rows = rows;
  }

  /** Whether nobody feeds the row: from the stop to the end both, before the shadow the new version. */
  isStill(row: RowIx): boolean {
    if (this.#moves.size === 0) return false;
    for (const { from, to, cutover, request } of this.#moves.values())
      if ((cutover && (from === row || to === row)) || (to === row && request.verb === 'sync')) return true;
    return false;
  }

  /** An own event of a row, which both the instance before the shadow and the one after it have to know. */
  note(event: OwnEvent): void {
    if (this.#moves.size === 0 || !event.simulated) return;
    for (const move of this.#moves.values()) {
      if (move.to !== event.row || move.meanwhile === undefined) continue;
      if (move.meanwhile.length < maxQueuedDeliveries) move.meanwhile.push(event);
      else this.#refuse(move, move.request, queueFull);
    }
  }

  hears(event: OwnEvent): boolean {
    return this.#hearing.hears(event);
  }

  /** A row is given up: what was being prepared with it is over. The end of a cutover is the core's word. */
  forget(row: RowIx): void {
    this.#hearing.forget(row);
    for (const { swap, from, to, cutover } of [...this.#moves.values()]) {
      if (cutover || (from !== row && to !== row)) continue;
      this.#drop(this.#end(swap));
    }
  }

  /** Whether the row waits for another instance: what the one that it has says of its state is of no use any more. */
  takes(row: RowIx): boolean {
    for (const { step, request } of this.#asked.values()) if ((step === 'take' || step === 'sync') && request.to === row) return true;
    return false;
  }

  /** Host that hears a stopped version's own events besides its own. */
  alsoTo(row: RowIx): HostLink | undefined {
    if (this.#moves.size === 0) return undefined;
    for (const { from, cutover, taker } of this.#moves.values()) if (cutover && from === row) return taker;
    return undefined;
  }

  /** Ends of hand-overs that a host has not said to be done. */
  get ending(): number {
    let count = 0;
    for (const { step } of this.#asked.values()) {
      if (step === 'take' || step === 'release' || step === 'giveBack' || step === 'drop') count++;
    }
    return count;
  }

  step(request: HandoverRequest): void {
    switch (request.verb) {
      case 'sync':
      case 'try':
        return this.#begin(request);
      case 'stop':
        return this.#stop(request);
      case 'adopt':
        return this.#adopt(request);
      case 'wake':
        return this.#wake(request);
      case 'commit':
        if (request.from === request.to) this.#woken(request);
        else this.#commit(request);
        return;
      case 'abort':
        if (request.from === request.to) this.#drop(this.#end(request.swap), request);
        else this.#abort(request);
        return;
    }
  }

  /** A version that stands by: its host feeds it no more and makes the instance that would trade. */
  #wake(request: HandoverRequest): void {
    const link = this.#rows.get(request.from)?.link;
    if (link === undefined) {
      this.#rows.say(refusedNotice(request, 'no host serves it'));
      return;
    }
    this.#newMove(request, { giver: link, taker: link }, true);
    this.#ask(link, 'wake', request);
  }

  /** It trades from now on, without lots and orders; if its host was ended since, another one goes on from the state that it had. */
  #woken(request: HandoverRequest): void {
    const move = this.#end(request.swap);
    const served = this.#rows.get(request.to);
    if (served === undefined) return;
    const carried = { ...carriedAs(served.context.carry(), 'drain', 'cancel'), imagined: [] };
    served.context = this.#rows.newContext(served.request);
    served.context.restore(carried);
    this.#hearing.set(request.to, 'real');
    served.authority = request.toAuthority;
    if (served.link !== undefined && served.link === move?.taker) this.#ask(served.link, 'take', request);
    else this.#takeElsewhere(served);
  }

  /** Both rows with the hosts that serve them; a sentence says why there is none. */
  #both({ from, to }: HandoverRequest): { giver: ServedRow; taker: ServedRow; links: { giver: HostLink; taker: HostLink } } | string {
    const [giver, taker] = [this.#rows.get(from), this.#rows.get(to)];
    if (giver?.link === undefined) return 'no host serves the old version';
    if (taker?.link === undefined) return 'no host serves the new version';
    return { giver, taker, links: { giver: giver.link, taker: taker.link } };
  }

  #ask(link: HostLink, step: HandStep, request: HandoverRequest, more: Partial<Pick<HandOrder, 'parting' | 'giver'>> = {}): void {
    const ask = ++this.#asks;
    this.#asked.set(ask, { step, request, link });
    link.loading++;
    link.order({ verb: 'hand', ask, step, request, parting: null, giver: null, ...more });
  }

  #newMove(request: HandoverRequest, links: { giver: HostLink; taker: HostLink }, cutover: boolean): void {
    const { swap, from, to } = request;
    const none = { parted: undefined, meanwhile: undefined, before: this.#rows.get(to)?.authority };
    this.#moves.set(swap, { swap, from, to, request, ...links, cutover, ...none });
  }

  /** What waits in the new version's host is nobody's. */
  #drop(move: Move | undefined, request = move?.request): void {
    if (move?.taker !== undefined && request !== undefined && (move.cutover || move.request.verb === 'sync'))
      this.#ask(move.taker, 'drop', request);
  }

  /** The state as it is now, for the shadow or for a dry run; for the shadow, what comes meanwhile waits in the new one's host. */
  #begin(request: HandoverRequest): void {
    const both = this.#both(request);
    if (typeof both === 'string') {
      this.#rows.say(refusedNotice(request, both));
      return;
    }
    const { links, giver } = both;
    this.#newMove(request, links, false);
    this.#ask(links.giver, 'part', request);
    if (request.verb !== 'sync') return;
    this.#ask(links.taker, 'hold', request);
    links.giver.showMissed(giver.request.universe, links.taker);
  }

  /** Its host has taken the state: only now is the row what it was to become, and has what its instance has there. */
  #synced({ to, meanwhile, parted, request, before }: Move, carried: Carried): void {
    const taker = this.#rows.get(to);
    if (taker === undefined || parted === undefined) return;
    taker.context = this.#rows.newContext(taker.request);
    taker.context.restore(carried);
    for (const event of meanwhile ?? []) applyOwn(taker.context, event);
    taker.state = { ...parted.state, row: to };
    this.#hearing.set(to, 'simulated');
    // the instance has the authority of when it was asked for; what came since is said again
    if (taker.authority === before) taker.authority = request.toAuthority;
    else taker.link?.order({ verb: 'authority', row: to, ...taker.authority });
  }

  #stop(request: HandoverRequest): void {
    const both = this.#both(request);
    if (typeof both === 'string') {
      this.#rows.say(refusedNotice(request, both));
      return;
    }
    const { links, giver } = both;
    this.#newMove(request, links, true);
    this.#ask(links.giver, 'stop', request);
    this.#ask(links.taker, 'hold', request);
    links.giver.showMissed(giver.request.universe, links.taker);
  }

  /** Without the old version's host: it has said everything when it was stopped. */
  #adopt(request: HandoverRequest): void {
    const move = this.#moves.get(request.swap);
    if (move?.parted === undefined || move.taker === undefined) {
      this.#rows.say(refusedNotice(request, 'the old version was not stopped on its host'));
      return;
    }
    this.#give(move.taker, 'adopt', request, move.parted);
  }

  #give(link: HostLink, step: 'sync' | 'try' | 'adopt', request: HandoverRequest, { state, parting }: Parted): void {
    const giver = this.#rows.get(request.from);
    link.handOver(state);
    this.#ask(link, step, request, {
      parting,
      giver: step === 'try' && giver !== undefined ? { module: giver.module, ...named(giver.request) } : null,
    });
  }

  /** The new version owns everything. A host that was ended since is not missed: what is known here is enough to go on. */
  #commit(request: HandoverRequest): void {
    const move = this.#end(request.swap);
    const { from, to, paper, positions, openOrders, tagShift, fromAuthority, toAuthority } = request;
    const [giver, taker] = [this.#rows.get(from), this.#rows.get(to)];
    if (taker !== undefined && giver !== undefined) {
      taker.context = this.#rows.newContext(taker.request);
      taker.context.restore(carriedAs(giver.context.carry(), positions, openOrders));
      taker.context.shift += tagShift;
    }
    this.#hearing.set(to, 'real');
    if (taker !== undefined) {
      taker.authority = toAuthority;
      if (move?.parted !== undefined) taker.state = { ...move.parted.state, row: to };
      if (taker.link !== undefined && taker.link === move?.taker) this.#ask(taker.link, 'take', request);
      else this.#takeElsewhere(taker);
    }
    if (giver === undefined) return;
    giver.authority = fromAuthority;
    if (positions !== 'drain') giver.context.standBy(paper);
    else if (openOrders === 'adopt') giver.context.leaveOrders();
    this.#hearing.set(from, positions === 'drain' ? 'real' : 'simulated');
    if (giver.link !== undefined) this.#ask(giver.link, 'release', request);
  }

  /** Its host has lost the instance that would have gone on: another one goes on from the state that it had. */
  #takeElsewhere(taker: ServedRow): void {
    taker.link?.leave(taker.row, heardBy(taker.request));
    this.#rows.again(taker, 'the host that had taken the state was ended');
  }

  #abort(request: HandoverRequest): void {
    const { from, fromAuthority } = request;
    const move = this.#end(request.swap);
    const giver = this.#rows.get(from);
    if (giver !== undefined) giver.authority = fromAuthority;
    if (giver?.link !== undefined) this.#ask(giver.link, 'giveBack', request);
    this.#drop(move);
  }

  #end(swap: number): Move | undefined {
    const move = this.#moves.get(swap);
    this.#moves.delete(swap);
    if (move === undefined) return undefined;
    for (const [ask, { request }] of this.#asked) if (request.swap === swap) this.#forgetAsk(ask);
    return move;
  }

  /** What is still answered to it is too late. */
  #forgetAsk(ask: number): void {
    const asked = this.#asked.get(ask);
    if (asked === undefined) return;
    this.#asked.delete(ask);
    asked.link.loading--;
  }

  /** A host's word. */
  take(link: HostLink, said: HandReply | HandOverflow): void {
    if ('overflow' in said) {
      const move = this.#moves.get(said.overflow);
      if (move !== undefined) this.#rows.say(overflowNotice(move.swap, move.from));
      return;
    }
    const asked = this.#asked.get(said.ask);
    if (asked?.link !== link) return;
    this.#forgetAsk(said.ask);
    const { request, step } = asked;
    const move = this.#moves.get(request.swap);
    if (step === 'take' && said.text !== '') {
      const taker = this.#rows.get(request.to);
      if (taker?.link === link) this.#takeElsewhere(taker);
    }
    if (said.text !== '' && ends.has(step)) this.#endRefused(step, request, said.text);
    if (move === undefined) return;
    if (said.text !== '') this.#refuse(move, request, said.text);
    else this.#goOn(move, asked, said);
  }

  /** The swap is over and its end was not done: whom that concerns does not know what has happened to it, and may not go on as if it did. */
  #endRefused(step: HandStep, { swap, from, to }: HandoverRequest, text: string): void {
    const row = step === 'drop' ? to : from;
    if (this.#rows.get(row) !== undefined) this.#rows.fault(row, `${step} of swap ${swap}: ${text}`);
  }

  #goOn(move: Move, { request, step }: Asked, { eventSeq, taken, parting }: HandReply): void {
    if (step === 'wake') {
      const exported = parting?.exported ?? '';
      this.#rows.say(takenNotice(move.swap, move.to, 'adopted', { eventSeq, exported, taken }));
      return;
    }
    if (step === 'part' || step === 'stop') {
      const state = this.#rows.get(move.from)?.state;
      if (state === undefined || parting === null) {
        this.#refuse(move, request, 'the state of the old version did not arrive');
        return;
      }
      move.parted = { state, parting };
      if (step === 'stop') this.#rows.say(stoppedNotice(move.swap, move.from, eventSeq));
      else if (move.taker !== undefined) {
        if (request.verb === 'sync') move.meanwhile = [];
        this.#give(move.taker, request.verb === 'sync' ? 'sync' : 'try', request, move.parted);
      }
      return;
    }
    const event = saidOf[step];
    if (event === undefined) return;
    const exported = move.parted?.parting.exported ?? '';
    if (!move.cutover) {
      if (step === 'sync' && parting !== null) this.#synced(move, parting.carried);
      this.#end(move.swap);
    }
    this.#rows.say(takenNotice(move.swap, move.to, event, { eventSeq, exported, taken }));
  }

  /** A step before the cutover is over with its refusal; a cutover ends when the core says so. */
  #refuse(move: Move, request: HandoverRequest, text: string): void {
    if (!move.cutover) this.#drop(this.#end(move.swap));
    this.#rows.say(refusedNotice(request, text));
  }

  /** A host was ended; whom it served goes on elsewhere already. */
  ended(link: HostLink, why: string): void {
    for (const [ask, asked] of [...this.#asked]) if (asked.link === link) this.#asked.delete(ask);
    for (const move of [...this.#moves.values()]) {
      if (move.giver !== link && move.taker !== link) continue;
      if (move.giver === link) move.giver = undefined;
      if (move.taker === link) move.taker = undefined;
      const { swap, to, cutover } = move;
      if (!cutover) this.#drop(this.#end(swap));
      this.#rows.say(refusedNotice({ swap, to }, why));
    }
  }
}

function named({ name, version, parameters }: ServeRequest): Pick<ServeRequest, 'name' | 'version' | 'parameters'> {
  return { name, version, parameters };
}
