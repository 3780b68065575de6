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

/** Creates a file of zeros and syncs it. A file that could not be filled is removed again. */
export async function createZeroed(disk: Disk, path: string, bytes: number): Promise<WorldFile> {
  const file = await disk.open(path, 'create');
  try {
    await writeZeros(file, 0, bytes, path);
    await file.sync();
    return file;
  } catch (error) {
    await file.close();
    await disk.remove(path);
    throw error;
  }
}

async function writeZeros(file: WorldFile, from: number, to: number, name: string): Promise<void> {
  for (let at = from; at < to; at += zeroBytes) await writeAll(file, zeros.subarray(0, Math.min(zeroBytes, to - at)), at, name);
}

interface Reserve {
  readonly path: string;
  readonly file: Promise<WorldFile>;
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
  #reserves: Reserve[] = [];
  #reserveCount = 0;
  #file: WorldFile | null = null;
  #name: string;
  #position = 0;
  #size = 0;

  constructor(disk: Disk, directory: string, segmentBytes: number, keyID: number) {
    this.#disk = disk;
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
    this.#keyID = keyID;
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
    await this.#reserves[0].file;
  }

  /** Begins the next segment in a reserved file; its header is durable under its name before this returns. */
  async begin(header: SegmentHeader): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    const { path, file } = await this.#takeReserve();
    const name = this.#path(segmentName(header.number));
    this.#name = name;
    await writeAll(file, headerSector(header, this.#keyID), 0, name);
    await file.sync();
    await this.#disk.rename(path, name);
    await this.#disk.syncDirectory(this.#directory);
    this.#file = file;
    this.#position = sectorBytes;
    this.#size = this.#segmentBytes;
    this.#fillReserves();
  }

  async write(batch: Uint8Array): Promise<void> {
    const file = this.#open();
    const end = this.#position + batch.length;
    if (end > this.#size) {
      const size = alignSector(Math.max(end, this.#size + this.#segmentBytes / 16));
      await writeZeros(file, this.#size, size, this.#name);
      await file.sync();
      this.#size = size;
    }
    await writeAll(file, batch, this.#position, this.#name);
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
    for (const { path, file } of this.#reserves) {
      const filled = await file.then(
        (opened) => opened,
        () => null,
      );
      if (filled === null) continue;
      await filled.close();
      if (clean) await this.#disk.remove(path);
    }
    this.#reserves = [];
    if (clean) await this.#disk.syncDirectory(this.#directory);
  }

  /** A reserve that failed in the background is tried once more when it is needed: room may have been made. */
  async #takeReserve(): Promise<{ readonly path: string; readonly file: WorldFile }> {
    const { path, file } = this.#reserves.shift() ?? this.#reserve();
    const filled = await file.then(
      (opened) => opened,
      () => null,
    );
    if (filled !== null) return { path, file: filled };
    const again = this.#reserve();
    return { path: again.path, file: await again.file };
  }

  #fillReserves(): void {
    while (this.#reserves.length < segmentsInReserve) this.#reserves.push(this.#reserve());
  }

  #reserve(): Reserve {
    this.#reserveCount += 1;
    const path = this.#path(`reserve-${this.#reserveCount}`);
    const file = createZeroed(this.#disk, path, this.#segmentBytes);
    // Heard when the reserve is taken; until then a failure harms nobody.
    file.catch(() => undefined);
    return { path, file };
  }

  #open(): WorldFile {
    if (this.#file === null) throw new Error('journal: no segment has begun');
    return this.#file;
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }
}
