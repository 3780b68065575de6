/** What a value of a graph is written as; `graph-writer.ts` and `graph-reader.ts`. */
export const tags = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  byte: 4,
  int32: 5,
  safeInt: 6,
  double: 7,
  negativeZero: 8,
  text: 9,
  knownText: 10,
  object: 11,
  array: 12,
  map: 13,
  set: 14,
  intMap: 15,
  column: 16,
  /** What the code that reads has of itself. */
  code: 17,
  /** Something that was written before, by its number. */
  known: 18,
  hole: 19,
  /** A record whose keys were written before. */
  shaped: 20,
} as const;

/** Kinds of columns, in the order of their numbers. */
export const columnKinds = [Float64Array, Int32Array, Uint32Array, Uint8Array, Int8Array, Uint16Array, Int16Array, Float32Array] as const;

/** Values nested deeper are refused. */
export const maxGraphDepth = 64;
