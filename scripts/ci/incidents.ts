import { linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join, relative, sep } from 'node:path';
import { removedControls, type RemovedControl } from '../../src/testing/incidents/removed-controls.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { filesBelow } from '../bootstrap/build.mjs';
import { COMPILED } from '../bootstrap/compile.mjs';
import { prepare } from '../bootstrap/prepare.mjs';
import { closeStep } from './live-command.ts';
import { transpiled } from './transpiled.ts';

// Takes each control of an incident out of a copy of the compiled tree of its own and runs the incident's test there, which has to fail, and no other way than by its
// own expectation; in a copy with every control in place all of them pass. One run of the test runner loads all copies: `incidents.ts [NAME PART …]`.
/** Longest run of all copies (ms): a guard, not a measurement. */
const longest = 600_000;
const whole = 'whole';
const config = `export default {
  test: {
    include: ['*/src/testing/incidents/*.test.js'],
    pool: 'threads', maxWorkers: 2, isolate: false, testTimeout: 120_000, hookTimeout: 120_000,
    server: { deps: { external: [/\\/incidents-[^/]*\\/[^/]+\\/src\\//] } },
  },
};
`;

interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface FileReport {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly TestResult[];
}

/** Links the compiled product and fixtures into a folder, and the tests of these incidents. */
function link(folder: string, incidents: readonly string[]): void {
  const from = join(projectRoot, COMPILED);
  const made = new Set<string>();
  for (const path of filesBelow(from, 'src')) {
    const [, incident] = /^src\/testing\/incidents\/(.+)\.test\.js$/.exec(path) ?? [];
    if (path.endsWith('.ts') || (path.endsWith('.test.js') && !incidents.includes(incident))) continue;
    const to = join(folder, path);
    if (!made.has(dirname(to))) mkdirSync(dirname(to), { recursive: true });
    made.add(dirname(to));
    linkSync(join(from, path), to);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}

/** @throws when a place is not there exactly once. */
function remove({ edits }: RemovedControl, folder: string): void {
  const edited = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const parts = (edited.get(file) ?? readFileSync(join(projectRoot, file), 'utf8')).split(find);
    if (parts.length !== 2) throw new Error(`expected its place in ${file} once, was there ${parts.length - 1} times`);
    edited.set(file, parts.join(replace));
  }
  for (const [file, text] of edited) {
    const path = join(folder, file.replace(/\.ts$/, '.js'));
    // a link to the tree that everybody runs: another file takes its name
    rmSync(path);
    writeFileSync(path, transpiled(text));
  }
}

/** Runs the tests of all copies. @returns the reports by copy. */
async function run(root: string): Promise<ReadonlyMap<string, readonly FileReport[]>> {
  const report = join(root, 'report.json');
  writeFileSync(join(root, 'vitest.config.mjs'), config);
  const args = [join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile=${report}`];
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], timeout: longest });
    child.on('error', reject).on('close', resolve);
  });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as { readonly testResults: readonly FileReport[] };
  const byCopy = new Map<string, FileReport[]>();
  for (const one of testResults) {
    const [copy] = relative(root, one.name).split(sep);
    byCopy.set(copy, [...(byCopy.get(copy) ?? []), one]);
  }
  return byCopy;
}

/** Why a control is not shown to be needed; '' = it is. */
function fault({ test }: RemovedControl, reports: readonly FileReport[] = []): string {
  const result = reports.flatMap(({ assertionResults }) => assertionResults).find(({ title }) => title === test);
  if (result === undefined) return `it did not run: ${reports.map(({ message }) => message.slice(0, 200)).join(' ')}`;
  if (result.status !== 'failed') return 'it passes without its control';
  const [message = ''] = result.failureMessages;
  // what fails is what the test expects, or an assertion of the product that stands behind the control
  return /^(AssertionError|Error: assertion failed)/.test(message)
    ? ''
    : `it ends otherwise than by what it expects: ${message.slice(0, 200)}`;
}

await prepare(projectRoot, { build: false, compile: true });
const parts = process.argv.slice(2);
const wanted = removedControls.filter((one) => parts.length === 0 || parts.some((part) => `${one.incident}: ${one.test}`.includes(part)));
let shown = 0;
let missed = 0;
const began = performance.now();
// beside the tree that it is linked to
const root = realpathSync(mkdtempSync(join(projectRoot, '.plimsoll', 'incidents-')));
try {
  link(join(root, whole), [...new Set(wanted.map(({ incident }) => incident))]);
  for (const [n, control] of wanted.entries()) {
    link(join(root, `${n}`), [control.incident]);
    remove(control, join(root, `${n}`));
  }
  const reports = await run(root);
  const results = (reports.get(whole) ?? []).flatMap(({ assertionResults }) => assertionResults);
  const [pass, fail] = ['passed', 'failed'].map((status) => results.filter((one) => one.status === status).length);
  console.log(`with every control in place: ${pass} tests pass, ${fail} fail`);
  missed += fail + (pass === 0 ? 1 : 0);
  for (const [n, control] of wanted.entries()) {
    const why = fault(control, reports.get(`${n}`));
    if (why === '') shown += 1;
    else missed += 1;
    console.log(
      `${why === '' ? 'fails as it should' : 'MISSED            '}  ${control.incident}: ${control.test}${why === '' ? '' : `: ${why}`}`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
console.log(`${wanted.length} controls taken out, each of a copy, ${((performance.now() - began) / 1000).toFixed(0)} s`);
closeStep('incidents', shown, missed);
