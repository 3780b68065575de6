import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { askDesk } from '../../src/apps/desk/control-socket.ts';
import { modeOf } from '../../src/core/risk/order-gate.ts';
import { CallbackDesk, callbackNames, type CallbackName } from '../../src/testing/rollout/callback-desk.ts';
import { canary, rung } from '../../src/testing/rollout/rollout-specs.ts';
import { blueGreen } from '../../src/testing/rollout/swap-desk.ts';
import { projectRoot } from '../../src/testing/tidy/tree.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start, type Running } from './plimsoll.ts';

// Bad input to a running desk: each ends as a refusal by its name that changes nothing, or as a rollback; never as half a step.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-rollout-input-'));
const checks = new Checks();
const directory = join(root, 'desk');
/** Callbacks that a desk on quotes calls by itself. Bars and their groups come in backtests only, hand-overs on the one-thread desk. */
const callbacks = ['onStart', 'onQuote', 'onTrade', 'onBook', 'onFill', 'onOrder', 'onTimer', 'exportState'] as const;
const library = pathToFileURL(join(projectRoot, 'dist/index.js')).href;

const file = (name: string, text: string): string => {
  writeFileSync(join(root, name), text, { mode: 0o600 });
  return join(root, name);
};

/** Quotes both sides all the time, so that every callback comes; throws in one of them, not in its first call where there are several. */
function throwing(when: (typeof callbacks)[number] | 'create'): string {
  return `
import { defineStrategy, lotsUnchecked, microsUnchecked } from ${JSON.stringify(library)};
const boom = () => { throw new Error('planted in ${when}'); };
const quote = (context) => {
  const [listing] = context.universe;
  const book = context.book(listing);
  if (!book.valid || context.capital <= 0) return;
  if (context.orders().length === 0)
    context.place({ listing, side: context.position(listing) > 0 ? 'sell' : 'buy', ordType: 'market', orderQty: lotsUnchecked(1), reason: 'test' });
};
export default defineStrategy({
  name: 'throws-${when.toLowerCase()}', version: '1.0.0', parameters: {},
  create: () => {
    ${when === 'create' ? 'boom();' : ''}
    const instance = {
      onStart: (context) => context.setTimer('look', microsUnchecked(context.now + 500000)),
      onTimer: (context) => { quote(context); context.setTimer('look', microsUnchecked(context.now + 500000)); },
    };
    ${
      when === 'create'
        ? ''
        : `const plain = instance.${when};
    let calls = 0;
    instance.${when} = (...given) => (++calls > ${when === 'onStart' ? 0 : 1} ? boom() : plain?.(...given) ?? ${when === 'exportState' ? "{ schema: 'x/1', bytes: new Uint8Array(1) }" : 'undefined'});`
    }
    return instance;
  },
  ${when === 'exportState' ? "migrate: () => ({ ok: true, value: { exportState: () => ({ schema: 'x/1', bytes: new Uint8Array(1) }) } })," : ''}
});
`;
}

interface SpecTerms {
  readonly id: string;
  readonly algorithm?: string;
  readonly version?: string;
  readonly more?: string;
  readonly stages?: string;
  readonly gates?: string;
}

const micro = '{ name: Micro, allocation: 0.01, minDuration: PT1H, minPnL: 0, minTrades: 1000 }';
const small =
  '{ name: Small, allocation: 0.05, minDuration: PT1H, minPnL: 0, minTrades: 5, entryGates: [parity], entryApproval: { roles: [RiskManager], count: 1 } }';
const edge = '{ name: parity, metric: netReturn, test: bettingE, minE: 2 }';

function spec({ id, algorithm = 'maker', version = '1.0.0', more = '', stages = `${micro}, ${small}`, gates = edge }: SpecTerms): string {
  return file(
    `${id}.yaml`,
    `apiVersion: plimsoll/v1
kind: Deployment
deploymentId: ${id}
strategy: Canary
algorithmId: ${algorithm}
version: ${version}
configuration:
  totalCapital: '1000000'
  currency: USD
  clock: { kind: wall }
  stages: [${stages}]
  gates: [${gates}]
${more}`,
  );
}

const say = async (
  ...args: readonly string[]
): Promise<{ readonly status: number | null; readonly body: unknown; readonly text: string }> => {
  const ended = await plimsoll([...args, '--dir', directory, '--json']);
  return { status: ended.status, body: objectOf(ended), text: ended.stdout + ended.stderr };
};

/** What must not change by a refusal: phases, revisions, capital, epochs, proposals. */
async function stateOf(): Promise<string> {
  const body = (await askDesk(directory, { verb: 'get' }))?.body;
  const deployments = list(body, 'deployments').map((one) => [member(one, 'deploymentID'), member(one, 'phase'), member(one, 'revision')]);
  const rows = list(body, 'rows').map((one) => [member(one, 'mode'), member(one, 'epoch'), member(one, 'cap')]);
  const slices = list(body, 'slices').map((one) => [member(one, 'sliceID'), member(one, 'totalCapital'), member(one, 'revision')]);
  return JSON.stringify([deployments, rows, slices, list(body, 'proposals').length]);
}

/** Refused with that code and exit code, and nothing is another than before. */
async function refused(what: string, args: readonly string[], code: string, status = 4): Promise<void> {
  const before = await stateOf();
  const answer = await say(...args);
  const found = member(answer.body, 'code');
  const after = await stateOf();
  checks.check(
    `${what}: exit ${status}, ${code}`,
    answer.status === status && found === code && before === after,
    before === after ? answer.text : `something changed: ${before} became ${after}`,
  );
}

async function checkSpecs(): Promise<void> {
  const deploy = (terms: SpecTerms): readonly string[] => ['deploy', '-f', spec(terms)];
  await refused('a version that nobody registered', deploy({ id: 'b1', version: '9.9.9' }), 'UNKNOWN_VERSION');
  await refused('an algorithm that nobody registered', deploy({ id: 'b2', algorithm: 'oracle' }), 'UNKNOWN_VERSION');
  await refused('capital that is not the slice’s', ['deploy', '-f', file('b3.yaml', capitalOf('999'))], 'CAPITAL_DIFFERS_FROM_SLICE');
  await refused('a second deployment of a version that runs', deploy({ id: 'b4' }), 'ALREADY_DEPLOYED');
  await refused('an id that is taken', deploy({ id: 'ladder', algorithm: 'momentum', version: '2.1.0' }), 'ALREADY_DEPLOYED');
  const falling =
    '{ name: A, allocation: 0.05, minDuration: PT1H, minPnL: 0 }, { name: B, allocation: 0.01, minDuration: PT1H, minPnL: 0 }';
  await refused('stages that fall', deploy({ id: 'b5', stages: falling, gates: '' }), 'SPEC_REFUSED');
  await refused('a stage that asks for a gate that is not declared', deploy({ id: 'b6', gates: '' }), 'SPEC_REFUSED');
  await refused('a field that is not known', deploy({ id: 'b7', more: '  autoProgres: true\n' }), 'SPEC_REFUSED');
  await refused('more than all of the capital', deploy({ id: 'b8', stages: micro.replace('0.01', '1.01') }), 'SPEC_REFUSED');
}

const capitalOf = (total: string): string =>
  `apiVersion: plimsoll/v1\nkind: Deployment\ndeploymentId: b3\nstrategy: Canary\nalgorithmId: momentum\nversion: 2.1.0\nconfiguration: { totalCapital: '${total}', currency: USD, clock: { kind: wall }, stages: [${micro}] }\n`;

async function checkCommands(): Promise<void> {
  await refused('a promotion on missing evidence', ['promote', 'ladder'], 'GATES_NOT_PASSED');
  await refused(
    'a promotion that waives all but the evidence',
    ['promote', 'ladder', '--waive', 'minDuration', 'minTrades', 'approval'],
    'GATES_NOT_PASSED',
  );
  await refused('a waiver of a gate that is not asked', ['waive', 'ladder', '--gate', 'parityy'], 'UNKNOWN_GATE');
  await refused('a waiver of stale data', ['promote', 'ladder', '--waive', 'fresh'], 'UNKNOWN_GATE');
  await refused('a stale revision', ['pause', 'ladder', '--expect', '1'], 'REVISION_CHANGED');
  await refused('a stale epoch', ['halt', 'maker/1.0.0', '--expect', '99'], 'REVISION_CHANGED');
  await refused(
    'a stale revision of a slice',
    ['allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.005', '--expect', '9'],
    'REVISION_CHANGED',
  );
  await refused(
    'an allocation past its stage',
    ['allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.5'],
    'PAST_ITS_STAGE',
  );
  await refused('an allocation that is none', ['allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '1.5'], 'FIELDS', 64);
  await refused('an allocation of nothing named', ['allocation', 'maker@main.USD'], 'FIELDS', 64);
  await refused('a slice that is not there', ['allocation', 'oil@main.USD', '--version', '1', '--allocation', '0'], 'UNKNOWN_SLICE');
  await refused('a retry of what did not fail', ['retry', 'ladder'], 'NOT_IN_THIS_PHASE');
  await refused('a resume of what is not paused', ['resume', 'ladder'], 'NOT_IN_THIS_PHASE');
  await refused('an undo without an earlier version', ['undo', 'ladder'], 'NO_EARLIER_VERSION');
  await refused('an unhalt of what is not halted', ['unhalt', 'maker/1.0.0'], 'NOT_IN_THIS_PHASE');
  await refused('a version that is not there', ['halt', 'maker/3.0.0'], 'UNKNOWN_VERSION');
  await refused('a deployment that is not there', ['abort', 'lader'], 'UNKNOWN_DEPLOYMENT');
  await refused('a yes to nothing', ['approve', 'p99'], 'UNKNOWN_DEPLOYMENT');
  await refused('a release of nothing', ['release'], 'NOT_IN_THIS_PHASE');
  await refused('a role that is too small', ['promote', 'ladder', '--as', 'trader'], 'ROLE_REQUIRED');
  await refused('a person who is not there', ['pause', 'ladder', '--as', 'nobody'], 'PERSON_REQUIRED');
  await refused('a kill of a target that is none', ['kill', '--target', 'everything'], 'FIELDS', 64);
  await refused('a start of what was not paused', ['start-strategy', 'maker'], 'NOT_IN_THIS_PHASE');
}

async function checkKeysAndPeople(): Promise<void> {
  const first = await say('allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.008', '--key', 'k1', '--expect', '1');
  checks.equal('a share is lowered by one person', [first.status, member(first.body, 'accepted')], [0, true]);
  const again = await say('allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.008', '--key', 'k1', '--expect', '1');
  checks.equal('the same key and words: the same answer', [again.status, member(again.body, 'text')], [0, member(first.body, 'text')]);
  await refused(
    'the same key with another body',
    ['allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.001', '--key', 'k1', '--expect', '1'],
    'KEY_USED_FOR_ANOTHER_COMMAND',
  );
  const raise = await say('allocation', 'maker@main.USD', '--version', '1.0.0', '--allocation', '0.01');
  const id = String(member(raise.body, 'proposal.proposalID'));
  checks.equal('a share is raised by two: the first one waits', [raise.status, id], [3, 'p1']);
  await refused('the proposer does not agree to it', ['approve', id], 'PROPOSER_CANNOT_APPROVE');
  await refused('a yes to another digest', ['approve', id, '--digest', '0'.repeat(64), '--as', 'senior'], 'PROPOSAL_DIFFERS');
  const yes = await say('approve', id, '--as', 'admin');
  checks.equal('another person does', [yes.status, member(yes.body, 'accepted')], [0, true]);
  await refused('a yes that comes twice', ['approve', id, '--as', 'admin'], 'UNKNOWN_DEPLOYMENT');
  // what changes between the two words is refused, and the proposal is gone
  const unpaused = await say('resume', 'ladder');
  checks.equal('resumed', unpaused.status, 0);
  const proposed = await say('promote', 'ladder', '--waive', 'minDuration', 'minTrades', 'approval', 'parity');
  const promotion = String(member(proposed.body, 'proposal.proposalID'));
  checks.equal('a promotion with waivers waits for a second person', proposed.status, 3);
  await say('pause', 'ladder');
  const late = await say('approve', promotion, '--as', 'senior');
  checks.equal('a pause in between: the yes comes to another state', [late.status, member(late.body, 'code')], [4, 'REVISION_CHANGED']);
  await refused(
    'a promotion over a person’s pause',
    ['promote', 'ladder', '--waive', 'minDuration', 'minTrades', 'approval', 'parity'],
    'PAUSED_BY_A_PERSON',
  );
}

/** Its deployment is rolled back and its version halted; the others go on. */
async function checkThrower(when: string): Promise<void> {
  const algorithm = `throws-${when.toLowerCase()}`;
  const deployed = await say('deploy', '-f', spec({ id: algorithm, algorithm, stages: micro, gates: '' }));
  if (!checks.equal(`${algorithm} is deployed`, deployed.status, 0)) return;
  for (let n = 0; n < 120; n++) {
    const body = (await askDesk(directory, { verb: 'get', id: algorithm }))?.body;
    const phase = member(body, 'phase');
    if (phase === 'Aborted' || phase === 'Degraded') {
      checks.check(
        `a strategy that throws in ${when} is rolled back: ${String(member(body, 'row.lifecycle'))}`,
        member(body, 'row.lifecycle') === 'Halted' && member(body, 'row.mode') === 'HALTED' && Number(member(body, 'row.cap')) === 0,
        body,
      );
      return;
    }
    await sleep(100);
  }
  checks.check(`a strategy that throws in ${when} is rolled back`, false, (await say('explain', algorithm)).text);
}

/** Each version's state is tried before a desk begins: one that cannot even be created is named, and no desk begins. */
async function checkCreate(): Promise<void> {
  const strategies = [file('create.mjs', throwing('create'))];
  const config = file('create.yaml', JSON.stringify({ sliceCapital: '1000000', strategies, hosts: 1 }));
  const refused = await plimsoll(['up', '--dir', join(root, 'create'), '--config', config, '--seconds', '5']);
  checks.equal('a strategy that throws in create is not registered: exit 4', refused.status, 4);
  checks.check(
    'and named',
    `${refused.stdout}${refused.stderr}`.includes('throws-create 1.0.0: it threw: Error: planted in create'),
    refused,
  );
}

/** Bars and the call behind them come in backtests: the run is refused by what was thrown. */
async function checkBars(): Promise<void> {
  for (const name of ['onBar', 'group']) {
    const module = file(
      `bars-${name}.mjs`,
      `import { defineStrategy } from ${JSON.stringify(library)};
export default defineStrategy({ name: 'bars-${name.toLowerCase()}', version: '1.0.0', parameters: {}, create: () => {
  let calls = 0;
  return { ${name}: () => { if (++calls > 3) throw new Error('planted in ${name}'); } };
} });
`,
    );
    const days = [2, 3, 6, 7, 8, 9, 10, 13].map((day) => `2020-01-${String(day).padStart(2, '0')},10,11,9,10,1000`);
    const bars = mkdtempSync(join(root, 'bars-'));
    writeFileSync(join(bars, 'KO.csv'), ['date,open,high,low,close,volume', ...days].join('\n'));
    const terms = ['--data', bars, '--instruments', 'KO', '--fee-bps', '1', '--registry', join(root, 'registry')];
    const args = ['backtest', '--strategy', module, ...terms, '--json'];
    const ended = await plimsoll(args);
    checks.check(
      `a backtest whose ${name} throws: exit 4, by name`,
      ended.status === 4 && `${ended.stdout}${ended.stderr}`.includes(`planted in ${name}`),
      ended.stdout + ended.stderr,
    );
  }
}

/** On the one-thread desk, before and in a hand-over: the old version's capital and authority are what they were, or what threw is halted. */
function checkOneThread(): void {
  const boom = (): never => {
    throw new Error('planted');
  };
  for (const callback of callbackNames) {
    if (callback === 'exportState' || callback === 'migrate' || callback === 'adopt') continue;
    const desk = new CallbackDesk({ version: '1.0.0', callback, from: 0, what: boom });
    desk.deploy(canary('ladder', '1.0.0', { stages: [rung(1_000)] }));
    desk.runTo(20);
    const row = desk.rowOf('1.0.0');
    const found = [modeOf(desk.core.gate, row), desk.core.rollout.lifecycle[row], desk.phaseOf('ladder'), desk.core.capitalOf(row)];
    checks.equal(`one thread: ${callback} throws: rolled back whole`, found, ['HALTED', 'Halted', 'Aborted', 0]);
  }
  const steps: readonly (readonly [string, CallbackName, number])[] = [
    ...[0, 1, 2].flatMap((from) => [
      ['1.0.0', 'exportState', from] as const,
      ['1.1.0', 'migrate', from] as const,
      ['1.1.0', 'adopt', from] as const,
    ]),
    ['1.1.0', 'exportState', 0],
    ['1.0.0', 'migrate', 0],
  ];
  for (const [version, callback, from] of steps) {
    const desk = new CallbackDesk({ version, callback, from, what: boom });
    desk.deploy(canary('ladder', '1.0.0', { stages: [rung(1_000, { minDuration: { days: 1, micros: 0 } })] }));
    desk.runTo(10);
    const capital = desk.core.capitalOf(desk.rowOf('1.0.0'));
    desk.deploy(blueGreen('bg', '1.0.0', '1.1.0'));
    desk.runTo(20);
    const row = desk.rowOf('1.0.0');
    const named = [...desk.all('swapAborted'), ...desk.all('gateJudged')].some(({ text }) => text.includes('planted'));
    const found = [named, desk.all('swapCommitted').length, modeOf(desk.core.gate, row), desk.core.capitalOf(row), desk.phaseOf('bg')];
    checks.equal(`hand-over: ${callback} of ${version} throws in its call ${from + 1}`, found, [true, 0, 'ACTIVE', capital, 'Paused']);
  }
}

async function end(desk: Running): Promise<void> {
  const ladder = await say('get', 'deployment', 'ladder');
  checks.check(
    'the ladder beside them was not touched',
    member(ladder.body, 'phase') === 'Paused' && member(ladder.body, 'row.mode') === 'ACTIVE',
    ladder.body,
  );
  desk.signal('SIGINT');
  checks.equal('the desk ends in good order', (await desk.ended).status, 0);
  checks.equal('its journal verifies', (await plimsoll(['journal', 'verify', directory])).status, 0);
  checks.equal('and replays to the same decisions', (await plimsoll(['journal', 'replay', directory])).status, 0);
}

try {
  const modules = callbacks.map((when) => file(`${when}.mjs`, throwing(when)));
  const config = file('up.yaml', JSON.stringify({ sliceCapital: '1000000', strategies: modules, hosts: 1 }));
  await plimsoll(['--version']);
  const desk = start(['up', '--dir', directory, '--config', config, '--seconds', '600'], { guardMillis: 600_000 });
  if (checks.check('a desk is up', await desk.says(/HTTP http/), desk.stdout + desk.stderr)) {
    const ladder = await say('deploy', '-f', spec({ id: 'ladder' }));
    checks.equal('a ladder is deployed', ladder.status, 0);
    for (let n = 0; n < 100 && member((await askDesk(directory, { verb: 'get', id: 'ladder' }))?.body, 'phase') !== 'Progressing'; n++)
      await sleep(100);
    await checkSpecs();
    await checkCommands();
    await checkKeysAndPeople();
    for (const when of callbacks) await checkThrower(when);
    await checkCreate();
    await checkBars();
    checkOneThread();
    await end(desk);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('rollout-input');
