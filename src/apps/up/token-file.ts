import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';

/** File in the data directory that holds the bearer token of its API. */
export const tokenFile = 'api.token';
const tokenBytes = 32;

/** The token of a data directory; made on first use, readable by its owner alone. */
export function takeToken(directory: string): string {
  const path = join(directory, tokenFile);
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(tokenBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  const file = lstatSync(path);
  if (!file.isFile()) throw new Refusal(exitCodes.refused, `${path}: expected a file, is something else`);
  const open = file.mode & 0o077;
  if (process.platform !== 'win32' && open !== 0)
    throw new Refusal(
      exitCodes.refused,
      `${path}: expected to be readable by its owner alone (0600), was 0${(file.mode & 0o777).toString(8)}`,
    );
  const token = readFileSync(path, 'utf8').trim();
  if (!/^[\w-]{43}$/.test(token))
    throw new Refusal(exitCodes.refused, `${path}: expected a token of 43 characters; remove the file to get a new one`);
  return token;
}
