import { ProgressiveScript } from '../../src/testing/rollout/progressive-script.ts';
import { SeededScript } from '../../src/testing/rollout/seeded-script.ts';
import { closeStep } from './live-command.ts';

// Random lives of a desk with people, versions, a market and a venue that all do what they should not (late, repeated, reordered and lost reports), and crashes at any
// record: every invariant of the rollout holds after every turn. The planted faults that each invariant catches are a table of the test beside it.
// Usage: rollout-histories.ts [HISTORIES] [FIRST SEED]
const wanted = Number(process.argv[2] ?? 5_000);
const firstSeed = Number(process.argv[3] ?? 100_001);
const actions = 40;
const crashOneIn = 20;
/** A failing seed is shown up to this often. */
const mostShown = 10;

const cases = new Map<string, number>();
let [turns, crashes, failed] = [0, 0, 0];
const cpu = process.cpuUsage();
for (let seed = firstSeed; seed < firstSeed + wanted; seed++) {
  const found = lived(seed);
  if (found === '') continue;
  failed++;
  if (failed <= mostShown) console.log(`FAILED  seed ${seed} (${actions} actions, a crash in ${crashOneIn}): ${found}`);
}

function lived(seed: number): string {
  try {
    // every fourth desk has little capital, and a champion that canaries have beside them once more
    const script = new SeededScript(seed, undefined, seed % 4 === 0);
    const { desk, invariants } = script.run(actions, crashOneIn);
    turns += desk.turns.length;
    crashes += script.crashes;
    for (const [what, n] of invariants.cases) cases.set(what, (cases.get(what) ?? 0) + n);
    return invariants.violations.slice(0, 3).join('; ');
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

// one life of a progressive allocation for every twenty of the desk
const progressives = Math.ceil(wanted / 20);
for (let seed = firstSeed; seed < firstSeed + progressives; seed++) {
  const { invariants, violations, desk } = new ProgressiveScript(seed).run(120);
  turns += desk.turns.length;
  const found = [...invariants.violations, ...violations].slice(0, 3).join('; ');
  if (found === '') continue;
  failed++;
  console.log(`FAILED  progressive life ${seed}: ${found}`);
}

const { user, system } = process.cpuUsage(cpu);
console.log(
  `${wanted} histories and ${progressives} progressive lives from seed ${firstSeed}, ${turns} turns, ${crashes} crashes, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
);
console.log([...cases].map(([what, n]) => `${n} ${what}`).join(', '));
const needed = [
  'start',
  'orderSent',
  'fillBooked',
  'lotsTransferred',
  'killLatched',
  'scopeKilled',
  'rollbackCompleted',
  'cancelsEscalated',
  'stageGranted',
  'orderCompared',
  'baseline granted',
];
const missing = needed.filter((what) => (cases.get(what) ?? 0) === 0);
for (const what of missing) console.log(`FAILED  no history had a case of ${what}`);
closeStep('rollout-histories', wanted + progressives - failed, failed + missing.length);
