import { assert } from '../../base/assert.ts';
import type { ByteTarget } from '../../domain/schema/byte-target.ts';
import type { Payload } from '../../domain/schema/wire.ts';
import type { Doorbell } from './doorbell.ts';

/** Smallest and largest ring (bytes, powers of two). */
export const minRingBytes = 256;
export const maxRingBytes = 1 << 27;

/** Bytes before the messages: how far was written and how far was read, each on lines that nothing else touches. */
const headBytes = 512;
const writtenWord = 0;
const readWord = 64;
/** Before each message: u32 length of its payload, u32 type. Messages begin at multiples of 8. */
const messageHead = 8;
/** Type of the filler up to the end of the ring. */
const filler = 0;

/** Memory of one ring, handed to its writer and its reader. */
export function createRingMemory(bytes: number): SharedArrayBuffer {
  const fits = bytes >= minRingBytes && bytes <= maxRingBytes && (bytes & (bytes - 1)) === 0;
  if (!fits) throw new RangeError(`ring: expected a power of two from ${minRingBytes} to ${maxRingBytes} bytes, was ${bytes}`);
  return new SharedArrayBuffer(headBytes + bytes);
}

interface Parts {
  readonly heads: Int32Array;
  readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** In units of 8 bytes. */
  readonly units: number;
}

function partsOf(memory: SharedArrayBuffer): Parts {
  return {
    heads: new Int32Array(memory, 0, headBytes / 4),
    words: new Uint32Array(memory, headBytes),
    bytes: new Uint8Array(memory, headBytes),
    view: new DataView(memory, headBytes),
    units: (memory.byteLength - headBytes) / 8,
  };
}

/**
 * The one writer of a ring. A message is claimed, encoded in place and committed; `publish` shows everything committed so far to the reader at once.
 * Positions count units of 8 bytes and wrap at 2^32.
 */
export class RingWriter implements ByteTarget {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #heads: Int32Array;
  readonly #words: Uint32Array;
  readonly #units: number;
  readonly #bell: Doorbell;
  #written: number;
  #published: number;
  /** How far its reader was woken for. */
  #rung: number;
  /** How far the reader was when we last looked. */
  #read: number;
  #claimed = -1;
  #claimEnd = 0;
  /** Claims that found no room. */
  refused = 0;

  constructor(memory: SharedArrayBuffer, bell: Doorbell) {
    const { heads, words, bytes, view, units } = partsOf(memory);
    this.#heads = heads;
    this.#words = words;
    this.bytes = bytes;
    this.view = view;
    this.#units = units;
    this.#bell = bell;
    this.#written = this.#published = this.#rung = Atomics.load(heads, writtenWord);
    this.#read = Atomics.load(heads, readWord);
  }

  /** Largest payload that always finds room in an empty ring (bytes). */
  get maxPayload(): number {
    return this.#units * 4 - messageHead;
  }

  /** Units of 8 bytes that the reader has not taken yet. */
  get lag(): number {
    this.#read = Atomics.load(this.#heads, readWord);
    return (this.#written - this.#read) | 0;
  }

  /** Share of the ring that waits for its reader, 0…1. */
  get fill(): number {
    return this.lag / this.#units;
  }

  /** Room for a payload of at most `bytes`. @returns where it begins, or -1: the ring is full, nothing was changed. */
  claim(bytes: number): number {
    assert(this.#claimed < 0, 'ring: one claim at a time');
    assert(bytes <= this.maxPayload, 'ring: a message is at most half of its ring');
    const need = 1 + ((bytes + 7) >>> 3);
    const place = (this.#written >>> 0) % this.#units;
    const toEnd = this.#units - place;
    const whole = need > toEnd ? toEnd + need : need;
    if (whole > this.#units - ((this.#written - this.#read) | 0) && whole > this.#units - this.lag) {
      this.refused++;
      return -1;
    }
    let start = place;
    if (need > toEnd) {
      this.#words[place * 2] = toEnd * 8 - messageHead;
      this.#words[place * 2 + 1] = filler;
      this.#written = (this.#written + toEnd) | 0;
      start = 0;
    }
    this.#claimed = start;
    this.#claimEnd = (start + need) * 8;
    return start * 8 + messageHead;
  }

  /** ByteTarget: what is encoded stays within its claim. */
  reserve(end: number): void {
    if (end > this.#claimEnd) throw new RangeError(`ring: expected a message up to byte ${this.#claimEnd}, was ${end}`);
  }

  /** Ends the claim: `end` is the offset behind the payload. */
  commit(type: number, end: number): void {
    const start = this.#claimed;
    assert(start >= 0 && type !== filler && end <= this.#claimEnd, 'ring: a commit ends its claim');
    const length = end - start * 8 - messageHead;
    this.#words[start * 2] = length;
    this.#words[start * 2 + 1] = type;
    this.#written = (this.#written + 1 + ((length + 7) >>> 3)) | 0;
    this.#claimed = -1;
  }

  /** Gives a claim back unused. */
  abandon(): void {
    this.#claimed = -1;
  }

  /** Shows everything committed to the reader and wakes it if it sleeps. */
  publish(): void {
    this.show();
    if (this.#rung === this.#written) return;
    this.#rung = this.#written;
    this.#bell.ring();
  }

  /** Shows everything committed to a reader that need not be woken for it. */
  show(): void {
    if (this.#published === this.#written) return;
    this.#published = this.#written;
    Atomics.store(this.#heads, writtenWord, this.#written);
  }
}

/** Takes one message; the payload is only valid during the call. False: no further one in this turn. */
export type TakeMessage = (type: number, payload: Payload, at: number) => unknown;

/** The one reader of a ring. A reader that died in a message is followed by one that begins with that message again: nothing is lost or half-read. */
export class RingReader {
  readonly #heads: Int32Array;
  readonly #words: Uint32Array;
  readonly #units: number;
  readonly #payload: { -readonly [K in keyof Payload]: Payload[K] };
  #read: number;

  constructor(memory: SharedArrayBuffer) {
    const { heads, words, bytes, view, units } = partsOf(memory);
    this.#heads = heads;
    this.#words = words;
    this.#units = units;
    this.#payload = { bytes, view, end: 0 };
    this.#read = Atomics.load(heads, readWord);
  }

  get empty(): boolean {
    return Atomics.load(this.#heads, writtenWord) === this.#read;
  }

  /** Takes what was published when it began, at most `limit` messages. @returns how many. */
  poll(take: TakeMessage, limit: number): number {
    const written = Atomics.load(this.#heads, writtenWord);
    let taken = 0;
    try {
      while (this.#read !== written && taken < limit) {
        const place = (this.#read >>> 0) % this.#units;
        const length = this.#words[place * 2];
        const type = this.#words[place * 2 + 1];
        let goOn: unknown = true;
        if (type !== filler) {
          const at = place * 8 + messageHead;
          this.#payload.end = at + length;
          goOn = take(type, this.#payload, at);
          taken++;
        }
        this.#read = (this.#read + 1 + ((length + 7) >>> 3)) | 0;
        if (goOn === false) break;
      }
    } finally {
      // also when `take` threw: what it finished is free, its own message stays
      Atomics.store(this.#heads, readWord, this.#read);
    }
    return taken;
  }
}
