/** Which of the venue's two markets a capture comes from; their frames differ in fields and in the rule of their sequence numbers. */
export type BinanceMarket = 'usdm' | 'spot';

/** What prices and quantities of a symbol are counted in. */
export interface BinanceSymbol {
  readonly symbol: string;
  readonly market: BinanceMarket;
  /** Quote currency per tick. */
  readonly priceUnit: string;
  /**
   * The finest quantity that stands in the book, in coins. On spot it is finer than the step of new orders (BTC 0.00001, ETH 0.0001): orders that rest
   * since the step was finer still show their digits.
   */
  readonly lot: string;
}

export const binanceSymbols: readonly BinanceSymbol[] = [
  { symbol: 'BTCUSDT', market: 'usdm', priceUnit: '0.1', lot: '0.001' },
  { symbol: 'ETHUSDT', market: 'usdm', priceUnit: '0.01', lot: '0.001' },
  { symbol: 'BTCUSDT', market: 'spot', priceUnit: '0.01', lot: '0.000001' },
  { symbol: 'ETHUSDT', market: 'spot', priceUnit: '0.01', lot: '0.00001' },
];

export function binanceSymbol(market: BinanceMarket, symbol: string): BinanceSymbol | undefined {
  return binanceSymbols.find((one) => one.market === market && one.symbol === symbol);
}
