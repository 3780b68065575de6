/** Thrown only where our own code broke its word; stays on in production. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** Closes an exhaustive switch: the compiler refuses a kind without a branch, the throw catches one from outside the types. */
export function never(x: never, where: string): never {
  throw new Error(`${where}: unexpected value ${String(x)}`);
}
