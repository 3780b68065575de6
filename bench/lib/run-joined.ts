import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinModules } from '../../scripts/bootstrap/bundle.mjs';

/** Name of the folder that it runs in, to its random end. */
const joined = 'plimsoll-bench-joined-';

/** Whether a program of the bench is what `runJoined` has made of it. @param program its `import.meta.url` */
export function isJoined(program: string): boolean {
  return basename(dirname(fileURLToPath(program))).startsWith(joined);
}

/**
 * Runs a program of the bench once more with its modules joined as a build joins them: modules apart cost an order a tenth that the product does not pay
 * (docs/decisions/0034). @returns the exit code.
 */
export async function runJoined(program: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), joined));
  try {
    const source = fileURLToPath(program);
    const name = basename(source, extname(source));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    await joinModules({ [name]: source }, folder);
    const { status } = spawnSync(process.execPath, [join(folder, `${name}.js`), ...process.argv.slice(2)], { stdio: 'inherit' });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
