import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Checks } from './checks.ts';
import { list, member, objectOf, plimsoll, start, type CommandResult } from './plimsoll.ts';
import { storyFacts } from './story-facts.ts';

// A desk in one process and people at other terminals: get, explain, deploy, kill, Ctrl-C, a second desk on its directory, a dead process.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-kill-'));
const checks = new Checks();
/** Virtual seconds per second: the story's ladder is at its first stages for some ten seconds. */
const speed = '60';
const atMicro = /granted\s+Micro/;

const paperSpec = `apiVersion: plimsoll/v1
kind: Deployment
deploymentId: second-terminal
strategy: PaperTrading
algorithmId: maker
version: 1.1.0
configuration: { simulatedCapital: "1000000", currency: USD, clock: { kind: wall }, minTradingDuration: PT1H }
`;

function sentence({ stderr }: CommandResult): string {
  return stderr.trim();
}

/** A refusal: the exit code, one line that says the words, no stack. */
async function refused(what: string, args: readonly string[], status: number, words: RegExp): Promise<void> {
  const ended = await plimsoll(args);
  const said = sentence(ended);
  checks.check(
    `${what}: exit ${status} and one sentence`,
    ended.status === status && words.test(said) && !said.includes('\n'),
    `exit ${ended.status}: ${said}${ended.stdout}`,
  );
}

/** What must hold of a directory whose desk ended in good order. */
async function checkLeft(name: string, directory: string, withHead: boolean): Promise<void> {
  const head = withHead ? ['--head', join(directory, 'head.txt')] : [];
  const verified = await plimsoll(['journal', 'verify', ...head, directory, '--json']);
  checks.equal(
    `${name}: the journal verifies${withHead ? ' with its head' : ''}`,
    [verified.status, member(objectOf(verified), 'valid'), member(objectOf(verified), 'finished')],
    [0, true, withHead],
  );
  if (!withHead) return;
  const replayed = await plimsoll(['journal', 'replay', directory, '--json']);
  checks.equal(`${name}: the replay is equal`, [replayed.status, member(objectOf(replayed), 'equal')], [0, true]);
}

async function askWhileItRuns(directory: string): Promise<void> {
  const got = await plimsoll(['get', 'desk', '--dir', directory, '--json']);
  checks.check(
    'get from a second terminal: the running desk',
    got.status === 0 && Number(member(objectOf(got), 'seq')) > 0,
    `${got.status}: ${got.stdout}`,
  );
  const explained = await plimsoll(['explain', 'maker-ladder', '--dir', directory, '--json']);
  checks.equal('explain from a second terminal: on its way', [explained.status, member(objectOf(explained), 'phase')], [0, 'Progressing']);
  const compared = await plimsoll(['reconcile', '--dir', directory, '--json']);
  checks.equal(
    'reconcile from a second terminal: its venue has answered, no break is open',
    [
      compared.status,
      member(objectOf(compared), 'answered'),
      list(objectOf(compared), 'statements').length,
      list(objectOf(compared), 'breaks'),
    ],
    [0, true, 1, []],
  );
  const nobody = await plimsoll(['reconcile', '--dir', directory, '--as', 'nobody', '--json']);
  checks.equal('reconcile as nobody that is known: refused', [nobody.status, member(objectOf(nobody), 'code')], [4, 'PERSON_REQUIRED']);
  const spec = join(root, 'second.yaml');
  writeFileSync(spec, paperSpec);
  const deployed = await plimsoll(['deploy', '-f', spec, '--dir', directory, '--json']);
  checks.equal('deploy from a second terminal: accepted', [deployed.status, member(objectOf(deployed), 'accepted')], [0, true]);
  const again = await plimsoll(['deploy', '-f', spec, '--dir', directory, '--json']);
  checks.equal('deploy of the same again: refused by name', [again.status, member(objectOf(again), 'code')], [4, 'ALREADY_DEPLOYED']);
  await refused('a second desk on the directory', ['demo', '--exit', '--dir', directory], 4, /another process holds this data directory/);
  await refused('a second paper desk on the directory', ['paper', '--dir', directory], 4, /another process holds this data directory/);
}

async function killStory(): Promise<void> {
  const directory = join(root, 'killed');
  const desk = start(['demo', '--dir', directory, '--speed', speed]);
  if (!checks.check('the story reaches its first stage', await desk.says(atMicro), desk.stdout + desk.stderr)) return;
  await askWhileItRuns(directory);
  const killed = await plimsoll(['kill', '--dir', directory, '--reason', 'a test of the kill switch', '--json']);
  const killSeq = Number(member(objectOf(killed), 'seq'));
  checks.equal('kill from a second terminal: engaged', [killed.status, member(objectOf(killed), 'killed')], [0, true]);
  const ended = await desk.ended;
  checks.check('the story ends by itself, with 0', ended.status === 0, `${ended.status}: ${ended.stdout}${ended.stderr}`);
  checks.check('it says who killed it and why', /KILLED.*a test of the kill switch/.test(ended.stdout), ended.stdout);
  checks.check('plain lines where there is no terminal', !ended.stdout.includes('\x1b['), ended.stdout);
  const facts = await storyFacts(directory);
  checks.check(
    'the latch is a record of the acknowledged command',
    facts.killSeq === killSeq + 1,
    `latch ${facts.killSeq}, command ${killSeq}`,
  );
  checks.check('orders had been sent before', facts.orders > 100, facts.orders);
  checks.equal('no order and no replace left after the latch', facts.sentAfterKill, []);
  checks.equal('every order is terminal', facts.open, []);
  await checkLeft('killed', directory, true);
  const tail = await plimsoll(['journal', 'tail', directory, '-n', '100000', '--json']);
  const seen = tail.stdout.includes('"killLatched"');
  checks.check('journal tail shows the latch', tail.status === 0 && seen, tail.status);
  await refused('a desk on a finished journal', ['demo', '--exit', '--dir', directory], 4, /holds a finished journal/);
}

async function interrupt(signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const directory = join(root, signal);
  const desk = start(['demo', '--dir', directory, '--speed', speed]);
  if (!checks.check(`${signal}: the story reaches its first stage`, await desk.says(atMicro), desk.stdout + desk.stderr)) return;
  desk.signal(signal);
  const ended = await desk.ended;
  checks.check(
    `${signal} in mid-story: a good end`,
    ended.status === 0 && /verified\s+yes/.test(ended.stdout),
    `${ended.status}: ${ended.stdout}${ended.stderr}`,
  );
  await checkLeft(signal, directory, true);
  checks.equal(`${signal}: the journal was closed`, (await storyFacts(directory)).end.kind, 'finished');
}

async function dieHard(): Promise<void> {
  const directory = join(root, 'dead');
  const desk = start(['demo', '--dir', directory, '--speed', speed]);
  if (!checks.check('the story runs before it is ended by force', await desk.says(atMicro), desk.stdout + desk.stderr)) return;
  const acknowledged = await plimsoll(['deploy', '-f', join(root, 'second.yaml'), '--dir', directory, '--json']);
  const seq = Number(member(objectOf(acknowledged), 'seq'));
  await sleep(500);
  desk.signal('SIGKILL');
  await desk.ended;
  const facts = await storyFacts(directory);
  checks.check('killed by force: the journal is sound and unfinished', facts.end.kind === 'open' || facts.end.kind === 'torn', facts.end);
  checks.check(
    'killed by force: what was acknowledged is there',
    Number.isInteger(seq) && seq > 0 && facts.end.lastSeq > seq,
    `acknowledged ${seq}, last ${facts.end.lastSeq}`,
  );
  await checkLeft('killed by force', directory, false);
  await refused('kill without a desk', ['kill', '--dir', directory], 4, /no desk is running/);
  await refused('deploy without a desk', ['deploy', '-f', join(root, 'second.yaml'), '--dir', directory], 4, /no desk is running/);
  const got = await plimsoll(['get', 'deployment', 'maker-ladder', '--dir', directory, '--json']);
  checks.equal('get without a desk reads the journal', [got.status, member(objectOf(got), 'phase')], [0, 'Progressing']);
  await goOn(directory, facts.end.lastSeq);
}

/** The directory of a desk that was ended by force: what a start would find, who may not go on with it, and a desk that does. */
async function goOn(directory: string, lastSeq: number): Promise<void> {
  const told = await plimsoll(['recover', '--dry-run', directory, '--json']);
  checks.equal(
    'recover --dry-run tells what it would do',
    [told.status, member(objectOf(told), 'lastSeq'), member(objectOf(told), 'term'), member(objectOf(told), 'closed')],
    [0, lastSeq, 2, false],
  );
  await refused('another seed on its journal', ['demo', '--exit', '--seed', '8', '--dir', directory], 4, /seed: expected 7/);
  await refused('a desk without its versions', ['paper', '--strategy', 'momentum', '--dir', directory], 4, /this desk does not have it/);
  const again = await plimsoll(['demo', '--exit', '--speed', 'max', '--dir', directory]);
  const good = [/reconciled\s+yes/, /verified\s+yes/, /replay equal\s+yes/].every((word) => word.test(again.stdout));
  checks.check('a desk goes on with it to the end, and proves all of it', good, `${again.status}: ${again.stdout}${again.stderr}`);
  await checkLeft('gone on', directory, true);
  const proof = join(root, 'record.proof');
  const proven = await plimsoll(['journal', 'prove', directory, '--seq', String(lastSeq), '--out', proof]);
  const checked = await plimsoll(['journal', 'check-proof', proof, '--key', join(directory, 'journal.vkey'), '--json']);
  checks.equal(
    'its last record is proven to an outsider',
    [proven.status, checked.status, member(objectOf(checked), 'valid')],
    [0, 0, true],
  );
  const sound = await plimsoll(['journal', 'fsck', directory, '--json']);
  checks.equal('fsck finds all of it sound', [sound.status, member(objectOf(sound), 'sound')], [0, true]);
  await refused('a desk on the finished journal', ['demo', '--exit', '--dir', directory], 4, /holds a finished journal/);
}

try {
  const built = await plimsoll(['--version']);
  if (checks.check('bin/plimsoll starts', built.status === 0, built.stderr)) {
    await Promise.all([killStory(), interrupt('SIGINT')]);
    await Promise.all([dieHard(), interrupt('SIGTERM')]);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('kill');
