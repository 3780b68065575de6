import { isFields, type FieldReader, type SessionFrame, type SessionParser } from './session-frame.ts';

/** Binance USD-M futures of 2021, streams depth@100ms, bookTicker and aggTrade. Depth frames name the one before them (`pu`); the snapshot is a REST call that sessions do not hold. */
export const binanceFutures: SessionParser = {
  sequence: 'linked',
  checksum: 'none',
  countsTrades: true,
  depth: Infinity,
  parse(message, read) {
    if (!isFields(message) || typeof message['stream'] !== 'string') return [];
    const body = read.fields(message['data'], 'data');
    const symbol = read.text(body['s'], 's');
    switch (body['e']) {
      case 'depthUpdate':
        return [depthOf(symbol, body, read)];
      case 'aggTrade':
        return [tradeOf(symbol, body, read)];
      case 'bookTicker':
        return [quoteOf(symbol, body, read)];
      default:
        return [];
    }
  },
};

type Fields = Readonly<Record<string, unknown>>;

function depthOf(symbol: string, body: Fields, read: FieldReader): SessionFrame {
  const sides = { bids: read.levels(body['b'], 'b'), asks: read.levels(body['a'], 'a') };
  const [feedSeq, previousSeq] = [read.whole(body['u'], 'u'), read.whole(body['pu'], 'pu')];
  return { kind: 'book', symbol, snapshot: false, ...sides, eventTime: read.whole(body['T'], 'T') * 1_000, feedSeq, previousSeq };
}

/** `m`: the buyer stood in the book. */
function tradeOf(symbol: string, body: Fields, read: FieldReader): SessionFrame {
  const [price, qty] = [read.text(body['p'], 'p'), read.text(body['q'], 'q')];
  const [tradeID, eventTime] = [read.whole(body['a'], 'a'), read.whole(body['T'], 'T') * 1_000];
  return { kind: 'trade', symbol, price, qty, aggressor: body['m'] === true ? 'sell' : 'buy', tradeID, eventTime };
}

function quoteOf(symbol: string, body: Fields, read: FieldReader): SessionFrame {
  const [bid, bidQty, ask, askQty] = ['b', 'B', 'a', 'A'].map((name) => read.text(body[name], name));
  return {
    kind: 'quote',
    symbol,
    bid,
    bidQty,
    ask,
    askQty,
    eventTime: read.whole(body['T'], 'T') * 1_000,
    feedSeq: read.whole(body['u'], 'u'),
  };
}
