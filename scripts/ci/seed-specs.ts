import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start } from './plimsoll.ts';

// Every JSON example of the seed documents is deployed on the synthetic exchange and runs to its end on a virtual clock: S1 as it stands, S0's fragments
// completed by the command line. Without a stress loss nothing gets more than 10 % of the capital; momentum loses on this market, the maker that stands in for
// ml-model does not.

/** How one example ends. */
interface Example {
  readonly file: string;
  readonly from: string;
  /** Place among the JSON blocks of the document, from 0. */
  readonly block: number;
  readonly completed: readonly string[];
  readonly status: number;
  readonly phase: string;
  readonly reason: RegExp;
  readonly stages: readonly string[];
}

const seeds = join(projectRoot, '../shared/spec/seeds');
const S0 = '000_43688f1df0e53dcd.txt';
const S1 = '001_2796d3471057454f.txt';
const completed = ['--algorithm', 'momentum', '--version', '2.1.0'];
const withCapital = [...completed, '--capital', '10000000'];
const examples: readonly Example[] = [
  {
    file: 'S0, paper trading',
    from: S0,
    block: 0,
    completed,
    status: 3,
    phase: 'Paused',
    reason: /^minPnL failed: net PnL of the stage -/,
    stages: ['Paper'],
  },
  {
    file: 'S0, canary',
    from: S0,
    block: 1,
    completed: withCapital,
    status: 3,
    phase: 'Paused',
    reason: /^minPnL failed: net PnL of the stage -/,
    stages: ['Micro'],
  },
  {
    file: 'S1, paper trading',
    from: S1,
    block: 0,
    completed: [],
    status: 3,
    phase: 'Paused',
    reason: /^minPnL failed: net PnL of the stage -/,
    stages: ['Paper'],
  },
  {
    file: 'S1, canary',
    from: S1,
    block: 1,
    completed: [],
    status: 3,
    phase: 'Paused',
    reason: /^minPnL failed: net PnL of the stage -/,
    stages: ['Micro'],
  },
  {
    file: 'S1, canary, its algorithm played by the maker',
    from: S1,
    block: 1,
    completed: ['--use', 'momentum-v2.1.0=maker'],
    status: 3,
    phase: 'Paused',
    reason: /^edge-2 inconclusive: unbounded tail/,
    stages: ['Micro', 'Small', 'Medium'],
  },
  {
    file: 'S0, blue/green, which does not say what it replaces',
    from: S0,
    block: 2,
    completed: withCapital,
    status: 4,
    phase: 'Refused',
    reason: /^(NOT_BUILT|BLUE_NOT_ACTIVE): /,
    stages: [],
  },
  {
    file: 'S1, blue/green, on a desk without the version that it replaces',
    from: S1,
    block: 2,
    completed: ['--use', 'momentum-v2.2.0=momentum'],
    status: 4,
    phase: 'Refused',
    reason: /^(NOT_BUILT|BLUE_NOT_ACTIVE): /,
    stages: [],
  },
  {
    file: 'S1, progressive',
    from: S1,
    block: 3,
    completed: ['--use', 'ml-model-v3.0.0=maker'],
    status: 3,
    phase: 'Paused',
    reason: /^edge-2 inconclusive: unbounded tail/,
    stages: ['Paper', 'Micro', 'Small', 'Medium'],
  },
];

const checks = new Checks();
if (existsSync(seeds)) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-seed-specs-'));
  const blocks = new Map([S0, S1].map((name) => [name, blocksOf(join(seeds, name))]));
  checks.equal('JSON examples of S0 and S1', [blocks.get(S0)?.length, blocks.get(S1)?.length], [3, 4]);
  // two at a time: each simulates days
  for (let at = 0; at < examples.length; at += 2)
    await Promise.all(examples.slice(at, at + 2).map((one) => run(one, blocks.get(one.from)?.[one.block] ?? '', folder)));
  await again(blocks.get(S1)?.[1] ?? '', folder);
  await overHttp(blocks.get(S1)?.[1] ?? '', folder);
  rmSync(folder, { recursive: true });
} else checks.skip('the seed documents', `${seeds} is not there`);
checks.close('seed-specs');

function blocksOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text);
}

async function run(example: Example, text: string, folder: string): Promise<void> {
  const { file, completed: more, status, phase, reason, stages } = example;
  const path = join(folder, `${file.replace(/\W+/g, '-')}.json`);
  writeFileSync(path, text);
  const result = await plimsoll(['sim', '-f', path, '--seed', '7', '--json', ...more]);
  const [end] = list(objectOf(result), 'ends');
  const found = String(member(end, 'reason'));
  const granted = list(end, 'stages').map((stage) => member(stage, 'name'));
  console.log(`${file}: ${String(member(end, 'phase'))}, ${found} (${result.seconds.toFixed(1)} s)`);
  checks.equal(`${file} ends ${phase}, exit ${status}`, [member(end, 'phase'), result.status], [phase, status]);
  checks.check(`${file}: why`, reason.test(found), found);
  checks.equal(`${file}: what was granted`, granted, stages);
}

/** The same seed ends the same way to the last figure; another seed does not. */
async function again(text: string, folder: string): Promise<void> {
  const path = join(folder, 'again.json');
  writeFileSync(path, text);
  const [first, second, other] = await Promise.all(['7', '7', '8'].map((seed) => plimsoll(['sim', '-f', path, '--seed', seed, '--json'])));
  checks.check('the same seed ends the same way', first.stdout === second.stdout && first.stdout !== '', second.stdout);
  const ends = (result: typeof first): string => JSON.stringify(list(objectOf(result), 'ends'));
  checks.check('another seed does not', ends(first) !== ends(other), ends(other));
}

/** `:simulate` of a running desk says what `sim -f` says, leaves the desk as it is, and refuses what is not a spec. */
async function overHttp(text: string, folder: string): Promise<void> {
  const path = join(folder, 'http.json');
  const directory = join(folder, 'desk');
  writeFileSync(path, text);
  const desk = start(['up', '--dir', directory]);
  try {
    const address = /http:\/\/127\.0\.0\.1:\d+/;
    if (!checks.check('up serves its address', await desk.says(address), desk.stdout + desk.stderr)) return;
    const base = address.exec(desk.stdout)?.[0] ?? '';
    const authorization = `Bearer ${readFileSync(join(directory, 'api.token'), 'utf8').trim()}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const ask = (query: string, body: string): Promise<Response> =>
      fetch(`${base}/api/v1/deployments:simulate${query}`, { method: 'POST', headers, body });
    const answer = await ask('?seed=7', text);
    const said: unknown = await answer.json();
    const told = await plimsoll(['sim', '-f', path, '--seed', '7', '--json']);
    checks.equal('POST :simulate answers', answer.status, 200);
    checks.check('it ends somewhere', list(said, 'ends').length > 0, JSON.stringify(said));
    checks.equal('and ends as sim -f does, to the last figure', list(said, 'ends'), list(objectOf(told), 'ends'));
    const view = objectOf(await plimsoll(['get', 'desk', '--dir', directory, '--json']));
    checks.equal('the desk itself has deployed nothing', member(view, 'deployments'), []);
    const refused = await ask('', '{"strategy":"Canary","stages":1}');
    checks.check('what is no spec is refused by name', refused.status >= 400 && refused.status < 500, refused.status);
    checks.equal('so is a seed that is none', (await ask('?seed=-1', text)).status, 400);
  } finally {
    desk.signal('SIGTERM');
    await desk.ended;
  }
}
