import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readJournal } from '../../src/journal/reader.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start } from './plimsoll.ts';

// What a person gets wrong ends in one clear sentence and an exit code; what is wrong with a recording is told with file, line and field.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-bad-'));
const checks = new Checks();
const capture = 'usdm/btcusdt_20240808.gz';

/** One sentence on standard error (a suggestion and a hint may follow a usage fault), nothing on standard output, no stack. */
async function refused(args: readonly string[], status: number, words: RegExp): Promise<void> {
  const ended = await plimsoll(args);
  const lines = ended.stderr.trim().split('\n');
  const shown = args.map((arg) => arg.replace(`${root}/`, '')).join(' ');
  const clear =
    words.test(status === 64 ? ended.stderr : lines[0]) &&
    lines.length <= (status === 64 ? 3 : 1) &&
    ended.stdout === '' &&
    !ended.stderr.includes('    at ');
  checks.check(
    `${shown}: exit ${status}, "${lines[0].replace(`${root}/`, '')}"`,
    ended.status === status && clear,
    `exit ${ended.status}: ${ended.stdout}${ended.stderr}`,
  );
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function checkUsage(): Promise<void> {
  await refused(['dmeo'], 64, /dmeo'.*demo/);
  await refused(['demo', '--sped', '3'], 64, /--sped,.*--speed/);
  await refused(['demo', '--seed', 'seven'], 64, /whole number.*seven/);
  await refused(['demo', '--speed', '0'], 64, /max or a number.*0/);
  await refused(['journal', 'tail', root, '-n', '0'], 64, /at least 1/);
  await refused(['deploy', '--dir', root], 64, /--file/);
  await refused(['get', 'weather', '--dir', root], 64, /weather/);
  await refused(['data', 'import', '--to', root], 64, /--from/);
  await refused(['reconcile'], 64, /--dir/);
  await refused(['reconcile', '--dir', root, '--jsno'], 64, /--jsno,.*--json/);
  await refused(['reconcile', '--dir', root, '--key', 'k1'], 64, /unknown option --key/);
  await refused(['up', '--dirr', root], 64, /unknown option --dirr, did you mean --dir/);
  await refused(['data', 'import', '--from', root, '--to', root, '--kind', 'lean'], 64, /lean-equity.*was lean/);
  await refused(['data', 'import', '--from', root, '--to', root, '--adjust', 'back'], 64, /--roll/);
  const session = ['backtest', '--strategy', 'maker', '--data', file('session.gz', 'a recorded session')];
  for (const given of ['--adjust=split', '--participation=5', '--from=2024-01-01', '--workers=1'])
    await refused([...session, given], 64, new RegExp(`${given.split('=')[0]}: not built for a recorded session`));
  await refused(['data', 'insepct', root], 64, /insepct'.*inspect/);
  await refused(['trials', '--algorithm', 'maker'], 64, /version: expected --algorithm with --version/);
  await refused(['compare', join(root, 'nowhere.json')], 4, /nowhere.json: .*no such file/);
}

async function checkFiles(): Promise<void> {
  const absent = join(root, 'absent');
  const text = file('text.txt', 'not a directory and not a capture\n');
  const empty = join(root, 'empty');
  mkdirSync(empty);
  await refused(['demo', '--exit', '--data', join(absent, capture)], 4, /absent/);
  await refused(['demo', '--exit', '--data', text], 4, /text\.txt.*capture/);
  await refused(['demo', '--exit', '--data', file(`plain/${capture}`, 'this is no gzip')], 4, /btcusdt_20240808\.gz/);
  await refused(['paper', '--strategy', 'oracle'], 4, /maker.*oracle/);
  await refused(['demo', '--exit', '--dir', text], 4, /text\.txt.*directory/);
  await refused(['paper', '--dir', text], 4, /text\.txt.*directory/);
  await refused(['data', 'inspect', join(absent, capture)], 4, /absent/);
  await refused(['data', 'inspect', empty], 4, /empty.*nothing that a reader knows/);
  await refused(['data', 'import', '--from', absent, '--to', empty], 4, /absent.*no such file/);
  await refused(['data', 'import', '--from', empty, '--to', text], 4, /text\.txt.*directory/);
  await refused(['data', 'import', '--from', empty, '--to', join(root, 'to')], 4, /empty.*nothing that a reader knows/);
  await refused(['data', 'check', absent], 4, /absent/);
  await refused(['data', 'check', empty], 4, /empty/);
  await refused(['journal', 'verify', absent], 4, /absent/);
  await refused(['journal', 'verify', empty], 4, /no journal/);
  await refused(['journal', 'replay', empty], 4, /no journal/);
  await refused(['journal', 'tail', absent], 4, /absent/);
  await refused(['journal', 'diff', empty, empty], 4, /no journal/);
  await refused(['get', '--dir', absent], 4, /absent/);
  await refused(['get', '--dir', empty], 4, /no journal/);
  await refused(['explain', 'anything', '--dir', empty], 4, /no journal/);
  await refused(['get', '--dir', text], 4, /text\.txt.*directory/);
  await refused(['reconcile', '--dir', absent], 4, /absent.*no such directory/);
  await refused(['reconcile', '--dir', text], 4, /text\.txt.*directory/);
  await refused(['reconcile', '--dir', empty], 4, /no desk is running.*reconcile needs one/);
  await refused(['kill', '--dir', absent], 4, /absent/);
  await refused(['kill', '--dir', empty], 4, /no desk is running/);
  await refused(['deploy', '-f', file('good.yaml', specOf()), '--dir', empty], 4, /no desk is running/);
}

/** A spec that parses, with lines replaced. */
function specOf(replaced: Readonly<Record<string, string>> = {}): string {
  const lines = {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId: 'bad-input',
    strategy: 'Canary',
    algorithmId: 'maker',
    version: '1.0.0',
    configuration:
      '{ totalCapital: "1000000", currency: USD, clock: { kind: wall }, stages: [{ name: Micro, allocation: 0.01, minDuration: PT1H, minPnL: 0, minTrades: 20 }] }',
    ...replaced,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

function configured(from: string, to: string): string {
  const whole = specOf();
  if (!whole.includes(from)) throw new Error(`expected ${from} in the spec`);
  return whole.replace(from, to);
}

async function checkSpecs(): Promise<void> {
  const directory = join(root, 'desk');
  const desk = start(['paper', '--strategy', 'maker', '--dir', directory, '--speed', '1', '--minutes', '600']);
  if (!checks.check('a paper desk runs', await desk.says(/granted|deploy/), desk.stdout + desk.stderr)) return;
  const deploy = (name: string, content: string): readonly string[] => ['deploy', '-f', file(name, content), '--dir', directory];
  await refused(['deploy', '-f', join(root, 'absent.yaml'), '--dir', directory], 4, /absent\.yaml.*no such file/);
  await refused(['deploy', '-f', root, '--dir', directory], 4, /cannot be read/);
  await refused(deploy('broken.yaml', 'stages: [}'), 4, /broken\.yaml/);
  await refused(deploy('list.yaml', '[1, 2, 3]'), 4, /list\.yaml.*object/);
  const answers: readonly (readonly [string, string, RegExp])[] = [
    ['unknown field', configured('minTrades', 'minTrade'), /minTrade\b.*minTrades/],
    ['unknown field at the top', specOf({ algoritmId: 'maker' }), /algoritmId.*algorithmId/],
    ['wrong type', configured('allocation: 0.01', 'allocation: much'), /allocation.*much/],
    ['impossible allocation', configured('allocation: 0.01', 'allocation: 1.5'), /allocation.*1\.5/],
    ['impossible duration', configured('PT1H', 'one hour'), /minDuration.*one hour/],
    ['unknown strategy', specOf({ strategy: 'Canari' }), /strategy.*Canari/],
    ['unknown version', specOf({ version: '9.9.9' }), /9\.9\.9/],
  ];
  for (const [what, content, words] of answers) {
    const ended = await plimsoll([...deploy(`${what.replaceAll(' ', '-')}.yaml`, content), '--json']);
    const said = String(member(objectOf(ended), 'text'));
    checks.check(
      `spec with ${what}: exit 4, "${said}"`,
      ended.status === 4 && member(objectOf(ended), 'accepted') === false && words.test(said) && !said.includes('\n'),
      `exit ${ended.status}: ${ended.stdout}${ended.stderr}`,
    );
  }
  desk.signal('SIGINT');
  checks.check('the desk has taken no harm', (await desk.ended).status === 0, desk.stdout.slice(-400) + desk.stderr);
}

async function checkRecording(): Promise<void> {
  const source = recordedPath(`binance/${capture}`);
  if (source === undefined) return;
  const lines = gunzipSync(readFileSync(source)).toString('latin1').split('\n').slice(0, 3000);
  const malformed = [...lines];
  malformed[1499] = malformed[1499].slice(0, 60);
  const bad = file(`malformed/${capture}`, gzipSync(`${malformed.join('\n')}\n`));
  const inspected = await plimsoll(['data', 'inspect', bad, '--json']);
  checks.equal('a malformed line: exit 1 and counted', [inspected.status, member(objectOf(inspected), 'malformed')], [1, 1]);
  checks.check(
    'a malformed line: file, line and field',
    list(objectOf(inspected), 'malformedLines').some(
      (told) =>
        JSON.stringify(told).includes(`${bad}:1500 frame`) || (JSON.stringify(told).includes(bad) && JSON.stringify(told).includes('1500')),
    ),
    inspected.stdout,
  );
  const missing = lines.flatMap((line, i) => (line.includes('depthUpdate') ? [i] : []))[60];
  const gap = file(`gap/${capture}`, gzipSync(`${lines.filter((_, i) => i !== missing).join('\n')}\n`));
  const told = await plimsoll(['data', 'inspect', gap, '--json']);
  checks.equal('a missing depth frame: exit 1 and one gap', [told.status, member(objectOf(told), 'gaps')], [1, 1]);
  checks.check('a missing depth frame: what was expected', told.stdout.includes('expected pu'), told.stdout);
  await checkNoFillAcross(gap, Number(lines[missing].slice(0, 16)));
}

/** The file has no snapshot behind the gap: from there on the book is not known and nothing may fill. */
async function checkNoFillAcross(gap: string, gapAt: number): Promise<void> {
  const directory = join(root, 'across');
  const ended = await plimsoll(['paper', '--strategy', 'maker', '--data', gap, '--dir', directory, '--json']);
  checks.equal('paper on a recording with a gap: a proven end', [ended.status, member(objectOf(ended), 'journal.verified')], [0, true]);
  let [before, after] = [0, 0];
  await readJournal(nodeDisk(directory), 'journal', (record) => {
    if (record.of !== 'decision' || record.decision.kind !== 'fillBooked') return;
    if (record.at < gapAt) before++;
    else after++;
  });
  console.log(`fills before the gap ${before}, after it ${after}`);
  checks.equal('nothing fills across the gap', after, 0);
}

try {
  const built = await plimsoll(['--version']);
  if (checks.check('bin/plimsoll starts', built.status === 0, built.stderr)) {
    await checkUsage();
    await checkFiles();
    await checkSpecs();
    await checkRecording();
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('bad-input');
