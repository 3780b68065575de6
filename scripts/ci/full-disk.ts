import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askDesk } from '../../src/apps/desk/control-socket.ts';
import { Checks } from './checks.ts';
import { digestsOf } from './journal-digests.ts';
import { member, objectOf, plimsoll, start, type Running } from './plimsoll.ts';
import { SmallDisk } from './small-disk.ts';
import { storyFacts } from './story-facts.ts';

// A disk that fills under the journal, at a snapshot and before a start: one clear sentence, the named behaviour, and everything that was acknowledged is on the disk.
// Usage: full-disk.ts [NAME …], all of them where none is named.
const wanted = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'plimsoll-full-'));
const checks = new Checks();
/** Between two requests (ms), and how long a desk is asked on a full disk. */
const askEvery = 20;
const askedMillis = 4_000;
/** Longest wait for what a desk does by itself (ms). */
const longestWait = 60_000;
const mebibyte = 1 << 20;
/** Room for a segment of 16 MiB, its two reserves, and what lies beside them. */
const roomy = '80m';

/** A spec that the desk refuses, under a new name each time: each answer acknowledges a record. */
function specOf(n: number): Readonly<Record<string, unknown>> {
  const configuration = { simulatedCapital: '1000', currency: 'USD', clock: { kind: 'wall' }, minTradingDuration: 'PT1H' };
  return {
    apiVersion: 'plimsoll/v1',
    kind: 'Deployment',
    deploymentId: `ask-${n}`,
    strategy: 'PaperTrading',
    algorithmId: 'nobody',
    version: '9.9.9',
    configuration,
  };
}

/** Asks until the desk is gone, or so long. @returns the last record that was acknowledged as durable, and how often. */
async function ask(desk: Running, directory: string, millis = Infinity): Promise<{ readonly seq: number; readonly times: number }> {
  let [seq, times] = [0, 0];
  const end = performance.now() + millis;
  for (let n = 1; !desk.over && performance.now() < end; n++) {
    const answer = await askDesk(directory, { verb: 'deploy', spec: specOf(n) }).catch(() => undefined);
    const code = member(answer, 'body.code');
    const told = member(answer, 'body.seq');
    if (typeof told === 'number' && typeof code === 'string' && code !== 'NOT_DURABLE') {
      seq = Math.max(seq, told);
      times++;
    }
    await sleep(askEvery);
  }
  return { seq, times };
}

/** What was said that has these words, without the alerts' copies of it. */
function linesWith({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }, words: RegExp): readonly string[] {
  return `${stdout}\n${stderr}`.split('\n').filter((line) => words.test(line) && !/\balert\b/i.test(line));
}

async function kept(name: string, directory: string, seq: number): Promise<void> {
  const facts = await storyFacts(directory);
  checks.check(`${name}: nothing acknowledged is lost`, facts.end.lastSeq >= seq && facts.end.kind !== 'damaged', {
    acknowledged: seq,
    ...facts.end,
  });
  const verified = await plimsoll(['journal', 'verify', directory, '--json']);
  checks.equal(`${name}: the journal verifies`, [verified.status, member(objectOf(verified), 'valid')], [0, true]);
}

async function fill(name: string, disk: SmallDisk, args: readonly string[]): Promise<void> {
  const directory = join(disk.path, 'desk');
  const desk = start([...args, '--dir', directory]);
  while (!desk.over && !existsSync(directory)) await sleep(askEvery);
  const { seq, times } = await ask(desk, directory);
  const ended = await desk.ended;
  const said = `${ended.stdout}\n${ended.stderr}`.split('\n').filter((line) => /disk is full/i.test(line));
  checks.check(`${name}: exit code is not 0`, ended.status !== 0 && ended.status !== null, ended.status);
  checks.check(
    `${name}: one clear sentence`,
    said.length === 1 && !/\n\s+at /.test(ended.stderr),
    `${said.length}: ${ended.stdout.slice(-400)}${ended.stderr}`,
  );
  console.log(`${name}: "${said[0] ?? ''}", ${times} acknowledged, the last one is record ${seq}`);
  if (name === 'tiny') return;
  checks.check(`${name}: the desk had acknowledged records`, times > 0, times);
  await kept(name, directory, seq);
}

function up(directory: string): Running {
  return start(['up', '--port', '0', '--dir', directory]);
}

function snapshots(directory: string, ending = '.snapshot'): readonly string[] {
  const folder = join(directory, 'journal.snapshots');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];
}

async function until(holds: () => boolean): Promise<boolean> {
  for (const end = performance.now() + longestWait; !holds() && performance.now() < end;) await sleep(askEvery);
  return holds();
}

/** A desk that is up and has taken a snapshot. */
async function begun(name: string, directory: string): Promise<Running> {
  const desk = up(directory);
  await desk.says(/started in/);
  const taken = await until(() => desk.over || snapshots(directory).length > 0);
  checks.check(`${name}: a desk is up and has taken a snapshot`, taken && !desk.over, `${desk.stdout.slice(-400)}${desk.stderr}`);
  return desk;
}

/** There is room for what the journal writes, and none for a snapshot: the desk goes on and says what is missing; with room again, snapshots come again. */
async function atSnapshot(name: string, disk: SmallDisk): Promise<void> {
  const directory = join(disk.path, 'desk');
  const desk = await begun(name, directory);
  // both reserves are filled by then
  await until(() => disk.freeBytes < 35 * mebibyte);
  disk.fill(mebibyte);
  await until(() => desk.over || /no snapshot/.test(desk.stdout));
  const before = snapshots(directory);
  const { seq, times } = await ask(desk, directory, askedMillis);
  checks.check(`${name}: the desk goes on and acknowledges`, !desk.over && times > 0, `${times}: ${desk.stdout.slice(-400)}${desk.stderr}`);
  const said = linesWith(desk, /no snapshot/);
  checks.check(`${name}: one clear sentence: "${said[0] ?? ''}"`, said.length === 1 && /disk/.test(said[0]), said);
  checks.equal(`${name}: no snapshot meanwhile, and no half of one`, [snapshots(directory), snapshots(directory, '.part')], [before, []]);
  disk.clear();
  const again = await until(
    () => desk.over || (/snapshots are taken again/.test(desk.stdout) && snapshots(directory).at(-1) !== before.at(-1)),
  );
  checks.check(`${name}: with room again, snapshots come again`, again && !desk.over, desk.stdout.slice(-400));
  desk.signal('SIGKILL');
  await desk.ended;
  await kept(name, directory, seq);
}

/** Before a start somebody has taken the room: it is refused in one sentence and changes nothing; with room for one segment it goes on. */
async function atRestart(name: string, disk: SmallDisk): Promise<void> {
  const directory = join(disk.path, 'desk');
  const first = await begun(name, directory);
  const { seq } = await ask(first, directory, askedMillis);
  first.signal('SIGKILL');
  await first.ended;
  const journal = join(directory, 'journal');
  for (const reserve of readdirSync(journal).filter((file) => file.startsWith('reserve-'))) rmSync(join(journal, reserve));
  disk.fill(0);
  const before = digestsOf(directory);
  const { status, stdout, stderr } = await up(directory).ended;
  const lines = stderr.trim().split('\n');
  checks.check(
    `${name}: refused with 4, "${lines[0].replaceAll(`${disk.path}/`, '')}"`,
    status === 4 && lines.length === 1 && /the disk is full/.test(lines[0]) && !/\n\s+at |ALERT/.test(stdout),
    `exit ${status}: ${stdout.slice(-400)}${stderr}`,
  );
  const after = digestsOf(directory);
  const touched = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  checks.equal(`${name}: nothing is changed of ${before.size} files`, touched, []);
  await kept(`${name}, refused`, directory, seq);
  disk.clear();
  // one segment, its emergency file and some records
  disk.fill(18 * mebibyte);
  const next = up(directory);
  const traded = await next.says(/started in/);
  const { seq: later, times } = await ask(next, directory, askedMillis);
  checks.check(
    `${name}: with room for one segment it goes on`,
    traded && times > 0 && later > seq,
    `${next.stdout.slice(-400)}${next.stderr}`,
  );
  next.signal('SIGKILL');
  await next.ended;
  await kept(name, directory, later);
}

async function on(name: string, size: string, run: (name: string, disk: SmallDisk) => Promise<void>): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const disk = SmallDisk.mount(join(root, name), size);
  if (typeof disk === 'string') {
    checks.skip(`${name}: full disk of ${size}`, disk);
    return;
  }
  try {
    await run(name, disk);
  } finally {
    disk.unmount();
  }
}

try {
  const built = await plimsoll(['--version']);
  if (checks.check('bin/plimsoll starts', built.status === 0, built.stderr)) {
    await on('tiny', '1m', (name, disk) => fill(name, disk, ['demo', '--exit']));
    // Room for two segments of 16 MiB; the third cannot be had.
    await on('in-mid-session', '36m', (name, disk) => fill(name, disk, ['paper', '--strategy', 'maker', '--minutes', '100000']));
    await on('at-a-snapshot', roomy, atSnapshot);
    await on('at-a-restart', roomy, atRestart);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('full-disk');
