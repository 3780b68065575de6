/** Largest of high - low and the distances of high and low from the previous close (Wilder 1978), in the unit of the prices. */
export function trueRange(high: number, low: number, previousClose: number): number {
  return Math.max(high - low, Math.abs(high - previousClose), Math.abs(low - previousClose));
}
