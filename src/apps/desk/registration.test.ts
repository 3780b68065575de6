import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { nodeWorld } from '../../runtime/threads.ts';
import { refuseStates } from './registration.ts';
import { bookStrategies } from './strategies.ts';
import { builtInModule } from './strategy-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-registration-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A module with one version that counts, whose `migrate` is the given text. */
function moduleOf(version: string, migrate: string): { readonly name: string; readonly version: string; readonly module: string } {
  const file = join(folder, `${version}.mjs`);
  const made = '{ exportState: () => ({ schema: "c/1", bytes: new Uint8Array([7]) }) }';
  writeFileSync(
    file,
    `const made = () => (${made});
export const one = { name: 'c', version: '${version}', parameters: {}, parse: () => ({ ok: true, value: {} }), create: made, migrate: ${migrate} };\n`,
  );
  return { name: 'c', version, module: pathToFileURL(file).href };
}

const good = moduleOf('1.0.0', '() => ({ ok: true, value: made() })');

test('built-in versions and one that takes its state back are registered', async () => {
  const builtIn = bookStrategies.map(({ name, version }) => ({ name, version, module: builtInModule }));
  await expect(refuseStates(nodeWorld, [...builtIn, good])).resolves.toBeUndefined();
});

test.each([
  [
    moduleOf('2.0.0', `() => ({ ok: false, error: 'planted' })`),
    20_000,
    'STATE_NOT_MIGRATED.*c 2.0.0: its own state of schema c/1 is refused: planted',
  ],
  [moduleOf('2.1.0', '() => process.exit(3)'), 20_000, 'c 1.0.0, c 2.1.0: their thread ended before it answered'],
  [moduleOf('2.2.0', '() => { for (;;); }'), 2_500, 'c 1.0.0, c 2.2.0: no end of create, exportState and migrate within 2.5 s'],
])('%o is refused by name, and its thread ends', async (bad, millis, words) => {
  await expect(refuseStates(nodeWorld, [good, bad], millis)).rejects.toThrow(new RegExp(words));
});
