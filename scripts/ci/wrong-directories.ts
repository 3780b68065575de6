import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askDesk } from '../../src/apps/desk/control-socket.ts';
import { crc32 } from '../../src/journal/checksum.ts';
import { headerBodyBytes, sectorBytes } from '../../src/journal/format.ts';
import { segmentName } from '../../src/journal/segment-files.ts';
import { Checks } from './checks.ts';
import { digestsOf } from './journal-digests.ts';
import { list, member, objectOf, plimsoll, start } from './plimsoll.ts';

// A data directory that a whole desk has left, and that something is wrong with: each start, dry run and proof ends as docs/reference/recovery.md says, in one clear
// sentence; nothing is changed where it is refused, and nothing is lost where it is gone on with.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-wrong-'));
const checks = new Checks();
const sound = join(root, 'sound');
/** Snapshots of the desk that leaves it, and its longest life (ms). */
const wantedSnapshots = 2;
const longestLife = 90_000;

/** A desk of threads that has traded on paper and is killed. */
async function leave(): Promise<boolean> {
  const desk = start(['up', '--dir', sound, '--port', '0']);
  const up = await desk.says(/started in/);
  const configuration = { simulatedCapital: '100000', currency: 'USD', clock: { kind: 'wall' }, minTradingDuration: 'PT8H' };
  const spec = { apiVersion: 'plimsoll/v1', kind: 'Deployment', deploymentId: 'paper', strategy: 'PaperTrading', algorithmId: 'maker' };
  const answer = await askDesk(sound, { verb: 'deploy', spec: { ...spec, version: '1.0.0', configuration } });
  for (const end = performance.now() + longestLife; snapshots(sound).length < wantedSnapshots && performance.now() < end;) await sleep(100);
  desk.signal('SIGKILL');
  const { stdout, stderr } = await desk.ended;
  const left = snapshots(sound).length;
  return checks.check(
    'a desk trades, takes snapshots and is killed',
    up && answer?.exitCode === 0 && left > 0,
    `${left} snapshots: ${stdout.slice(-300)}${stderr}`,
  );
}

const snapshotFolder = (directory: string): string => join(directory, 'journal.snapshots');
const segment = (directory: string): string => join(directory, 'journal', segmentName(1));

function snapshots(directory: string): readonly string[] {
  if (!existsSync(snapshotFolder(directory))) return [];
  return readdirSync(snapshotFolder(directory))
    .filter((name) => name.endsWith('.snapshot'))
    .sort()
    .reverse();
}

/** A copy with something changed. */
function wrong(name: string, change: (directory: string) => void): string {
  const directory = join(root, name.replaceAll(' ', '-'));
  cpSync(sound, directory, { recursive: true });
  change(directory);
  return directory;
}

function changed(path: string, change: (bytes: Buffer) => unknown): void {
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes);
}

/** A start and a dry run refuse it with the exit code and the words, and change nothing. */
async function refuses(
  name: string,
  directory: string,
  exitCode: number,
  words: RegExp,
  commands = [
    ['recover', '--dry-run'],
    ['up', '--port', '0', '--dir'],
  ],
): Promise<void> {
  const before = digestsOf(directory);
  for (const command of commands) {
    const { status, stdout, stderr } = await plimsoll([...command, directory]);
    const lines = stderr.trim().split('\n');
    checks.check(
      `${name}, ${command[0]}: exit ${exitCode}, "${lines[0].replaceAll(`${root}/`, '')}"`,
      status === exitCode && lines.length === 1 && words.test(lines[0]) && !/ {4}at |ALERT/.test(stdout),
      `exit ${status}: ${stdout.slice(-300)}${stderr}`,
    );
  }
  const after = digestsOf(directory);
  const touched = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
  checks.equal(`${name}: nothing is changed of ${before.size} files`, touched, []);
}

/** A dry run tells what was passed over; a start goes on behind the same last record, and the journal verifies. */
async function goesOn(name: string, directory: string, why: RegExp, snapshotSeq: (seq: number) => boolean): Promise<void> {
  const told = objectOf(await plimsoll(['recover', '--dry-run', directory, '--json']));
  const passed = list(told, 'passedOver').map((one) => String(member(one, 'why')));
  const seq = Number(member(told, 'snapshotSeq'));
  checks.check(`${name}: "${passed.join('; ')}", from record ${seq}`, why.test(passed.join('; ')) && snapshotSeq(seq), told);
  const lastSeq = Number(member(told, 'lastSeq'));
  const { status, stdout, stderr } = await plimsoll(['up', '--dir', directory, '--port', '0', '--seconds', '2']);
  checks.check(`${name}: a start goes on`, status === 0 && stdout.includes('good order'), `${status}: ${stdout.slice(-400)}${stderr}`);
  const verified = await plimsoll(['journal', 'verify', directory, '--json']);
  const after = objectOf(await plimsoll(['recover', '--dry-run', directory, '--json']));
  checks.check(`${name}: nothing is lost`, verified.status === 0 && Number(member(after, 'lastSeq')) > lastSeq, {
    verified: verified.stdout,
    after,
  });
}

async function checkJournal(): Promise<void> {
  const withoutSnapshots = (directory: string): void => rmSync(snapshotFolder(directory), { recursive: true });
  const flipped = wrong('a flipped bit', (directory) => {
    withoutSnapshots(directory);
    changed(segment(directory), (bytes) => (bytes[sectorBytes + 100] ^= 1));
  });
  await refuses('a flipped bit', flipped, 1, /damaged behind record \d+ .*checksum/);
  const lost = wrong('a lost commit', (directory) => {
    withoutSnapshots(directory);
    changed(segment(directory), (bytes) => bytes.fill(0, sectorBytes, 2 * sectorBytes));
  });
  await refuses('a lost commit', lost, 1, /damaged behind record|holds \d+ entries, its acknowledged head covers \d+/);
  const old = wrong('an older journal version', (directory) =>
    changed(segment(directory), (bytes) => {
      bytes.writeUInt32LE(0, 8);
      bytes.writeUInt32LE(
        crc32(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, headerBodyBytes + 4, 0),
        headerBodyBytes + 4,
      );
    }),
  );
  await refuses('an older journal version', old, 4, /expected format version 1, was 0; this build reads version 1/);
}

async function checkKeys(): Promise<void> {
  const up = [['up', '--port', '0', '--dir']];
  const other = join(root, 'other');
  await plimsoll(['up', '--dir', other, '--port', '0', '--seconds', '1']);
  const foreign = wrong('a foreign key', (directory) => {
    for (const name of ['journal.key', 'journal.vkey']) cpSync(join(other, name), join(directory, name));
  });
  await refuses(
    'a foreign key',
    foreign,
    4,
    /expected the key [0-9a-f]{8} that signed this journal, was [0-9a-f]{8}: nobody else can sign/,
    up,
  );
  const missing = wrong('a missing key', (directory) => rmSync(join(directory, 'journal.key')));
  await refuses('a missing key', missing, 4, /the key that signed this journal is missing/, up);
  const torn = wrong('a key that is none', (directory) => writeFileSync(join(directory, 'journal.key'), 'PRIVATE+KEY+'));
  await refuses('a key that is none', torn, 4, /expected a private key in signed-note form/, up);
}

/** A snapshot rewritten so that its own digest is right. */
function rewritten(path: string, change: (bytes: Buffer) => unknown): void {
  changed(path, (bytes) => {
    change(bytes);
    createHash('sha256')
      .update(bytes.subarray(0, -32))
      .digest()
      .copy(bytes, bytes.length - 32);
  });
}

async function checkSnapshots(): Promise<void> {
  const every = (change: (bytes: Buffer) => unknown) => (directory: string) => {
    for (const name of snapshots(directory)) rewritten(join(snapshotFolder(directory), name), change);
  };
  const schema = (by: number) => every((bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(12) + by, 12));
  const older = wrong('snapshots of an older schema', schema(-1));
  await goesOn('snapshots of an older schema', older, /its schema is \d+, this build's is \d+, and nothing migrates/, (seq) => seq === 0);
  const newer = wrong('snapshots of a newer schema', schema(1));
  await goesOn('snapshots of a newer schema', newer, /its schema is \d+, this build's is \d+: a newer build wrote it/, (seq) => seq === 0);
  const build = wrong(
    'snapshots of another build',
    every((bytes) => bytes.write('0'.repeat(64), digestAt(bytes))),
  );
  await goesOn('snapshots of another build that reads the same', build, /^$/, (seq) => seq > 0);
  const shape = wrong(
    'snapshots of another shape',
    every((bytes) => (bytes[shapeAt(bytes)] ^= 1)),
  );
  await goesOn('snapshots of another shape', shape, /shape/, (seq) => seq === 0);
  const [newest] = snapshots(sound);
  const damaged = wrong('the newest snapshot damaged', (directory) =>
    changed(join(snapshotFolder(directory), newest), (bytes) => (bytes[bytes.length >> 1] ^= 1)),
  );
  const others = snapshots(sound).length > 1;
  await goesOn(
    'the newest snapshot damaged',
    damaged,
    /its digest does not match/,
    (seq) => (others ? seq > 0 : seq === 0) && seq < Number(newest.slice(0, 16)),
  );
  const cut = wrong('the newest snapshot cut short', (directory) =>
    writeFileSync(join(snapshotFolder(directory), newest), readFileSync(join(snapshotFolder(directory), newest)).subarray(0, 1_000)),
  );
  await goesOn('the newest snapshot cut short', cut, /its digest does not match/, (seq) => seq < Number(newest.slice(0, 16)));
}

/** The first text of 64 hexadecimal digits is the core's digest; the state's first text is that of its shapes. */
function digestAt(bytes: Buffer): number {
  return (
    8 +
    bytes
      .subarray(8)
      .toString('latin1')
      .search(/[0-9a-f]{64}/)
  );
}

function shapeAt(bytes: Buffer): number {
  const texts = [...bytes.toString('latin1').matchAll(/[0-9a-f]{16,}/g)].map(({ index }) => index);
  // core digest, state hash, root; then the state
  return texts[3];
}

try {
  const built = await plimsoll(['--version']);
  if (checks.check('bin/plimsoll starts', built.status === 0, built.stderr) && (await leave())) {
    await checkJournal();
    await checkKeys();
    await checkSnapshots();
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('wrong-directories');
