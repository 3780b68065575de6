import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programBeside } from '../../src/testing/program-beside.ts';
import { Checks } from './checks.ts';
import type { SeedResult } from './seeds-worker.ts';

// The planted fault is found for every seed 1–100, the swap is made and the kill released: two processes tell the story in memory, seed by seed, and say what happened.
const seeds = 100;
const processes = 2;
const maxSeconds = 300;

const checks = new Checks();
const started = performance.now();
const results: SeedResult[] = [];
let next = 1;

/** One worker process: it is given a seed by line and answers with one JSON line. */
function work(): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = spawn(process.execPath, programBeside(import.meta.url, './seeds-worker'), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const give = (): void => {
      if (next <= seeds) worker.stdin.write(`${next++}\n`);
      else worker.stdin.end();
    };
    createInterface({ input: worker.stdout }).on('line', (line) => {
      const result = JSON.parse(line) as SeedResult;
      results.push(result);
      checks.check(
        `seed ${result.seed}: ${result.text} (${result.seconds.toFixed(1)} s)`,
        result.found,
        'no completed rollback of maker 1.1.0 alone, or no swap, or no released kill',
      );
      give();
    });
    worker.on('error', reject);
    worker.on('close', (status) => resolve(status ?? 1));
    give();
  });
}

const ends = await Promise.all(Array.from({ length: processes }, work));
const seconds = (performance.now() - started) / 1_000;
checks.equal(
  'every process ended in good order',
  ends,
  ends.map(() => 0),
);
checks.equal('every seed was told once', [new Set(results.map(({ seed }) => seed)).size, results.length], [seeds, seeds]);
checks.check(`${seeds} seeds in ${seconds.toFixed(0)} s, at most ${maxSeconds} s`, seconds <= maxSeconds);
checks.close('seeds');
