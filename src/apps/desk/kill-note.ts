import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** File in the data directory. */
const killNote = 'kill-asked';
/** Longest reason that a command takes. */
const longestReason = 256;

/** A reason as a note and a record have it: one line, no longer than a command takes. */
export function oneLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, longestReason);
}

/** Keeps a kill for the next start, should the core never record it. A disk that takes nothing is no reason not to kill: then the gateway's word is all there is. */
export function noteKill(directory: string, reason: string): void {
  try {
    const file = openSync(join(directory, killNote), 'w', 0o600);
    try {
      writeSync(file, reason);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // the kill itself has happened before
  }
}

/** Why somebody killed the desk before this one without a record of it; undefined = nobody did. */
export function killAsked(directory: string): string | undefined {
  const path = join(directory, killNote);
  return existsSync(path) ? `asked at the gateway, not recorded: ${readFileSync(path, 'utf8')}`.slice(0, longestReason) : undefined;
}

/** To be called when the kill is durable in the journal. */
export function forgetKill(directory: string): void {
  rmSync(join(directory, killNote), { force: true });
}
