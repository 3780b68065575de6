import { roundHalfEven } from '../../base/decimal.ts';
import { divHalfEvenInto, mulInto, mulSmallInto, negInto, splitZero } from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { CashFlowKind, CorporateAction } from '../../domain/input.ts';
import type { BarSet, SeriesEvent, SeriesRoll } from '../../ports/backtest.ts';
import type { BarTape } from '../../runtime/bar-tape.ts';
import type { BarRun } from './bar-run.ts';

interface Due {
  readonly listing: number;
  readonly event: SeriesEvent;
}

/** Rates of funding count so many of them for the whole. */
const wholeRate = 100_000_000;

/** Of one instrument and day a dividend is that of the new lots, as adjusted closes have it. */
function rank({ kind }: SeriesEvent): number {
  return kind === 'split' ? 0 : 1;
}

/**
 * Splits, dividends, funding, ticker changes and rolls of a run's instruments, as inputs of the desk between the bars. A dividend is paid for what is held when its ex-date
 * begins, and taken from who is short; a split gives new lots for old ones and takes the instrument's orders back.
 */
export class HolderEvents {
  readonly #run: BarRun;
  readonly #core: Core;
  readonly #due: readonly Due[];
  #next = 0;
  readonly #money = splitZero();

  constructor(run: BarRun, core: Core, bars: BarSet, tape: BarTape) {
    this.#run = run;
    this.#core = core;
    const begin = tape.times[run.first];
    // nobody held anything before the first bar
    this.#due = bars.series
      .flatMap(({ events = [] }, listing) => events.map((event) => ({ listing, event })))
      .filter(({ event }) => event.at > begin)
      .sort((a, b) => a.event.at - b.event.at || a.listing - b.listing || rank(a.event) - rank(b.event));
  }

  /** Everything that begins before `time`, the close of the next bars. `closes`: last price by listing; those of before a split are turned into those of after it. */
  passUntil(time: number, closes: Float64Array): void {
    for (; this.#next < this.#due.length && this.#due[this.#next].event.at < time; this.#next++) {
      const { listing, event } = this.#due[this.#next];
      const at = microsUnchecked(event.at);
      this.#run.desk.advanceNow(at);
      this.#happen(listing, event, at, closes[listing]);
      if (event.kind === 'split') closes[listing] = roundHalfEven((closes[listing] * event.denominator) / event.numerator);
    }
  }

  #happen(listing: number, event: SeriesEvent, at: Micros, close: number): void {
    const { desk } = this.#run;
    const { instrument } = this.#core.registry.listings[listing];
    const action = { kind: 'corporateAction', instrument, exDate: at, text: event.text } as const;
    switch (event.kind) {
      case 'tickerChange':
        desk.submitNow({ ...action, action: 'tickerChange', numerator: 1, denominator: 1 });
        return;
      case 'dividend':
        desk.submitNow({ ...action, action: 'dividend', numerator: event.perLot, denominator: 1_000_000 });
        this.#settle(listing, event.perLot, 'dividend', event.text);
        return;
      case 'funding':
        this.#fund(listing, event.rate, close, event.text);
        return;
      case 'roll':
        this.#roll(listing, event, at);
        return;
      case 'split':
        this.#split(listing, { ...action, action: 'split', numerator: event.numerator, denominator: event.denominator });
        desk.advanceNow(at);
    }
  }

  #split(listing: number, action: CorporateAction): void {
    const { desk, venue } = this.#run;
    // what a fraction of a lot is worth
    desk.showMark(listing);
    venue.split(listing, action.numerator, action.denominator, action.exDate);
    desk.submitNow(action);
  }

  /** Old contract out, next one in: the jump of the series is no profit, and both sides are charged as market orders are. */
  #roll(listing: number, { fromPx, toPx, jumps, text }: SeriesRoll, at: Micros): void {
    const { desk, venue, record } = this.#run;
    if (jumps) {
      this.#settle(listing, fromPx - toPx, 'settlement', text);
      record.trips.roll(listing, toPx - fromPx);
      venue.roll(listing, at);
    }
    const lots = Math.abs(record.position(listing));
    if (lots > 0) {
      for (const px of [fromPx, toPx]) {
        venue.chargeInto(this.#money, listing, lots, px, record.holder.account, at);
        negInto(this.#money, this.#money);
        this.#book(listing, 'fee', text);
      }
    }
    desk.advanceNow(at);
  }

  /** A share of what is held, half-even to the unit of the currency; from who is long where the rate is positive. */
  #fund(listing: number, rate: number, close: number, reference: string): void {
    const lots = this.#run.record.position(listing);
    if (lots === 0) return;
    mulInto(this.#money, -lots, close);
    mulSmallInto(this.#money, this.#money, this.#core.registry.listings[listing].moneyPerTickLot);
    mulSmallInto(this.#money, this.#money, rate);
    divHalfEvenInto(this.#money, this.#money, wholeRate);
    this.#book(listing, 'funding', reference);
  }

  /** Money for each lot that is held; from who is short. */
  #settle(listing: number, perLot: number, flow: CashFlowKind, reference: string): void {
    const lots = this.#run.record.position(listing);
    if (lots === 0) return;
    mulInto(this.#money, lots, perLot);
    mulSmallInto(this.#money, this.#money, this.#core.registry.listings[listing].moneyPerTickLot);
    this.#book(listing, flow, reference);
  }

  #book(listing: number, flow: CashFlowKind, reference: string): void {
    const { hi, lo } = this.#money;
    if (hi === 0 && lo === 0) return;
    const { row, account } = this.#run.record.holder;
    const { instrument, currency } = this.#core.registry.listings[listing];
    this.#run.desk.submitNow({ kind: 'cashFlow', flow, account, row, instrument, currency, hi, lo, reference });
  }
}
