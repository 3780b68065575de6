import type { Command } from 'commander';
import { suggest } from '../../base/suggest.ts';

/** `unknown option --dirr, did you mean --dir`: the first option of the arguments that their command does not know; undefined = it knows them all. */
export function unknownOption(plimsoll: Command, args: readonly string[]): string | undefined {
  let command = plimsoll;
  const known = (): readonly string[] =>
    [...command.options.flatMap(({ long, short }) => [long, short]), '--help', '-h'].filter((name) => typeof name === 'string');
  for (const arg of args) {
    if (arg === '--') return undefined;
    const next = command.commands.find((one) => one.name() === arg);
    if (next !== undefined) command = next;
    const [name] = arg.split('=', 1);
    if (!/^--[a-z]/i.test(name) || known().includes(name)) continue;
    const near = /did you mean (.*)\?/.exec(suggest(name, byBeginning(name, known())))?.[1];
    return `unknown option ${name}${near === undefined ? '' : `, did you mean ${near}`}`;
  }
  return undefined;
}

/** Of options that are as near as each other the one that begins alike for longest is meant: it comes first. */
function byBeginning(name: string, options: readonly string[]): readonly string[] {
  const alike = (option: string): number => [...option].findIndex((letter, n) => letter !== name[n]);
  const length = (option: string): number => (alike(option) < 0 ? option.length : alike(option));
  return [...options].sort((a, b) => length(b) - length(a));
}
