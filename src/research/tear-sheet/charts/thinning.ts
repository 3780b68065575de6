/** Columns that a plot is drawn with: more than the pixels of a phone, about those of a screen. */
const columns = 700;

/**
 * Indices of `values` that draw the same line on 700 columns: the first, lowest, highest and last finite value of each column of equal count.
 * NaN is a gap; its first index is kept so that the line breaks there.
 */
export function thinned(values: ArrayLike<number>): readonly number[] {
  if (values.length <= 2 * columns) return Array.from({ length: values.length }, (_, i) => i);
  const kept: number[] = [];
  for (let column = 0; column < columns; column++) {
    const start = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    let [low, high] = [start, start];
    for (let i = start; i < end; i++) {
      if (values[i] < values[low] || Number.isNaN(values[low])) low = i;
      if (values[i] > values[high] || Number.isNaN(values[high])) high = i;
    }
    for (const i of [...new Set([start, low, high, end - 1])].sort((a, b) => a - b)) kept.push(i);
  }
  return kept;
}

/** Every index up to 700, else the last of each of 700 equal groups: what a pointer can read off. */
export function readable(length: number): readonly number[] {
  if (length <= columns) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: columns }, (_, column) => Math.floor(((column + 1) * length) / columns) - 1);
}
