/** One FIFO round trip; prices in units of the instrument's currency, money in those of the run's, times in microseconds UTC. */
export interface SheetTrade {
  readonly instrumentID: string;
  readonly side: 'long' | 'short';
  readonly qty: number;
  readonly entryTime: number;
  readonly entryPx: number;
  readonly exitTime: number;
  readonly exitPx: number;
  readonly fees: number;
  /** Net of fees. */
  readonly pnl: number;
  readonly reason: string;
}

/** What an order got, at its average price. */
export interface SheetFill {
  readonly instrumentID: string;
  readonly side: 'buy' | 'sell';
  readonly qty: number;
  readonly px: number;
  readonly time: number;
  readonly fee: number;
  /** Quantity x price x what a point of the contract is worth, currency units. */
  readonly notional: number;
  /** What the slippage model took, currency units, >= 0. */
  readonly slippage: number;
}

export interface SheetPrices {
  readonly instrumentID: string;
  readonly time: ArrayLike<number>;
  /** Currency units. */
  readonly close: ArrayLike<number>;
  /** Money per unit of price and quantity (50 for an E-mini); 1 when absent. */
  readonly multiplier?: number;
  /** The run's currency for one of the instrument's at each point of the equity; 1 when absent. */
  readonly toBase?: ArrayLike<number>;
  /** Splits of what is held, rising by time; none where the prices have them. */
  readonly splits?: readonly { readonly time: number; readonly numerator: number; readonly denominator: number }[];
}

/** What a run made in one of its currencies: `pnl`, fees and traded in it, the rest in the run's. */
export interface SheetCurrency {
  readonly currency: string;
  readonly instruments: readonly string[];
  readonly pnl: number;
  readonly pnlInBase: number;
  /** Part of that which rates made. */
  readonly fromRates: number;
  readonly fees: number;
  readonly traded: number;
}

/** More that a sheet is to show about its run: the folds of a walk-forward, the paths of a simulation, what other costs would have left. */
export interface SheetTable {
  /** In lower-case letters and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Numbers stand at the right. */
  readonly columns: readonly { readonly name: string; readonly number: boolean }[];
  /** One text per column; the first names the row. */
  readonly rows: readonly (readonly string[])[];
}

/** A run as the tear sheet reads it: plain numbers for drawing, exact decimals as text where they are shown as they are. */
export interface SheetRun {
  /** `walk-forward`: only what was judged, chained; its trades, fills and prices are not known. */
  readonly kind: 'backtest' | 'walk-forward';
  readonly strategy: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Costs, capital, adjustment and the like, as name and value. */
  readonly terms: readonly (readonly [name: string, value: string])[];
  readonly runId: string;
  readonly dataHash: string;
  readonly resultHash: string;
  readonly currency: string;
  readonly periodsPerYear: number;
  readonly instruments: readonly string[];
  readonly time: ArrayLike<number>;
  /** Whole 10^-6 of the currency, as the run recorded it. */
  readonly equityMicros: ArrayLike<number>;
  /** The same in currency units. */
  readonly equity: ArrayLike<number>;
  /** Exact decimal of the last equity. */
  readonly finalEquity: string;
  readonly trades: readonly SheetTrade[];
  /** In the order of their times. */
  readonly fills: readonly SheetFill[];
  /** Charged at the rolls of what was held, which are no fills; currency units, absent where nothing rolls. */
  readonly rollFees?: number;
  readonly prices: readonly SheetPrices[];
  /** There where a run has several, its own first. */
  readonly currencies?: readonly SheetCurrency[];
  /** Orders that the risk gate denied. */
  readonly denials: number;
}

/** A warning in plain words that a run carries: survivors-only universe, cost sensitivity, a cap that always binds. */
export interface SheetNote {
  readonly code: string;
  readonly text: string;
}

/** The trials that the run was chosen from. */
export interface SheetTrials {
  /** At least 1: this run. */
  readonly count: number;
  /** Variance of their per-period Sharpe ratios. */
  readonly variance: number;
}
