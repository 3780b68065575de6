import type { Disk, WorldFile } from '../ports/world.ts';
import { checkpointText, joinNotes, parseCheckpoint } from './checkpoint.ts';
import { writeAll } from './disk-failure.ts';
import { checkpointsName } from './inspect.ts';
import type { SigningKey } from './signed-note.ts';
import type { TreeSize } from './tree.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/**
 * Signed checkpoints, one behind the other, beside the segments. Those by count are written only: they can be signed again from the records.
 * The head, which leaves the house, is one that was synced after its records.
 */
export class CheckpointFile {
  readonly #file: WorldFile;
  readonly #path: string;
  readonly #key: SigningKey;
  #position = 0;
  #written = '';
  #head = '';
  #size = -1;

  constructor(file: WorldFile, path: string, key: SigningKey) {
    this.#file = file;
    this.#path = path;
    this.#key = key;
  }

  static async create(disk: Disk, directory: string, key: SigningKey): Promise<CheckpointFile> {
    const path = `${directory}/${checkpointsName}`;
    return new CheckpointFile(await disk.open(path, 'create'), path, key);
  }

  /**
   * Goes on behind these notes. What lies there and is right stays where it is: whoever copies all of it at every start copies what has rotted too, where a disk that
   * holds a second copy could still have told. Anything else than notes that are missing at the end is written anew as a whole.
   */
  static async goOn(disk: Disk, directory: string, key: SigningKey, notes: readonly string[]): Promise<CheckpointFile> {
    const path = `${directory}/${checkpointsName}`;
    const bytes = new TextEncoder().encode(joinNotes(notes));
    if (await disk.exists(`${path}.part`)) await disk.remove(`${path}.part`);
    const there = (await disk.exists(path)) ? await readWhole(disk, path) : undefined;
    const begins = there !== undefined && there.length <= bytes.length && Buffer.compare(there, bytes.subarray(0, there.length)) === 0;
    if (!begins) {
      await writeWhole(disk, `${path}.part`, bytes);
      await disk.rename(`${path}.part`, path);
      await disk.syncDirectory(directory);
    }
    const file = new CheckpointFile(await disk.open(path, 'readWrite'), path, key);
    if (begins && there.length < bytes.length) await writeAll(file.#file, bytes.subarray(there.length), there.length, path);
    if (begins) await file.#file.sync();
    file.#position = bytes.length;
    file.#written = notes.at(-1) ?? '';
    file.#head = file.#written;
    file.#size = parseCheckpoint(file.#written)?.size ?? -1;
    return file;
  }

  /** Newest note that a power cut cannot take away; '' before the first. */
  get head(): string {
    return this.#head;
  }

  /** Leaves that the newest note covers; -1 before the first. */
  get size(): number {
    return this.#size;
  }

  async append(trees: readonly TreeSize[], closed: boolean): Promise<void> {
    const notes = trees.map((tree) => this.#key.sign(checkpointText(this.#key.name, tree, closed)));
    const bytes = new TextEncoder().encode(joinNotes(notes));
    await writeAll(this.#file, bytes, this.#position, this.#path);
    this.#position += bytes.length;
    this.#written = notes.at(-1) ?? this.#written;
    this.#size = trees.at(-1)?.size ?? this.#size;
  }

  async sync(): Promise<void> {
    await this.#file.sync();
    this.#head = this.#written;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
