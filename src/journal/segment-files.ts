import type { Disk, WorldFile } from '../ports/world.ts';
import { writeAll } from './disk-failure.ts';
import { alignSector, headerSector, sectorBytes } from './format.ts';
import type { SegmentHeader } from './format.ts';

/** Zero-filled segments that wait to be used. */
export const segmentsInReserve = 2;
/** Zeros are written in pieces of this many bytes. */
const zeroBytes = 1 << 20;
const zeros = new Uint8Array(zeroBytes);

const namePattern = /^([0-9]{10})\.segment$/;
const reservePattern = /^reserve-[0-9]+$/;

export function segmentName(number: number): string {
  return `${String(number).padStart(10, '0')}.segment`;
}

/** Number of a segment's file name; 0 for other names. */
export function segmentNumber(name: string): number {
  const match = namePattern.exec(name);
  return match === null ? 0 : Number(match[1]);
}

/** Creates a file of zeros, durable when this resolves. A file that could not be filled is removed again. */
export async function createZeroed(disk: Disk, path: string, bytes: number): Promise<void> {
  const file = await disk.open(path, 'create');
  try {
    // Synced piece by piece: one large sync would hold up the commits that run beside it.
    for (let at = 0; at < bytes; at += zeroBytes) {
      await writeAll(file, zeros.subarray(0, Math.min(zeroBytes, bytes - at)), at, path);
      await file.sync();
    }
    await file.close();
  } catch (error) {
    await file.close();
    await disk.remove(path);
    throw error;
  }
}

interface Reserve {
  readonly path: string;
  /** Resolves when it is filled. */
  readonly filled: Promise<void>;
}

/**
 * The segment that is written and those in reserve. Segments are filled with zeros ahead, so that a commit changes no length and allocates nothing.
 * Commits of a few records each take more sectors than the rule of counting foresees: then the file grows by a sixteenth.
 */
export class SegmentFiles {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #keyID: number;
  /** false: a write is not durable before `sync` (`durability: os`). */
  readonly #durableWrites: boolean;
  #reserves: Reserve[] = [];
  #reserveCount = 0;
  #file: WorldFile | null = null;
  #name: string;
  #position = 0;
  #size = 0;

  constructor(disk: Disk, directory: string, segmentBytes: number, keyID: number, durableWrites: boolean) {
    this.#disk = disk;
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
    this.#keyID = keyID;
    this.#durableWrites = durableWrites;
    this.#name = directory;
  }

  /** Name of the file that is written, for messages. */
  get name(): string {
    return this.#name;
  }

  /** Removes reserves that an earlier attempt left, and makes the first new ones. */
  async prepare(): Promise<void> {
    for (const name of await this.#disk.list(this.#directory)) {
      if (reservePattern.test(name)) await this.#disk.remove(this.#path(name));
    }
    this.#fillReserves();
    await this.#reserves[0].filled;
  }

  /** Begins the next segment in a reserved file; its header is durable under its name when this resolves. */
  async begin(header: SegmentHeader): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    const path = await this.#takeReserve();
    this.#name = this.#path(segmentName(header.number));
    const file = await this.#disk.open(path, this.#durableWrites ? 'durable' : 'readWrite');
    this.#file = file;
    await writeAll(file, headerSector(header, this.#keyID), 0, this.#name);
    if (!this.#durableWrites) await file.sync();
    await this.#disk.rename(path, this.#name);
    await this.#disk.syncDirectory(this.#directory);
    this.#position = sectorBytes;
    this.#size = this.#segmentBytes;
    this.#fillReserves();
  }

  /** With durable writes the batch is safe when this resolves. */
  async write(batch: Uint8Array): Promise<void> {
    const end = this.#position + batch.length;
    if (end > this.#size) await this.#grow(end);
    await writeAll(this.#open(), batch, this.#position, this.#name);
    this.#position = end;
  }

  sync(): Promise<void> {
    return this.#open().sync();
  }

  get begun(): boolean {
    return this.#file !== null;
  }

  /** Closes what is open; `clean` also removes the reserves. */
  async end(clean: boolean): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    for (const reserve of this.#reserves) {
      if ((await isFilled(reserve)) && clean) await this.#disk.remove(reserve.path);
    }
    this.#reserves = [];
    if (clean) await this.#disk.syncDirectory(this.#directory);
  }

  /** Where those that were filled in the background failed it is tried once more: room may have been made. */
  async #takeReserve(): Promise<string> {
    for (let reserve = this.#reserves.shift(); reserve !== undefined; reserve = this.#reserves.shift())
      if (await isFilled(reserve)) return reserve.path;
    const again = this.#reserve();
    await again.filled;
    return again.path;
  }

  async #grow(end: number): Promise<void> {
    const size = alignSector(Math.max(end, this.#size + this.#segmentBytes / 16));
    for (let at = this.#size; at < size; at += zeroBytes) {
      await writeAll(this.#open(), zeros.subarray(0, Math.min(zeroBytes, size - at)), at, this.#name);
    }
    if (!this.#durableWrites) await this.sync();
    this.#size = size;
  }

  #fillReserves(): void {
    while (this.#reserves.length < segmentsInReserve) this.#reserves.push(this.#reserve());
  }

  /** Filled behind the one before it: two at once on a disk that has room for one get half of it each. */
  #reserve(): Reserve {
    this.#reserveCount += 1;
    const path = this.#path(`reserve-${this.#reserveCount}`);
    const before = this.#reserves.at(-1)?.filled ?? Promise.resolve();
    const filled = before.then(() => createZeroed(this.#disk, path, this.#segmentBytes));
    // Heard when the reserve is taken; until then a failure harms nobody.
    filled.catch(() => undefined);
    return { path, filled };
  }

  #open(): WorldFile {
    if (this.#file === null) throw new Error('journal: no segment has begun');
    return this.#file;
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}

function isFilled(reserve: Reserve): Promise<boolean> {
  return reserve.filled.then(
    () => true,
    () => false,
  );
}
