/** The number after `--name` on the command line, else `otherwise`. */
export function numberOption(name: string, otherwise: number): number {
  const text = textOption(name, '');
  if (text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`--${name}: expected a number, was ${text}`);
  return value;
}

export function textOption(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

export function hasFlag(name: string): boolean {
  return process.argv.includes(`--${name}`);
}
