import type { Core } from '../../core/core.ts';
import { parseSplit } from '../../base/decimal.ts';
import { cmp, splitZero } from '../../base/split.ts';
import { modeOf } from '../../core/risk/order-gate.ts';
import type { CommandRefusal } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { sealTrials } from '../../domain/trial-seal.ts';
import { capOf, isKilled, rollsBackIn, swapsIn, type Refusals } from './command-book.ts';
import { mostOf, neverBinds } from './number-rules.ts';

/** Tests and the metrics that they judge, and where: docs/reference/gates.md. */
const tests: Readonly<Record<string, { readonly metrics: readonly string[]; readonly where: 'capital' | 'paper' | 'both' }>> = {
  bettingE: { metrics: ['netReturn'], where: 'capital' },
  pairedE: { metrics: ['netReturn', 'orderShortfallBps'], where: 'capital' },
  bernoulliE: { metrics: ['winRate', 'errorRate'], where: 'both' },
  mannWhitney: { metrics: ['latencyMs', 'orderShortfallBps'], where: 'capital' },
  modelError: { metrics: ['slippage'], where: 'capital' },
  psr2012: { metrics: ['netReturn'], where: 'both' },
  psr2025: { metrics: ['netReturn'], where: 'both' },
  minTRL: { metrics: ['netReturn'], where: 'both' },
  dsr: { metrics: ['netReturn'], where: 'both' },
  eT: { metrics: ['netReturn'], where: 'paper' },
};

/** Limits that a spec may name for its version (docs/reference/limits.md). */
const nameable = [
  'maxOrderQty',
  'maxPosition',
  'maxConcentrationBps',
  'maxDailyLoss',
  'maxOrdersPerSecond',
  'maxOrdersPerMinute',
  'fatFingerBps',
  'maxNotional',
  'priceCollarBps',
  'maxOpenPositions',
];

const clocks = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Day of the week (0 Sunday) and minute of the day that the clocks of a zone show, by the tables of the platform. */
function localMinute(zone: string, at: number): { readonly day: number; readonly minute: number } {
  const timeZone = zone === 'UTC-05' ? 'Etc/GMT+5' : zone;
  const known = clocks.get(timeZone);
  const clock =
    known ?? new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  const parts = new Map(clock.formatToParts(Math.floor(at / 1_000)).map(({ type, value }) => [type, value]));
  return { day: weekdays.indexOf(parts.get('weekday') ?? ''), minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** Whether a freeze window of the spec holds: from its first instant, not at its end. No life asks on a day on which the clocks change. */
export function isFrozen({ freeze }: DeploymentSpec, at: number): boolean {
  if (freeze === undefined) return false;
  if (freeze.dated.some(({ from, to }) => from <= at && at < to)) return true;
  if (freeze.weekly.length === 0) return false;
  const { day, minute } = localMinute(freeze.zone, at);
  return freeze.weekly.some(({ days, from, to }) => days.includes(day) && from <= minute && minute < to);
}

/** What no desk could judge, of the spec alone and of the one that follows its paper run. */
function ofSpec(spec: DeploymentSpec): readonly CommandRefusal[] {
  const due: CommandRefusal[] = [];
  const { strategy, handover, expect, stages, rollbackThresholds, venues } = spec;
  if (strategy !== 'BlueGreen' && (handover.positions !== 'drain' || handover.openOrders !== 'cancel')) due.push('NOT_BUILT');
  for (const { test, metric, parameters } of spec.gates) {
    const known = tests[test] as (typeof tests)[string] | undefined;
    const where = known?.where ?? 'both';
    const paper = strategy === 'PaperTrading';
    const misplaced = strategy === 'BlueGreen' || (where === 'paper' && !paper) || (where === 'capital' && paper);
    const minimum = typeof parameters['minimum'] === 'number' ? parameters['minimum'] : 0.95;
    const share = test.startsWith('psr') || test === 'minTRL' || test === 'dsr';
    const counted = { trials: Number(parameters['trials']), trialVariance: Number(parameters['trialVariance']) };
    const uncounted = test === 'dsr' && parameters['sealed'] !== sealTrials(spec, counted);
    if (known === undefined || !known.metrics.includes(metric) || misplaced || (share && !(minimum > 0 && minimum < 1)) || uncounted)
      due.push('GATE_NOT_JUDGED');
  }
  const stress = expect.stressLossPerInterval;
  if (stress === null && (rollbackThresholds.harmE !== null || spec.progressive?.score === 'evidence')) due.push('BETS_NOT_BOUNDED');
  const asked = new Set(stages.flatMap(({ entryGates }) => entryGates));
  for (const { name, test, parameters } of spec.gates) {
    if (test !== 'bettingE' || stress === null || !asked.has(name)) continue;
    const grid = Array.isArray(parameters['grid']) ? (parameters['grid'] as readonly number[]) : [];
    if (grid.some((bet) => !(bet > 0 && bet * stress <= 1))) due.push('BETS_NOT_BOUNDED');
  }
  const limits = venues.flatMap((one) => Object.entries(one.limits));
  const wrong = limits.some(([name, value]) => !nameable.includes(name) || value > (mostOf(name) ?? 0));
  if (wrong || (limits.length > 0 && venues.length > 1)) due.push('UNKNOWN_SCOPE');
  return spec.then === null ? due : [...due, ...ofSpec(spec.then)];
}

/** The version that has completed its ladder and trades: it can run a second time beside another. */
function championOf(core: Core, slice: number): number | undefined {
  const { gate, rollout } = core;
  const working = gate.slices[slice].rows.filter(
    (row) => rollout.lifecycle[row] === 'Active' && ['ACTIVE', 'REDUCING'].includes(modeOf(gate, row)),
  );
  return working.reduce<number | undefined>(
    (most, row) => (most === undefined || capOf(core, row) > capOf(core, most) ? row : most),
    undefined,
  );
}

function baselineRefusal(core: Core, spec: DeploymentSpec): boolean {
  const { gate, rollout } = core;
  if (spec.version.includes('+baseline.')) return true;
  if (spec.baseline === undefined) return false;
  const slice = gate.sliceIx.get(spec.sliceID);
  const champion = slice === undefined ? undefined : championOf(core, slice);
  const { upTo } = spec.baseline;
  return (
    spec.strategy !== 'Canary' ||
    upTo > 5_000 ||
    upTo < (spec.stages.at(0)?.allocation ?? 0) ||
    champion === undefined ||
    gate.rows[champion].version === spec.version ||
    rollout.byID.has(`${spec.deploymentID}-baseline`)
  );
}

/** What stands in the way of a spec on this desk. */
export function deployRefusals(core: Core, spec: DeploymentSpec, at: number): Refusals {
  const { gate, rollout, registry } = core;
  const due = new Set<CommandRefusal>(ofSpec(spec));
  const may = new Set<CommandRefusal>();
  const add = (holds: boolean, code: CommandRefusal): void => void (holds && due.add(code));
  const accounts = new Map(
    spec.venues.map(({ venueID, accountID }) => [registry.venueIx.get(venueID) ?? -1, registry.accountIx.get(accountID) ?? -1]),
  );
  add(spec.strategy === 'BlueGreen' && isFrozen(spec, at), 'FREEZE_WINDOW');
  add(isKilled(core, spec.algorithmID, accounts), 'KILL_SWITCH_ENGAGED');
  add(baselineRefusal(core, spec), 'NO_BASELINE');
  add(
    rollout.deployments.some((one) => one.spec.deploymentID === spec.deploymentID),
    'ALREADY_DEPLOYED',
  );
  // the custodian is the desk's own, whatever is registered under its name
  add(spec.version === 'custodian' || !rollout.versions.has(`${spec.algorithmID}/${spec.version}`), 'UNKNOWN_VERSION');
  const venues = spec.venues.map(({ venueID, accountID }) => {
    const account = registry.accountIx.get(accountID);
    return account !== undefined && registry.accounts[account].account.venueID === venueID ? venueID : '';
  });
  add(venues.includes(''), 'UNKNOWN_VENUE');
  for (const id of spec.universe) {
    const listing = registry.listingIx.get(id);
    if (listing === undefined) due.add('UNKNOWN_INSTRUMENT');
    else add(!venues.includes(registry.listings[listing].listing.venueID), 'UNKNOWN_VENUE');
  }
  const limits = spec.venues.flatMap((one) => Object.entries(one.limits));
  add(
    limits.some(([name, value]) => neverBinds(core, name, value)),
    'LIMIT_NEVER_BINDS',
  );
  for (const one of spec.then === null ? [spec] : [spec, spec.then]) trials(core, one, due);
  const slice = gate.sliceIx.get(spec.sliceID);
  if (slice === undefined) {
    due.add('UNKNOWN_SLICE');
    return { due, may };
  }
  inSlice(core, spec, slice, due);
  return { due, may };
}

const capital = splitZero();

function inSlice(core: Core, spec: DeploymentSpec, slice: number, due: Set<CommandRefusal>): void {
  const { gate, rollout, registry } = core;
  const { total, currency } = gate.slices[slice];
  const parsed = parseSplit(spec.totalCapital, registry.currencies[currency].exponent, capital);
  const ladder = spec.strategy === 'Canary' || spec.strategy === 'Progressive';
  if (ladder && !(parsed.ok && cmp(capital, total) === 0)) due.add('CAPITAL_DIFFERS_FROM_SLICE');
  if (rollsBackIn(core, slice)) due.add('SWAP_OR_ROLLBACK_IN_FLIGHT');
  if (spec.strategy === 'BlueGreen') {
    const blue = gate.rowIx.get(`${spec.sliceID}/${spec.blueGreen?.blueVersion ?? ''}`);
    const trades = blue !== undefined && ['Active', 'Canary'].includes(rollout.lifecycle[blue]) && capOf(core, blue) > 0n;
    if (!trades || spec.blueGreen?.greenVersion !== spec.version) due.add('BLUE_NOT_ACTIVE');
    if (swapsIn(core, slice)) due.add('SWAP_OR_ROLLBACK_IN_FLIGHT');
  }
  const row = gate.rowIx.get(`${spec.sliceID}/${spec.version}`);
  if (row === undefined && gate.rows.length >= gate.rowCapacity) due.add('CAPACITY_REACHED');
  // a deployment with a baseline takes two places, or none
  if (spec.baseline !== undefined && gate.rows.length + 2 > gate.rowCapacity) due.add('NO_BASELINE');
  if (row === undefined) return;
  if (rollout.lifecycle[row] === 'Halted' || rollout.lifecycle[row] === 'Failed') due.add('VERSION_HALTED');
  const served = (rollout.serving[row] ?? -1) < 0 ? undefined : rollout.deployments[rollout.serving[row]];
  const over = served === undefined || served.phase === 'Aborted' || served.phase === 'Healthy';
  if (served !== undefined && (!over || served.stage >= 0)) due.add('ALREADY_DEPLOYED');
}

/** A count of trials is what two people have accepted on the desk, and is never reset, whichever version says it. */
function trials(core: Core, spec: DeploymentSpec, due: Set<CommandRefusal>): void {
  const { rollout } = core;
  const countOf = (one: DeploymentSpec): readonly { readonly trials: number; readonly variance: number }[] =>
    one.gates
      .filter(({ test }) => test === 'dsr')
      .map(({ parameters }) => ({ trials: Number(parameters['trials']), variance: Number(parameters['trialVariance']) }));
  const said = countOf(spec);
  for (const { trials: n, variance } of said) {
    if (said.some((one) => one.trials !== n || one.variance !== variance)) due.add('GATE_NOT_JUDGED');
    const earlier = rollout.deployments
      .filter(({ spec: one }) => one.algorithmID === spec.algorithmID)
      .flatMap(({ spec: one }) => countOf(one));
    if (earlier.some((one) => one.trials > n || (one.trials === n && one.variance !== variance))) due.add('GATE_NOT_JUDGED');
    const known = rollout.trialHeads.get(spec.algorithmID);
    if (known?.trials !== n || known.trialVariance !== variance) due.add('TRIALS_NOT_ACCEPTED');
  }
}
