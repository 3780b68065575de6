import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng, type Prng } from '../../src/base/prng.ts';
import { verifyDirectory } from '../../src/verify/verify.ts';
import { Checks } from './checks.ts';
import { KilledWriter } from './killed-writer.ts';
import { PowerCutDisk } from './power-cut.ts';

// One journal that is written by one process after the other, each killed in the middle; then one on a disk whose power is cut. Nothing acknowledged is lost.
// Usage: journal-kills.ts [KILLS] [POWER CUTS] [SEED], 0 = none of them.
const kills = Number(process.argv[2] ?? 50);
const cuts = Number(process.argv[3] ?? 20);
const seed = Number(process.argv[4] ?? 1);
/** Most commits before the end comes. */
const mostCommits = 60;
const imageMebibytes = 24;

const checks = new Checks();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-kills-'));

interface Ended {
  readonly acknowledged: number;
  readonly term: number;
}

/** What one writer found of the one before it. @returns what it has acknowledged when it is ended. */
async function once(
  luck: Prng,
  directory: string,
  before: Ended,
  what: string,
  end: (writer: KilledWriter) => Promise<void>,
): Promise<Ended> {
  const writer = new KilledWriter(directory);
  await writer.acknowledgedTimes(1 + luck.int(mostCommits));
  await end(writer);
  const { seq, term } = writer.found;
  const kept = seq >= before.acknowledged && term === before.term;
  checks.check(
    `${what}: found record ${seq} of term ${term}, ${before.acknowledged} acknowledged`,
    kept && writer.acknowledged > seq,
    writer.trouble,
  );
  return { acknowledged: Math.max(before.acknowledged, writer.acknowledged), term: term + 1 };
}

async function killAll(): Promise<void> {
  const luck = prng(`kills ${seed}`);
  let before: Ended = { acknowledged: 0, term: 0 };
  for (let n = 1; n <= kills; n++) {
    before = await once(luck, root, before, `kill -9 ${n}`, async (writer) => {
      writer.signal('SIGKILL');
      await writer.ended;
    });
  }
  const verdict = verifyDirectory(join(root, 'journal'));
  checks.check(
    `after ${kills} kills the journal is valid up to record ${verdict.lastSeq}`,
    verdict.valid && verdict.lastSeq >= before.acknowledged,
    verdict.verdict,
  );
}

async function cutAll(): Promise<void> {
  const disk = PowerCutDisk.create(root, imageMebibytes);
  if (typeof disk === 'string') {
    checks.skip(`${cuts} power cuts`, `${disk}; crash-points plays them on a simulated disk`);
    return;
  }
  try {
    await cutOn(disk);
  } finally {
    disk.unmount();
  }
}

async function cutOn(disk: PowerCutDisk): Promise<void> {
  const luck = prng(`cuts ${seed}`);
  let before: Ended = { acknowledged: 0, term: 0 };
  for (let n = 1; n <= cuts; n++) {
    before = await once(luck, disk.path, before, `power cut ${n}`, async (writer) => {
      // stopped first: it may not write to a disk without current
      writer.signal('SIGSTOP');
      disk.cut();
      writer.signal('SIGKILL');
      await writer.ended;
    });
    disk.unmount();
    disk.mount();
  }
  const verdict = verifyDirectory(join(disk.path, 'journal'));
  checks.check(
    `after ${cuts} power cuts the journal is valid up to record ${verdict.lastSeq}`,
    verdict.valid && verdict.lastSeq >= before.acknowledged,
    verdict.verdict,
  );
}

try {
  await Promise.all([kills > 0 ? killAll() : undefined, cuts > 0 ? cutAll() : undefined]);
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('journal-kills');
