import type { Micros } from '../../base/units.ts';
import type { ClOrdID, VenueIx } from '../../domain/ids.ts';
import type { MarketEvent } from '../../domain/market.ts';
import type { Order } from '../../domain/order.ts';
import type { Report } from '../../domain/report.ts';
import type { Reconcile, VenueStatement } from '../../domain/statement.ts';
import type { RiskChecked } from '../../domain/risk-checked.ts';
import type { Payload } from '../../domain/schema/wire.ts';
import type { RecordedFeed } from '../../ports/feed.ts';
import type { SendResult } from '../../ports/venue.ts';
import type { Clock } from '../../ports/world.ts';
import type { PulledVenue } from '../desk-options.ts';
import { Gateway } from '../gateway.ts';
import { collector } from '../hosts/heap-watch.ts';
import { sendDelivery } from '../hosts/messages.ts';
import { Histogram } from '../latency/histogram.ts';
import { reportOfNote } from '../note-report.ts';
import { Doorbell } from '../rings/doorbell.ts';
import { RingReader, RingWriter } from '../rings/ring.ts';
import { monotonicMicros } from '../shared-clock.ts';
import {
  gatewayTypes,
  readBegin,
  readEffect,
  readRestored,
  sendNotice,
  sendReport,
  type GatewayBegin,
  type Stamps,
  type WordedKill,
} from './gateway-messages.ts';
import { AnswerWatch } from './answer-watch.ts';
import { GatewayBoard } from './gateway-board.ts';
import { KillWord } from './kill-word.ts';
import type { LatencyMemory } from './latencies.ts';

/** Longest sleep without a look at the kill word (ms); whoever sets it rings the bell too. */
const longestNap = 20;
/** Market data may fill the ring to the core this far; then the feed waits, reports go on. */
const marketShare = 0.5;
/** Most reports that wait for a core that does not take them; then the venues wait. */
export const maxWaitingReports = 65_536;
/** Market events handed on in one turn, before orders are looked at again. */
const eventsPerTurn = 64;

export interface GatewaySetting {
  /** From the core, and to it. */
  readonly effects: SharedArrayBuffer;
  readonly words: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  readonly coreBell: SharedArrayBuffer;
  readonly killWord: SharedArrayBuffer;
  readonly board: SharedArrayBuffer;
  readonly latencies: LatencyMemory;
  readonly spinning: boolean;
}

/** Blocks until the core says its first word: until then there is no market and no venue. */
export function awaitBegin(setting: GatewaySetting): GatewayBegin {
  const reader = new RingReader(setting.effects);
  const bell = new Doorbell(setting.bell, false);
  for (;;) {
    let begin: GatewayBegin | undefined;
    const take = (type: number, from: Payload, at: number): boolean => {
      if (type === gatewayTypes.begin) begin = readBegin(from, at);
      return false;
    };
    reader.poll(take, 1);
    if (begin !== undefined) return begin;
    bell.wait(() => !reader.empty, longestNap);
  }
}

export interface GatewayMarket {
  readonly feed: RecordedFeed;
  readonly venues: ReadonlyMap<VenueIx, PulledVenue>;
  readonly simulators: ReadonlyMap<VenueIx, PulledVenue>;
}

/** The gateway on a thread of its own, with the venues and the feed that it owns: whatever the core does, the kill word is obeyed and cancels leave. */
export class GatewayLoop {
  readonly gateway: Gateway;
  readonly #clock: Clock;
  readonly #feed: RecordedFeed;
  readonly #venues: readonly PulledVenue[];
  readonly #effects: RingReader;
  readonly #words: RingWriter;
  readonly #bell: Doorbell;
  readonly #killWord: KillWord;
  readonly #board: GatewayBoard;
  readonly #signalToWire: Histogram;
  readonly #tickToTrade: Histogram;
  readonly #orderToAck: Histogram;
  readonly #answers: AnswerWatch;
  readonly #stamps = new Map<ClOrdID, Stamps>();
  readonly #waiting: (Report | VenueStatement | Reconcile)[] = [];
  #event: MarketEvent | undefined;
  #stopped = false;

  /** @param answers waits for what the venues owe. */
  constructor(setting: GatewaySetting, term: number, market: GatewayMarket, clock: Clock, answers = new AnswerWatch()) {
    this.#clock = clock;
    this.#answers = answers;
    this.#feed = market.feed;
    this.#venues = [...market.venues.values(), ...market.simulators.values()];
    this.#effects = new RingReader(setting.effects);
    this.#words = new RingWriter(setting.words, new Doorbell(setting.coreBell, false));
    this.#bell = new Doorbell(setting.bell, setting.spinning);
    this.#killWord = new KillWord(setting.killWord);
    this.#signalToWire = new Histogram(setting.latencies.signalToWire);
    this.#tickToTrade = new Histogram(setting.latencies.tickToTrade);
    this.#orderToAck = new Histogram(setting.latencies.orderToAck);
    this.#board = new GatewayBoard(setting.board);
    this.gateway = new Gateway({
      term,
      onNote: (note) => this.#say(reportOfNote(note, clock.now())),
      onCancelSent: () => {
        const now = monotonicMicros();
        if (this.#board.get('firstCancelAt') <= this.#board.get('killedAt')) this.#board.set('firstCancelAt', now);
        this.#board.add('cancelsSent', 1);
        this.#board.set('lastCancelAt', now);
      },
    });
    this.gateway.connect(this.#timedPorts(market.venues, true), this.#timedPorts(market.simulators, false));
  }

  /** The ports, with the time of each hand-over taken; what a venue owes is waited for, a simulator owes nothing. */
  #timedPorts(ports: ReadonlyMap<VenueIx, PulledVenue>, owes: boolean): ReadonlyMap<VenueIx, PulledVenue> {
    const wrapped = new Map<VenueIx, PulledVenue>();
    for (const [venue, port] of ports) {
      const handed = (order: RiskChecked<Readonly<Order>>, replacing: boolean, hand: () => SendResult): SendResult => {
        const result = hand();
        this.#handedOver(order, replacing, result);
        if (owes && result === 'sent') this.#answers.asked(venue, monotonicMicros());
        return result;
      };
      const asked = <T>(ask: () => T): T => {
        if (owes) this.#answers.asked(venue, monotonicMicros());
        return ask();
      };
      wrapped.set(venue, {
        capabilities: port.capabilities,
        send: (order, at) => handed(order, false, () => port.send(order, at)),
        replace: (order, at) => handed(order, true, () => port.replace(order, at)),
        cancel: (request, at) => asked(() => port.cancel(request, at)),
        cancelAll: (at) => port.cancelAll(at),
        dropSession: (at) => port.dropSession?.(at) ?? 'refused',
        expireDeadMan: (at) => port.expireDeadMan?.(at) ?? 'refused',
        query: (clOrdID, at) => asked(() => port.query(clOrdID, at)),
        statement: (request, at) => asked(() => port.statement?.(request, at) ?? 'refused'),
        nextEventAt: () => port.nextEventAt(),
        advance: (to, sink, notices) => port.advance(to, sink, notices),
      });
    }
    return wrapped;
  }

  #handedOver(order: RiskChecked<Readonly<Order>>, replacing: boolean, result: SendResult): void {
    const now = monotonicMicros();
    const stamps = this.#stamps.get(order.clOrdID);
    this.#stamps.delete(order.clOrdID);
    if (stamps !== undefined && stamps.decided > 0) this.#signalToWire.record(now - stamps.decided);
    if (stamps !== undefined && stamps.tick > 0) this.#tickToTrade.record(now - stamps.tick);
    if (result === 'sent') this.#answers.ordered(order, replacing, now);
  }

  /** Runs until `stop`; the thread belongs to it. */
  run(): void {
    while (!this.#stopped) this.turn();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One look at everything; sleeps when there was nothing to do. */
  turn(): void {
    const at = this.#clock.now();
    if (this.#killWord.engaged && !this.gateway.killed) {
      this.#board.set('killedAt', monotonicMicros());
      this.gateway.submit({ kind: 'kill', reducing: true, engaged: true, hold: 'firm', ix: -1, generation: 0 }, at);
    }
    const effects = this.#effects.poll((type, from, place) => this.#take(type, from, place), 256);
    this.gateway.pump(at);
    for (const venue of this.#venues) this.#advance(venue, at);
    this.#watchAnswers(at);
    this.#sayWaiting();
    const events = this.#pull(at);
    this.#words.publish();
    this.#board.add('turns', 1);
    this.#board.set('openOrders', this.gateway.openOrders);
    this.#board.set('waitingReports', this.#waiting.length);
    if (effects + events > 0) return;
    // a core that does not take what it is sent is asked again in a millisecond
    const next = this.#event === undefined && this.#waiting.length === 0 ? this.#nextAt() : undefined;
    const held = this.#event !== undefined || this.#waiting.length > 0;
    const millis = held ? 1 : next === undefined ? longestNap : Math.min(longestNap, Math.max(0.05, (next - at) / 1_000));
    this.#bell.wait(() => !this.#effects.empty || this.#killWord.engaged !== this.gateway.killed, millis);
  }

  #take(type: number, from: Payload, place: number): void {
    if (type === gatewayTypes.collect) {
      collector()();
      return;
    }
    if (type === gatewayTypes.restored) {
      this.gateway.adopt(readRestored(from, place));
      return;
    }
    const { effect, stamps } = readEffect(type, from, place);
    if (effect.kind === 'kill' && effect.hold === 'firm') {
      if (effect.engaged) {
        this.#killWord.hold();
        if (!this.gateway.killed) this.#board.set('killedAt', monotonicMicros());
      }
      // somebody has killed since the release was decided: that kill stands
      else if (!this.#killWord.release((effect as WordedKill).word)) return;
    }
    if (effect.kind === 'send' || effect.kind === 'replace') this.#stamps.set(effect.order.clOrdID, stamps);
    this.gateway.submit(effect, this.#clock.now());
    if (effect.kind === 'send' || effect.kind === 'replace') this.#stamps.delete(effect.order.clOrdID);
  }

  #advance(venue: PulledVenue, at: Micros): void {
    const due = venue.nextEventAt();
    if (due === undefined || due > at || this.#waiting.length >= maxWaitingReports) return;
    const takeReport = (report: Report): void => {
      const handed = this.#answers.answered(report.clOrdID);
      if (handed !== undefined) this.#orderToAck.record(monotonicMicros() - handed);
      if (!report.simulated) this.#answers.heard(report.venue);
      this.gateway.onReport(report);
      this.#say(report);
    };
    venue.advance(at, takeReport, (notice) => {
      this.#answers.heard(notice.venue);
      this.#say(notice);
    });
  }

  /** After the venues have said what they have to say, and not while nobody listens to them. */
  #watchAnswers(at: Micros): void {
    if (this.#waiting.length > 0) return;
    this.#answers.expire(
      monotonicMicros(),
      ({ order, replacing }) => this.#say(reportOfNote({ outcome: 'uncertain', code: 'NO_ANSWER', order, replacing }, at)),
      (venue) => this.#say({ kind: 'reconcile', reason: 'break', venue, every: 0 }),
    );
  }

  #say(word: Report | VenueStatement | Reconcile): void {
    if (this.#waiting.length > 0 || !this.#send(word)) this.#waiting.push(word);
  }

  #send(word: Report | VenueStatement | Reconcile): boolean {
    return word.kind === 'report' ? sendReport(this.#words, word) : sendNotice(this.#words, word);
  }

  #sayWaiting(): void {
    let said = 0;
    while (said < this.#waiting.length && this.#send(this.#waiting[said])) said++;
    if (said > 0) this.#waiting.splice(0, said);
  }

  /** Hands market data on that is due. @returns how many events. */
  #pull(at: Micros): number {
    let events = 0;
    for (let due = this.#feed.peek(); events < eventsPerTurn; due = this.#feed.peek()) {
      if (this.#event === undefined) {
        if (due === undefined || due > at) break;
        this.#event = this.#feed.next();
        if (this.#event === undefined) continue;
        for (const venue of this.#venues) venue.onMarket?.(this.#event);
      }
      const event = this.#event;
      const fits =
        this.#words.fill < marketShare && sendDelivery(this.#words, { kind: 'market', eventSeq: 0, at, event }, monotonicMicros());
      if (!fits) break;
      this.#event = undefined;
      events++;
    }
    return events;
  }

  #nextAt(): Micros | undefined {
    let next = this.#feed.peek();
    const consider = (at: Micros | undefined): void => {
      if (at !== undefined && (next === undefined || at < next)) next = at;
    };
    for (const venue of this.#venues) consider(venue.nextEventAt());
    consider(this.gateway.nextPumpAt());
    return next;
  }
}
