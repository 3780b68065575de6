import { isFields, type SessionFrame, type SessionParser } from './session-frame.ts';

/** Bitstamp WebSocket v2, channels diff_order_book and live_trades. Changes carry a time in microseconds that rises; the snapshot is a REST call that sessions do not hold. */
export const bitstamp: SessionParser = {
  sequence: 'rising',
  checksum: 'none',
  countsTrades: false,
  depth: Infinity,
  parse(message, read) {
    if (!isFields(message)) return [];
    const channel = read.text(message['channel'] ?? '', 'channel');
    const symbol = channel.slice(channel.lastIndexOf('_') + 1);
    if (message['event'] === 'data' && channel.startsWith('diff_order_book_')) {
      const body = read.fields(message['data'], 'data');
      const eventTime = read.whole(body['microtimestamp'], 'microtimestamp');
      const sides = { bids: read.levels(body['bids'], 'bids'), asks: read.levels(body['asks'], 'asks') };
      return [{ kind: 'book', symbol, snapshot: false, ...sides, eventTime, feedSeq: eventTime, previousSeq: 0 }];
    }
    if (message['event'] !== 'trade' || !channel.startsWith('live_trades_')) return [];
    const body = read.fields(message['data'], 'data');
    const trade: SessionFrame = {
      kind: 'trade',
      symbol,
      price: read.text(body['price_str'], 'price_str'),
      qty: read.text(body['amount_str'], 'amount_str'),
      // 0 = a buyer took from the book
      aggressor: read.whole(body['type'], 'type') === 0 ? 'buy' : 'sell',
      tradeID: read.whole(body['id'], 'id'),
      eventTime: read.whole(body['microtimestamp'], 'microtimestamp'),
    };
    return [trade];
  },
};
