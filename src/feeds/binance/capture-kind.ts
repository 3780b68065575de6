import { LineCursor } from './capture-lines.ts';
import { binanceSymbol, type BinanceMarket, type BinanceSymbol } from './symbols.ts';

/** What a capture is of, read off its frames. */
export interface CaptureKind extends BinanceSymbol {
  /** Every symbol that frames name, most frames first; a capture is of the first, frames of the others are malformed lines. */
  readonly symbols: readonly { readonly symbol: string; readonly frames: number }[];
}

/** Most different symbols that are counted. */
export const maxSymbols = 1_000;

const symbolField = /"s":"([^"]{1,32})"/;
/** Numbers written as texts: in the frames that are read, price and quantity in turn. */
const numbers = /"\d+(?:\.(\d+))?"/g;
const readFrames = /"lastUpdateId"|@depth|@bookTicker"|@trade"/;

/** Market, symbol and units of a capture: the table's where it knows the symbol, else the finest digits that occur. @returns undefined when no frame names a symbol. */
export function captureKind(bytes: Buffer): CaptureKind | undefined {
  const counts = new Map<string, number>();
  let market: BinanceMarket = 'spot';
  const cursor = new LineCursor(bytes);
  while (cursor.next()) {
    // the fields that tell stand at the beginning of a frame
    const text = bytes.toString('latin1', cursor.start, Math.min(cursor.end, cursor.start + 240));
    const symbol = symbolField.exec(text)?.[1];
    if (symbol === undefined) continue;
    if (counts.has(symbol) || counts.size < maxSymbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    if (market === 'spot' && (text.includes('"pu":') || text.includes('"e":"bookTicker"'))) market = 'usdm';
  }
  const symbols = [...counts].map(([symbol, frames]) => ({ symbol, frames })).sort((a, b) => b.frames - a.frames);
  if (symbols.length === 0) return undefined;
  const { symbol } = symbols[0];
  return { ...(binanceSymbol(market, symbol) ?? { symbol, market, ...finestUnits(bytes, symbol) }), symbols };
}

/** Units of a symbol that the table does not know: the finest digits of its prices and of its quantities. */
function finestUnits(bytes: Buffer, symbol: string): { priceUnit: string; lot: string } {
  const digits = [0, 0];
  const cursor = new LineCursor(bytes);
  while (cursor.next()) {
    const text = bytes.toString('latin1', cursor.start, cursor.end);
    if (!readFrames.test(text) || !(text.includes('"lastUpdateId"') || text.includes(`"s":"${symbol}"`))) continue;
    let n = 0;
    for (const [, fraction] of text.matchAll(numbers)) {
      const length = (fraction as string | undefined)?.replace(/0+$/, '').length ?? 0;
      if (length > digits[n & 1]) digits[n & 1] = length;
      n++;
    }
  }
  const unit = (places: number): string => (places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`);
  return { priceUnit: unit(digits[0]), lot: unit(digits[1]) };
}
