import { formatDecimal, formatSplit } from '../../base/decimal.ts';
import {
  addInto,
  divHalfEvenInto,
  isNeg,
  isZero,
  mulInto,
  mulSmallInto,
  setInto,
  splitZero,
  subInto,
  toNumber,
  type Split,
} from '../../base/split.ts';
import { microsUnchecked, type Micros } from '../../base/units.ts';
import { orderByClOrdID, type Core } from '../../core/core.ts';
import type { Decision, FillBooked, OrderDenied } from '../../domain/decision.ts';
import type { HoldingChanged } from '../../domain/holding-changed.ts';
import type { Input } from '../../domain/input.ts';
import { isTerminal, noPrice, type Order } from '../../domain/order.ts';
import type { BacktestDenial, BacktestFill, BacktestMetrics, BacktestOrder, BacktestTrade, CurrencyResult } from '../../ports/backtest.ts';
import { ForeignMoney } from './foreign-money.ts';
import { resultScale, type ListingScale } from './listing-scale.ts';
import { RoundTrips } from './round-trips.ts';

/** The figures that follow from orders and fills alone. */
export type RecordMetrics = Omit<BacktestMetrics, 'bars' | 'dates' | 'sharpe' | 'maxDrawdown'>;

/** What happens to orders, positions and cash in a run, from the core's decisions. Money in units of 10^-exponent of the run's currency; what is in others is beside it. */
export class RunRecord {
  readonly orders: BacktestOrder[] = [];
  readonly booked: BacktestFill[] = [];
  readonly denials: BacktestDenial[] = [];
  readonly trips: RoundTrips;
  readonly cash: Split = splitZero();
  readonly fees: Split = splitZero();
  readonly traded: Split = splitZero();
  readonly dividends: Split = splitZero();
  readonly cashInLieu: Split = splitZero();
  readonly rollFees: Split = splitZero();
  readonly funding: Split = splitZero();
  /** Who has the positions: row and account of the last fill, -1 before the first. */
  readonly holder = { row: -1, account: -1 };
  fills = 0;
  sent = 0;
  denied = 0;
  /** Sentences about breaks and alerts: none in a sound run. */
  readonly alerts: string[] = [];
  readonly #core: Core;
  readonly #scales: readonly ListingScale[];
  readonly #exponent: number;
  readonly #keepOrders: boolean;
  readonly #byID = new Map<number, BacktestOrder>();
  /** Of every order kept: its fills may come with the report that ends it. */
  readonly #numberOf = new Map<number, number>();
  readonly #denialOf = new Map<string, BacktestDenial>();
  readonly #positions: Float64Array;
  readonly #held = new Set<number>();
  readonly #value = splitZero();
  readonly #total = splitZero();
  readonly #capital = splitZero();
  /** At the last point of the equity, before it is rounded. */
  readonly #worth = splitZero();
  readonly #foreign: ForeignMoney | undefined;
  /** Of each trip, where there are several currencies. */
  readonly #pnlInBase: string[] = [];

  /** `several`: its currencies are more than its own, which the core knows as the first. */
  constructor(
    core: Core,
    scales: readonly ListingScale[],
    exponent: number,
    capital: Readonly<Split>,
    keepOrders: boolean,
    several = false,
  ) {
    this.#core = core;
    this.#scales = scales;
    this.#exponent = exponent;
    this.#keepOrders = keepOrders;
    this.#positions = new Float64Array(scales.length);
    this.trips = new RoundTrips(scales);
    setInto(this.cash, capital);
    setInto(this.#capital, capital);
    this.#foreign = several ? new ForeignMoney(core, scales) : undefined;
  }

  observe(at: Micros, input: Input, decisions: readonly Decision[]): void {
    if (input.kind === 'host' && (input.event === 'exception' || input.event === 'overBudget')) this.alerts.push(input.text);
    for (const decision of decisions) {
      switch (decision.kind) {
        case 'orderSent':
        case 'replaceSent':
          this.sent++;
          if (this.#keepOrders) this.#keep(decision.order, at);
          break;
        case 'orderStateChanged': {
          const order = this.#byID.get(decision.clOrdID);
          if (order === undefined) break;
          order.ordStatus = decision.to;
          order.cumQty = this.#qty(this.#listingOf(decision.clOrdID), decision.cumQty);
          if (!isTerminal(decision.to)) break;
          order.endTime = at;
          this.#byID.delete(decision.clOrdID);
          break;
        }
        case 'fillBooked':
          this.#book(decision, at);
          break;
        case 'orderDenied':
          this.#deny(decision, at);
          break;
        case 'holdingChanged':
          this.#hold(decision, input);
          break;
        case 'breakFound':
        case 'alertRaised':
          this.alerts.push(`${decision.kind === 'breakFound' ? decision.break : decision.subject}: ${decision.text}`);
          break;
        default:
          // the rest is about deployments and commands
          break;
      }
    }
  }

  #listingOf(clOrdID: number): number {
    return orderByClOrdID(this.#core, clOrdID)?.listing ?? 0;
  }

  #keep(order: Readonly<Order>, at: Micros): void {
    const { clOrdID, origClOrdID, listing, side, ordType, timeInForce, orderQty, price, stopPx, reason, ordStatus } = order;
    const kept: BacktestOrder = {
      no: this.orders.length + 1,
      replaces: this.#byID.get(origClOrdID)?.no ?? null,
      instrumentID: this.#scales[listing].instrumentID,
      side,
      ordType,
      timeInForce,
      qty: this.#qty(listing, orderQty),
      price: price === noPrice ? null : this.#price(listing, price),
      stopPx: stopPx === noPrice ? null : this.#price(listing, stopPx),
      time: at,
      reason,
      ordStatus,
      cumQty: this.#qty(listing, 0),
      endTime: null,
    };
    this.orders.push(kept);
    this.#byID.set(clOrdID, kept);
    this.#numberOf.set(clOrdID, kept.no);
  }

  #book(fill: FillBooked, at: Micros): void {
    const { listing, side, lastQty, lastPx, clOrdID } = fill;
    const { cash, fee } = this.#core.booking;
    this.holder.row = fill.row;
    this.holder.account = fill.account;
    this.fills++;
    if (this.#foreign?.book(listing, cash, fee) === true) this.#convert(this.#foreign, listing, cash, fee);
    else {
      addInto(this.cash, this.cash, cash);
      subInto(this.cash, this.cash, fee);
      this.#count(cash, fee);
    }
    this.#setPosition(listing, this.#positions[listing] + (side === 'buy' ? lastQty : -lastQty));
    if (this.#keepOrders) {
      const { instrumentID } = this.#scales[listing];
      const [qty, px] = [this.#qty(listing, lastQty), this.#price(listing, lastPx)];
      const order = this.#numberOf.get(clOrdID) ?? 0;
      const rate = this.#foreign === undefined ? {} : { toBase: this.#foreign.rateOf(this.#scales[listing].currency) };
      this.booked.push({ order, instrumentID, side, qty, px, time: at, fee: formatSplit(fee, this.#exponent), ...rate });
    }
    this.trips.fill(listing, side, lastQty, lastPx, fee, at, orderByClOrdID(this.#core, clOrdID)?.reason ?? '');
    if (this.#foreign !== undefined) this.#closeTrips(this.#foreign);
  }

  #count(cash: Readonly<Split>, fee: Readonly<Split>): void {
    addInto(this.fees, this.fees, fee);
    if (cash.hi < 0) subInto(this.traded, this.traded, cash);
    else addInto(this.traded, this.traded, cash);
  }

  /** What was traded and charged in another currency, at the rate of the fill. */
  #convert(foreign: ForeignMoney, listing: number, cash: Readonly<Split>, fee: Readonly<Split>): void {
    const { currency } = this.#scales[listing];
    setInto(this.#value, foreign.toBase(cash, currency));
    this.#count(this.#value, foreign.toBase(fee, currency));
  }

  #closeTrips(foreign: ForeignMoney): void {
    const { trips } = this.trips;
    for (let n = this.#pnlInBase.length; n < trips.length; n++)
      this.#pnlInBase.push(this.money(foreign.toBase(trips[n].pnl, this.#scales[trips[n].listing].currency)));
  }

  #setPosition(listing: number, lots: number): void {
    this.#positions[listing] = lots;
    if (lots === 0) this.#held.delete(listing);
    else this.#held.add(listing);
  }

  /** Lots held in a listing, negative = short. */
  position(listing: number): number {
    return this.#positions[listing];
  }

  #hold({ cause, listing, position, cash: moved, currency }: HoldingChanged, input: Input): void {
    const isForeign = this.#foreign?.receive(currency, moved, cause === 'fee') === true;
    const cash = isForeign ? (this.#foreign?.toBase(moved, currency) ?? moved) : moved;
    if (!isForeign) addInto(this.cash, this.cash, cash);
    if (cause === 'split') addInto(this.cashInLieu, this.cashInLieu, cash);
    else if (cause === 'dividend') addInto(this.dividends, this.dividends, cash);
    else if (cause === 'funding') addInto(this.funding, this.funding, cash);
    else if (cause === 'fee') {
      subInto(this.fees, this.fees, cash);
      subInto(this.rollFees, this.rollFees, cash);
    }
    if (listing < 0) return;
    this.#setPosition(listing, position);
    if (input.kind === 'corporateAction') this.trips.split(listing, input.numerator, input.denominator);
  }

  #deny({ listing, code, value, limit }: OrderDenied, at: Micros): void {
    this.denied++;
    const { instrumentID } = this.#scales[listing] ?? { instrumentID: '' };
    const key = `${instrumentID} ${code}`;
    const known = this.#denialOf.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const first: BacktestDenial = { instrumentID, code, time: at, value, limit, count: 1 };
    this.#denialOf.set(key, first);
    this.denials.push(first);
  }

  /** Cash and positions at these closes, whole 10^-6 of the run's currency; other currencies at the rates of now. @throws RangeError past 2^53 of them (9 billion of the currency) */
  equity(closes: Float64Array): number {
    setInto(this.#total, this.cash);
    this.#foreign?.begin();
    for (const listing of this.#held) {
      mulInto(this.#value, this.#positions[listing], closes[listing]);
      mulSmallInto(this.#value, this.#value, this.#scales[listing].moneyPerTickLot);
      if (this.#foreign?.add(listing, this.#value) !== true) addInto(this.#total, this.#total, this.#value);
    }
    this.#foreign?.end(this.#total);
    setInto(this.#worth, this.#total);
    this.#toResultScale(this.#total);
    const value = toNumber(this.#total);
    if (!Number.isSafeInteger(value))
      throw new RangeError(`equity: expected less than 9 billion of the currency either way, was ${value / 1e6}`);
    return value;
  }

  #toResultScale(money: Split): void {
    for (let e = this.#exponent; e < resultScale; e++) mulSmallInto(money, money, 10);
    let divisor = 1;
    for (let e = resultScale; e < this.#exponent; e++) divisor *= 10;
    if (divisor > 1) divHalfEvenInto(money, money, divisor);
  }

  /** What each currency made; undefined in a run of one. */
  currencies(): readonly CurrencyResult[] | undefined {
    subInto(this.#total, this.#worth, this.#capital);
    return this.#foreign?.results(this.#total);
  }

  trades(): BacktestTrade[] {
    const codes = this.#core.registry.currencies;
    const inBase = (listing: number, n: number): Pick<BacktestTrade, 'currency' | 'pnlInBase'> =>
      this.#foreign === undefined ? {} : { currency: codes[this.#scales[listing].currency].code, pnlInBase: this.#pnlInBase[n] };
    return this.trips.trips.map(({ listing, side, qty, entryTime, entryPx, exitTime, exitPx, fees, pnl, reason }, n) => ({
      instrumentID: this.#scales[listing].instrumentID,
      side,
      qty: this.#qty(listing, qty),
      entryTime: microsUnchecked(entryTime),
      entryPx: this.#price(listing, entryPx),
      exitTime: microsUnchecked(exitTime),
      exitPx: this.#price(listing, exitPx),
      fees: formatSplit(fees, this.#exponent),
      pnl: formatSplit(pnl, this.#exponent),
      reason,
      ...inBase(listing, n),
    }));
  }

  /** Figures of everything that was observed; `last` = the equity at the end, whole 10^-6 of the currency. */
  metrics(last: number, capital: string): RecordMetrics {
    const { trips } = this.trips;
    const exits: Record<string, number> = {};
    for (const { reason } of trips) exits[reason] = (exits[reason] ?? 0) + 1;
    const wins = trips.filter(({ pnl }) => !isNeg(pnl) && !isZero(pnl)).length;
    return {
      trades: trips.length,
      orders: this.sent,
      fills: this.fills,
      denied: this.denied,
      finalEquity: formatDecimal(last, resultScale),
      fees: this.money(this.fees),
      traded: this.money(this.traded),
      totalReturn: last / (Number(capital) * 1e6) - 1,
      winRate: trips.length === 0 ? null : wins / trips.length,
      exits,
    };
  }

  money(sum: Readonly<Split>): string {
    return formatSplit(sum, this.#exponent);
  }

  #qty(listing: number, lots: number): string {
    const { lotUnits, lotScale } = this.#scales[listing];
    return formatDecimal(lots * lotUnits, lotScale);
  }

  #price(listing: number, ticks: number): string {
    const { priceUnits, priceScale } = this.#scales[listing];
    return formatDecimal(ticks * priceUnits, priceScale);
  }
}
