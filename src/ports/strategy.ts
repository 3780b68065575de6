import type { Prng } from '../base/prng.ts';
import type { Split } from '../base/split.ts';
import type { Lots, Micros, Ticks } from '../base/units.ts';
import type { HoldingCause } from '../domain/holding-changed.ts';
import type { CurrencyIx, ListingIx } from '../domain/ids.ts';
import type { Listing } from '../domain/instrument.ts';
import type { Bar, FeedStatus, Quote, Trade } from '../domain/market.ts';
import type { OrdStatus, OrdType, Side, TimeInForce } from '../domain/order.ts';
import type { Result } from '../base/result.ts';

/** Terms of an order as a strategy writes them; what is left out has the plain default (GTC, no stop, not post-only). */
export interface OrderProposal {
  readonly listing: ListingIx;
  readonly side: Side;
  readonly ordType: OrdType;
  readonly orderQty: Lots;
  readonly timeInForce?: TimeInForce;
  readonly price?: Ticks;
  readonly stopPx?: Ticks;
  readonly targetPx?: Ticks;
  readonly trailOffset?: number;
  readonly expireTime?: Micros;
  readonly postOnly?: boolean;
  readonly reduceOnly?: boolean;
  readonly reason?: string;
  readonly parentTag?: number;
}

/** An order of this strategy as its host knows it from reports. */
export interface OwnOrder {
  readonly tag: number;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly ordType: OrdType;
  readonly orderQty: Lots;
  readonly price: Ticks;
  readonly leavesQty: Lots;
  readonly cumQty: Lots;
  readonly ordStatus: OrdStatus;
}

/** A fill of an own order. `position` is the strategy's position in the listing after it, lots. */
export interface OwnFill {
  readonly tag: number;
  readonly listing: ListingIx;
  readonly side: Side;
  readonly lastQty: Lots;
  readonly lastPx: Ticks;
  readonly leavesQty: Lots;
  readonly position: Lots;
  /** Commission as it was booked, in units of 10^-exponent of its currency; negative is a rebate. */
  readonly fee: Readonly<Split>;
  readonly feeCurrency: CurrencyIx;
  readonly transactTime: Micros;
}

/** An own order that ended or changed without a fill; `denied` and `rejected` carry the reason. */
export interface OwnOrderUpdate {
  readonly tag: number;
  readonly ordStatus: OrdStatus | 'denied' | 'cancelRejected' | 'replaced';
  readonly code: string;
}

/** What the strategy holds changed without a fill: shares by a split, or cash alone (listing -1, position 0), such as a dividend. */
export interface OwnHolding {
  readonly cause: HoldingCause;
  readonly listing: ListingIx;
  /** Lots in the listing from now on. */
  readonly position: Lots;
  /** Positive = to the strategy, in units of 10^-exponent of its currency. */
  readonly cash: Readonly<Split>;
  readonly currency: CurrencyIx;
}

/** L2 book of a listing as hosts see it. Level 0 is the best; beyond the book: price noPrice, qty 0. */
export interface BookView {
  readonly valid: boolean;
  bidPx(level: number): Ticks;
  bidQty(level: number): Lots;
  askPx(level: number): Ticks;
  askQty(level: number): Lots;
  readonly bidLevels: number;
  readonly askLevels: number;
}

/** What a strategy may see and do. Time and chance are injected; nothing else of the world is reachable. */
export interface StrategyContext {
  readonly now: Micros;
  readonly random: Prng;
  readonly universe: readonly ListingIx[];
  listing(ix: ListingIx): Listing;
  book(ix: ListingIx): BookView;
  /** Lots, signed, of this version in this listing. */
  position(ix: ListingIx): Lots;
  orders(): readonly OwnOrder[];
  order(tag: number): OwnOrder | undefined;
  /** Money that one base lot-tick is worth: units of the capital's currency per tick and lot, as a double for sizing; Infinity where it takes a rate that is not known. */
  tickValue(ix: ListingIx): number;
  /** The version's cap now, in currency units, a double for sizing; 0 = nothing granted. */
  readonly capital: number;
  /**
   * The capital and what this version's own fills have made of it, fees included, positions at their last close or print: exact, in units of 10^-exponent
   * of the capital's currency, or of that of the listing `of`; other currencies at their last rates, half-even. undefined where a rate is not known or a listing that it
   * holds has no price yet.
   */
  equity(of?: ListingIx): Readonly<Split> | undefined;
  /** Units of 10^-exponent of its currency that one tick of one lot is worth. */
  moneyPerTickLot(ix: ListingIx): number;
  /** Proposes an order; the number names it from now on. */
  place(proposal: OrderProposal): number;
  replace(tag: number, proposal: OrderProposal): number;
  cancel(tag: number): void;
  cancelAll(): void;
  /** Calls onTimer(name) at or after `at`; setting a name again moves it, one timer per name, at most 64. */
  setTimer(name: string, at: Micros): void;
}

/** State for a hand-over: opaque bytes (at most 1 MiB) that `migrate` of another version understands. */
export interface ExportedState {
  readonly schema: string;
  readonly bytes: Uint8Array;
  readonly eventSeq: number;
  readonly hash: string;
}

export interface Adoption {
  readonly positions: readonly { readonly listing: ListingIx; readonly position: Lots }[];
  readonly orders: readonly OwnOrder[];
}

/** Callbacks of one instance; all synchronous, all optional except the hand-over ones that defineStrategy fills in. */
export interface StrategyInstance {
  onStart?(context: StrategyContext): void;
  onQuote?(context: StrategyContext, quote: Quote): void;
  onTrade?(context: StrategyContext, trade: Trade): void;
  /** A changed L2 book; look at context.book(listing). */
  onBook?(context: StrategyContext, listing: ListingIx): void;
  /** The object is used again for the next bar: keep its numbers, not itself. */
  onBar?(context: StrategyContext, bar: Bar): void;
  onFill?(context: StrategyContext, fill: OwnFill): void;
  onOrder?(context: StrategyContext, update: OwnOrderUpdate): void;
  /** A split or money without a fill; the context's position and equity have it already. */
  onHolding?(context: StrategyContext, holding: OwnHolding): void;
  onTimer?(context: StrategyContext, name: string): void;
  onFeed?(context: StrategyContext, status: FeedStatus): void;
  /** After every instrument of one close time is in. */
  group?(context: StrategyContext, closeTime: Micros): void;
  exportState?(): { readonly schema: string; readonly bytes: Uint8Array };
  adopt?(adoption: Adoption): Result<'accepted', readonly string[]>;
}

export type ParameterSpec =
  | {
      readonly type: 'integer' | 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly unit: string;
      readonly meaning: string;
    }
  | { readonly type: 'boolean'; readonly default: boolean; readonly meaning: string }
  | { readonly type: 'choice'; readonly default: string; readonly choices: readonly string[]; readonly meaning: string };

export type ParameterValues = Readonly<Record<string, string | number | boolean>>;

/** A strategy as it is registered: pure description, instances come from create. */
export interface StrategyDefinition {
  readonly name: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Fills defaults; refuses unknown names, wrong types and values outside the range, by name and with the range. */
  parse(values: ParameterValues): Result<ParameterValues, readonly string[]>;
  create(parameters: ParameterValues): StrategyInstance;
  /** State of another version into a new instance. */
  migrate(parameters: ParameterValues, fromSchema: string, bytes: Uint8Array): Result<StrategyInstance, string>;
}
