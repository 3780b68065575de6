import type { Disk } from '../ports/world.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { loadSigningKey } from './key-files.ts';
import { isConsistent } from './proof.ts';
import { isSigned, parseNote } from './signed-note.ts';
import type { SigningKey } from './signed-note.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** Why a witness does not sign; the numbers are those of HTTP in c2sp.org/tlog-witness. */
export type WitnessRefusal =
  | { readonly status: 400 | 403 | 422; readonly text: string }
  /** It has seen another size than the one that the request starts from. */
  | { readonly status: 409; readonly text: string; readonly size: number };

export type WitnessAnswer = { readonly status: 200; readonly note: string } | WitnessRefusal;

/** Newest head that the witness has signed, with its own signature beside the log's. */
const headName = 'witness.head';

/**
 * Keeps the newest head of one log and signs a newer one only when a proof shows that it begins with that: whoever holds the log's disk and key can rewrite it,
 * but not behind a head that somebody else has signed. Kept in a file, written before the signature leaves.
 */
export class Witness {
  readonly verifierKey: string;
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #key: SigningKey;
  readonly #logKey: string;
  #seen: Checkpoint | undefined;
  #head: string;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(disk: Disk, directory: string, key: SigningKey, logKey: string, head: string) {
    this.#disk = disk;
    this.#directory = directory;
    this.#key = key;
    this.#logKey = logKey;
    this.#head = head;
    this.#seen = parseCheckpoint(parseNote(head)?.text ?? '');
    this.verifierKey = key.verifierKey;
  }

  /** @param logKey verifier key of the log that it looks after; or why it cannot begin */
  static async open(disk: Disk, directory: string, name: string, logKey: string): Promise<Witness | string> {
    await disk.makeDirectory(directory);
    const key = await loadSigningKey(disk, `${directory}/witness`, name);
    if (!key.ok) return key.error;
    const path = `${directory}/${headName}`;
    const head = (await disk.exists(path)) ? new TextDecoder().decode(await readWhole(disk, path)) : '';
    return new Witness(disk, directory, key.value, logKey, head);
  }

  /** Newest head with both signatures; '' before the first. */
  get head(): string {
    return this.#head;
  }

  /** Entries that it has signed for. */
  get size(): number {
    return this.#seen?.size ?? 0;
  }

  /** One after the other: two answers never start from the same size. */
  cosign(oldSize: number, proof: readonly Uint8Array[], note: string): Promise<WitnessAnswer> {
    const answer = this.#queue.then(() => this.#cosign(oldSize, proof, note));
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #cosign(oldSize: number, proof: readonly Uint8Array[], note: string): Promise<WitnessAnswer> {
    const parsed = parseNote(note);
    const checkpoint = parsed === undefined ? undefined : parseCheckpoint(parsed.text);
    if (parsed === undefined || checkpoint === undefined) return { status: 400, text: 'expected a signed checkpoint' };
    if (!isSigned(parsed, this.#logKey))
      return { status: 403, text: 'the checkpoint is not signed by the log that this witness looks after' };
    const seen = this.#seen;
    if (oldSize !== this.size) return { status: 409, text: `expected to start from ${this.size} entries, was ${oldSize}`, size: this.size };
    if (checkpoint.size < oldSize) return { status: 422, text: `expected at least ${oldSize} entries, was ${checkpoint.size}` };
    const grows = seen === undefined || isConsistent(seen.size, checkpoint.size, seen.root, checkpoint.root, proof);
    if (!grows)
      return { status: 422, text: `the head over ${checkpoint.size} entries does not begin with the one over ${oldSize} that was signed` };
    const signed = this.#key.sign(parsed.text);
    const both = note + signed.slice(signed.indexOf('\n\n') + 2);
    await this.#keep(both);
    this.#seen = checkpoint;
    this.#head = both;
    return { status: 200, note: both };
  }

  async #keep(head: string): Promise<void> {
    const path = `${this.#directory}/${headName}`;
    if (await this.#disk.exists(`${path}.part`)) await this.#disk.remove(`${path}.part`);
    await writeWhole(this.#disk, `${path}.part`, new TextEncoder().encode(head));
    await this.#disk.rename(`${path}.part`, path);
    await this.#disk.syncDirectory(this.#directory);
  }
}
