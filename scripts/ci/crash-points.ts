import { crashEverywhere, type CrashCount, type CrashStory } from '../../src/testing/journal/crash-points.ts';
import { closeStep } from './live-command.ts';

// Crash at every operation of the disk in every variant of its cache: nothing acknowledged is lost. Planted faults show that the harness can tell.
const wanted = Number(process.argv[2] ?? 20_000);
const firstSeed = Number(process.argv[3] ?? 1);
/** Stops here, counted or not (milliseconds). */
const atMost = 1_200_000;

function none(): CrashCount {
  return { points: 0, torn: 0, empty: 0, snapshots: 0, faults: [] };
}

const planted: readonly (readonly [string, Omit<CrashStory, 'seed'>])[] = [
  ['acknowledged before it is synced', { durability: 'os' }],
  ['a disk that says it has synced and has not', { disk: { lyingSync: true } }],
  ['directories that are never synced', { disk: { lostNames: true } }],
];

let missed = 0;
for (const [what, story] of planted) {
  const count = none();
  await crashEverywhere({ seed: firstSeed, ...story }, count);
  const caught = count.faults.length > 0;
  if (!caught) missed += 1;
  console.log(`${caught ? 'caught ' : 'MISSED '} ${what}: ${count.faults[0] ?? `${count.points} points, none lost anything`}`);
}

const count = none();
const began = performance.now();
let seed = firstSeed;
for (; count.points < wanted && performance.now() - began < atMost; seed++) await crashEverywhere({ seed }, count);
for (const fault of count.faults) console.log(`LOST    ${fault}`);
console.log(
  `${count.points} crash points in ${seed - firstSeed} stories from seed ${firstSeed}: ${count.torn} torn ends, ${count.empty} before the first record, ${count.snapshots} from a snapshot, ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
if (count.points < wanted) console.log(`expected ${wanted} points: the machine was too slow for them`);
closeStep(
  'crash-points',
  count.points - count.faults.length + planted.length - missed,
  count.faults.length + missed + (count.points < wanted ? 1 : 0),
);
