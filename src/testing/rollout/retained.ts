/** Names of the places from which a graph of records is reached, and how many objects, strings' characters and numbers in lists are kept there. */
export type Retained = ReadonlyMap<string, number>;

/** Strings count by this many characters as one thing. */
const charactersPerThing = 16;
/** Depth of the places that are told apart. */
const named = 2;

/**
 * Counts what is kept: each object once, each entry of a list, map or set, strings by their length. Typed arrays are made once and count as one.
 * @returns things by place, `core.rollout.deployments`: where each was met first.
 */
export function retained(roots: Readonly<Record<string, unknown>>): Retained {
  const counts = new Map<string, number>();
  const met = new Set<unknown>();
  const waiting: (readonly [place: string, depth: number, value: unknown])[] = Object.entries(roots).map(([name, value]) => [
    name,
    0,
    value,
  ]);
  const add = (place: string, things: number): void => void counts.set(place, (counts.get(place) ?? 0) + things);
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const [place, depth, value] = one;
    if (typeof value === 'string') add(place, Math.ceil(value.length / charactersPerThing));
    if (typeof value === 'number') add(place, 1);
    if (typeof value !== 'object' || value === null || met.has(value)) continue;
    met.add(value);
    add(place, 1);
    if (ArrayBuffer.isView(value)) continue;
    const isList = Array.isArray(value) || value instanceof Map || value instanceof Set;
    const parts: Iterable<readonly [string, unknown]> =
      value instanceof Map
        ? [...value].flatMap(([key, held]) => [['', key] as const, ['', held] as const])
        : value instanceof Set || Array.isArray(value)
          ? [...value].map((held: unknown) => ['', held] as const)
          : Object.entries(value);
    for (const [name, part] of parts) {
      const deeper = !isList && depth < named;
      waiting.push([deeper ? `${place}.${name}` : place, deeper ? depth + 1 : named, part]);
    }
  }
  return counts;
}

/** Places that keep more than before, with how much more. */
export function grown(before: Retained, after: Retained): Retained {
  const more = new Map<string, number>();
  for (const [place, things] of after) if (things > (before.get(place) ?? 0)) more.set(place, things - (before.get(place) ?? 0));
  return more;
}
