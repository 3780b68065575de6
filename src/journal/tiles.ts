import type { Disk } from '../ports/world.ts';
import { digestBytes } from './digest.ts';
import { openJournalReader } from './reader.ts';
import type { JournalEnd } from './reader.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** Tiles of C2SP (c2sp.org/tlog-tiles): tile (L, N) holds up to 256 hashes of height 8 L, from number 256 N on. */
export const tileWidth = 256;

/** Where hashes of the tree come from: `width` hashes of a tile, from its first. */
export interface TileSource {
  tile(level: number, index: number, width: number): Promise<Uint8Array>;
}

/** `tile/0/x001/x234/067`, with `.p/W` behind it when it is not full. */
export function tilePath(level: number, index: number, width: number): string {
  const digits = String(index).padStart(3 * Math.max(1, Math.ceil(String(index).length / 3)), '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width < tileWidth ? `.p/${width}` : ''}`;
}

/** The rows of a tree's tiles, kept in memory: what `Tree` tells by `onTileHash`. */
export class TileRows implements TileSource {
  readonly #rows: { bytes: Uint8Array; count: number }[] = [];

  add(level: number, hash: Uint8Array, at: number): void {
    const row = (this.#rows[level] ??= { bytes: new Uint8Array(tileWidth * digestBytes), count: 0 });
    const end = (row.count + 1) * digestBytes;
    if (end > row.bytes.length) {
      const wider = new Uint8Array(row.bytes.length * 2);
      wider.set(row.bytes);
      row.bytes = wider;
    }
    row.bytes.set(hash.subarray(at, at + digestBytes), end - digestBytes);
    row.count += 1;
  }

  /** Levels that have any hash. */
  get levels(): number {
    return this.#rows.length;
  }

  count(level: number): number {
    return this.#rows[level]?.count ?? 0;
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    const first = index * tileWidth;
    if (width < 1 || width > tileWidth || first + width > this.count(level))
      throw new RangeError(`tile ${tilePath(level, index, width)} is not there yet`);
    return this.#rows[level].bytes.slice(first * digestBytes, (first + width) * digestBytes);
  }
}

/**
 * Writes the tiles of a journal under `to`, as they may be served to witnesses and auditors. Tiles are a function of the records alone; a journal
 * needs none of them to be verified.
 */
export async function exportTiles(
  disk: Disk,
  directory: string,
  to: string,
): Promise<{ readonly tiles: number; readonly end: JournalEnd }> {
  const rows = new TileRows();
  const reader = openJournalReader(disk, directory, { root: true, onTileHash: (level, hash, at) => rows.add(level, hash, at) });
  while ((await reader.next()) !== null);
  await reader.close();
  let tiles = 0;
  for (let level = 0; level < rows.levels; level++) {
    for (let first = 0; first < rows.count(level); first += tileWidth) {
      const width = Math.min(tileWidth, rows.count(level) - first);
      const path = `${to}/${tilePath(level, first / tileWidth, width)}`;
      await disk.makeDirectory(path.slice(0, path.lastIndexOf('/')));
      await writeWhole(disk, path, await rows.tile(level, first / tileWidth, width));
      tiles += 1;
    }
  }
  return { tiles, end: reader.end };
}

/** Tiles that were exported. A full tile stands in for any part of it. */
export function exportedTiles(disk: Disk, directory: string): TileSource {
  return {
    async tile(level, index, width) {
      const full = `${directory}/${tilePath(level, index, tileWidth)}`;
      const path = (await disk.exists(full)) ? full : `${directory}/${tilePath(level, index, width)}`;
      return (await readWhole(disk, path)).subarray(0, width * digestBytes);
    },
  };
}
