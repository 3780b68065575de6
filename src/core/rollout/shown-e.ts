/** An e-value in words: one that is short of its limit is never rounded up to it. */
export function shownE(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : (Math.floor(value * 100) / 100).toFixed(2);
}
