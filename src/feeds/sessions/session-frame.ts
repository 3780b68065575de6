/** Price and quantity as the venue writes them; a quantity of 0 removes the level. */
export type TextLevel = readonly [price: string, qty: string];

export type SessionFrame =
  | {
      readonly kind: 'book';
      readonly symbol: string;
      readonly snapshot: boolean;
      readonly bids: readonly TextLevel[];
      readonly asks: readonly TextLevel[];
      /** Venue's time, microseconds; 0 = the frame has none. */
      readonly eventTime: number;
      /** The venue's number of the frame; 0 = none. */
      readonly feedSeq: number;
      /** Number of the frame before it of the same symbol, where frames say so; 0 = none. */
      readonly previousSeq: number;
      /** CRC-32 of the book after this frame, without sign, where frames carry one. */
      readonly checksum?: number;
    }
  | {
      readonly kind: 'trade';
      readonly symbol: string;
      readonly price: string;
      readonly qty: string;
      readonly aggressor: 'buy' | 'sell';
      /** 0 = the venue has no numbers of trades. */
      readonly tradeID: number;
      readonly eventTime: number;
    }
  | {
      readonly kind: 'quote';
      readonly symbol: string;
      readonly bid: string;
      readonly bidQty: string;
      readonly ask: string;
      readonly askQty: string;
      readonly eventTime: number;
      readonly feedSeq: number;
    };

/** What a venue's frames say about the order of a symbol's book frames: a link to the one before, a number that rises, or nothing. */
export type SequenceRule = 'linked' | 'rising' | 'none';
/** What a checksum is made of. */
export type ChecksumRule = 'kraken' | 'okx' | 'none';

/** Reads the frames of one venue. */
export interface SessionParser {
  readonly sequence: SequenceRule;
  readonly checksum: ChecksumRule;
  /** Numbers of a symbol's trades go up by one. */
  readonly countsTrades: boolean;
  /** Levels of a side that the subscription keeps; worse ones are forgotten. */
  readonly depth: number;
  /** Frames of one message; none for what is neither book, trade nor quote. Faults stand in `read`. */
  parse(message: unknown, read: FieldReader): readonly SessionFrame[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Most levels or trades of one message. */
export const maxListLength = 20_000;

/** Takes fields apart and remembers the first that is not what it should be. */
export class FieldReader {
  fault = '';

  fields(value: unknown, name: string): Fields {
    if (isFields(value)) return value;
    return this.#refuse(name, 'an object', value, {});
  }

  list(value: unknown, name: string): readonly unknown[] {
    if (Array.isArray(value) && value.length <= maxListLength) return value as readonly unknown[];
    return this.#refuse(name, `a list of at most ${maxListLength}`, value, []);
  }

  /** A text, or a number in the text that JSON writes for it. */
  text(value: unknown, name: string): string {
    if (typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : this.#refuse(name, 'a text', value, '');
  }

  /** A whole number, as such or in digits. */
  whole(value: unknown, name: string): number {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? Number(number) : this.#refuse(name, 'a whole number', value, 0);
  }

  side(value: unknown, name: string): 'buy' | 'sell' {
    const side = typeof value === 'string' ? value.toLowerCase() : value;
    return side === 'buy' || side === 'sell' ? side : this.#refuse(name, 'buy or sell', value, 'buy');
  }

  /** `[price, qty, …]` of each element. */
  levels(value: unknown, name: string): TextLevel[] {
    return this.list(value, name).map((one) => {
      const level = this.list(one, name);
      return [this.text(level[0], name), this.text(level[1], name)];
    });
  }

  #refuse<T>(name: string, expected: string, value: unknown, instead: T): T {
    const was = value === undefined ? 'absent' : JSON.stringify(value).slice(0, 60);
    if (this.fault === '') this.fault = `${name}: expected ${expected}, was ${was}`;
    return instead;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
