import { isFields, type FieldReader, type SessionFrame, type SessionParser } from './session-frame.ts';

/** OKX WebSocket v5, channels books, trades and tickers. Book frames carry the CRC-32 of the 25 best levels, as a signed number. */
export const okx: SessionParser = {
  sequence: 'none',
  checksum: 'okx',
  countsTrades: true,
  depth: 400,
  parse(message, read) {
    if (!isFields(message) || !('data' in message)) return [];
    const { channel, instId } = read.fields(message['arg'], 'arg');
    const symbol = read.text(instId, 'instId');
    const items = read.list(message['data'], 'data').map((one) => read.fields(one, 'data'));
    switch (channel) {
      case 'books':
        return items.map((item) => bookOf(symbol, message['action'] === 'snapshot', item, read));
      case 'trades':
        return items.map((item) => tradeOf(symbol, item, read));
      case 'tickers':
        return items.map((item) => quoteOf(symbol, item, read));
      default:
        return [];
    }
  },
};

type Item = Readonly<Record<string, unknown>>;

function bookOf(symbol: string, snapshot: boolean, item: Item, read: FieldReader): SessionFrame {
  const sides = { bids: read.levels(item['bids'], 'bids'), asks: read.levels(item['asks'], 'asks') };
  const eventTime = read.whole(item['ts'], 'ts') * 1_000;
  const checksum = read.whole(item['checksum'], 'checksum') >>> 0;
  return { kind: 'book', symbol, snapshot, ...sides, eventTime, feedSeq: 0, previousSeq: 0, checksum };
}

function tradeOf(symbol: string, item: Item, read: FieldReader): SessionFrame {
  const [price, qty] = [read.text(item['px'], 'px'), read.text(item['sz'], 'sz')];
  const [tradeID, eventTime] = [read.whole(item['tradeId'], 'tradeId'), read.whole(item['ts'], 'ts') * 1_000];
  return { kind: 'trade', symbol, price, qty, aggressor: read.side(item['side'], 'side'), tradeID, eventTime };
}

function quoteOf(symbol: string, item: Item, read: FieldReader): SessionFrame {
  const [bid, bidQty, ask, askQty] = ['bidPx', 'bidSz', 'askPx', 'askSz'].map((name) => read.text(item[name], name));
  return { kind: 'quote', symbol, bid, bidQty, ask, askQty, eventTime: read.whole(item['ts'], 'ts') * 1_000, feedSeq: 0 };
}
