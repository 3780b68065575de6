/** 00 … 99. */
const twoDigits: readonly string[] = Array.from({ length: 100 }, (_, n) => `${n < 10 ? '0' : ''}${n}`);

/**
 * Texts of a venue's numbers, which grow by one: `SIM-1`, `SIM-2`, … A text is what a hundred numbers have in common, made once, and its last two digits: the
 * digits of a whole number anew cost more than the rest of a report.
 */
export class NumberedTexts {
  readonly #stem: string;
  #hundreds = 0;
  #common: string;

  constructor(stem: string) {
    this.#stem = stem;
    this.#common = stem;
  }

  /** @param number whole, 0 or above. */
  of(number: number): string {
    if (number < 100) return `${this.#stem}${number}`;
    const hundreds = Math.floor(number / 100);
    if (hundreds !== this.#hundreds) {
      this.#hundreds = hundreds;
      this.#common = `${this.#stem}${hundreds}`;
    }
    return this.#common + twoDigits[number - hundreds * 100];
  }
}
