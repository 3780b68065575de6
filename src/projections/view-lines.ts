/** Most lines of each list that a view keeps; older ones are in the journal. */
export const maxViewLines = 1_000;

/** Adds a line; the oldest goes first. */
export function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > maxViewLines) list.shift();
}
