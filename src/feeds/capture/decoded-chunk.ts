import { ColumnCursor } from './column.ts';
import { aggressorCodes, chunkColumns, chunkEvents, conditionCodes, kindCodes, maxChunkLevels, type ChunkColumn } from './format.ts';

const firstLevels = 4_096;

type Read = Readonly<Record<Exclude<ChunkColumn, ByteColumn>, Float64Array>> & Readonly<Record<ByteColumn, Uint8Array>>;
type ByteColumn = 'kind' | 'source' | 'aggressor' | 'snapshot' | 'condition' | 'levelSide';

/** One chunk, unpacked into arrays that are used again for the next. */
export class DecodedChunk {
  columns: Read = emptyColumns(firstLevels);
  events = 0;
  /** UTF-8 of the status texts, one after another. */
  texts: Uint8Array = new Uint8Array(0);

  /** Unpacks a body and checks that its columns fit together. @throws RangeError with what does not. */
  decode(body: Uint8Array, events: number, sources: number): void {
    const cursor = new ColumnCursor(body);
    const counts = new Map<ChunkColumn, number>();
    for (const name of chunkColumns) {
      if (name === 'levelSide') this.#makeRoom(cursor.nextCount());
      counts.set(name, cursor.read(this.columns[name]));
    }
    this.events = events;
    this.#check(counts, sources);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (cursor.at + 8 > body.length) throw new RangeError('the chunk ends before its texts');
    const length = view.getUint32(cursor.at, true);
    if (cursor.at + 8 + length > body.length) throw new RangeError('the chunk ends within its texts');
    this.texts = body.subarray(cursor.at + 8, cursor.at + 8 + length);
    const told = sum(this.columns.textBytes, counts.get('textBytes') ?? 0);
    if (told !== length) throw new RangeError(`expected texts of ${told} bytes, was ${length}`);
  }

  /** The arrays of levels grow to the deepest chunk and stay. */
  #makeRoom(levels: number): void {
    let room = this.columns.levelSide.length;
    if (levels <= room || levels > maxChunkLevels) return;
    while (room < levels) room *= 2;
    this.columns = { ...this.columns, ...levelColumns(Math.min(room, maxChunkLevels)) };
  }

  #check(counts: ReadonlyMap<ChunkColumn, number>, sources: number): void {
    const { kind, source, receivedAt, bookCount, aggressor, condition } = this.columns;
    const { events } = this;
    const of = [0, 0, 0, 0, 0];
    const expect = (name: ChunkColumn, count: number): void => {
      if (counts.get(name) !== count) throw new RangeError(`expected ${count} values of ${name}, was ${counts.get(name)}`);
    };
    expect('kind', events);
    for (let i = 0; i < events; i++) {
      if (kind[i] >= of.length) throw new RangeError(`expected a kind of 0…${of.length - 1}, was ${kind[i]}`);
      if (source[i] >= sources) throw new RangeError(`expected a source of 0…${sources - 1}, was ${source[i]}`);
      of[kind[i]]++;
      if (i > 0 && receivedAt[i] < receivedAt[i - 1]) throw new RangeError('expected events in order of receive time');
    }
    for (const name of ['source', 'eventSeq', 'feedSeq', 'eventTime', 'receivedAt'] as const) expect(name, events);
    for (const name of ['bid', 'bidQty', 'ask', 'askQty'] as const) expect(name, of[kindCodes.quote]);
    for (const name of ['price', 'qty', 'aggressor', 'tradeID'] as const) expect(name, of[kindCodes.trade]);
    for (const name of ['bookCount', 'snapshot'] as const) expect(name, of[kindCodes.book]);
    for (const name of ['interval', 'open', 'high', 'low', 'close', 'volume'] as const) expect(name, of[kindCodes.bar]);
    for (const name of ['condition', 'value', 'textBytes'] as const) expect(name, of[kindCodes.feedStatus]);
    mostOf('aggressor', aggressor, of[kindCodes.trade], Object.keys(aggressorCodes).length);
    mostOf('condition', condition, of[kindCodes.feedStatus], Object.keys(conditionCodes).length);
    const levels = sum(bookCount, of[kindCodes.book]);
    for (const name of ['levelSide', 'levelPrice', 'levelQty'] as const) expect(name, levels);
  }
}

function mostOf(name: ChunkColumn, values: Uint8Array, count: number, below: number): void {
  for (let i = 0; i < count; i++) if (values[i] >= below) throw new RangeError(`expected ${name} of 0…${below - 1}, was ${values[i]}`);
}

function sum(values: Float64Array, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += values[i];
  return total;
}

function levelColumns(room: number): Pick<Read, 'levelSide' | 'levelPrice' | 'levelQty'> {
  return { levelSide: new Uint8Array(room), levelPrice: new Float64Array(room), levelQty: new Float64Array(room) };
}

function emptyColumns(levels: number): Read {
  const one = (): Float64Array => new Float64Array(chunkEvents);
  const byte = (): Uint8Array => new Uint8Array(chunkEvents);
  return {
    kind: byte(),
    source: byte(),
    eventSeq: one(),
    feedSeq: one(),
    eventTime: one(),
    receivedAt: one(),
    bid: one(),
    bidQty: one(),
    ask: one(),
    askQty: one(),
    price: one(),
    qty: one(),
    aggressor: byte(),
    tradeID: one(),
    bookCount: one(),
    snapshot: byte(),
    interval: one(),
    open: one(),
    high: one(),
    low: one(),
    close: one(),
    volume: one(),
    condition: byte(),
    value: one(),
    textBytes: one(),
    ...levelColumns(levels),
  };
}
