import { delimiter, dirname } from 'node:path';
import { closeStep, runLive } from './live-command.ts';
import { nodeBinary } from './node-binary.ts';
import { testCounts } from './test-summary.ts';

// All tests on another Node version: `matrix.ts 22`. Packages and build are those of the tree; only the Node that runs them changes.
const major = Number(process.argv[2]);
if (!Number.isInteger(major)) throw new Error(`expected the major version of Node, was ${process.argv[2] ?? 'nothing'}`);
const node = nodeBinary(major);
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
const { status, output } = await runLive(node, ['node_modules/vitest/vitest.mjs', 'run'], env);
const { passed, failed } = testCounts(output, status);
closeStep(`node-${major}`, passed, failed);
