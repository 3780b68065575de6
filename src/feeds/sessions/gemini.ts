import { isFields, type FieldReader, type SessionFrame, type SessionParser, type TextLevel } from './session-frame.ts';

/** Gemini market data v2, subscription l2: the first l2_updates of a symbol brings the whole book and past trades (left out here), later ones its changes. */
export const gemini: SessionParser = {
  sequence: 'none',
  checksum: 'none',
  countsTrades: false,
  depth: Infinity,
  parse(message, read) {
    if (!isFields(message)) return [];
    if (message['type'] === 'l2_updates') {
      const bids: TextLevel[] = [];
      const asks: TextLevel[] = [];
      for (const change of read.list(message['changes'], 'changes')) {
        const [side, price, qty] = read.list(change, 'changes');
        (read.side(side, 'changes') === 'buy' ? bids : asks).push([read.text(price, 'changes'), read.text(qty, 'changes')]);
      }
      // only the first carries the list of past trades
      const snapshot = 'trades' in message;
      return [
        { kind: 'book', symbol: read.text(message['symbol'], 'symbol'), snapshot, bids, asks, eventTime: 0, feedSeq: 0, previousSeq: 0 },
      ];
    }
    return message['type'] === 'trade' ? [tradeOf(message, read)] : [];
  },
};

function tradeOf(trade: Readonly<Record<string, unknown>>, read: FieldReader): SessionFrame {
  return {
    kind: 'trade',
    symbol: read.text(trade['symbol'], 'symbol'),
    price: read.text(trade['price'], 'price'),
    qty: read.text(trade['quantity'], 'quantity'),
    aggressor: read.side(trade['side'], 'side'),
    tradeID: read.whole(trade['event_id'], 'event_id'),
    eventTime: read.whole(trade['timestamp'], 'timestamp') * 1_000,
  };
}
