import type { Prng } from '../../base/prng.ts';

/** Every fault that a world knows, by part. A seed draws some of them, each with a rate of its own. */
export const faultNames = [
  // the disk
  'slowDisk',
  'lyingSync',
  'lostWrite',
  'misdirected',
  'bitRot',
  'eio',
  'diskFull',
  // the desk
  'kill9',
  'powerCut',
  'strayEffects',
  'clockSkew',
  'clockStep',
  // the network
  'delay',
  'dropRequest',
  'dropReport',
  'duplicateReport',
  'reorderReports',
  'partition',
  'halfOpen',
  // venues
  'lateAck',
  'lostAck',
  'reject',
  'rejectAfterAck',
  'newExecID',
  'fillAfterCancel',
  'fillBeforeAck',
  'bust',
  'correction',
  'rateBan',
  'venueRestart',
  'staleStatus',
  // people
  'personKill',
  'personRollback',
  'doubleApproval',
  'repeatedCommand',
  'promoteRace',
  'limitChange',
  // strategies
  'throwing',
  'spamming',
  'wrongSize',
  'staleEpoch',
  // feeds
  'silentFeed',
  // people who run whole rollouts, and hosts at a hand-over
  'swap',
  'handoverFault',
  'progressive',
  'killScope',
  'strategyHalt',
  // what venues state of their books when they are asked
  'statements',
  // who took over fails while the version before it stands by
  'successorFault',
  // people who plan: freeze windows, and stages that hang on results
  'freezeWindow',
  'resultGates',
  // more slices than one, which share accounts
  'severalSlices',
] as const;
export type FaultName = (typeof faultNames)[number];

/** Faults that the product does not stand yet: left out of drawn plans by name until it does; `--faults` still takes them. */
export const knownFailing: readonly { readonly fault: FaultName; readonly sentence: string }[] = [];

/** Chance per occasion, 0 … 1; 0 = the fault is off. */
export type FaultPlan = Record<FaultName, number>;

export function noFaults(): FaultPlan {
  return Object.fromEntries(faultNames.map((name) => [name, 0])) as FaultPlan;
}

/** Largest rate of a fault; what is left out may come at up to one occasion in eight. */
const largest: Partial<Record<FaultName, number>> = {
  misdirected: 0.0008,
  lostWrite: 0.003,
  lyingSync: 0.02,
  eio: 0.0008,
  bitRot: 1,
  diskFull: 1,
  kill9: 1,
  powerCut: 1,
  clockStep: 1,
  clockSkew: 1,
  partition: 1,
  halfOpen: 1,
  rateBan: 1,
  venueRestart: 1,
  silentFeed: 1,
  personKill: 1,
  personRollback: 1,
  promoteRace: 1,
  limitChange: 1,
  throwing: 1,
  strayEffects: 1,
  spamming: 1,
  swap: 1,
  handoverFault: 0.1,
  progressive: 1,
  killScope: 1,
  strategyHalt: 1,
  successorFault: 1,
  freezeWindow: 0.5,
  resultGates: 0.5,
  severalSlices: 1,
};

/** Faults after which a venue knows of orders that no record names. The comparison books their executions to the custodian; what a venue takes back of those later no rule puts right. */
const losing: readonly FaultName[] = [
  'lyingSync',
  'lostWrite',
  'misdirected',
  'bitRot',
  'eio',
  'diskFull',
  'kill9',
  'powerCut',
  'clockSkew',
  'venueRestart',
];
/** One in so many seeds may have statements. */
const statedOneIn = 5;

/** One in so many seeds may have several slices; where venues state their books there is one. */
const severalOneIn = 2;

/** The plan with several slices, or with one. */
export function withSlices(plan: FaultPlan, seed: number, asked: boolean): FaultPlan {
  if ((!asked && seed % severalOneIn !== 1) || plan.statements > 0) plan.severalSlices = 0;
  return plan;
}

/** The plan with statements, or without. Beside losses a venue that states its books takes no execution back. */
export function withStatements(plan: FaultPlan, seed: number, asked: boolean): FaultPlan {
  if (!asked && seed % statedOneIn !== 2) plan.statements = 0;
  if (plan.statements > 0 && losing.some((name) => plan[name] > 0)) for (const name of ['bust', 'correction'] as const) plan[name] = 0;
  return plan;
}

/** A swarm draw (Groce et al. 2012, "Swarm testing"): each fault is on in two of five seeds, so that no fault hides another in all of them. */
export function drawFaults(luck: Prng, off: ReadonlySet<string> = new Set(), all = false): FaultPlan {
  const plan = noFaults();
  for (const name of faultNames) {
    const on = luck.int(5) < 2;
    const rate = (0.05 + 0.95 * luck.float()) * (largest[name] ?? 0.125);
    if ((on || all) && !off.has(name)) plan[name] = rate;
  }
  return plan;
}

export function namesOf(plan: FaultPlan): readonly FaultName[] {
  return faultNames.filter((name) => plan[name] > 0);
}

/** The plan with these faults only. */
export function keepOnly(plan: FaultPlan, names: readonly FaultName[]): FaultPlan {
  const kept = noFaults();
  for (const name of names) kept[name] = plan[name];
  return kept;
}
