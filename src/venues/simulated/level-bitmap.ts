/** Places of a price ladder: 32 x 32 x 32, so that three words answer every question. */
export const ladderSize = 32_768;

/** A set of places 0 … ladderSize - 1 that answers "highest" and "next below" in constant time. */
export class LevelBitmap {
  readonly #leaves = new Int32Array(1024);
  readonly #middle = new Int32Array(32);
  #root = 0;

  add(place: number): void {
    const leaf = place >> 5;
    const group = place >> 10;
    this.#leaves[leaf] |= 1 << (place & 31);
    this.#middle[group] |= 1 << (leaf & 31);
    this.#root |= 1 << group;
  }

  delete(place: number): void {
    const leaf = place >> 5;
    const group = place >> 10;
    if ((this.#leaves[leaf] &= ~(1 << (place & 31))) !== 0) return;
    if ((this.#middle[group] &= ~(1 << (leaf & 31))) !== 0) return;
    this.#root &= ~(1 << group);
  }

  has(place: number): boolean {
    return (this.#leaves[place >> 5] & (1 << (place & 31))) !== 0;
  }

  /** -1 when the set is empty. */
  highest(): number {
    if (this.#root === 0) return -1;
    return this.#highestOfGroup(31 - Math.clz32(this.#root));
  }

  /** The highest place below `place`; -1 when there is none. */
  below(place: number): number {
    const leaf = place >> 5;
    const near = this.#leaves[leaf] & ((1 << (place & 31)) - 1);
    if (near !== 0) return leaf * 32 + 31 - Math.clz32(near);
    const group = place >> 10;
    const beside = this.#middle[group] & ((1 << (leaf & 31)) - 1);
    if (beside !== 0) return this.#highestOfLeaf(group * 32 + 31 - Math.clz32(beside));
    const far = this.#root & ((1 << group) - 1);
    return far === 0 ? -1 : this.#highestOfGroup(31 - Math.clz32(far));
  }

  clear(): void {
    this.#leaves.fill(0);
    this.#middle.fill(0);
    this.#root = 0;
  }

  #highestOfGroup(group: number): number {
    return this.#highestOfLeaf(group * 32 + 31 - Math.clz32(this.#middle[group]));
  }

  #highestOfLeaf(leaf: number): number {
    return leaf * 32 + 31 - Math.clz32(this.#leaves[leaf]);
  }
}
