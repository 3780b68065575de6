// Runs seeds of the faulty world as they are built, a line of JSON for each that comes in: `sim-worker.mjs DIST`. Plain JavaScript: what loads TypeScript names every function
// anew each time that it is made, which costs a world the twentieth part of its time, and a second to begin with.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const { runSeed } = await import(pathToFileURL(join(process.argv[2], 'sim/faulty/run.js')).href);

/** A simulated world has its own clock and its own luck: whoever asks the machine's is found out. @param {string} what @returns {() => never} */
function forbidden(what) {
  return () => {
    throw new Error(`simulation: ${what} is not of this world`);
  };
}
Date.now = forbidden('the clock of the machine');
Math.random = forbidden('the luck of the machine');

for await (const line of createInterface({ input: process.stdin })) {
  const { off, ...options } = JSON.parse(line);
  const before = process.cpuUsage();
  const { cases, counts, ...run } = await runSeed({ ...options, off: new Set(off) });
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ...run, counts: { ...counts }, cases: [...cases], cpuMicros: user + system }));
}
