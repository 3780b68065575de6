import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { runLive } from './live-command.ts';
import { member, objectOf, plimsoll, Running, type CommandResult } from './plimsoll.ts';

// Without the optional packages everything works that does not need them, and what needs them says so in one sentence.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-omit-'));
const checks = new Checks();
const clone = join(root, 'clone');
const period = ['--from', '2015-01-01', '--to', '2015-12-31', '--adjust', 'total', '--json'];

/** The command line of the clone: this tree's build over packages that were installed without the optional ones. */
function run(...args: readonly string[]): Promise<CommandResult> {
  return new Running(process.execPath, [join(clone, 'dist/apps/bundle/main.js'), ...args], process.env).ended;
}

function refused(what: string, { status, stdout, stderr }: CommandResult): void {
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !/^(imported|checked|read) \d/.test(line));
  const clear = lines.length === 1 && lines[0].includes('need the optional packages hyparquet and hyparquet-writer');
  checks.check(`${what}: exit 4, "${lines[0]}"`, status === 4 && clear && stdout === '', `exit ${status}: ${stdout}${stderr}`);
}

async function install(): Promise<boolean> {
  const built = await plimsoll(['--version']);
  const cloned = await runLive('git', ['clone', '--quiet', '--no-hardlinks', projectRoot, clone]);
  const installed = await runLive('npm', ['ci', '--prefix', clone, '--omit=optional', '--omit=dev', '--no-audit', '--no-fund']);
  cpSync(join(projectRoot, 'dist'), join(clone, 'dist'), { recursive: true });
  const isBare = !existsSync(join(clone, 'node_modules/hyparquet')) && existsSync(join(clone, 'node_modules/commander'));
  return checks.check('npm ci --omit=optional of a clone', built.status === 0 && cloned.status === 0 && installed.status === 0 && isBare);
}

async function checkColumns(raw: string): Promise<void> {
  const file = join(raw, 'KO.csv.gz');
  const store = join(root, 'store');
  refused('data import', await run('data', 'import', '--from', file, '--to', join(root, 'none')));
  const full = await plimsoll(['data', 'import', '--from', file, '--to', store]);
  checks.check('with the packages the same file is imported', full.status === 0, full.stderr);
  refused('data check of imported files', await run('data', 'check', store));
  refused('data inspect of imported files', await run('data', 'inspect', store));
  const backtest = ['backtest', '--strategy', 'mean-reversion', '--instruments', 'KO', ...period];
  const raws = await run(...backtest, '--data', raw);
  checks.check('a backtest on raw files runs', raws.status === 0 && typeof member(objectOf(raws), 'resultHash') === 'string', raws.stderr);
  const columns = await run(...backtest, '--data', store);
  checks.check(
    'a backtest on imported files is refused in one sentence',
    columns.status === 4 && `${columns.stderr}${columns.stdout}`.includes('need the optional packages'),
    columns.stdout + columns.stderr,
  );
  const inspected = await run('data', 'inspect', file);
  checks.check('data inspect of a raw file works', inspected.status === 0 && inspected.stdout.includes('KO'), inspected.stderr);
}

try {
  if (await install()) {
    const demo = await run('demo', '--exit', '--json');
    checks.check('demo --exit', demo.status === 0 && objectOf(demo) !== undefined, `exit ${demo.status}: ${demo.stderr}`);
    const raw = recordedPath('sp500/daily');
    if (raw !== undefined) await checkColumns(raw);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('omit-optional');
