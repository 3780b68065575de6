import type { MarketEvent } from '../../domain/market.ts';
import { Column, mostBytes, writeColumn } from './column.ts';
import {
  aggressorCodes,
  chunkColumns,
  chunkEvents,
  chunkLevels,
  conditionCodes,
  kindCodes,
  maxEventLevels,
  maxTextLength,
  type ChunkColumn,
} from './format.ts';

type Columns = Readonly<Record<ChunkColumn, Column>>;

/** Events of one chunk while it fills, column by column. */
export class ChunkColumns {
  readonly #columns: Columns = emptyColumns();
  readonly #encoder = new TextEncoder();
  #texts: Uint8Array[] = [];
  #textBytes = 0;

  get events(): number {
    return this.#columns.kind.count;
  }

  get levels(): number {
    return this.#columns.levelSide.count;
  }

  get full(): boolean {
    return this.events >= chunkEvents || this.levels >= chunkLevels;
  }

  get firstAt(): number {
    return this.#columns.receivedAt.values[0];
  }

  get lastAt(): number {
    return this.#columns.receivedAt.values[this.events - 1];
  }

  clear(): void {
    for (const name of chunkColumns) this.#columns[name].count = 0;
    this.#texts = [];
    this.#textBytes = 0;
  }

  add(event: MarketEvent, source: number): void {
    const c = this.#columns;
    c.kind.push(kindCodes[event.kind]);
    c.source.push(source);
    c.eventSeq.push(event.eventSeq);
    c.feedSeq.push(event.feedSeq);
    c.eventTime.push(event.eventTime);
    c.receivedAt.push(event.receivedAt);
    switch (event.kind) {
      case 'quote':
        c.bid.push(event.bid);
        c.bidQty.push(event.bidQty);
        c.ask.push(event.ask);
        c.askQty.push(event.askQty);
        return;
      case 'trade':
        c.price.push(event.price);
        c.qty.push(event.qty);
        c.aggressor.push(aggressorCodes[event.aggressor]);
        c.tradeID.push(event.tradeID);
        return;
      case 'book': {
        const { count, sides, prices, qtys } = event;
        if (count > maxEventLevels)
          throw new RangeError(`capture: expected at most ${maxEventLevels} levels in one book event, was ${count}`);
        c.bookCount.push(count);
        c.snapshot.push(event.snapshot ? 1 : 0);
        for (let i = 0; i < count; i++) {
          c.levelSide.push(sides[i]);
          c.levelPrice.push(prices[i]);
          c.levelQty.push(qtys[i]);
        }
        return;
      }
      case 'bar':
        c.interval.push(event.interval);
        c.open.push(event.open);
        c.high.push(event.high);
        c.low.push(event.low);
        c.close.push(event.close);
        c.volume.push(event.volume);
        return;
      case 'feedStatus': {
        const text = this.#encoder.encode(event.text.slice(0, maxTextLength));
        c.condition.push(conditionCodes[event.condition]);
        c.value.push(event.value);
        c.textBytes.push(text.length);
        this.#texts.push(text);
        this.#textBytes += text.length;
        return;
      }
    }
  }

  /** Room that the body needs at most. */
  mostBytes(): number {
    let bytes = 16 + this.#textBytes;
    for (const name of chunkColumns) bytes += mostBytes(this.#columns[name]);
    return bytes;
  }

  /** Writes the body at a place that is a multiple of 8. @returns the place after it. */
  write(target: Uint8Array, from: number): number {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    let at = from;
    for (const name of chunkColumns) at = writeColumn(view, at, this.#columns[name]);
    view.setUint32(at, this.#textBytes, true);
    view.setUint32(at + 4, 0, true);
    at += 8;
    for (const text of this.#texts) {
      target.set(text, at);
      at += text.length;
    }
    const end = Math.ceil(at / 8) * 8;
    target.fill(0, at, end);
    return end;
  }
}

function emptyColumns(): Columns {
  const column = (): Column => new Column();
  return {
    kind: column(),
    source: column(),
    eventSeq: column(),
    feedSeq: column(),
    eventTime: column(),
    receivedAt: column(),
    bid: column(),
    bidQty: column(),
    ask: column(),
    askQty: column(),
    price: column(),
    qty: column(),
    aggressor: column(),
    tradeID: column(),
    bookCount: column(),
    snapshot: column(),
    interval: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    condition: column(),
    value: column(),
    textBytes: column(),
    levelSide: column(),
    levelPrice: column(),
    levelQty: column(),
  };
}
