import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinModules } from '../../scripts/bootstrap/bundle.mjs';

/**
 * Runs a program of the bench once more with its modules joined as a build joins them: modules apart cost an order a tenth that the product does not pay
 * (docs/decisions/0034). @returns the exit code.
 */
export async function runJoined(program: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-joined-'));
  try {
    const source = fileURLToPath(program);
    const name = basename(source, '.ts');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    await joinModules({ [name]: source }, folder);
    const { status } = spawnSync(process.execPath, [join(folder, `${name}.js`), ...process.argv.slice(2)], { stdio: 'inherit' });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
