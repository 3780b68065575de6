import { isFields, type FieldReader, type SessionFrame, type SessionParser, type TextLevel } from './session-frame.ts';

/** Bybit linear perpetuals of 2021, topics orderBookL2_25 and trade. Book frames carry cross_seq, which rises within a symbol. */
export const bybit: SessionParser = {
  sequence: 'rising',
  checksum: 'none',
  countsTrades: false,
  depth: Infinity,
  parse(message, read) {
    if (!isFields(message) || typeof message['topic'] !== 'string') return [];
    const [topic, symbol] = message['topic'].split('.');
    if (topic.startsWith('orderBookL2_')) return [bookOf(symbol, message, read)];
    if (topic !== 'trade') return [];
    return read.list(message['data'], 'data').map((one) => tradeOf(symbol, read.fields(one, 'data'), read));
  },
};

type Fields = Readonly<Record<string, unknown>>;

function bookOf(symbol: string, message: Fields, read: FieldReader): SessionFrame {
  const body = read.fields(message['data'], 'data');
  const snapshot = message['type'] === 'snapshot';
  const bids: TextLevel[] = [];
  const asks: TextLevel[] = [];
  const take = (list: string, isDelete: boolean) => {
    for (const one of read.list(body[list], list)) {
      const level = read.fields(one, list);
      const side = read.side(level['side'], 'side') === 'buy' ? bids : asks;
      side.push([read.text(level['price'], 'price'), isDelete ? '0' : read.text(level['size'], 'size')]);
    }
  };
  if (snapshot) take('order_book', false);
  else {
    take('delete', true);
    take('update', false);
    take('insert', false);
  }
  const [feedSeq, eventTime] = [read.whole(message['cross_seq'], 'cross_seq'), read.whole(message['timestamp_e6'], 'timestamp_e6')];
  return { kind: 'book', symbol, snapshot, bids, asks, eventTime, feedSeq, previousSeq: 0 };
}

/** Trades are named by texts; they get no number. */
function tradeOf(symbol: string, trade: Fields, read: FieldReader): SessionFrame {
  const [price, qty] = [read.text(trade['price'], 'price'), read.text(trade['size'], 'size')];
  const eventTime = read.whole(trade['trade_time_ms'], 'trade_time_ms') * 1_000;
  return { kind: 'trade', symbol, price, qty, aggressor: read.side(trade['side'], 'side'), tradeID: 0, eventTime };
}
