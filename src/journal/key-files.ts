import { err, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Disk } from '../ports/world.ts';
import { generateSigningKey, isKeyName, parseSigningKey } from './signed-note.ts';
import type { SigningKey } from './signed-note.ts';
import { readWhole, writeWhole } from './whole-file.ts';

/** The secret lies beside the journal's directory, not in it: who copies a journal copies no key. */
export function secretKeyPath(directory: string): string {
  return `${directory}.key`;
}

export function verifierKeyPath(directory: string): string {
  return `${directory}.vkey`;
}

/** Reads the journal's key, or makes it on first use. */
export async function loadSigningKey(disk: Disk, directory: string, origin: string): Promise<Result<SigningKey, string>> {
  const path = secretKeyPath(directory);
  if (!isKeyName(origin)) return err(`origin: expected a name without spaces and '+', was ${JSON.stringify(origin)}`);
  if (await disk.exists(path)) {
    const key = parseSigningKey(new TextDecoder().decode(await readWhole(disk, path)));
    if (key === undefined) return err(`${path}: expected a private key in signed-note form (PRIVATE+KEY+name+id+base64)`);
    if (key.name !== origin) return err(`${path}: expected a key of ${origin}, was one of ${key.name}`);
    return ok(key);
  }
  const key = generateSigningKey(origin);
  const text = new TextEncoder();
  if (await disk.exists(verifierKeyPath(directory))) await disk.remove(verifierKeyPath(directory));
  await writeWhole(disk, verifierKeyPath(directory), text.encode(`${key.verifierKey}\n`));
  await writeWhole(disk, path, text.encode(`${key.secret}\n`), 'createSecret');
  await disk.syncDirectory(parentOf(directory));
  return ok(key);
}

function parentOf(directory: string): string {
  const slash = directory.lastIndexOf('/');
  return slash < 0 ? '.' : directory.slice(0, slash);
}
