import type { Prng } from '../base/prng.ts';
import { microsUnchecked } from '../base/units.ts';
import type { Micros } from '../base/units.ts';
import { askSide, bidSide } from '../venues/simulated/matching-book.ts';
import type { MatchingBook } from '../venues/simulated/matching-book.ts';
import type { MatchingEngine } from '../venues/simulated/matching-engine.ts';
import type { AgentMarket } from './agents/agent-market.ts';
import { informedAct } from './agents/informed.ts';
import { BackgroundMaker } from './agents/maker.ts';
import { MomentumTraders } from './agents/momentum.ts';
import { NoiseTraders } from './agents/noise.ts';
import { LatentValue } from './latent-value.ts';
import type { MarketEvents } from './market-events.ts';
import type { SyntheticTerms } from './synthetic-terms.ts';

const microsPerSecond = 1_000_000;
/** Seconds of trading before the first event, so that the book is full and the flow under way. */
export const warmUpSeconds = 60;
/** Ids of background makers' orders lie above this, the noise traders' below. */
const lastMakerID = -10_000;

export interface SyntheticMarketOptions {
  readonly terms: SyntheticTerms;
  readonly luck: Prng;
  readonly engine: MatchingEngine;
  readonly book: MatchingBook;
  readonly events: MarketEvents;
  /** Tells venue and tape what time it is. */
  readonly setNow: (at: Micros) => void;
  readonly startAt: Micros;
}

type Act = 'maker' | 'noiseRest' | 'noiseCancel' | 'noiseTake' | 'momentum' | 'informed';

/** One listing of the synthetic exchange: the value that nobody sees and those who trade around it. */
export class SyntheticMarket {
  readonly value: LatentValue;
  trading = true;
  readonly #options: SyntheticMarketOptions;
  readonly #market: AgentMarket & { now: number };
  readonly #makers: BackgroundMaker[] = [];
  readonly #noise: NoiseTraders;
  readonly #momentum: MomentumTraders;
  readonly #luck: Prng;
  readonly #meanGap: number;
  readonly #cumulative: readonly (readonly [Act, number])[];
  /** Microseconds of the clock at second 0 of the market. */
  readonly #origin: number;
  #nextAt: number;

  constructor(options: SyntheticMarketOptions) {
    const { terms, luck, engine, book, startAt } = options;
    this.#options = options;
    this.#luck = luck.fork('agents');
    this.value = new LatentValue(terms.value, luck.fork('value'));
    this.#noise = new NoiseTraders(terms.noise);
    this.#momentum = new MomentumTraders(terms.momentum);
    for (let i = 0; i < terms.makers; i++) this.#makers.push(new BackgroundMaker(terms.maker, i, terms.value.start, 0));
    this.#origin = startAt - warmUpSeconds * microsPerSecond;
    this.#nextAt = this.#origin + 1;
    this.#cumulative = cumulativeRates(terms);
    this.#meanGap = microsPerSecond / this.#cumulative[this.#cumulative.length - 1][1];
    this.#market = marketOf(engine, book, this.value, this.#luck);
  }

  /** When the next agent acts. */
  get nextAt(): Micros {
    return microsUnchecked(this.#nextAt);
  }

  /** Seconds of the market at a time of the clock. */
  secondsAt(at: Micros): number {
    return (at - this.#origin) / microsPerSecond;
  }

  /** Lets the next agent act, at his time; while trading rests, time passes and the value moves. */
  act(): void {
    const at = microsUnchecked(this.#nextAt);
    this.#market.now = this.secondsAt(at);
    this.value.advance(this.#market.now);
    if (this.trading) {
      this.#options.setNow(at);
      this.#perform(this.#draw());
      this.#options.events.flush();
    }
    this.#nextAt = at + Math.max(1, Math.round(this.#luck.exponential(this.#meanGap)));
  }

  /** A resting order of an agent was taken. */
  onForeign(id: number, qty: number, leavesQty: number): void {
    if (id > lastMakerID) {
      const index = BackgroundMaker.indexOf(id);
      this.#makers[index].filled(id, qty, leavesQty);
    } else if (leavesQty === 0) this.#noise.gone(id);
  }

  #draw(): Act {
    const draw = this.#luck.float() * this.#cumulative[this.#cumulative.length - 1][1];
    for (const [act, upTo] of this.#cumulative) if (draw < upTo) return act;
    return 'maker';
  }

  #perform(act: Act): void {
    switch (act) {
      case 'maker':
        this.#makers[this.#luck.int(this.#makers.length)].act(this.#market);
        return;
      case 'noiseRest':
        this.#noise.rest(this.#market);
        return;
      case 'noiseCancel':
        this.#noise.cancel(this.#market);
        return;
      case 'noiseTake':
        this.#noise.take(this.#market);
        return;
      case 'momentum':
        this.#momentum.act(this.#market);
        return;
      case 'informed':
        informedAct(this.#options.terms.informed, this.#market);
        return;
    }
  }
}

function cumulativeRates(terms: SyntheticTerms): readonly (readonly [Act, number])[] {
  const { rates } = terms;
  const acts: readonly Act[] = ['maker', 'noiseRest', 'noiseCancel', 'noiseTake', 'momentum', 'informed'];
  let sum = 0;
  return acts.map((act) => [act, (sum += rates[act])] as const);
}

function marketOf(engine: MatchingEngine, book: MatchingBook, value: LatentValue, luck: Prng): AgentMarket & { now: number } {
  return {
    now: 0,
    luck,
    get value() {
      return value.value;
    },
    get bestBid() {
      return book.bestPx(bidSide);
    },
    get bestAsk() {
      return book.bestPx(askSide);
    },
    rest: (id, side, price, qty) => engine.restForeign(id, side, price, qty),
    cancel: (id, side, price) => engine.cancelForeign(id, side, price),
    take: (side, limit, qty) => engine.takeForeign(side, limit, qty),
  };
}
