/** A second signal this soon is the same key press, passed on by whoever started us (ms). */
const samePress = 500;

/** Ctrl-C and TERM ask for a good end; pressed again later, the process ends at once. */
export class Interrupt {
  asked = false;
  #firstAt = 0;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#press());
  }

  #press(): void {
    if (this.asked && performance.now() - this.#firstAt > samePress) process.exit(130);
    if (!this.asked) this.#firstAt = performance.now();
    this.asked = true;
  }
}
