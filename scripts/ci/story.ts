import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedPath } from '../../src/testing/recorded-files.ts';
import { Checks } from './checks.ts';
import { nodeBinary } from './node-binary.ts';
import { list, member, objectOf, plimsoll } from './plimsoll.ts';
import { storyFacts } from './story-facts.ts';

// The story told twice with one seed, on the synthetic exchange and on recorded data, by the command line as it is shipped; then what is kept of it.
const recorded = 'binance/usdm/btcusdt_20240808.gz';
const majors = [20, 22, 24] as const;
const root = mkdtempSync(join(tmpdir(), 'plimsoll-story-'));
const checks = new Checks();

interface Told {
  readonly directory: string;
  readonly status: number | null;
  readonly body: unknown;
}

async function tell(name: string, node: string, options: readonly string[]): Promise<Told> {
  const directory = join(root, name);
  const ended = await plimsoll(['demo', '--exit', '--speed', 'max', '--json', '--seed', '7', '--dir', directory, ...options], { node });
  console.log(
    `${name}: ended with ${ended.status} after ${ended.seconds.toFixed(1)} s${ended.stderr === '' ? '' : `, said ${ended.stderr.trim().slice(0, 300)}`}`,
  );
  return { directory, status: ended.status, body: objectOf(ended) };
}

function checkAnswer(name: string, { status, body }: Told): void {
  const { check, equal } = bound(name);
  equal('exit code', status, 0);
  for (const field of ['stages', 'evidence', 'denials', 'rollback', 'swap', 'kill', 'reconciliation', 'journal', 'replay'])
    check(`has ${field}`, member(body, field) !== undefined, body);
  for (const field of ['rollback.fenceUs', 'rollback.cancelsOnWireUs', 'rollback.completedUs', 'journal.entries'])
    check(`${field} is a number`, typeof member(body, field) === 'number', member(body, field));
  check('the fence was measured', Number(member(body, 'rollback.fenceUs')) > 0, member(body, 'rollback'));
  check('journal.root is 32 bytes in hex', /^[0-9a-f]{64}$/.test(String(member(body, 'journal.root'))), member(body, 'journal.root'));
  check(
    'journal.head is a signed note over all entries',
    String(member(body, 'journal.head')).startsWith(`plimsoll\n${String(member(body, 'journal.entries'))}\n`),
    member(body, 'journal.head'),
  );
  check('replay.stateHash is 32 bytes in hex', /^[0-9a-f]{64}$/.test(String(member(body, 'replay.stateHash'))), member(body, 'replay'));
  equal('verified', member(body, 'journal.verified'), true);
  equal('replay equal', member(body, 'replay.equal'), true);
  equal('reconciled with the venue', member(body, 'reconciliation.equal'), true);
  check('at least one position was reconciled', Number(member(body, 'reconciliation.positions')) >= 1, member(body, 'reconciliation'));
  const denials = list(body, 'denials');
  for (const code of ['FAT_FINGER_PRICE', 'DUPLICATE_ORDER']) {
    const denial = denials.find((one) => member(one, 'code') === code);
    check(
      `${code} was denied with its numbers`,
      ['value', 'limit', 'seq'].every((field) => typeof member(denial, field) === 'number'),
      denials,
    );
  }
  checkKill(name, body);
  const fatFinger = denials.find((one) => member(one, 'code') === 'FAT_FINGER_PRICE');
  check('the fat finger is past its limit', Number(member(fatFinger, 'value')) > Number(member(fatFinger, 'limit')), fatFinger);
}

/** Engaged by one, released by two others, and every order at its end. */
function checkKill(name: string, body: unknown): void {
  const { check, equal } = bound(name);
  check('the kill is told', typeof member(body, 'kill.seq') === 'number' && member(body, 'killed') === false, member(body, 'kill'));
  check('every order of it came to its end', Number(member(body, 'kill.endedMicros')) >= 0, member(body, 'kill'));
  const people = list(body, 'kill.releasedBy');
  equal('released by two people', [people.length, new Set(people).size], [2, 2]);
  check('what it stopped goes on', list(body, 'kill.resumed').length > 0, member(body, 'kill'));
}

/** 1.0.1 took over from 1.0.0 in one step, and the climb before it stood on evidence. */
function checkSwap(body: unknown): void {
  const { check, equal } = bound('synthetic');
  equal(
    '1.0.1 took over from 1.0.0, is watched and stays',
    [member(body, 'swap.from'), member(body, 'swap.to'), member(body, 'swap.step')],
    ['1.0.0', '1.0.1', 'finalized'],
  );
  check(
    'it was frozen for less than its deadline, on the wall clock and on the desk',
    Number(member(body, 'swap.freezeUs')) > 0 &&
      Number(member(body, 'swap.freezeUs')) < 500_000 &&
      Number(member(body, 'swap.frozenMicros')) < 500_000,
    member(body, 'swap'),
  );
  check('open orders changed hands', Number(member(body, 'swap.orders')) >= 1, member(body, 'swap'));
  check('lots changed hands', Number(member(body, 'swap.lots')) >= 1, member(body, 'swap'));
  check('the market went on beside its shadow', Number(member(body, 'swap.shadowEvents')) > 1_000, member(body, 'swap'));
  const evidence = list(body, 'evidence');
  for (const [stage, gate] of [
    ['Small', 'errors'],
    ['Medium', 'errors'],
    ['Medium', 'edge'],
  ]) {
    const judged = evidence.find((one) => member(one, 'stage') === stage && member(one, 'gate') === gate);
    check(
      `${stage} was granted on the evidence of ${gate}, with its figure`,
      member(judged, 'verdict') === 'pass' && Number(member(judged, 'e')) >= Number(member(judged, 'limit')),
      evidence,
    );
  }
}

function stagesOf(body: unknown, version: string): readonly unknown[] {
  return list(body, 'stages').filter((stage) => member(stage, 'version') === version);
}

function checkSynthetic({ body }: Told): void {
  const { check, equal } = bound('synthetic');
  const climbed = stagesOf(body, '1.0.0');
  equal(
    '1.0.0 climbed',
    climbed.map((stage) => member(stage, 'name')),
    ['Paper', 'Micro', 'Small', 'Medium'],
  );
  check(
    'each promotion has its reasons',
    climbed.every((stage) => list(stage, 'reasons').length > 0),
    climbed,
  );
  const phases = member(body, 'phases');
  check('1.0.0 was left untouched', ['Progressing', 'Healthy'].includes(String(member(phases, ['maker-ladder', 'phase']))), phases);
  equal(
    '1.1.0 was rolled back for its daily loss',
    [member(phases, ['maker-1.1.0', 'phase']), member(body, 'rollback.rule')],
    ['Aborted', 'maxDailyLoss'],
  );
  check(
    'no order is uncertain and no lot left over',
    member(body, 'rollback.uncertain') === 0 && member(body, 'rollback.residual') === 0,
    member(body, 'rollback'),
  );
}

async function checkFacts(name: string, { directory, body }: Told, mustCancel: boolean): Promise<void> {
  const { check, equal } = bound(`${name} journal`);
  const facts = await storyFacts(directory);
  equal('read to its end in good order', facts.end.kind, 'finished');
  equal('its entries are those of the answer', facts.end.entries, member(body, 'journal.entries'));
  check('it holds orders', facts.orders > 0, facts.orders);
  equal('every trigger was for 1.1.0', [...new Set(facts.triggers.map(({ row }) => facts.versionOf.get(row)))], ['1.1.0']);
  equal('nothing was sent for a fenced row', facts.sentAfterFence, []);
  if (!mustCancel) return;
  const row = facts.triggers[0]?.row ?? -1;
  check('the rollback took orders back', (facts.canceledBy.get(row) ?? 0) > 0, `${facts.canceledBy.get(row) ?? 0} orders in RB2`);
  check('the rollback handed lots to the custodian', (facts.movedBy.get(row) ?? 0) > 0, `${facts.movedBy.get(row) ?? 0} lots`);
}

function bound(name: string): Pick<Checks, 'check' | 'equal'> {
  return {
    check: (what, holds, found) => checks.check(`${name}: ${what}`, holds, found),
    equal: (what, found, expected) => checks.equal(`${name}: ${what}`, found, expected),
  };
}

async function commandEnds(args: readonly string[], status: number): Promise<unknown> {
  const ended = await plimsoll([...args, '--json']);
  const body = objectOf(ended);
  const shown = args.map((arg) => arg.replace(`${root}/`, '')).join(' ');
  checks.check(
    `${shown}: one JSON object, exit ${status}`,
    ended.status === status && body !== undefined,
    `exit ${ended.status}: ${ended.stdout}${ended.stderr}`,
  );
  return body;
}

/** What a person can still ask of a directory when its desk has ended. */
async function checkKept(kept: Told, again: Told, other: Told | undefined): Promise<void> {
  const A = kept.directory;
  const head = join(A, 'head.txt');
  const verdict = await commandEnds(['journal', 'verify', '--head', head, A], 0);
  checks.equal(
    'verify: valid, and the root of the answer',
    [member(verdict, 'valid'), member(verdict, 'root')],
    [true, member(kept.body, 'journal.root')],
  );
  const replay = await commandEnds(['journal', 'replay', A], 0);
  checks.equal(
    'replay: the state hash of the answer',
    [member(replay, 'equal'), member(replay, 'stateHash')],
    [true, member(kept.body, 'replay.stateHash')],
  );
  checks.equal('diff: two tellings are equal', member(await commandEnds(['journal', 'diff', A, again.directory], 0), 'first'), null);
  await commandEnds(['journal', 'diff', A], 0);
  if (other !== undefined)
    checks.check(
      'diff: two stories differ, and it says where',
      typeof member(await commandEnds(['journal', 'diff', A, other.directory], 1), 'first.seq') === 'number',
    );
  checks.equal(
    'tail: as many records as were asked for',
    list(await commandEnds(['journal', 'tail', A, '-n', '5'], 0), 'records').length,
    5,
  );
  await commandEnds(['get', 'desk', '--dir', A], 0);
  await commandEnds(['get', 'deployments', '--dir', A], 0);
  await commandEnds(['get', 'deployment', 'maker-ladder', '--dir', A], 0);
  await commandEnds(['get', 'deployment', 'maker-1.1.0', '--dir', A], 1);
  checks.equal(
    'get: the swapped version',
    member(await commandEnds(['get', 'deployment', 'maker-1.0.1', '--dir', A], 0), 'row.lifecycle'),
    'Active',
  );
  checks.equal(
    'no snapshot was left half written',
    readdirSync(A, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.part')),
    [],
  );
  await commandEnds(['get', 'deployment', 'absent', '--dir', A], 4);
  checks.equal('explain: a phase', member(await commandEnds(['explain', 'maker-ladder', '--dir', A], 0), 'phase'), 'Healthy');
  checks.equal('explain: the aborted one', member(await commandEnds(['explain', 'maker-1.1.0', '--dir', A], 1), 'phase'), 'Aborted');
  await commandEnds(['explain', 'absent', '--dir', A], 4);
  const changed = join(root, 'changed');
  cpSync(A, changed, { recursive: true });
  const segment = join(changed, 'journal', '0000000001.segment');
  const bytes = readFileSync(segment);
  bytes[bytes.length >> 2] ^= 1;
  writeFileSync(segment, bytes);
  await commandEnds(['journal', 'verify', '--head', head, changed], 1);
  await commandEnds(['journal', 'verify', '--head', join(again.directory, 'head.txt'), A], 1);
}

async function both<T>(one: Promise<T>, two: Promise<T>): Promise<[T, T]> {
  return Promise.all([one, two]);
}

function sameProof(name: string, first: Told, second: Told): void {
  const proof = ({ body }: Told): unknown => [member(body, 'journal.root'), member(body, 'replay.stateHash')];
  const there = /^[0-9a-f]{64}$/.test(String(member(first.body, 'journal.root')));
  checks.check(
    `${name}: the same tree root and state hash`,
    there && JSON.stringify(proof(first)) === JSON.stringify(proof(second)),
    `${JSON.stringify(proof(first))} and ${JSON.stringify(proof(second))}`,
  );
}

async function main(): Promise<void> {
  const [n20, n22, n24] = majors.map(nodeBinary);
  const built = await plimsoll(['--version']);
  if (!checks.check('bin/plimsoll starts', built.status === 0, built.stderr)) return;
  const [first, second] = await both(tell('synthetic', n20, []), tell('synthetic-again', n20, []));
  checkAnswer('synthetic', first);
  checkSynthetic(first);
  checkSwap(first.body);
  await checkFacts('synthetic', first, true);
  sameProof('synthetic, twice', first, second);
  sameProof('synthetic, slowly', first, await tell('synthetic-slow', n20, ['--speed', '500']));
  const [on22, on24] = await both(tell('synthetic-22', n22, []), tell('synthetic-24', n24, []));
  sameProof('synthetic, Node 20 and 22', first, on22);
  sameProof('synthetic, Node 20 and 24', first, on24);
  const data = recordedPath(recorded) === undefined ? undefined : ['--data', `../shared/data/${recorded}`];
  const real = data === undefined ? undefined : await checkRecorded(data, [n20, n22, n24]);
  await checkKept(first, second, real);
}

async function checkRecorded(data: readonly string[], [n20, n22, n24]: readonly string[]): Promise<Told> {
  const [first, second] = await both(tell('recorded', n20, data), tell('recorded-again', n20, data));
  checkAnswer('recorded', first);
  await checkFacts('recorded', first, false);
  sameProof('recorded, twice', first, second);
  const [on22, on24] = await both(tell('recorded-22', n22, data), tell('recorded-24', n24, data));
  sameProof('recorded, Node 20 and 22', first, on22);
  sameProof('recorded, Node 20 and 24', first, on24);
  return first;
}

try {
  await main();
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('story');
