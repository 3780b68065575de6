import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { tmpdir } from 'node:os';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { compiler } from '../bootstrap/build.mjs';
import { graphFaults } from '../graph/document.ts';
import { formatFaults } from './format.ts';
import { runTool, type Finding, type Step } from './step.ts';

const modules = join(projectRoot, 'node_modules');

/** All static checks; the slow ones first. */
export const steps: readonly Step[] = [
  { name: 'lint', unit: 'files', run: lint },
  { name: 'format', unit: 'files', run: formatFaults },
  { name: 'tidy', unit: 'tests', run: tidy },
  { name: 'types', unit: 'files', run: () => types('tsconfig.json') },
  { name: 'types of pure folders', unit: 'files', run: () => types('tsconfig.pure.json') },
  { name: 'unused code', unit: 'files', run: unused },
  { name: 'dependency graph', unit: 'files', run: () => Promise.resolve(graphFaults()) },
  { name: 'lock file', unit: 'packages', run: lockFile },
];

interface LintResult {
  readonly filePath: string;
  readonly messages: readonly { readonly line?: number; readonly ruleId: string | null; readonly message: string }[];
}

async function lint(): Promise<Finding> {
  const { status, stdout, stderr } = await runTool(join(modules, 'eslint/bin/eslint.js'), ['.', '--format', 'json', '--max-warnings', '0']);
  if (!stdout.startsWith('[')) return { passed: false, seen: 0, output: stdout + stderr };
  const results = JSON.parse(stdout) as LintResult[];
  const lines = results.flatMap((result) =>
    result.messages.map((one) => `${relative(projectRoot, result.filePath)}:${one.line ?? 0}: ${one.message} (${one.ruleId ?? 'parser'})`),
  );
  return { passed: status === 0, seen: results.length, output: lines.join('\n') };
}

async function types(config: string): Promise<Finding> {
  const { status, stdout, stderr } = await runTool(compiler(projectRoot), ['--noEmit', '--listFiles', '-p', config]);
  const lines = stdout.split('\n').map((line) => line.trimEnd());
  const isFile = (line: string) => /^([A-Za-z]:)?[\\/].*\.[cm]?[jt]s$/.test(line);
  const ours = lines.filter((line) => isFile(line) && !line.includes('node_modules'));
  const said = lines.filter((line) => line !== '' && !isFile(line));
  return { passed: status === 0, seen: ours.length, output: `${said.join('\n')}${stderr}` };
}

async function tidy(): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tidy-'));
  try {
    const report = join(folder, 'report.json');
    const flags = ['run', 'src/testing/tidy', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status, stdout, stderr } = await runTool(join(modules, 'vitest/vitest.mjs'), flags);
    const seen = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as { numTotalTests: number }).numTotalTests : 0;
    return { passed: status === 0, seen, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function unused(): Promise<Finding> {
  const flags = ['--no-progress', '--reporter', 'compact', '--reporter', './scripts/check/knip-count.config.ts'];
  const { status, stdout, stderr } = await runTool(join(modules, 'knip/bin/knip.js'), flags);
  const lines = stdout.trimEnd().split('\n');
  const counters = lines.pop() ?? '';
  const seen = counters.startsWith('{') ? (JSON.parse(counters) as { processed: number }).processed : 0;
  return { passed: status === 0, seen, output: `${lines.join('\n')}${stderr}` };
}

async function lockFile(): Promise<Finding> {
  const npm = process.env['npm_execpath'] ?? join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  const { status, stdout, stderr } = await runTool(npm, ['ci', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error', '--json']);
  const text = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8');
  const seen = Object.keys((JSON.parse(text) as { packages: object }).packages).length;
  const host = /"resolved": "https?:/.test(text)
    ? 'package-lock.json names where packages come from: write it with the .npmrc of the project\n'
    : '';
  const passed = status === 0 && host === '';
  return { passed, seen, output: passed ? '' : host + stdout + stderr };
}
