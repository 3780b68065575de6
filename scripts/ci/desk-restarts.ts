import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prng } from '../../src/base/prng.ts';
import { Checks } from './checks.ts';
import { start } from './plimsoll.ts';

// A whole desk, killed in mid-story again and again on one directory: each next one goes on, restricted until the venues are compared. Measured from the start
// of the process to its authority back, the start of Node, the recovery and the comparison included.
const kills = Number(process.argv[2] ?? 3);
const seed = Number(process.argv[3] ?? 1);
/** Virtual seconds per second. */
const speed = '60';
const limitMillis = 2_000;

const checks = new Checks();
const root = mkdtempSync(join(tmpdir(), 'plimsoll-restarts-'));
const luck = prng(`restarts ${seed}`);
const times: number[] = [];
/** A new directory after so many: a story is an hour and a half long. */
const killsPerStory = 10;

/** Starts a desk and kills it a little later. @returns milliseconds until it traded; NaN = it did not. */
async function once(directory: string, first: boolean): Promise<number> {
  const began = performance.now();
  const desk = start(['demo', '--dir', directory, '--speed', speed]);
  const word = first ? /granted\s+Micro/ : /trading\s/;
  const said = await desk.says(word);
  const millis = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, luck.int(300)));
  desk.signal('SIGKILL');
  const { stdout, stderr } = await desk.ended;
  if (!said) console.log(stdout.slice(-600), stderr.slice(-600));
  return said ? millis : Number.NaN;
}

try {
  for (let n = 0; n < kills; n++) {
    const directory = join(root, String(Math.floor(n / killsPerStory)));
    if (n % killsPerStory === 0) await once(directory, true);
    const millis = await once(directory, false);
    checks.check(`restart ${n + 1}: traded again after ${millis.toFixed(0)} ms`, Number.isFinite(millis));
    if (Number.isFinite(millis)) times.push(millis);
  }
  times.sort((a, b) => a - b);
  const p99 = times[Math.min(times.length - 1, Math.ceil(times.length * 0.99) - 1)] ?? Number.NaN;
  const p50 = times[Math.floor(times.length / 2)] ?? Number.NaN;
  console.log(
    `from the start of a process to trading, ${times.length} kills: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (target ${limitMillis} ms)`,
  );
} catch (error) {
  checks.check('the step came to its end', false, String(error));
} finally {
  rmSync(root, { recursive: true, force: true });
}
checks.close('desk-restarts');
