import type { GatewayBoard } from '../../src/runtime/live/gateway-board.ts';

/** Places of the gateway's board that it does not use itself: what the real venue was handed. Times on the shared clock, microseconds. */
const places = { sends: 12, cancels: 13, firstCancelAt: 14, lastCancelAt: 15 } as const;

/** What a measured gateway writes about its real venue, and the bench reads. */
export class WireStamps {
  readonly #numbers: Float64Array;

  constructor(board: GatewayBoard) {
    this.#numbers = new Float64Array(board.memory);
  }

  get(what: keyof typeof places): number {
    return this.#numbers[places[what]];
  }

  sent(): void {
    this.#numbers[places.sends]++;
  }

  canceled(at: number): void {
    if (this.#numbers[places.cancels]++ === 0) this.#numbers[places.firstCancelAt] = at;
    this.#numbers[places.lastCancelAt] = at;
  }

  /** Another repetition begins; nothing is on its way. */
  clear(): void {
    for (const place of Object.values(places)) this.#numbers[place] = 0;
  }
}
