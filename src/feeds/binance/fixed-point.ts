/** How decimal texts of one listing become whole steps: digits after the point that are read, and how many of those units make one step. */
export interface StepScale {
  readonly scale: number;
  readonly unitsPerStep: number;
}

/** `"0.10"` -> read 1 digit, 1 unit per step; `"0.25"` -> 2 digits, 25 units. @throws RangeError when the step is no positive plain decimal. */
export function stepScale(step: string): StepScale {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(step);
  if (match === null) throw new RangeError(`step: expected a plain decimal, was ${step}`);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const units = Number(`${match[1]}${fraction}`);
  if (!(Number.isSafeInteger(units) && units > 0)) throw new RangeError(`step: expected a positive decimal, was ${step}`);
  return { scale: fraction.length, unitsPerStep: units };
}

/**
 * Reads a plain decimal as whole steps; NaN when it is no decimal, not a whole number of steps, or past 2^53. Runs over every level of a capture, so it
 * looks at each character once and allocates nothing.
 */
export function parseSteps(text: string, to: StepScale): number {
  const { length } = text;
  let units = 0;
  let point = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (point >= 0 || i === 0) return NaN;
      point = i;
      continue;
    }
    if (code < 48 || code > 57) return NaN;
    if (point >= 0 && i - point > to.scale) {
      if (code !== 48) return NaN;
      continue;
    }
    units = units * 10 + (code - 48);
  }
  if (length === 0 || point === length - 1) return NaN;
  const read = point < 0 ? 0 : Math.min(length - 1 - point, to.scale);
  for (let i = read; i < to.scale; i++) units *= 10;
  if (units > Number.MAX_SAFE_INTEGER) return NaN;
  if (to.unitsPerStep === 1) return units;
  const steps = units / to.unitsPerStep;
  return Number.isInteger(steps) ? steps : NaN;
}
