import { cloneDifference } from '../../src/testing/rollout/clone-script.ts';
import { ProgressiveScript } from '../../src/testing/rollout/progressive-script.ts';
import { SeededScript } from '../../src/testing/rollout/seeded-script.ts';
import { SwapScript } from '../../src/testing/rollout/swap-script.ts';
import { worsePair } from '../../src/testing/rollout/worse-results.ts';
import { besideTwin, twinKinds } from '../../src/testing/rollout/twin-lives.ts';
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
const count = (what: string, n: number): void => void cases.set(what, (cases.get(what) ?? 0) + n);
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
    const tight = seed % 4 === 0;
    const script = new SeededScript(seed, undefined, tight);
    const { desk, invariants } = script.run(actions, crashOneIn);
    turns += desk.turns.length;
    crashes += script.crashes;
    for (const [what, n] of invariants.cases) count(what, n);
    count('PRO5 turns', script.replayed);
    const found = [...invariants.violations, ...script.rejudged];
    // one in sixteen is lived again with ten times the money, one with a commission on each fill
    const kind = twinKinds.at((seed % 16) - 3);
    if (kind !== undefined && seed % 16 >= 3 && found.length === 0) {
      const twin = besideTwin(kind, seed, desk.turns, { actions, crashOneIn, tight });
      count(`${kind} turns`, twin.compared);
      if (twin.text !== '') found.push(twin.text);
    }
    return found.slice(0, 3).join('; ');
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

// one life of a progressive allocation for every twenty of the desk
const progressives = Math.ceil(wanted / 20);
for (let seed = firstSeed; seed < firstSeed + progressives; seed++) {
  const { invariants, violations, desk } = new ProgressiveScript(seed).run(120);
  turns += desk.turns.length;
  count('MET3', invariants.cases.get('MET3') ?? 0);
  const found = [...invariants.violations, ...violations].slice(0, 3).join('; ');
  if (found === '') continue;
  failed++;
  console.log(`FAILED  progressive life ${seed}: ${found}`);
}

// as many lives of versions that take over from each other
for (let seed = firstSeed; seed < firstSeed + progressives; seed++) {
  const { invariants, desk } = new SwapScript(seed).run(120);
  turns += desk.turns.length;
  const found = invariants.violations.slice(0, 3).join('; ');
  if (found === '') continue;
  failed++;
  console.log(`FAILED  life of swaps ${seed}: ${found}`);
}

// a pair of lives for every fifty, one of which sells for less (PRO6)
const worse = Math.ceil(wanted / 50);
for (let seed = firstSeed; seed < firstSeed + worse; seed++) {
  const pair = worsePair(seed);
  count('PRO6 rungs', pair.better.filter((at) => at < Infinity).length);
  count('PRO6 later', pair.worse.filter((at, stage) => at > pair.better[stage]).length);
  if (pair.earlier === 0) continue;
  failed++;
  console.log(`FAILED  worse results ${seed}: PRO6 ${pair.earlier} rungs were granted earlier than with better ones`);
}

// and a pair of lives for every ten, one of which is swapped for a clone (POS4)
const clones = Math.ceil(wanted / 10);
let [swapped, held] = [0, 0];
for (let seed = firstSeed; seed < firstSeed + clones; seed++) {
  const { text, swapped: life } = cloneDifference(seed, 60);
  turns += life.desk.turns.length;
  if (life.committed) swapped++;
  held += life.heldUntil.size;
  if (text === '') continue;
  failed++;
  console.log(`FAILED  clones ${seed}: ${text}`);
}

const { user, system } = process.cpuUsage(cpu);
console.log(
  `${wanted} histories, ${progressives} progressive lives, ${progressives} of swaps, ${worse} pairs with worse results and ${clones} pairs with a clone (${swapped} swapped, ${held} proposals held) from seed ${firstSeed}, ${turns} turns, ${crashes} crashes, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
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
  'MET1 index',
  'CAP1',
  'PRO5 turns',
  'MET3',
  'MET4 turns',
  'PRO6 turns',
  'PRO6 later',
];
const missing: string[] = needed.filter((what) => (cases.get(what) ?? 0) === 0);
if (swapped < clones / 3) missing.push('swaps for a clone');
for (const what of missing) console.log(`FAILED  no history had a case of ${what}`);
closeStep('rollout-histories', wanted + 2 * progressives + worse + clones - failed, failed + missing.length);
