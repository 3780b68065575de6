/** The numbers of a column at the beginning of a wider one. @returns the wider one */
export function widened<T extends Float64Array | Int32Array>(column: T, wider: T): T {
  wider.set(column);
  return wider;
}
