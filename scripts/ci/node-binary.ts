import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Path of a Node of that major version, brought by the npm package `node` and kept in a folder outside the tree. */
export function nodeBinary(major: number): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const cache = join(tmpdir(), 'plimsoll-node');
  const kept = join(cache, `node-${major}`);
  const binary = join('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(join(kept, binary))) {
    mkdirSync(cache, { recursive: true });
    const aside = mkdtempSync(join(cache, 'installing-'));
    writeFileSync(join(aside, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
    execFileSync('npm', ['install', `node@${major}`, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: aside, stdio: 'inherit' });
    rmSync(kept, { recursive: true, force: true });
    renameSync(aside, kept);
  }
  const version = execFileSync(join(kept, binary), ['--version'], { encoding: 'utf8' }).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`expected Node ${major} in ${kept}, was ${version}`);
  return join(kept, binary);
}
