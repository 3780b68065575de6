import type { Decision, MoneyField } from '../../domain/decision.ts';
import { two48 } from './checks/rows.ts';
import type { Turn } from './checks/turn.ts';

/** A turn of one of two lives. */
type Lived = Pick<Turn, 'seq' | 'at' | 'input' | 'decisions'>;

/** How many times as much money the larger twin has, and what each fill of the worse one costs (units). */
export const scaleOfTwin = 10;
export const commissionOfTwin = 7_000_000;
const scale = scaleOfTwin;
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

/** '' = the same but for how much it is about; undefined = go on; else what came otherwise. */
export function notScaled(before: Lived, now: Lived): string | undefined {
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
export function promotedEarlier(before: Lived, now: Lived): string | undefined {
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
