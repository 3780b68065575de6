import { statSync } from 'node:fs';
import { exitCodes, Refusal } from './exit-codes.ts';

/** @throws Refusal when there is no directory of that name. */
export function needDirectory(dir: string): void {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found === undefined) throw new Refusal(exitCodes.refused, `${dir}: no such directory`);
  if (!found.isDirectory()) throw new Refusal(exitCodes.refused, `${dir}: expected a directory, is a file`);
}
