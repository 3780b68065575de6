import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Rooms whose code re-derives decisions. */
const rooms = ['base', 'core', 'domain', 'quant'];

/** Beside a bundle: the digest of the modules that it was made from. What lies in their place since then does not run. */
const bundled = './core-digest.txt';

/** SHA-256 over names and bytes of the code that re-derives decisions, hex: what a journal's header promises re-derivation for. */
export function coreDigest(): string {
  const noted = fileURLToPath(new URL(bundled, import.meta.url));
  if (existsSync(noted)) return readFileSync(noted, 'utf8').trim();
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const hash = createHash('sha256');
  for (const room of rooms) {
    for (const name of filesUnder(join(root, room))) {
      hash.update(`${room}/${name}\n`);
      hash.update(readFileSync(join(root, room, name)));
    }
  }
  return hash.digest('hex');
}

function filesUnder(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.(ts|js)$/.test(name) && !/\.(test|bench)\.|\.d\.ts$/.test(name))
    .sort();
}
