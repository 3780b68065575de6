import { InvalidArgumentError } from 'commander';

export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError(`expected a whole number of at least 1, was ${text}`);
  return count;
}

export function wholeOf(text: string): number {
  const whole = Number(text);
  if (!Number.isSafeInteger(whole) || whole < 0 || text.trim() === '')
    throw new InvalidArgumentError(`expected a whole number of at least 0, was ${text}`);
  return whole;
}

export function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError(`expected a port 0…65535, was ${text}`);
  return port;
}

/** A whole number, below 0 too. */
export function integerOf(text: string): number {
  const whole = Number(text);
  if (!Number.isSafeInteger(whole) || text.trim() === '') throw new InvalidArgumentError(`expected a whole number, was ${text}`);
  return whole;
}

export const jsonOption = ['--json', 'print one JSON object and nothing else'] as const;
