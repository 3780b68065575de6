import type { BinanceMarket } from './symbols.ts';

/** What stands between two fixed texts of a frame. */
export type FrameSlot =
  | 'speed'
  | 'time'
  | 'sent'
  | 'firstID'
  | 'lastID'
  | 'previousID'
  | 'bids'
  | 'asks'
  | 'bid'
  | 'bidQty'
  | 'ask'
  | 'askQty'
  | 'tradeID'
  | 'price'
  | 'qty'
  | 'side'
  | 'end';

/** A fixed text and the slot after it. */
export interface LayoutStep {
  readonly text: Uint8Array;
  readonly slot: FrameSlot;
}

export type LayoutKind = 'depth' | 'ticker' | 'trade';

/** How the venue writes its frames, to the letter; `<…>` is a slot, `$s` and `$S` the symbol. `sent` is skipped where a transaction time stands. */
const layouts: Readonly<Record<BinanceMarket, Readonly<Record<LayoutKind, string>>>> = {
  usdm: {
    depth:
      '$s@depth<speed>","data":{"e":"depthUpdate","E":<sent>,"T":<time>,"s":"$S","U":<firstID>,"u":<lastID>,"pu":<previousID>,"b":[<bids>],"a":[<asks>]}}',
    ticker:
      '$s@bookTicker","data":{"e":"bookTicker","u":<lastID>,"s":"$S","b":"<bid>","B":"<bidQty>","a":"<ask>","A":"<askQty>","T":<time>,"E":<sent>}}',
    trade: '$s@trade","data":{"e":"trade","E":<sent>,"T":<time>,"s":"$S","t":<tradeID>,"p":"<price>","q":"<qty>","X":"MARKET","m":<side>}}',
  },
  spot: {
    depth: '$s@depth<speed>","data":{"e":"depthUpdate","E":<time>,"s":"$S","U":<firstID>,"u":<lastID>,"b":[<bids>],"a":[<asks>]}}',
    ticker: '$s@bookTicker","data":{"u":<lastID>,"s":"$S","b":"<bid>","B":"<bidQty>","a":"<ask>","A":"<askQty>"}}',
    trade: '$s@trade","data":{"e":"trade","E":<sent>,"s":"$S","t":<tradeID>,"p":"<price>","q":"<qty>","T":<time>,"m":<side>,"M":true}}',
  },
};

const slots: readonly string[] = [
  'speed',
  'time',
  'sent',
  'firstID',
  'lastID',
  'previousID',
  'bids',
  'asks',
  'bid',
  'bidQty',
  'ask',
  'askQty',
  'tradeID',
  'price',
  'qty',
  'side',
  'end',
] satisfies readonly FrameSlot[];

export function frameLayout(market: BinanceMarket, kind: LayoutKind, symbol: string): readonly LayoutStep[] {
  const text = `{"stream":"${layouts[market][kind].replaceAll('$s', symbol.toLowerCase()).replaceAll('$S', symbol)}<end>`;
  return [...text.matchAll(/([^<]*)<(\w+)>/g)].map(([, fixed = '', slot = '']) => {
    if (!isSlot(slot)) throw new Error(`frame layout: no slot ${slot}`);
    return { text: Uint8Array.from(fixed, (char) => char.charCodeAt(0)), slot };
  });
}

function isSlot(name: string): name is FrameSlot {
  return slots.includes(name);
}
