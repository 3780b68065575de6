import type { BinanceMarket } from './symbols.ts';

/** The numbers of a depth frame: first and last update in it, and the last one of the frame before (USD-M only). */
export interface DepthNumbers {
  readonly firstID: number;
  readonly lastID: number;
  readonly previousID: number;
}

/** apply: follows on; wait: no snapshot to stand on yet; old: is in the book already; gap: something is missing before it. */
export type DepthVerdict = 'apply' | 'wait' | 'old' | 'gap';

/**
 * Sequence rules of the diff depth streams as the venue documents them. A snapshot stands at L. USD-M: frames with `u < L` are in it, the first one to apply
 * has `U <= L <= u`, from then on `pu` is the `u` before. Update numbers of USD-M are shared by all symbols, so L may also fall between two frames: `pu <= L`
 * joins as well. Spot: frames with `u <= L` are in it, the first has `U <= L + 1 <= u`, from then on `U` is the `u` before plus one.
 */
export class DepthSequence {
  readonly #market: BinanceMarket;
  #state: 'waiting' | 'atSnapshot' | 'following' = 'waiting';
  /** L at a snapshot, afterwards `u` of the last frame. */
  #lastID = 0;

  constructor(market: BinanceMarket) {
    this.#market = market;
  }

  get waiting(): boolean {
    return this.#state === 'waiting';
  }

  get lastID(): number {
    return this.#lastID;
  }

  /** A snapshot was taken over. */
  stand(lastID: number): void {
    this.#state = 'atSnapshot';
    this.#lastID = lastID;
  }

  /** Nothing is believed until the next snapshot. */
  lose(): void {
    this.#state = 'waiting';
  }

  /** Judges a frame; `apply` moves on to it, the other verdicts change nothing. */
  judge(frame: DepthNumbers): DepthVerdict {
    switch (this.#state) {
      case 'waiting':
        return 'wait';
      case 'atSnapshot':
        if (this.#inSnapshot(frame)) return 'old';
        if (!this.joins(frame, this.#lastID)) return 'gap';
        break;
      case 'following':
        if (frame.lastID <= this.#lastID) return 'old';
        if (this.#market === 'usdm' ? frame.previousID !== this.#lastID : frame.firstID !== this.#lastID + 1) return 'gap';
        break;
    }
    this.#state = 'following';
    this.#lastID = frame.lastID;
    return 'apply';
  }

  #inSnapshot(frame: DepthNumbers): boolean {
    return this.#market === 'usdm' ? frame.lastID < this.#lastID : frame.lastID <= this.#lastID;
  }

  /** True when nothing is missing between a snapshot at `lastID` and the frame. */
  joins(frame: DepthNumbers, lastID: number): boolean {
    return this.#market === 'usdm' ? frame.firstID <= lastID || frame.previousID <= lastID : frame.firstID <= lastID + 1;
  }

  /** True when the second frame is the one after the first. */
  follows(first: DepthNumbers, second: DepthNumbers): boolean {
    return this.#market === 'usdm' ? second.previousID === first.lastID : second.firstID === first.lastID + 1;
  }

  /** What the gap before a frame is, in words. */
  gapText(frame: DepthNumbers): string {
    if (this.#state === 'atSnapshot')
      return `expected U of at most ${this.#lastID + (this.#market === 'usdm' ? 0 : 1)} after the snapshot, was ${frame.firstID}`;
    if (this.#market === 'usdm') return `expected pu ${this.#lastID}, was ${frame.previousID}`;
    return `expected U ${this.#lastID + 1}, was ${frame.firstID}`;
  }

  /** Updates that are missing before a frame; 0 = not known (USD-M numbers are shared by all symbols). */
  missing(frame: DepthNumbers): number {
    return this.#market === 'spot' && frame.firstID > this.#lastID + 1 ? frame.firstID - this.#lastID - 1 : 0;
  }
}
