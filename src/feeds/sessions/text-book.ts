import { crc32 } from '../../base/crc32.ts';
import type { ChecksumRule, TextLevel } from './session-frame.ts';

/** A level with the texts of the venue, which its checksums are made of. */
interface BookLevel {
  /** Whole price units of the symbol. */
  readonly price: number;
  readonly px: string;
  readonly qty: string;
}

const encoder = new TextEncoder();
/** Levels of each side in a checksum. */
const krakenLevels = 10;
const okxLevels = 25;

/** A book of limited depth that remembers how the venue wrote its levels. */
export class TextBook {
  readonly #depth: number;
  /** Best first. */
  readonly #bids: BookLevel[] = [];
  readonly #asks: BookLevel[] = [];

  constructor(depth: number) {
    this.#depth = depth;
  }

  clear(): void {
    this.#bids.length = 0;
    this.#asks.length = 0;
  }

  get levels(): number {
    return this.#bids.length + this.#asks.length;
  }

  /** Sets a level, or takes it away when its quantity is zero. */
  set(side: 0 | 1, price: number, [px, qty]: TextLevel, isZero: boolean): void {
    const levels = side === 0 ? this.#bids : this.#asks;
    const sign = side === 0 ? -1 : 1;
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sign * levels[middle].price < sign * price) low = middle + 1;
      else high = middle;
    }
    const isThere = levels[low]?.price === price;
    if (isZero) levels.splice(low, isThere ? 1 : 0);
    else levels.splice(low, isThere ? 1 : 0, { price, px, qty });
  }

  /** Forgets levels past the depth. @returns the prices that went. */
  cutTo(side: 0 | 1): number[] {
    const levels = side === 0 ? this.#bids : this.#asks;
    return levels.length > this.#depth ? levels.splice(this.#depth).map((level) => level.price) : [];
  }

  /** CRC-32 without sign, as the venue makes it. */
  checksum(rule: Exclude<ChecksumRule, 'none'>): number {
    return crc32(encoder.encode(rule === 'kraken' ? this.#krakenText() : this.#okxText()));
  }

  /** Ten asks, then ten bids: price and volume without point and leading zeros (Kraken, WebSocket v1, book checksum). */
  #krakenText(): string {
    const digits = (text: string) => text.replace('.', '').replace(/^0+/, '');
    return [...this.#asks.slice(0, krakenLevels), ...this.#bids.slice(0, krakenLevels)]
      .map(({ px, qty }) => digits(px) + digits(qty))
      .join('');
  }

  /** `bid price:quantity:ask price:quantity:…` level by level, 25 of each side (OKX, API v5, book checksum). */
  #okxText(): string {
    const parts: string[] = [];
    for (let i = 0; i < okxLevels; i++) {
      for (const level of [this.#bids[i], this.#asks[i]]) if (level !== undefined) parts.push(level.px, level.qty);
    }
    return parts.join(':');
  }
}
