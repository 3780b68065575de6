import { requireWhole } from '../preconditions.ts';

/** Nodes and weights of the 8-point Gauss-Legendre rule on -1 ... 1 (Abramowitz & Stegun 1964, table 25.4), one half by symmetry. */
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

/** Most panels of one integral. */
export const MAX_PANELS = 4096;

/**
 * Integral of a smooth function from `from` to `to` in equal panels no wider than `panel`: exact up to rounding where the function is
 * close to a polynomial of degree 15 on each.
 */
export function integrate(density: (x: number) => number, from: number, to: number, panel: number): number {
  const panels = Math.max(1, Math.ceil((to - from) / panel));
  requireWhole('number of panels', panels, 1, MAX_PANELS);
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let i = 0; i < panels; i++) {
    const middle = from + (2 * i + 1) * half;
    for (let k = 0; k < NODES.length; k++) {
      sum += WEIGHTS[k] * (density(middle - half * NODES[k]) + density(middle + half * NODES[k]));
    }
  }
  return sum * half;
}
