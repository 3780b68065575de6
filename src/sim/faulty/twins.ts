import type { Decision, MoneyField } from '../../domain/decision.ts';
import type { Say, Turn } from './checks/turn.ts';
import { two48 } from './checks/rows.ts';
import { runOn } from './agenda.ts';
import type { FaultName, FaultPlan } from './fault-plan.ts';
import { plain, type Twist } from './twist.ts';
import type { SimWorld } from './world.ts';

/** Events that a world and its twin live. */
const twinEvents = 2_500;
const scale = 10;
const commission = 7_000_000;
/** What hangs on how many bytes a record has, so that no two worlds with other money have it at the same time. */
const sized: readonly FaultName[] = ['slowDisk', 'lyingSync', 'lostWrite', 'misdirected', 'bitRot', 'eio', 'diskFull', 'kill9', 'powerCut'];
/** What a venue takes back it takes back with its commission: what was worse is so no more. */
const revising: readonly FaultName[] = ['bust', 'correction', 'statements'];
/** Units that two ways to round the same money may differ by, in each world. */
const rounding = 4;

/** Words, hashes and numbers that say how much, not what. */
const unequal: ReadonlySet<string> = new Set([
  'text',
  'reason',
  'reasons',
  'inputsHash',
  'stateHash',
  'value',
  'limit',
  'datum',
  'realized',
  'fee',
  'cost',
  'cap',
  'beyond',
  'spec',
  'digest',
]);
/** Their money is compared, or they hang on nothing but words. */
const passedOver: ReadonlySet<string> = new Set<Decision['kind']>(['stateHashed', 'alertRaised', 'orderCompared']);

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

/** '' = the same but for how much it is about; undefined = go on; else what came otherwise. */
function notScaled(before: Turn, now: Turn): string | undefined {
  const [own, other] = [before.decisions.filter(counts), now.decisions.filter(counts)];
  if (before.at !== now.at || before.input.kind !== now.input.kind)
    return `${now.input.kind} at ${now.at} in place of ${before.input.kind} at ${before.at}, with ${scale} times the money`;
  for (let i = 0; i < Math.max(own.length, other.length); i++) {
    const [a, b] = [own.at(i), other.at(i)];
    if (a === undefined || b === undefined || !isSame(a, b)) return `${tell(a)} became ${tell(b)} with ${scale} times the money`;
    const text = moneyOf(a, b);
    if (text !== '') return text;
  }
  return undefined;
}

/** '' = what came otherwise is no promotion; undefined = nothing came otherwise. */
function promotedEarlier(before: Turn, now: Turn): string | undefined {
  // an alert has come in one of them alone: numbers of records and orders are others from there on
  if (before.seq !== now.seq) return '';
  const [own, other] = [before.decisions.filter(counts), now.decisions.filter(counts)];
  const same = before.at === now.at && own.length === other.length && own.every((one, i) => isSame(one, other[i]));
  if (same) return undefined;
  for (const one of other) if (gives(one) && !own.some((better) => isSame(better, one))) return `worse results, and ${tell(one)}`;
  return '';
}

function counts({ kind }: Decision): boolean {
  return !passedOver.has(kind);
}

function gives(decision: Decision): boolean {
  switch (decision.kind) {
    case 'stageGranted':
      return decision.stage >= 0;
    case 'gateJudged':
      return decision.verdict === 'pass';
    case 'phaseChanged':
      return decision.to === 'Healthy';
    default:
      return decision.kind === 'swapCommitted';
  }
}

/** Money that is not as many times as much; a datum is a share and stays what it is. */
function moneyOf(a: Decision, b: Decision): string {
  if (a.kind === 'stageGranted' && b.kind === 'stageGranted') return moneyText(a.kind, a.cap, b.cap, 0);
  if (a.kind === 'rowChanged' && b.kind === 'rowChanged') return moneyText(a.kind, a.cap, b.cap, 0);
  if (a.kind === 'fillBooked' && b.kind === 'fillBooked') return moneyText(a.kind, a.realized, b.realized, rounding);
  if (a.kind === 'evidenceTaken' && b.kind === 'evidenceTaken' && Math.abs(a.datum - b.datum) > 1e-9)
    return `a datum of ${a.datum} became ${b.datum} with ${scale} times the money`;
  return '';
}

function moneyText(kind: string, a: MoneyField, b: MoneyField, within: number): string {
  const [own, other] = [a.hi * two48 + a.lo, b.hi * two48 + b.lo];
  return Math.abs(own * scale - other) <= within * scale ? '' : `${kind}: ${own} became ${other} with ${scale} times the money`;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  for (const key of Object.keys(a)) {
    if (!unequal.has(key) && !isSame(a[key as keyof typeof a], b[key as keyof typeof b])) return false;
  }
  return true;
}

function tell(decision: Decision | undefined): string {
  if (decision === undefined) return 'nothing';
  const { kind, ...rest } = decision;
  const said = Object.entries(rest).filter(([key, value]) => typeof value !== 'object' && key !== 'inputsHash');
  return `${kind} (${said.map(([key, value]) => `${key} ${String(value)}`).join(', ')})`;
}
