import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { byteWriter } from '../../base/canonical.ts';
import { coreShape } from '../../core/generated/core-shape.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { SeededScript } from '../rollout/seeded-script.ts';
import { projectRoot } from '../tidy/tree.ts';
import { stateShapeFiles, stateShapes } from './state-shapes.ts';

const latches = 'src/core/rollout/latches.ts';
const source = readFileSync(join(projectRoot, latches), 'utf8');

function latchesWith(find: string, replace: string): { readonly path: string; readonly text: string } {
  expect(source).toContain(find);
  return { path: latches, text: source.replace(find, replace) };
}

test('the digests of shapes are those of the types (`npm run schema` writes them)', () => {
  const files = stateShapeFiles();
  expect(files.length).toBe(2);
  for (const { path, text } of files) expect(readFileSync(join(projectRoot, path), 'utf8'), path).toBe(text);
});

test('a member of a record in a list that is gained, lost or of another kind is another shape; a sentence and a further word are none', () => {
  const own = stateShapes();
  const core = own.get('coreShape') ?? [];
  expect(core.length).toBeGreaterThan(150);
  expect(core.some((line) => line.includes('generation: number; ix: number'))).toBe(true);
  expect(core.some((line) => /: (any|unknown)\b/.test(line))).toBe(false);
  const changed = [
    latchesWith('  generation: number;\n', '  generation: number;\n  planted: number;\n'),
    latchesWith('  readonly reason: string;\n', '  readonly reason: string | null;\n'),
    latchesWith('  over: number;\n', '  beyond: number;\n'),
  ];
  for (const file of changed) expect(stateShapes([file]).get('coreShape'), file.text).not.toEqual(core);
  const domain = readFileSync(join(projectRoot, 'src/domain/kill.ts'), 'utf8');
  const word = { path: 'src/domain/kill.ts', text: domain.replace("'firm',", "'firm', 'planted',") };
  expect(word.text).not.toBe(domain);
  expect(stateShapes([word, latchesWith('/** One latch of the kill switch', '/** Otherwise said: one latch')])).toEqual(own);
});

test('a state that was written under another shape is refused by that, before anything of it is read', () => {
  const { core } = new SeededScript(3).run(40).desk;
  const bytes = encodeCore(core).slice();
  expect(decodeCore(bytes).ok).toBe(true);
  const other = byteWriter();
  other.str('0123456789abcdef');
  const prefix = other.view().length;
  bytes.set(other.view());
  expect(prefix).toBe(4 + coreShape.length);
  const read = decodeCore(bytes);
  expect(read.ok ? 'taken' : read.error).toBe(`its records have the shape 0123456789abcdef, this build's have ${coreShape}`);
});
