import { Command } from 'commander';
import { expect, test } from 'vitest';
import { unknownOption } from './unknown-option.ts';
import { addUp } from './up-command.ts';
import { addLimit } from './limit-command.ts';

function said(...args: readonly string[]): string | undefined {
  const plimsoll = new Command('plimsoll').exitOverride();
  addUp(plimsoll);
  addLimit(plimsoll);
  plimsoll.command('play').option('--seed <n>').option('--speed <n>');
  return unknownOption(plimsoll, args);
}

test('a mistyped option is named with the nearest one that its command has', () => {
  expect(said('up', '--dirr', 'X')).toBe('unknown option --dirr, did you mean --dir');
  expect(said('up', '--prot=0', '--dir', 'X')).toBe('unknown option --prot, did you mean --port');
  expect(said('limit', 'set', 'maxOrderQty', '5', '--skope', 'firm', '--dir', 'X')).toBe('unknown option --skope, did you mean --scope');
  expect(said('play', '--sped', '3')).toBe('unknown option --sped, did you mean --speed');
  expect(said('up', '--nothing-like-it')).toBe('unknown option --nothing-like-it');
});

test('what a command knows, and what stands behind --, is none', () => {
  expect(said('up', '--dir', 'X', '--port', '0', '--json')).toBeUndefined();
  expect(said('up', '--help')).toBeUndefined();
  expect(said('limit', 'set', 'x', '5', '--scope=firm', '--dir=X', '--', '--dirr')).toBeUndefined();
});
