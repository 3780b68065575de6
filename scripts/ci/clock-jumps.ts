import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournalReader } from '../../src/journal/reader.ts';
import type { JournalRecord } from '../../src/journal/record.ts';
import { nodeDisk } from '../../src/storage/file/node-disk.ts';
import { Checks } from './checks.ts';
import { member, objectOf, plimsoll, start } from './plimsoll.ts';

// The machine's clock is an hour wrong: a desk that stays up is started on its journal with the clock set back, forth and right again, and a clock jumps under a
// running one. Time goes on at its own pace in the journal, never back, deadlines come, and nothing is lost.
const hour = 3_600_000_000;
/** How long each desk runs (s). */
const seconds = 3;
/** Of its own time a desk must have lived at least this much, and at most this much more than it ran (microseconds). */
const least = 1_000_000;
const most = 60_000_000;

/** A process whose Date.now is `byMillis` wrong, from `afterMillis` of its life on. */
function wrongClock(byMillis: number, afterMillis: number): NodeJS.ProcessEnv {
  const source = `const now=Date.now,began=now();Date.now=()=>now()+(now()-began>=${afterMillis}?${byMillis}:0)`;
  return { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
}

async function recordsOf(directory: string): Promise<readonly JournalRecord[]> {
  const reader = openJournalReader(nodeDisk(directory), 'journal');
  const records: JournalRecord[] = [];
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) records.push(...batch);
  await reader.close();
  return records;
}

const checks = new Checks();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-clock-'));

async function live(name: string, directory: string, byMillis: number, afterMillis: number, term: number): Promise<void> {
  const desk = start(['up', '--dir', directory, '--port', '0', '--seconds', String(seconds)], { env: wrongClock(byMillis, afterMillis) });
  const { status, stdout, stderr } = await desk.ended;
  checks.check(`${name}: ends in good order`, status === 0 && stdout.includes('good order'), `${status}: ${stdout.slice(-600)}${stderr}`);
  const records = await recordsOf(directory);
  const back = records.filter(({ at }, n) => n > 0 && at < records[n - 1].at).length;
  checks.equal(`${name}: no record is before the one before it`, back, 0);
  const own = records.filter((record) => record.term === term);
  const lived = (own.at(-1)?.at ?? 0) - (own[0]?.at ?? 0);
  checks.check(`${name}: its time goes on, ${(lived / 1e6).toFixed(1)} s`, lived >= least && lived <= most, lived);
  const compared = own.filter((one) => one.of === 'decision' && one.decision.kind === 'statementJudged').length;
  checks.check(`${name}: the venues are compared`, compared > 0, compared);
  if (byMillis < 0 && afterMillis === 0)
    checks.check(`${name}: it says so`, stdout.includes("the machine's clock reads"), stdout.slice(-800));
}

try {
  const directory = join(root, 'desk');
  await live('a clock that is right', directory, 0, 0, 1);
  const first = await recordsOf(directory);
  await live('started with the clock an hour back', directory, -hour / 1_000, 0, 2);
  await live('started with the clock an hour forth', directory, hour / 1_000, 0, 3);
  await live('started with the clock right again', directory, 0, 0, 4);
  await live('the clock goes an hour back under a running desk', directory, -hour / 1_000, 1_500, 5);
  await live('the clock goes an hour forth under a running desk', directory, hour / 1_000, 1_500, 6);
  const all = await recordsOf(directory);
  checks.check('nothing that was recorded before is lost', all.length > first.length && all[first.length - 1].seq === first.at(-1)?.seq);
  const verified = await plimsoll(['journal', 'verify', directory, '--json']);
  checks.equal('the journal verifies', [verified.status, member(objectOf(verified), 'valid')], [0, true]);
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('clock-jumps');
