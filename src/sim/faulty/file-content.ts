import type { Prng } from '../../base/prng.ts';

/** What a power cut keeps or loses as a whole. */
export const sectorBytes = 512;

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** Bytes of a file as the cache has them and as the medium has them; with a mirror also as the medium would have them had the disk never lied. */
export class FileContent {
  #cache = new Uint8Array(0);
  #medium = new Uint8Array(0);
  #mirror = new Uint8Array(0);
  size = 0;
  durableSize = 0;
  #mirrorSize = 0;
  readonly #mirrored: boolean;
  /** Written and not synced, for the mirror. */
  #unsynced: { readonly position: number; readonly bytes: Uint8Array }[] = [];

  constructor(mirrored: boolean) {
    this.#mirrored = mirrored;
  }

  read(into: Uint8Array, position: number): number {
    const from = this.#cache.subarray(position, Math.min(this.size, position + into.length));
    into.set(from);
    return from.length;
  }

  /** @param meant where the bytes belong; `position` is elsewhere when the disk errs. */
  write(bytes: Uint8Array, position: number, meant: number): void {
    this.#cache = widened(this.#cache, position + bytes.length);
    this.#cache.set(bytes, position);
    this.size = Math.max(this.size, position + bytes.length);
    if (this.#mirrored) this.#unsynced.push({ position: meant, bytes: bytes.slice() });
  }

  settle(position: number, length: number): void {
    const end = Math.min(this.size, position + length);
    this.#medium = widened(this.#medium, end);
    this.#medium.set(this.#cache.subarray(position, end), position);
    this.durableSize = Math.max(this.durableSize, end);
  }

  settleMirror(): void {
    for (const { position, bytes } of this.#unsynced) {
      this.#mirror = widened(this.#mirror, position + bytes.length);
      this.#mirror.set(bytes, position);
      this.#mirrorSize = Math.max(this.#mirrorSize, position + bytes.length);
    }
    this.#unsynced = [];
  }

  /** Takes the bytes of the mirror. */
  restore(): void {
    this.#cache = this.#mirror.slice(0, this.#mirrorSize);
    this.#medium = this.#cache.slice();
    this.size = this.#mirrorSize;
    this.durableSize = this.#mirrorSize;
    this.#unsynced = [];
  }

  /** A desk goes on from what the file holds up to `offset`: what an honest disk would have had behind it is not there any more, for whoever writes there either. */
  endMirrorAt(offset: number): void {
    this.#mirror.fill(0, offset);
    this.#unsynced = this.#unsynced
      .filter(({ position }) => position < offset)
      .map(({ position, bytes }) => ({ position, bytes: bytes.subarray(0, offset - position) }));
  }

  turnBit(luck: Prng): void {
    const at = luck.int(this.size);
    const bit = 1 << luck.int(8);
    this.#cache[at] ^= bit;
    if (at < this.durableSize) this.#medium[at] ^= bit;
  }

  /** The cache as it would be had every write gone where it belonged and no bit turned. */
  #meant(): Uint8Array<ArrayBuffer> {
    let meant: Uint8Array<ArrayBuffer> = this.#mirror.slice();
    for (const { position, bytes } of this.#unsynced) {
      meant = widened(meant, position + bytes.length);
      meant.set(bytes, position);
    }
    return meant;
  }

  /** An honest disk would have kept this sector too, as it was meant. */
  #keepInMirror(meant: Uint8Array, at: number, end: number): void {
    const kept = meant.subarray(at, end);
    this.#mirror = widened(this.#mirror, at + kept.length);
    this.#mirror.set(kept, at);
    this.#mirrorSize = Math.max(this.#mirrorSize, at + kept.length);
  }

  /** What is left when the power goes: every sector that differs from the medium stays or goes as a whole. */
  cut(stays: () => boolean): FileContent {
    const left = new FileContent(this.#mirrored);
    const size = this.durableSize;
    const bytes = this.#medium.slice(0, size);
    const meant = this.#mirrored ? this.#meant() : this.#cache;
    for (let at = 0; at < size; at += sectorBytes) {
      const end = Math.min(at + sectorBytes, size, this.size);
      if (!differs(this.#cache, bytes, at, end) || !stays()) continue;
      bytes.set(this.#cache.subarray(at, end), at);
      if (this.#mirrored) this.#keepInMirror(meant, at, end);
    }
    left.#cache = bytes;
    left.#medium = bytes.slice();
    left.size = size;
    left.durableSize = size;
    left.#mirror = this.#mirror;
    left.#mirrorSize = this.#mirrorSize;
    return left;
  }
}

function differs(a: Uint8Array, b: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (a[at] !== b[at]) return true;
  return false;
}

function widened(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes;
  const wider = new Uint8Array(Math.max(length, bytes.length * 2));
  wider.set(bytes);
  return wider;
}
