/** Least distance of two looks in a terminal, and of two lines elsewhere (ms). */
const terminalEvery = 100;
const lineEvery = 5_000;

/** How far a search is, on standard error: one line that moves in a terminal, now and then a plain line elsewhere, nothing when `quiet`. */
export class SearchProgress {
  readonly #what: string;
  readonly #total: number;
  readonly #quiet: boolean;
  readonly #moving = process.stderr.isTTY;
  readonly #beganAt = performance.now();
  #first = -1;
  #saidAt = performance.now();
  #shown = false;

  constructor(what: string, total: number, quiet: boolean) {
    this.#what = what;
    this.#total = total;
    this.#quiet = quiet;
  }

  readonly update = (done: number): void => {
    if (this.#first < 0) this.#first = done;
    const now = performance.now();
    if (this.#quiet || now - this.#saidAt < (this.#moving ? terminalEvery : lineEvery)) return;
    this.#saidAt = now;
    this.#shown = true;
    const rate = ((done - this.#first) / (now - this.#beganAt)) * 1_000;
    const left = rate > 0 ? `, ${Math.ceil((this.#total - done) / rate)} s left` : '';
    const text = `${this.#what}: ${done} of ${this.#total}, ${Math.floor((100 * done) / this.#total)} %, ${rate.toFixed(1)}/s${left}`;
    process.stderr.write(this.#moving ? `\r\u001b[K${text}` : `${text}\n`);
  };

  /** Takes the moving line away. */
  end(): void {
    if (this.#moving && this.#shown) process.stderr.write('\r\u001b[K');
  }
}
