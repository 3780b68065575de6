import { parseIso } from '../../base/time.ts';
import { isFields, type FieldReader, type SessionFrame, type SessionParser, type TextLevel } from './session-frame.ts';

/** Coinbase Exchange WebSocket feed, channels level2, matches and ticker. Book frames carry no number; a snapshot comes first. */
export const coinbase: SessionParser = {
  sequence: 'none',
  checksum: 'none',
  countsTrades: true,
  depth: Infinity,
  parse(message, read) {
    if (!isFields(message)) return [];
    switch (message['type']) {
      case 'snapshot':
        return [
          bookOf(
            read.text(message['product_id'], 'product_id'),
            true,
            read.levels(message['bids'], 'bids'),
            read.levels(message['asks'], 'asks'),
            0,
          ),
        ];
      case 'l2update': {
        const bids: TextLevel[] = [];
        const asks: TextLevel[] = [];
        for (const change of read.list(message['changes'], 'changes')) {
          const [side, price, qty] = read.list(change, 'changes');
          (read.side(side, 'changes') === 'buy' ? bids : asks).push([read.text(price, 'changes'), read.text(qty, 'changes')]);
        }
        return [bookOf(read.text(message['product_id'], 'product_id'), false, bids, asks, timeOf(message['time'], read))];
      }
      case 'match':
        return [tradeOf(message, read)];
      default:
        return [];
    }
  },
};

function bookOf(
  symbol: string,
  snapshot: boolean,
  bids: readonly TextLevel[],
  asks: readonly TextLevel[],
  eventTime: number,
): SessionFrame {
  return { kind: 'book', symbol, snapshot, bids, asks, eventTime, feedSeq: 0, previousSeq: 0 };
}

/** `side` is that of the order that stood in the book. */
function tradeOf(match: Readonly<Record<string, unknown>>, read: FieldReader): SessionFrame {
  return {
    kind: 'trade',
    symbol: read.text(match['product_id'], 'product_id'),
    price: read.text(match['price'], 'price'),
    qty: read.text(match['size'], 'size'),
    aggressor: read.side(match['side'], 'side') === 'buy' ? 'sell' : 'buy',
    tradeID: read.whole(match['trade_id'], 'trade_id'),
    eventTime: timeOf(match['time'], read),
  };
}

function timeOf(value: unknown, read: FieldReader): number {
  const parsed = parseIso(read.text(value, 'time'));
  if (!parsed.ok && read.fault === '') read.fault = `time: expected an ISO time, was ${String(value)}`;
  return parsed.ok ? parsed.value : 0;
}
