import { parseArgs } from 'node:util';

/** Ends with one sentence and exit code 64, as a command line that was mistyped does. */
export function mistyped(sentence: string): never {
  console.error(sentence);
  process.exit(64);
}

/** Refuses what is none of these options, and an option without its value. */
export function onlyOptions(flags: readonly string[], withValue: readonly string[]): void {
  const all = [...flags, ...withValue].map((name) => [name, { type: flags.includes(name) ? 'boolean' : 'string' }] as const);
  try {
    parseArgs({ options: Object.fromEntries(all) });
  } catch (error) {
    mistyped((error as Error).message.split('. ')[0]);
  }
}

/** The number after `--name` on the command line, else `otherwise`. */
export function numberOption(name: string, otherwise: number): number {
  const text = textOption(name, '');
  if (text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value)) mistyped(`--${name}: expected a number, was ${text}`);
  return value;
}

export function textOption(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

export function hasFlag(name: string): boolean {
  return process.argv.includes(`--${name}`);
}
