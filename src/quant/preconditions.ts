/**
 * What every public function of this room asks of its arguments before it computes. A breach is a mistake of the calling code,
 * so it throws; what the numbers themselves cannot answer (no variance, too few of them) is a returned `undefined` or a refusal.
 */

/** Longest window, lag or lookback, in observations: 2^20 of them are 8 MiB. */
export const MAX_WINDOW = 1_048_576;

export function requireWhole(name: string, value: number, least: number, most: number = MAX_WINDOW): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`expected ${name} to be a whole number from ${least} to ${most}, was ${value}`);
  }
}

export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError(`expected ${name} to be a finite number, was ${value}`);
}

export function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RangeError(`expected ${name} from ${least} to ${most}, was ${value}`);
}

/** Open interval: `least < value < most`. */
export function requireBetween(name: string, value: number, least: number, most: number): void {
  if (!(value > least && value < most)) throw new RangeError(`expected ${name} between ${least} and ${most}, was ${value}`);
}

export function requireSameLength(name: string, first: ArrayLike<unknown>, second: ArrayLike<unknown>): void {
  if (first.length !== second.length) {
    throw new RangeError(`expected ${name} of one length, were ${first.length} and ${second.length}`);
  }
}
