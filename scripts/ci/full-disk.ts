import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askDesk } from '../../src/apps/desk/control-socket.ts';
import { Checks } from './checks.ts';
import { member, objectOf, plimsoll, start, type Running } from './plimsoll.ts';
import { storyFacts } from './story-facts.ts';

// A disk that fills under the journal: one clear sentence, an exit code, and everything that was acknowledged is on the disk.
const root = mkdtempSync(join(tmpdir(), 'plimsoll-full-'));
const checks = new Checks();

/** Mounts a small disk in memory. @returns undefined when it is mounted, else why not. */
function mount(at: string, size: string): string | undefined {
  if (process.platform !== 'linux') return 'small disks are mounted on Linux only';
  if (process.getuid?.() !== 0) return 'mounting a small disk needs root';
  mkdirSync(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `no small disk can be mounted here (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

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

/** Asks until the desk is gone. @returns the last record that was acknowledged as durable, and how often. */
async function askUntilEnd(desk: Running, directory: string): Promise<{ readonly seq: number; readonly times: number }> {
  let [seq, times] = [0, 0];
  for (let n = 1; !desk.over; n++) {
    const answer = await askDesk(directory, { verb: 'deploy', spec: specOf(n) }).catch(() => undefined);
    const code = member(answer, 'body.code');
    const told = member(answer, 'body.seq');
    if (typeof told === 'number' && typeof code === 'string' && code !== 'NOT_DURABLE') {
      seq = Math.max(seq, told);
      times++;
    }
    await sleep(20);
  }
  return { seq, times };
}

async function fill(name: string, size: string, args: readonly string[]): Promise<void> {
  const disk = join(root, name);
  const why = mount(disk, size);
  if (why !== undefined) {
    checks.skip(`full disk of ${size}`, why);
    return;
  }
  try {
    const directory = join(disk, 'desk');
    const desk = start([...args, '--dir', directory]);
    while (!desk.over && !existsSync(directory)) await sleep(20);
    const { seq, times } = await askUntilEnd(desk, directory);
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
    const facts = await storyFacts(directory);
    checks.check(`${name}: nothing acknowledged is lost`, facts.end.lastSeq >= seq && facts.end.kind !== 'damaged', {
      acknowledged: seq,
      ...facts.end,
    });
    const verified = await plimsoll(['journal', 'verify', directory, '--json']);
    checks.equal(`${name}: the journal verifies`, [verified.status, member(objectOf(verified), 'valid')], [0, true]);
  } finally {
    execFileSync('umount', [disk], { stdio: 'pipe' });
  }
}

try {
  const built = await plimsoll(['--version']);
  if (checks.check('bin/plimsoll starts', built.status === 0, built.stderr)) {
    await fill('tiny', '1m', ['demo', '--exit']);
    // Room for two segments of 16 MiB; the third cannot be had.
    await fill('in-mid-session', '36m', ['paper', '--strategy', 'maker', '--minutes', '100000']);
  }
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('full-disk');
