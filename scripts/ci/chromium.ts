import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Debian's Chromium; in CI it is installed where it is missing, elsewhere `undefined` says that there is none. @throws Error in CI without one */
export async function openChromium(): Promise<Browser | undefined> {
  if (!existsSync(executablePath)) {
    if (process.env['CI'] !== 'true') return undefined;
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: 300_000 });
      if (status !== 0) throw new Error(`expected apt-get ${args[0]} to install a browser, was: ${stderr.slice(-300)}`);
    }
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
