import { describe, expect, test } from 'vitest';
import { inspect } from './tidy/all-rules.ts';
import { faultText } from './tidy/fault.ts';

/** Words that the checker refuses are put together here, so that this file keeps the rules. */
const glue = (...parts: string[]) => parts.join('');

function faultsOf(path: string, text: string): string[] {
  return inspect([{ path, text }]).faults.map(faultText);
}

/** [what is planted, where, the text, words of the sentence that refuses it]. */
type Plant = readonly [what: string, path: string, text: string, sentence: string];

const imports: readonly Plant[] = [
  [
    'core importing venues',
    'src/core/x.ts',
    "import { a } from '../venues/fix/session.ts';\n",
    'src/core/x.ts:1: core may not import venues (../venues/fix/session.ts); allowed from core: base, domain, quant',
  ],
  [
    'base importing domain',
    'src/base/x.ts',
    "import type { Side } from '../domain/order.ts';\n",
    'allowed from base: nothing but its own files',
  ],
  ['core importing Node', 'src/core/x.ts', "import { readFileSync } from 'node:fs';\n", 'core imports nothing of Node (node:fs)'],
  ['the journal importing a package', 'src/journal/x.ts', "import yaml from 'yaml';\n", 'journal has no dependency (yaml)'],
  ['ports loading at run time', 'src/ports/x.ts', "export const a = () => import('../core/engine.ts');\n", 'ports may not import core'],
  ['a type from a forbidden room', 'src/quant/x.ts', "export type A = import('../core/engine.ts').A;\n", 'quant may not import core'],
  [
    'feeds reaching past core/market',
    'src/feeds/x.ts',
    "import { a } from '../core/engine.ts';\n",
    'allowed from feeds: base, domain, ports, core/market',
  ],
  ['venues that know each other', 'src/venues/fix/x.ts', "import { a } from '../ibkr/y.ts';\n", 'fix and ibkr are strangers to each other'],
  [
    'a venue that knows the simulator',
    'src/venues/fix/x.ts',
    "import { a } from '../simulated/y.ts';\n",
    'venues may not import venues/simulated',
  ],
  ['strategies that know each other', 'src/strategies/maker/x.ts', "import { a } from '../momentum/y.ts';\n", 'strangers to each other'],
  ['a room importing apps', 'src/runtime/x.ts', "import { a } from '../apps/paper.ts';\n", 'runtime may not import apps'],
  ['a test importing apps', 'src/runtime/x.test.ts', "import { a } from '../apps/paper.ts';\n", 'nobody imports apps'],
  ['a source importing testing', 'src/apps/x.ts', "import { a } from '../testing/fixtures.ts';\n", 'testing is imported by tests only'],
  ['the verifier sharing code', 'src/verify/x.ts', "import { a } from '../journal/codec.ts';\n", 'allowed from verify: node:'],
  ['values of api in ui', 'src/ui/x.ts', "import { a } from '../api/routes.ts';\n", 'types of api only'],
  ['a room that is not in the table', 'src/stuff/x.ts', "import { a } from '../base/units.ts';\n", 'stands in no room'],
  ['an import without its ending', 'src/core/x.ts', "import { a } from './y';\n", 'with its ending .ts'],
  ['a source importing scripts', 'src/apps/x.ts', "import { a } from '../../scripts/y.ts';\n", 'src imports from src only'],
  ['the surface showing the runtime', 'src/index.ts', "export { a } from './runtime/sequencer.ts';\n", 'src/index.ts shows base, domain'],
];

const impurities: readonly Plant[] = [
  [
    'Date.now in core',
    'src/core/x.ts',
    'export const at = Date.now();\n',
    'Date is not allowed here: a pure folder knows no time: it comes as an input',
  ],
  ['a new Date in a venue that is simulated', 'src/venues/simulated/x.ts', 'export const at = new Date();\n', 'Date is not allowed here'],
  [
    'Math.pow in core',
    'src/core/x.ts',
    'export const a = Math.pow(2, 3);\n',
    'Math.pow differs in the last bit between Node versions: use src/base/math.ts',
  ],
  ['Math.tan in quant', 'src/quant/x.ts', 'export const a = Math.tan(2);\n', 'allowed of Math: abs, floor'],
  ['Math.random in strategies', 'src/strategies/x.ts', 'export const a = Math.random();\n', 'draw from a PRNG that is handed in'],
  ['Math under another name', 'src/core/x.ts', 'export const { pow } = Math;\n', 'Math is used as Math.name'],
  ['** in projections', 'src/projections/x.ts', 'export const a = 2 ** 3;\n', 'write x * x, or pow of src/base/math.ts'],
  ['**= in base', 'src/base/x.ts', 'let a = 2;\na **= 3;\nexport const b = a;\n', 'src/base/x.ts:2: ** differs'],
  ['async in core', 'src/core/x.ts', 'export const a = async () => 1;\n', 'async and await are not allowed here'],
  ['a promise in core', 'src/core/x.ts', 'export type A = Promise<number>;\n', 'Promise is not allowed here'],
  ['a promise made in ports', 'src/ports/x.ts', 'export const a = Promise.resolve(1);\n', 'Promise is not allowed here'],
  ['a timer in domain', 'src/domain/x.ts', 'setTimeout(() => 1, 5);\n', 'setTimeout is not allowed here'],
  ['performance in core', 'src/core/x.ts', 'export const a = performance.now();\n', 'performance is not allowed here'],
  ['the environment in core', 'src/core/x.ts', 'export const a = process.env;\n', 'process is not allowed here'],
  ['the locale in core', 'src/core/x.ts', "export const a = 'a'.localeCompare('b');\n", 'compare with < and >'],
  ['bigint in core', 'src/core/x.ts', 'export const a = 5n;\n', 'use src/base/split.ts'],
  ['bigint in the runtime', 'src/runtime/x.ts', 'export const a = BigInt(5);\n', 'use src/base/split.ts'],
  [
    'a thread outside threads.ts',
    'src/runtime/x.ts',
    "export const a = new Worker('');\n",
    'threads are started in src/runtime/threads.ts only',
  ],
  [
    'an await at the top of a thread',
    'src/apps/x.ts',
    "import { workerData } from 'node:worker_threads';\nexport const run = async () => workerData;\nawait run();\n",
    'src/apps/x.ts:3: what runs on a thread starts its work and does not await it at the top',
  ],
];

const shapes: readonly Plant[] = [
  ['401 lines', 'src/core/x.ts', 'export {};\n'.repeat(401), 'at most 400 lines, was 401'],
  ['401 lines of a script', 'scripts/x.mjs', '\n'.repeat(401), 'at most 400 lines, was 401'],
  ['a name in camelCase', 'src/core/orderTable.ts', 'export {};\n', 'kebab-case'],
  ['a vague name', 'src/core/order-manager.ts', 'export {};\n', "'manager' says nothing"],
  ['a barrel', 'src/core/index.ts', 'export {};\n', 'no barrels'],
  ['a re-export', 'src/core/x.ts', "export { a } from './y.ts';\n", 'no re-exports'],
  ['a default export', 'src/core/x.ts', 'export default 5;\n', 'export by name'],
  ['a default function', 'src/core/x.ts', 'export default function a() {}\n', 'export by name'],
  ['an enum', 'src/core/x.ts', 'export enum A { B }\n', 'no enums'],
  ['a namespace', 'src/core/x.ts', 'export namespace A { export const b = 1; }\n', 'no namespaces'],
  ['a marker', 'docs/x.md', `${glue('TO', 'DO')}: later\n`, 'finish it, or refuse it by name'],
  ['a path of one machine', 'docs/x.md', `see ${glue('/wo', 'rk/')}main\n`, 'is a path of one machine'],
  ['a path of one machine in a string', 'src/apps/x.ts', `export const a = '${glue('/t', 'mp/')}x';\n`, 'os.tmpdir()'],
  ['a registry host', 'docs/x.md', `from ${glue('registry.npm', 'js.org')}\n`, 'name the package'],
  ['a maker', 'docs/x.md', `written by an ${glue('A', 'I')}\n`, 'has no place here'],
  ['a silenced checker', 'src/core/x.ts', `// ${glue('eslint', '-disable')}-next-line\nexport {};\n`, 'silences a checker'],
  ['a test left out', 'src/core/x.test.ts', `${glue('test.sk', 'ip(')}'a', () => {});\n`, 'skip inside the test with a printed reason'],
  ['types switched off', 'src/core/x.ts', `export const a = 5 ${glue('as a', 'ny')};\n`, 'parse unknown input once'],
  ['a link that leads nowhere', 'docs/x.md', 'see [the order](order.md)\n', 'docs/x.md:1: the link leads nowhere: order.md'],
  ['a decision that is not listed', 'docs/decisions/0009-x.md', 'x\n', 'a decision is listed in docs/decisions/README.md'],
];

describe('each rule refuses its planted fault with a sentence that says what is allowed', () => {
  test.each([...imports, ...impurities, ...shapes])('%s', (_what, path, text, sentence) => {
    expect(faultsOf(path, text).join('\n')).toContain(sentence);
  });
});

test('files in a circle are named in order', () => {
  const a = { path: 'src/core/a.ts', text: "import { b } from './b.ts';\nexport const a = () => b;\n" };
  const b = { path: 'src/core/b.ts', text: "import { a } from './a.ts';\nexport const b = () => a;\n" };
  expect(inspect([a, b]).faults.map(faultText).join('\n')).toContain('src/core/a.ts -> src/core/b.ts -> src/core/a.ts');
  const onlyType = { ...b, text: "import type { a } from './a.ts';\nexport const b = (x: typeof a) => x;\n" };
  expect(inspect([a, onlyType]).faults).toEqual([]);
});

const allowed: readonly (readonly [what: string, path: string, text: string])[] = [
  [
    'core using its own rooms',
    'src/core/x.ts',
    "import { a } from '../base/units.ts';\nimport { b } from './y.ts';\nexport const c = a + b;\n",
  ],
  ['allowed functions of Math', 'src/core/x.ts', 'export const a = Math.floor(Math.sqrt(2)) + Math.PI;\n'],
  ['a member called like a banned global', 'src/core/x.ts', 'export const a = (b: { process: number }) => b.process;\n'],
  [
    'a test in core that reads a file',
    'src/core/x.test.ts',
    "import { readFileSync } from 'node:fs';\nexport const a = [readFileSync, Date.now()];\n",
  ],
  [
    'a strategy using what stands in its room',
    'src/strategies/maker/x.ts',
    "import { a } from '../define-strategy.ts';\nexport const b = a;\n",
  ],
  ['a port whose answer comes later', 'src/ports/x.ts', 'export interface A {\n  read(): Promise<number>;\n}\n'],
  [
    'the simulator using the books of core',
    'src/venues/simulated/x.ts',
    "import { a } from '../../core/market/l2-book.ts';\nexport const b = a;\n",
  ],
  ['400 lines', 'src/core/x.ts', 'export {};\n'.repeat(400)],
  ['a strategy named with its version', 'src/strategies/maker/maker-1.0.0.ts', 'export {};\n'],
  ['a banned word in a comment', 'src/core/x.ts', '// Date is an input here, 2 ** 3 is not.\nexport {};\n'],
  ['a link to a folder and to elsewhere', 'docs/x.md', '[a](../docs) [b](x.md#top) [c](https://example.org/x)\n'],
  ['a path within the project', 'docs/x.md', 'the capture in data/root/x and ./work/x\n'],
];

test.each(allowed)('allowed: %s', (_what, path, text) => {
  expect(faultsOf(path, text)).toEqual([]);
});

test('an inspection of nothing counts zero, which the tidy test refuses', () => {
  expect(inspect([])).toEqual({ files: 0, sources: 0, imports: 0, faults: [] });
});
