import { assert } from '../base/assert.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { Effect } from '../domain/effect.ts';
import type { EventSeq, ListingIx, Seq, VenueIx } from '../domain/ids.ts';
import type { Input, Intent } from '../domain/input.ts';
import type { Bar, MarketEvent } from '../domain/market.ts';
import type { Report } from '../domain/report.ts';
import type { RecordedFeed } from '../ports/feed.ts';
import { Agenda } from './agenda.ts';
import type { DeskState, PulledVenue, VirtualDeskOptions } from './desk-options.ts';
import { byInstrument, type BarTape } from './bar-tape.ts';
import { Conflator } from './conflator.ts';
import { runFeed, type FeedDesk } from './feed-run.ts';
import { Gateway } from './gateway.ts';
import type { HostAnswer, OwnEvent } from './host-port.ts';
import { HostWork, isHostEffect } from './host-work.ts';
import { TapePlay, type TapeDesk } from './tape-play.ts';
import { reportOfNote } from './note-report.ts';
import { numbered, PulledVenues, sooner } from './pulled-venues.ts';
import { ownEventsOf } from './own-events.ts';
import { Sequencer } from './sequencer.ts';
import { marksWanted } from './wanted-marks.ts';

/**
 * A desk on a virtual clock, in lock-step: event n+1 is delivered after every subscribed strategy has answered n and its intents were stepped. Time stands
 * still while the outbox holds an effect. Backtest, paper on a recording and the story all run on this one loop.
 */
export class VirtualDesk {
  readonly gateway: Gateway;
  readonly #options: VirtualDeskOptions;
  readonly #sequencer: Sequencer;
  readonly #conflator: Conflator;
  readonly #pending: Input[] = [];
  readonly #own: OwnEvent[] = [];
  readonly #feedDesk: FeedDesk = {
    now: () => this.#now,
    pull: (feed, at) => this.#pullFeed(feed, at),
    waits: () => this.#bars.length > 0 || this.#unsettled,
    end: (at) => this.#endFeeds(at),
  };
  readonly #hostWork: HostWork;
  readonly #agenda: Agenda;
  #now: Micros;
  #eventSeq: EventSeq;
  /** Bars of this microsecond that the venues have and nobody else yet. */
  #bars: Bar[] = [];
  #play: TapePlay | undefined;
  /** Up to here nothing is due on a tape but bars and timers of strategies; -1 = something was done since that was seen. */
  #quietUntil = -1;
  #failure: string | undefined;

  constructor(options: VirtualDeskOptions) {
    this.#options = options;
    this.#now = options.startAt;
    this.#eventSeq = options.eventSeq ?? 0;
    this.gateway = new Gateway({
      term: options.term,
      onNote: (note) => this.#pending.push(reportOfNote(note, this.#now)),
      ...(options.onCancelSent === undefined ? {} : { onCancelSent: options.onCancelSent }),
    });
    this.#conflator = new Conflator(options.bookOf, marksWanted(options));
    this.#agenda = new Agenda(options.core, options.host, this.#conflator, this.gateway);
    this.#hostWork = new HostWork({ ...options, say: (said) => this.#pending.push(said), answer: (answer) => this.#answer(answer) });
    void options.journal.failed?.then(({ message }) => (this.#failure ??= message));
    this.#sequencer = new Sequencer({
      core: options.core,
      journal: options.journal,
      leave: (effect) => this.#leave(effect),
      ...(options.beforeStep === undefined ? {} : { beforeStep: options.beforeStep }),
      observe: (seq, at, input, decisions) => {
        this.#agenda.steps++;
        this.#quietUntil = -1;
        ownEventsOf(options.core, decisions, this.#own);
        options.observe?.(seq, at, input, decisions);
      },
    });
  }

  /** Joins the market: what it hears, where orders go, where orders of rows on paper go. Called once, after the registrations. */
  join(feeds: readonly RecordedFeed[], venues: ReadonlyMap<VenueIx, PulledVenue>, simulators: ReadonlyMap<VenueIx, PulledVenue>): void {
    this.#agenda.feeds = feeds;
    this.#agenda.venues = new PulledVenues([...venues.values(), ...simulators.values()]);
    this.gateway.connect(venues, simulators);
  }

  get now(): Micros {
    return this.#now;
  }

  /** Sentence that says why the journal takes no more; undefined = it works. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Steps an input at the present virtual time and everything that follows from it without time passing. @returns its seq. */
  async submit(input: Input): Promise<Seq> {
    const seq = this.#sequencer.submit(this.#now, input);
    await this.#settle();
    return seq;
  }

  /** `submit` for a journal that is durable as it is written; nothing is waited for. @throws where the journal holds an effect back. */
  submitNow(input: Input): Seq {
    const seq = this.#sequencer.submit(this.#now, input);
    this.#settleNow();
    return seq;
  }

  #settleNow(): void {
    for (;;) {
      this.#settleInMemory();
      if (!this.#sequencer.holding) return;
      this.#sequencer.release();
      assert(!this.#sequencer.holding, 'a desk that does not wait has a journal that is durable at once');
    }
  }

  #leave(effect: Effect): void {
    if (isHostEffect(effect)) this.#hostWork.push(effect);
    else if (effect.kind !== 'answer' && effect.kind !== 'alert') this.gateway.submit(effect, this.#now);
    this.#options.onEffect?.(effect, this.#now);
  }

  /** Everything that follows at this microsecond: refusals of the gateway, loads, own reports to strategies, their intents; then the disk. */
  async #settle(): Promise<void> {
    for (;;) {
      this.#settleInMemory();
      if (!this.#sequencer.holding) return;
      this.#sequencer.release();
      if (!this.#sequencer.holding) continue;
      const failure = await this.#sequencer.flush();
      if ((this.#failure ??= failure) !== undefined) return;
    }
  }

  #settleInMemory(): void {
    if (this.#pending.length === 0 && this.#own.length === 0 && this.#hostWork.idle) return;
    for (;;) {
      const input = this.#pending.shift();
      if (input !== undefined) {
        this.#sequencer.submit(this.#now, input);
        continue;
      }
      if (this.#hostWork.doNext(this.#eventSeq, this.#own.length > 0)) continue;
      const own = this.#own.shift();
      if (own !== undefined) {
        this.#answer(this.#options.host.deliver({ kind: 'own', eventSeq: this.#nextEvent(), at: this.#now, event: own }));
        continue;
      }
      const starting = this.#hostWork.nextStart();
      if (starting !== undefined) {
        this.#answer(this.#options.host.deliver({ kind: 'start', eventSeq: this.#nextEvent(), at: this.#now, row: starting }));
        continue;
      }
      return;
    }
  }

  #nextEvent(): EventSeq {
    return ++this.#eventSeq;
  }

  /** Steps what a delivery brought: a newer mark first, then the intents in order. */
  #answer(answer: HostAnswer): void {
    if (answer.faults.length === 0 && answer.intents.length === 0) return;
    for (const fault of answer.faults)
      this.#pending.push({ kind: 'host', row: fault.row, event: fault.event, eventSeq: answer.watermark, text: fault.text });
    for (const intent of answer.intents) this.#stepIntent(intent);
  }

  #stepIntent(intent: Intent): void {
    this.showMark(intent.listing);
    this.#sequencer.submit(this.#now, intent);
  }

  /** Sends the listing's newest mark to the core if it has not got it. */
  showMark(listing: ListingIx): void {
    this.#play?.catchUp(listing);
    const mark = this.#conflator.fresh(listing, this.#now);
    if (mark !== undefined) this.#sequencer.submit(this.#now, mark);
  }

  /** Next virtual time at which anything happens; undefined = nothing ever will. */
  nextAt(): Micros | undefined {
    const next = this.#agenda.nextAt();
    return this.#bars.length > 0 ? sooner(next, this.#now) : next;
  }

  /** Moves the clock to `until`, doing everything due on the way, at most `maxTurns` microseconds that have something to do; `endWithFeeds`: no further than the last event. */
  async advance(until: Micros, maxTurns: number, endWithFeeds = false): Promise<DeskState> {
    for (let turns = 0; turns < maxTurns;) {
      if (this.#failure !== undefined) return 'journalFailed';
      if (endWithFeeds && !this.#agenda.feedsLeft) return 'feedsEnded';
      const ran = this.#bars.length > 0 ? 0 : runFeed(this.#agenda, this.#feedDesk, until, maxTurns - turns);
      turns += ran;
      if (ran === 0) {
        const next = this.nextAt();
        if (next === undefined || next > until) {
          if (until > this.#now) this.#now = until;
          return this.#agenda.feedsLeft ? 'running' : 'feedsEnded';
        }
        if (next > this.#now) this.#now = next;
        this.#turn();
        turns++;
      }
      if (this.#unsettled) await this.#settle();
    }
    return this.#failure === undefined ? 'running' : 'journalFailed';
  }

  /** `advance` to the end of `until` for a journal that is durable as it is written. @returns when anything happens next, undefined = never */
  advanceNow(until: Micros): Micros | undefined {
    let next = this.nextAt();
    for (; next !== undefined && next <= until; next = this.nextAt()) {
      if (next > this.#now) this.#now = next;
      this.#turn();
      if (this.#unsettled) this.#settleNow();
    }
    if (until > this.#now) this.#now = until;
    return next;
  }

  /**
   * Shows the bars of the close times `first` to `end` (excluded) to venues, core and strategies as a feed of them would, for a journal that is durable as
   * it is written. The core is told the days of `calendar`, '' = of none. `onClose` hears when everything of a close time is done.
   */
  playBars(tape: BarTape, first: number, end: number, calendar: string, onClose: (time: number) => void): void {
    const play = new TapePlay(this.#lend(), tape, calendar);
    this.#play = play;
    for (let time = first; time < end; time++) {
      play.show(time);
      onClose(time);
    }
  }

  #lend(): TapeDesk {
    return {
      host: this.#options.host,
      conflator: this.#conflator,
      venues: this.#agenda.venues.all,
      begin: (at, isTimerDue) => {
        const isQuiet = !isTimerDue && at < this.#quietUntil;
        const next = isQuiet ? undefined : this.advanceNow(microsUnchecked(at - 1));
        this.#now = at;
        if (!isQuiet) this.#quietUntil = next ?? Infinity;
        return next !== undefined && next <= at;
      },
      meetVenues: (at) => {
        do {
          this.#agenda.venues.advance(at, this.#takeReport, this.#takeNotice);
          this.gateway.pump(at);
          this.#settleNow();
        } while (this.#agenda.venues.isDue(at));
      },
      numberEvents: (count) => {
        this.#eventSeq += count;
        return this.#eventSeq - count + 1;
      },
      submit: (input) => this.#sequencer.submit(this.#now, input),
      mark: (listing, at) => this.#markDue(listing, at),
      answer: (answer) => this.#answer(answer),
      isCalm: () => this.#hostWork.isCalm,
      settle: () => {
        this.#hostWork.checkWarm(this.#eventSeq);
        this.#settleInMemory();
      },
      end: (at) => {
        this.#quietUntil = -1;
        this.#settleInMemory();
        this.#endTurn(at);
        if (this.#unsettled) this.#settleNow();
      },
    };
  }

  get #unsettled(): boolean {
    return this.#sequencer.holding || this.#pending.length + this.#own.length + this.#hostWork.waiting > 0;
  }

  /** One microsecond: reports, then market data event by event, marks that are due, timers of the core, timers of strategies. */
  #turn(): void {
    const at = this.#now;
    this.#agenda.venues.advance(at, this.#takeReport, this.#takeNotice);
    this.gateway.pump(at);
    this.#settleInMemory();
    for (const feed of this.#agenda.feeds) this.#pullFeed(feed, at);
    this.#endFeeds(at);
  }

  /** What follows the market data of a microsecond. */
  #endFeeds(at: Micros): void {
    if (this.#bars.length > 0) {
      const { venues } = this.#agenda;
      venues.advance(at, this.#takeReport, this.#takeNotice);
      this.#settleInMemory();
      // what the bars filled, and what follows from it, is settled before anybody sees them: the turn comes again at this microsecond
      if (this.#sequencer.holding || venues.isDue(at)) return;
      this.#closeBars(at);
    }
    this.#endTurn(at);
  }

  /** Marks that are due, timers of the core, timers of strategies. */
  #endTurn(at: Micros): void {
    for (const mark of this.#conflator.dueAll(at)) this.#sequencer.submit(at, mark);
    this.#settleInMemory();
    this.#coreTimers(at);
    for (const timer of this.#options.host.dueTimers(at)) {
      this.#answer(this.#options.host.deliver({ kind: 'timer', eventSeq: this.#nextEvent(), at, row: timer.row, name: timer.name }));
      this.#settleInMemory();
    }
  }

  /** Lets everything under way come back without new market data and without asking strategies; with `until`, the core's deadlines up to then too. */
  async drain(until = -Infinity): Promise<void> {
    for (;;) {
      const deadline = (this.#agenda.coreDeadline() ?? Infinity) <= until ? this.#agenda.coreDeadline() : undefined;
      const next = sooner(deadline, this.#agenda.venues.nextAt());
      if (next === undefined || this.#failure !== undefined) return;
      if (next > this.#now) this.#now = next;
      this.#agenda.venues.advance(this.#now, this.#takeReport, this.#takeNotice);
      for (let input = this.#pending.shift(); input !== undefined; input = this.#pending.shift()) this.#sequencer.submit(this.#now, input);
      if (deadline !== undefined && deadline <= this.#now) this.#sequencer.submit(this.#now, { kind: 'timer', deadline });
      this.#own.length = 0;
      await this.#settle();
    }
  }

  /** All bars of one time: marks of all, then each to its subscribers in ascending instrument id, then the group call. */
  #closeBars(at: Micros): void {
    const bars = this.#bars.sort(byInstrument(this.#options.core.registry.listings));
    this.#bars = [];
    for (const bar of bars) {
      bar.eventSeq = this.#nextEvent();
      this.#takeMark(bar, at);
    }
    for (const bar of bars) {
      this.#answer(this.#options.host.deliver({ kind: 'market', eventSeq: bar.eventSeq, at, event: bar }));
      this.#hostWork.checkWarm(this.#eventSeq);
      this.#settleInMemory();
    }
    this.#answer(this.#options.host.deliver({ kind: 'group', eventSeq: this.#nextEvent(), at }));
    this.#settleInMemory();
  }

  #takeMark(event: MarketEvent, at: Micros): void {
    this.#conflator.take(event, event.eventSeq);
    this.#markDue(event.listing, at);
  }

  #markDue(listing: ListingIx, at: Micros): void {
    this.#quietUntil = -1;
    const mark = this.#conflator.due(listing, at);
    if (mark !== undefined) this.#sequencer.submit(at, mark);
  }

  /** One for all: reports come by the hundred thousand. */
  readonly #takeReport = (report: Report): void => {
    const taken = numbered(report, this.#nextEvent());
    this.gateway.onReport(taken);
    this.#pending.push(taken);
  };
  readonly #takeNotice = (notice: Input): void => void this.#pending.push(notice);

  #pullFeed(feed: RecordedFeed, at: Micros): void {
    this.#now = at;
    for (let due = feed.peek(); due !== undefined && due <= at; due = feed.peek()) {
      const event = feed.next();
      if (event === undefined) continue;
      if (event.kind === 'bar') {
        // kept beyond the feed's next event
        this.#bars.push({ ...event });
        this.#agenda.venues.show(event);
        continue;
      }
      const eventSeq = this.#nextEvent();
      event.eventSeq = eventSeq;
      const noted = this.#options.onMarket?.(event);
      this.#agenda.venues.show(event);
      const answer = this.#options.host.deliver({ kind: 'market', eventSeq, at, event });
      if (event.kind === 'feedStatus') {
        const { feed: feedIx, listing, condition, value, text } = event;
        this.#sequencer.submit(at, { kind: 'feed', feed: feedIx, listing, condition, value, text });
      } else {
        this.#takeMark(event, at);
      }
      this.#answer(answer);
      if (noted !== undefined) this.#pending.push(noted);
      this.#hostWork.checkWarm(this.#eventSeq);
      this.#settleInMemory();
    }
  }

  #coreTimers(at: Micros): void {
    for (let deadline = this.#agenda.coreDeadline(); deadline !== undefined && deadline <= at; deadline = this.#agenda.coreDeadline()) {
      this.#sequencer.submit(at, { kind: 'timer', deadline });
      this.#settleInMemory();
    }
  }
}
