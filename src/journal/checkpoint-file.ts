import type { Disk, WorldFile } from '../ports/world.ts';
import { checkpointText, joinNotes } from './checkpoint.ts';
import { writeAll } from './disk-failure.ts';
import { checkpointsName } from './inspect.ts';
import type { SigningKey } from './signed-note.ts';
import type { TreeSize } from './tree.ts';

/** Signed checkpoints, one behind the other, beside the segments. They can be signed again from the records, so only the last one is synced. */
export class CheckpointFile {
  readonly #file: WorldFile;
  readonly #path: string;
  readonly #key: SigningKey;
  #position = 0;
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

  /** Newest note, '' before the first. */
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
    this.#head = notes.at(-1) ?? this.#head;
    this.#size = trees.at(-1)?.size ?? this.#size;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
