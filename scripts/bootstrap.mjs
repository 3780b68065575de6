// What `npm start`, `npm test` and the other scripts of package.json run. Plain JavaScript without dependencies, because at this point nothing is installed and Node 20
// runs no TypeScript. All that it says goes to standard error: standard output belongs to the command that is started.
import { pathToFileURL, fileURLToPath } from 'node:url';
import { join, dirname } from 'node:path';
import { refuseOldNode } from './bootstrap/node-version.mjs';

refuseOldNode();
const { prepare, Interrupted } = await import('./bootstrap/prepare.mjs');
const { COMPILED } = await import('./bootstrap/compile.mjs');

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [what, ...rest] = process.argv.slice(2);

/**
 * The command becomes this very process: signals reach it directly and its exit code is ours.
 * @param {string} script
 * @param {string[]} args
 */
async function become(script, args) {
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

async function main() {
  switch (what) {
    case 'start':
      await prepare(root);
      return become(join(root, 'bin/plimsoll'), ['demo', ...rest]);
    case 'test':
      await prepare(root, { build: true, compile: true });
      return become(join(root, 'node_modules/vitest/vitest.mjs'), [
        'run',
        '--config',
        'vitest-compiled.config.ts',
        // a test is named by its source
        ...rest.map((one) => one.replace(/\.test\.ts$/, '.test')),
      ]);
    case 'compiled':
      await prepare(root, { build: false, compile: true });
      return become(join(root, COMPILED, rest[0].replace(/\.ts$/, '.js')), rest.slice(1));
    case 'run':
      await prepare(root, { build: false });
      (await import('tsx/esm/api')).register();
      return become(join(root, rest[0]), rest.slice(1));
    default:
      throw new Error(`expected start, test, run or compiled, was ${what ?? 'nothing'}`);
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof Interrupted) process.exit(error.exitCode);
  process.stderr.write(`plimsoll: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
