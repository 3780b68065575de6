/** Without a terminal at most so many lines tell how far it is. */
const plainLines = 20;
/** Milliseconds between two updates of a terminal's line. */
const updateMillis = 100;
/** Of a terminal that does not say how wide it is. */
const usualWidth = 80;

/** How far a long command is, on standard error: one line that changes on a terminal, some plain lines elsewhere, nothing when silent. */
export class Progress {
  readonly #verb: string;
  readonly #silent: boolean;
  #shown = 0;
  #shownAt = 0;
  #wide = 0;

  constructor(verb: string, silent: boolean) {
    this.#verb = verb;
    this.#silent = silent;
  }

  at(done: number, total: number, what: string): void {
    if (this.#silent) return;
    const text = `${this.#verb} ${done}/${total} ${what}`;
    if (process.stderr.isTTY) this.#onTerminal(text, done === total);
    else if (done === total || Math.floor((done * plainLines) / total) > this.#shown) {
      this.#shown = Math.floor((done * plainLines) / total);
      process.stderr.write(`${text}\n`);
    }
  }

  #onTerminal(text: string, isLast: boolean): void {
    const now = performance.now();
    if (!isLast && now - this.#shownAt < updateMillis) return;
    this.#shownAt = now;
    const width = process.stderr.columns > 1 ? process.stderr.columns : usualWidth;
    const line = text.slice(0, width - 1);
    process.stderr.write(`\r${line.padEnd(this.#wide)}${isLast ? '\n' : ''}`);
    this.#wide = line.length;
  }
}
