/** How a venue minds a session that is gone (`deadManSwitch` of its capabilities); microseconds. */
export interface DeadManTerms {
  /** From the last sign of life to the end of every order, where there is a timer; the adapter renews it as long as the session stands. */
  readonly timer: number;
  /** From the end of a session that the desk has dropped to the next one. */
  readonly back: number;
}

export const usualDeadMan: DeadManTerms = { timer: 500_000, back: 1_000_000 };

/** The venue's side of a lost session: when it takes every order of the desk back by itself. */
export class DeadMan {
  readonly #kind: 'none' | 'session' | 'timer';
  readonly #terms: DeadManTerms;
  /** When the orders end; Infinity = the session stands, or nobody minds it. */
  #due = Infinity;
  /** Until when nothing of the old session is taken in any more, once its orders have ended. */
  #closedUntil = -Infinity;
  #lostAt = -Infinity;
  #backAt = -Infinity;

  constructor(kind: 'none' | 'session' | 'timer', terms: DeadManTerms) {
    this.#kind = kind;
    this.#terms = terms;
  }

  get dueAt(): number {
    return this.#due;
  }

  /**
   * The session ends at `at` and is back at `until`: at once with it, or when its timer was not renewed in time, the orders end. One that was gone already has given no
   * sign of life since then, and is back when the longer of both outages is over.
   */
  lost(at: number, until: number): void {
    if (at >= this.#backAt) this.#lostAt = at;
    this.#backAt = Math.max(this.#backAt, until);
    if (this.#kind === 'session') this.#due = Math.min(this.#due, at);
    const runsOut = this.#lostAt + this.#terms.timer;
    if (this.#kind === 'timer' && runsOut < this.#backAt) this.#due = Math.min(this.#due, Math.max(at, runsOut));
  }

  /** The desk asks for no further time. */
  letRunOut(at: number): void {
    this.#due = Math.min(this.#due, at + this.#terms.timer);
  }

  /** Whether what arrives at `at` is of a session whose orders have ended. */
  isClosed(at: number): boolean {
    return at < this.#closedUntil;
  }

  /** When a session that the desk ends at `at` is back. */
  backAt(at: number): number {
    return at + this.#terms.back;
  }

  /** It has gone off. */
  done(): void {
    this.#due = Infinity;
    this.#closedUntil = this.#backAt;
  }
}
