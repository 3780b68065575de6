import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultNames, knownFailing, type FaultName } from '../src/sim/faulty/fault-plan.ts';
import { runSeed, type RunOptions } from '../src/sim/faulty/run.ts';
import { shrink } from '../src/sim/faulty/shrink.ts';
import { projectRoot } from '../src/testing/tidy/tree.ts';
import { prepare } from './bootstrap/prepare.mjs';
import { closeStep } from './ci/live-command.ts';
import { onWorkers, type SimLine } from './ci/sim-workers.ts';

// Seeds of the faulty world: `npm run sim -- --seeds N --seed S [--events N] [--faults a,b] [--minutes M] [--workers N]`.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '10000' },
    faults: { type: 'string' },
    minutes: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
/** Failures that are told and made small; more of them say nothing new. */
const mostFailures = 5;

function count(name: 'seeds' | 'seed' | 'events' | 'workers'): number {
  const n = Number(values[name]);
  if (Number.isSafeInteger(n) && n >= 1) return n;
  console.error(`sim: --${name}: expected a whole number from 1, was ${values[name]}`);
  process.exit(64);
}

const faults = values.faults === undefined ? undefined : values.faults.split(',').filter((name) => name !== '' && name !== 'none');
const unknown = faults?.filter((name) => !(faultNames as readonly string[]).includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`sim: --faults: expected names among ${faultNames.join(', ')}, was ${unknown.join(', ')}`);
  process.exit(64);
}
const [seeds, first, events, workers] = [count('seeds'), count('seed'), count('events'), count('workers')];
const until = values.minutes === undefined ? Infinity : performance.now() + Number(values.minutes) * 60_000;
const off = faults === undefined ? knownFailing.map(({ fault }) => fault) : [];

// the workers run the build
await prepare(projectRoot);
const sums = new Map<string, number>();
const failures: SimLine[] = [];
let [given, done, allEvents, cpuMicros, virtualMicros, saidAt] = [0, 0, 0, 0, 0, performance.now()];
const began = performance.now();

function add(name: string, n: number): void {
  sums.set(name, (sums.get(name) ?? 0) + n);
}

function progress(): string {
  const perCore = allEvents / (cpuMicros / 1e6);
  return `${done} seeds, ${allEvents} events, ${perCore.toFixed(0)} events/s of a core, ${failures.length} failed, ${((performance.now() - began) / 1000).toFixed(0)} s`;
}

const ends = await onWorkers(
  workers,
  () => {
    if (given >= seeds || failures.length >= mostFailures || performance.now() > until) return undefined;
    return { seed: first + given++, events, off, ...(faults === undefined ? {} : { faults }) };
  },
  (line) => {
    done += 1;
    allEvents += line.events;
    cpuMicros += line.cpuMicros;
    virtualMicros += line.virtualMicros;
    for (const [name, n] of Object.entries(line.counts)) add(name, n);
    for (const [name, n] of line.cases) add(name, n);
    for (const name of line.faults) add(`seeds with ${name}`, 1);
    if (line.violation !== '') {
      failures.push(line);
      console.log(`FAILED  seed ${line.seed}, event ${line.atEvent}: ${line.violation}`);
    }
    if (performance.now() - saidAt > 10_000) {
      saidAt = performance.now();
      console.log(`        ${progress()}`);
    }
  },
);

for (const { seed, faults: had } of failures) {
  const options: RunOptions = { seed, events, faults: had as readonly FaultName[] };
  const again = await runSeed(options);
  if (again.violation === '') {
    console.log(`seed ${seed} held when it ran again: the simulation is not deterministic`);
    continue;
  }
  const fixture = await shrink(again, options);
  const path = join('vectors', 'sim', `seed-${seed}.json`);
  mkdirSync(join(projectRoot, 'vectors', 'sim'), { recursive: true });
  writeFileSync(join(projectRoot, path), `${JSON.stringify(fixture, null, 2)}\n`);
  console.log(
    `seed ${seed}: ${fixture.events} events and ${fixture.faults.join(', ') || 'no fault'} are enough (${path}): ${fixture.sentence}`,
  );
}
for (const status of ends) console.log(`a worker ended with ${status}`);
for (const { fault, sentence } of knownFailing) console.log(`off by name: ${fault}: ${sentence}`);
console.log(
  [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, n]) => `${name} ${n}`)
    .join(', '),
);
if (given < seeds) console.log(`stopped before its end: ${given} of ${seeds} seeds were run`);
console.log(`seeds ${first} to ${first + given - 1}, ${(virtualMicros / 3.6e9).toFixed(1)} virtual hours: ${progress()}`);
closeStep('sim', done - failures.length, failures.length + ends.length);
