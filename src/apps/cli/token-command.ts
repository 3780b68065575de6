import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { roles, type Role } from '../../domain/actor.ts';
import { suggest } from '../../base/suggest.ts';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { People } from '../verbs/people-file.ts';
import { countOf } from './option-values.ts';
import { print } from './output.ts';

interface NewOptions {
  readonly dir: string;
  readonly person: string;
  readonly role: readonly string[];
  readonly out?: string;
  readonly days?: number;
  readonly json?: true;
}

interface DirOptions {
  readonly dir: string;
  readonly json?: true;
}

/** People of a desk: who they are, what they may, and their tokens. */
export function addToken(plimsoll: Command): void {
  const token = plimsoll.command('token').description('people of a desk and their tokens; a running desk sees a change at once');
  token
    .command('new')
    .description('a new token for a person, the one before stops to count; it is shown once and kept nowhere')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .requiredOption('--person <id>', 'letters, digits, dots, dashes, underscores')
    .requiredOption('--role <role...>', roles.join(', '))
    .option('--out <file>', 'write the token there, readable by you alone, instead of printing it')
    .option('--days <n>', 'expires after so many days', countOf)
    .option('--json', 'print one JSON object and nothing else')
    .action((options: NewOptions) => runNew(options));
  token
    .command('list')
    .description('who may ask for what')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .option('--json', 'print one JSON object and nothing else')
    .action(({ dir, json }: DirOptions) => {
      const people = new People(existing(dir)).list();
      const shown = people.map(({ personID, roles: held, expiresAt }) => ({ personID, roles: held, expiresAt }));
      const lines = shown.map(
        (one) => `${one.personID.padEnd(20)} ${one.roles.join(', ')}${one.expiresAt === null ? '' : `, until ${one.expiresAt}`}`,
      );
      print(json === true, { people: shown }, lines.length === 0 ? 'no file of people: the desk is a demonstration' : lines.join('\n'));
    });
  token
    .command('revoke')
    .description('takes a person out: the token stops to count')
    .requiredOption('--dir <directory>', 'directory of the desk')
    .requiredOption('--person <id>', 'who')
    .option('--json', 'print one JSON object and nothing else')
    .action(({ dir, person, json }: DirOptions & { readonly person: string }) => {
      if (!new People(existing(dir)).take(person)) throw new Refusal(exitCodes.refused, `${person} is not in the file of people`);
      print(json === true, { revoked: person }, `${person} is taken out`);
    });
}

function existing(dir: string): string {
  if (!existsSync(dir)) throw new Refusal(exitCodes.refused, `${dir}: no such directory`);
  return dir;
}

function runNew({ dir, person, role, out, days, json }: NewOptions): void {
  const wrong = role.find((one) => !roles.includes(one as Role));
  if (wrong !== undefined) throw new Refusal(exitCodes.usage, `--role: expected ${roles.join(', ')}, was ${wrong}${suggest(wrong, roles)}`);
  if (out !== undefined && existsSync(out))
    throw new Refusal(exitCodes.refused, `${out}: is there already, a token is not written over it`);
  mkdirSync(dir, { recursive: true });
  const expiresAt = days === undefined ? null : new Date(Date.now() + days * 86_400_000).toISOString();
  const token = new People(dir).give(person, [...new Set(role)] as Role[], expiresAt);
  const said = { personID: person, roles: role, expiresAt };
  if (out === undefined) {
    print(json === true, { ...said, token }, token);
    return;
  }
  writeFileSync(out, `${token}\n`, { mode: 0o600, flag: 'wx' });
  print(json === true, { ...said, file: out }, `token of ${person} (${role.join(', ')}) in ${out}`);
}
