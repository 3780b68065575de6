import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removedControls, type RemovedControl } from '../../src/testing/incidents/removed-controls.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { closeStep } from './live-command.ts';

// Takes each control of an incident out of a copy of the sources and runs the incident's test there, which has to fail, and no other way than by its own
// expectation: `incidents.ts [NAME PART …]`.
const workers = 2;
/** Longest run of one test file (ms). */
const longest = 120_000;

interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Ending {
  readonly passed: readonly TestResult[];
  readonly failed: readonly TestResult[];
}

interface TestReport {
  readonly testResults: readonly { readonly assertionResults: readonly TestResult[] }[];
}

function copyTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-incidents-'));
  for (const name of ['src', 'vitest.config.ts', 'package.json', 'tsconfig.json', 'tsconfig.base.json'])
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** @returns what undoes it. @throws when a place is not there exactly once. */
function remove({ edits }: RemovedControl, root: string): () => void {
  const before = new Map<string, string>();
  for (const { file, find, replace } of edits) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    if (!before.has(path)) before.set(path, text);
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`expected its place in ${file} once, was there ${parts.length - 1} times`);
    writeFileSync(path, parts.join(replace));
  }
  return () => {
    for (const [path, text] of before) writeFileSync(path, text);
  };
}

function runTests(root: string, files: readonly string[]): Promise<Ending> {
  const report = join(root, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const paths = files.map((name) => `src/testing/incidents/${name}.test.ts`);
  return new Promise((resolve, reject) => {
    const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...paths];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore', timeout: longest });
    child.on('error', reject);
    child.on('close', () => {
      try {
        const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as TestReport;
        const all = testResults.flatMap(({ assertionResults }) => assertionResults);
        const of = (status: string): readonly TestResult[] => all.filter((one) => one.status === status);
        resolve({ failed: of('failed'), passed: of('passed') });
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}

async function judge(control: RemovedControl, root: string): Promise<string> {
  const restore = remove(control, root);
  try {
    const { failed } = await runTests(root, [control.incident]);
    const result = failed.find(({ title }) => title === control.test);
    if (result === undefined) return 'it passes without its control';
    const [message = ''] = result.failureMessages;
    // what fails is what the test expects, or an assertion of the product that stands behind the control
    return /^(AssertionError|Error: assertion failed)/.test(message)
      ? ''
      : `it ends otherwise than by what it expects: ${message.slice(0, 200)}`;
  } finally {
    restore();
  }
}

const parts = process.argv.slice(2);
const wanted = removedControls.filter((one) => parts.length === 0 || parts.some((part) => `${one.incident}: ${one.test}`.includes(part)));
const [first, ...others] = Array.from({ length: workers }, copyTree);
let next = 0;
let shown = 0;
let missed = 0;
async function work(root: string): Promise<void> {
  while (next < wanted.length) {
    const control = wanted[next++];
    const why = await judge(control, root).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (why === '') shown += 1;
    else missed += 1;
    console.log(
      `${why === '' ? 'fails as it should' : 'MISSED            '}  ${control.incident}: ${control.test}${why === '' ? '' : `: ${why}`}`,
    );
  }
}
const began = performance.now();
try {
  const whole = await runTests(first, [...new Set(wanted.map(({ incident }) => incident))]);
  console.log(`with every control in place: ${whole.passed.length} tests pass, ${whole.failed.length} fail`);
  missed += whole.failed.length;
  if (whole.passed.length === 0) missed += 1;
  await Promise.all([first, ...others].map(work));
} finally {
  for (const root of [first, ...others]) rmSync(root, { recursive: true, force: true });
}
console.log(`${wanted.length} controls taken out, one after the other, ${((performance.now() - began) / 1000).toFixed(0)} s`);
closeStep('incidents', shown, missed);
