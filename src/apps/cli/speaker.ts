import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { refuseOpen } from '../verbs/people-file.ts';

/** Who speaks, and the options that every verb has. */
export interface SpeakerOptions {
  readonly dir: string;
  readonly token?: string;
  readonly as?: string;
  readonly key?: string;
  readonly json?: true;
}

/** Options that say who speaks, and under which key a repetition is the same command. */
export function addSpeaker(command: Command): Command {
  return addAsker(command).option('--key <text>', 'idempotency key: a repetition is the same command; left out: a new one');
}

/** Options that say who asks for something that does no harm twice. */
export function addAsker(command: Command): Command {
  return command
    .requiredOption('--dir <directory>', 'directory of the running desk')
    .option('--token <file>', 'file that holds your token (or the file that PLIMSOLL_TOKEN_FILE names)')
    .option('--as <person>', 'on a desk without a file of people: trader, risk, admin or senior')
    .option('--json', 'print one JSON object and nothing else');
}

/** The token of whoever speaks; undefined = none was named. */
function tokenOf({ token }: SpeakerOptions): string | undefined {
  const file = token ?? process.env['PLIMSOLL_TOKEN_FILE'];
  if (file === undefined || file === '') return undefined;
  try {
    refuseOpen(file);
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(exitCodes.refused, `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Who speaks, as the desk is told. */
export function speakerOf(options: SpeakerOptions): Readonly<Record<string, unknown>> {
  return { key: options.key ?? randomUUID(), token: tokenOf(options), as: options.as };
}
