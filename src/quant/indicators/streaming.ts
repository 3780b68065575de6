/**
 * An indicator fed one observation at a time. `push` answers `undefined` until enough was seen. The state is plain JSON and
 * restores to the same bits: the next `push` of a restored indicator answers what the exporting one would have answered.
 */
export interface Streaming<Observation extends readonly number[], Value, State> {
  push(...observation: Observation): Value | undefined;
  exportState(): State;
  /** Throws RangeError when the state belongs to other parameters. */
  restore(state: State): void;
}

/**
 * How a recursive average begins. `talib`: as TA-Lib, with the simple mean of the first `period` observations.
 * `first`: with the first observation alone, smoothing from the second on (pandas `ewm(adjust=False)`). Both give their first value
 * at the same observation, so another seeding changes numbers, never timing.
 */
export type Seed = 'talib' | 'first';

/** One streaming indicator over a whole series: element i is what `push` answered to observation i. */
export function series<Value>(length: number, answer: (index: number) => Value | undefined): (Value | undefined)[] {
  const values: (Value | undefined)[] = [];
  for (let i = 0; i < length; i++) values.push(answer(i));
  return values;
}

/** Parameters that a state carries must be those of the indicator that takes it. */
export function requireSameParameters(
  indicator: string,
  own: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(own)) {
    if (state[name] !== value) {
      throw new RangeError(`expected a state of ${indicator} with ${name} ${String(value)}, was ${String(state[name])}`);
    }
  }
}
