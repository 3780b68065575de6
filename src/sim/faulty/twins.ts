import type { Say, Turn } from './checks/turn.ts';
import { runOn } from './agenda.ts';
import type { FaultName, FaultPlan } from './fault-plan.ts';
import { commissionOfTwin as commission, notScaled, promotedEarlier, scaleOfTwin as scale } from './twin-turns.ts';
import { plain, type Twist } from './twist.ts';
import type { SimWorld } from './world.ts';

/** Events that a world and its twin live. */
const twinEvents = 2_500;
/** What hangs on how many bytes a record has, so that no two worlds with other money have it at the same time. */
const sized: readonly FaultName[] = ['slowDisk', 'lyingSync', 'lostWrite', 'misdirected', 'bitRot', 'eio', 'diskFull', 'kill9', 'powerCut'];
/** What a venue takes back it takes back with its commission: what was worse is so no more. */
const revising: readonly FaultName[] = ['bust', 'correction', 'statements'];

/** A world of the same seed, twisted or not. */
export type MakeWorld = (plan: FaultPlan, twist: Twist) => SimWorld;

/**
 * Two lives of one seed that differ in their money alone. MET4: with ten times as much of it everywhere (a lot is worth ten times as much, and so is the capital) results are ten times as large and
 * every verdict, order and record is the same. PRO6: where each fill costs a commission more, the first thing that comes otherwise is no promotion and no gate that passes.
 */
export async function liveTwice(plan: FaultPlan, worse: boolean, make: MakeWorld, say: Say): Promise<void> {
  const own = twinPlan(plan, worse);
  const turns: Turn[] = [];
  const first = make({ ...own }, { ...plain, twin: true });
  await live(
    first,
    (turn) => turns.push(turn),
    () => true,
  );
  let [n, over] = [0, false];
  const differs = (turn: Turn): void => {
    if (over) return;
    const before = turns.at(n++);
    if (before === undefined) {
      over = true;
      return;
    }
    const text = worse ? promotedEarlier(before, turn) : notScaled(before, turn);
    over = text !== undefined;
    if (text !== undefined && text !== '') say(worse ? 'PRO6' : 'MET4', text);
  };
  const second = make({ ...own }, { ...plain, twin: true, ...(worse ? { commission } : { scale }) });
  await live(second, differs, () => !over);
  // what the twin's checkers say is of another world; what the plain one's say counts
  for (const text of first.watch.violations) say(text.split(' ')[0], text.slice(text.indexOf(' ') + 1));
}

function twinPlan(plan: FaultPlan, worse: boolean): FaultPlan {
  const own = { ...plan, resultGates: Math.max(plan.resultGates, 0.5) };
  for (const name of worse ? [...sized, ...revising] : sized) own[name] = 0;
  return own;
}

async function live(world: SimWorld, hear: (turn: Turn) => void, goesOn: () => boolean): Promise<void> {
  world.watch.onTurn = hear;
  world.open();
  await runOn(
    () => world.step(),
    () => world.agenda.events < twinEvents && goesOn(),
  );
}
