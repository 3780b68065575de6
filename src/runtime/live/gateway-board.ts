const boardBytes = 128;
const places = {
  openOrders: 0,
  cancelsSent: 1,
  lastCancelAt: 2,
  killedAt: 3,
  turns: 4,
  waitingReports: 5,
  firstCancelAt: 6,
  coreTurns: 7,
} as const;
export type GatewayFact = keyof typeof places;

/** What the gateway says about itself in shared memory, and the core that it goes on (`coreTurns`): read by the main thread, also while neither answers. Each fact has one writer. Times are on the shared clock. */
export class GatewayBoard {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(boardBytes)) {
    this.memory = memory;
    this.#numbers = new Float64Array(memory);
  }

  set(fact: GatewayFact, value: number): void {
    this.#numbers[places[fact]] = value;
  }

  get(fact: GatewayFact): number {
    return this.#numbers[places[fact]];
  }

  add(fact: GatewayFact, more: number): void {
    this.#numbers[places[fact]] += more;
  }
}
