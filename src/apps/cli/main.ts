import { Command, CommanderError } from 'commander';
import { exitCodes, Refusal } from '../desk/exit-codes.ts';
import { fail } from './output.ts';
import { unknownOption } from './unknown-option.ts';
import { version } from './version.ts';

/** Commands whose start somebody waits for: they load what they need and no other command. */
const alone: Readonly<Record<string, () => Promise<(plimsoll: Command) => void>>> = {
  up: async () => (await import('./up-command.ts')).addUp,
  demo: async () => (await import('./run-commands.ts')).addRuns,
  paper: async () => (await import('./run-commands.ts')).addRuns,
};

async function programFor(args: readonly string[]): Promise<Command> {
  const plimsoll = program();
  const name = args[0] ?? '';
  const add = Object.hasOwn(alone, name) ? await alone[name]() : (await import('./all-commands.ts')).addAll;
  add(plimsoll);
  return plimsoll;
}

function program(): Command {
  return (
    new Command('plimsoll')
      .description(
        'Runs trading algorithms under capital load lines: paper first, then a small share of the capital, each step earned by evidence.',
      )
      .version(version)
      // `deploy --version 2.1.0` is the version of an algorithm
      .enablePositionalOptions()
      .showSuggestionAfterError(true)
      // --version behind a command is that command's own: the version of an algorithm
      .enablePositionalOptions()
      .exitOverride()
      .configureOutput({ outputError: () => undefined })
      .addHelpText(
        'after',
        '\nplimsoll COMMAND --help lists its options. A command ends with 0 (healthy),\n1 (degraded, aborted, damaged), 2 (timeout), 3 (waits for a person), 4 (refused)\nor 64 (usage).',
      )
  );
}

/** What to ask for help: the command that the arguments name, as far as they name one. */
function hintOf(plimsoll: Command, args: readonly string[]): string {
  const path = ['plimsoll'];
  let command = plimsoll;
  for (const arg of args) {
    const next = command.commands.find((one) => one.name() === arg);
    if (next === undefined) break;
    path.push(arg);
    command = next;
  }
  return `${path.join(' ')} --help lists the ${command.commands.length > 0 ? 'commands' : 'options'}`;
}

/** `option '-n, --lines <n>' argument 'five' is invalid. expected …, was five` as `--lines: expected …, was five`. */
function sentenceOf(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument '.*' is invalid\. /s, '$1: ')
    .replace(/\n\((Did you mean .*\?)\)$/s, ' ($1)')
    .trim();
}

function isAboutOptions({ code }: CommanderError): boolean {
  return code === 'commander.missingMandatoryOptionValue' || code === 'commander.unknownOption';
}

/** Runs one command line. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const plimsoll = await programFor(args);
  try {
    await plimsoll.parseAsync([...args], { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // one that is mistyped is missing too: what was typed comes first
      const unknown = isAboutOptions(error) ? unknownOption(plimsoll, args) : undefined;
      return fail(
        json,
        exitCodes.usage,
        unknown ?? sentenceOf(error.message),
        error.code === 'commander.help' ? '' : hintOf(plimsoll, args),
      );
    }
    if (error instanceof Refusal) return fail(json, error.exitCode, error.message, '');
    return fail(
      json,
      exitCodes.aborted,
      error instanceof Error ? error.message : String(error),
      process.env['PLIMSOLL_STACK'] === undefined ? '' : String(error instanceof Error ? error.stack : ''),
    );
  }
}

process.exitCode = await main(process.argv.slice(2));
