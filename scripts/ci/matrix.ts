import { delimiter, dirname } from 'node:path';
import { closeStep, runLive } from './live-command.ts';
import { nodeBinary } from './node-binary.ts';
import { testCounts } from './test-summary.ts';

// All tests on another Node version: `matrix.ts 22`. Packages, build and compiled tests are those of the tree; only the Node that runs them changes.
const major = Number(process.argv[2]);
if (!Number.isInteger(major)) throw new Error(`expected the major version of Node, was ${process.argv[2] ?? 'nothing'}`);
const node = nodeBinary(major);
// every case has been had on the oldest Node: here a sample shows that this one computes the same
const env = { ...process.env, PLIMSOLL_CASES: 'sample', PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
// one test at a time: the other Node runs beside this one
const { status, output } = await runLive(node, ['scripts/bootstrap.mjs', 'test', '--maxWorkers=1'], env);
const { passed, failed } = testCounts(output, status);
closeStep(`node-${major}`, passed, failed);
