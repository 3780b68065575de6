import type { Command, Proposable } from '../../domain/command.ts';
import { approvalOf } from '../../core/rollout/approvals.ts';
import type { rolesOfVerb } from '../../core/rollout/authority.ts';
import { parseKillTarget, wholeFirm, type KillTarget } from '../../domain/kill.ts';
import { FieldReader, type PlainObject, type SpecFault } from '../../domain/spec-parser/field-reader.ts';
import type { RowView } from '../../projections/desk-view.ts';
import { oneLine } from '../desk/kill-note.ts';
import { readLimit } from './read-limit.ts';
import { readSignal } from './read-signal.ts';
import { plainReasonOf, reasonOf, type Unread, type VerbPlace } from './verb-fields.ts';

type Read = Command | Unread;

export interface VerbRule {
  /** What its target is, for people. */
  readonly target: 'deployment' | 'deployment or proposal' | 'version' | 'slice' | 'strategy' | 'break' | 'limit' | 'signal' | 'desk';
  /** It gives more: one person proposes, another one agrees, and the state that was seen is named. */
  readonly expands: boolean;
  readonly does: string;
  /** Verb of the core whose roles it takes; null = it depends on what it answers. */
  readonly roles: Parameters<typeof rolesOfVerb>[0] | null;
  read(fields: FieldReader, place: VerbPlace): Read;
}

function onDeployment(verb: 'pause' | 'resume' | 'abort' | 'retry' | 'rollback' | 'undo'): VerbRule['read'] {
  const restricts = verb === 'abort' || verb === 'rollback';
  return (fields) => ({ verb, deploymentID: fields.text('id') ?? '', reason: restricts ? plainReasonOf(fields) : reasonOf(fields) });
}

/** `algo/1.0.0`, with `slice` where the version is in several. */
function rowsOf(place: VerbPlace, id: string, slice: string | undefined): readonly RowView[] {
  const [algorithm, version] = [id.slice(0, id.lastIndexOf('/')), id.slice(id.lastIndexOf('/') + 1)];
  return [...place.view.rows.values()].filter(
    (row) =>
      row.version === version &&
      (row.sliceID === algorithm || row.sliceID.split('@')[0] === algorithm) &&
      (slice === undefined || row.sliceID === slice),
  );
}

function versionOf(fields: FieldReader, place: VerbPlace): RowView | Unread {
  const id = fields.text('id') ?? '';
  const rows = rowsOf(place, id, fields.text('slice'));
  if (rows.length === 1) return rows[0];
  if (rows.length > 1) return { code: 'AMBIGUOUS', text: `${id} is in ${rows.map((row) => row.sliceID).join(', ')}: name one with slice` };
  const known = [...place.view.rows.values()].filter((row) => row.version !== '').map((row) => `${row.sliceID}/${row.version}`);
  return { code: 'UNKNOWN_VERSION', text: `version ${id} is not here: expected one of ${known.join(', ') || 'none'}` };
}

function onVersion(verb: 'halt' | 'unhalt'): VerbRule['read'] {
  return (fields, place) => {
    const reason = verb === 'halt' ? plainReasonOf(fields) : reasonOf(fields);
    const row = versionOf(fields, place);
    return 'code' in row ? row : { verb, sliceID: row.sliceID, version: row.version, reason };
  };
}

function readFlatten(fields: FieldReader, place: VerbPlace): Read {
  const reason = plainReasonOf(fields);
  const mode = fields.choice('mode', ['limit', 'market', 'twap'] as const) ?? 'limit';
  const slippageBps = fields.integer('slippageBps', 0, 10_000) ?? 50;
  const row = versionOf(fields, place);
  return 'code' in row ? row : { verb: 'flatten', sliceID: row.sliceID, version: row.version, mode, slippageBps, reason };
}

function readAllocation(fields: FieldReader, place: VerbPlace): Read {
  const sliceID = fields.text('id') ?? '';
  const [version, share] = [fields.text('version'), fields.number('allocation', 0, 1)];
  const [totalCapital, reserve] = [fields.money('totalCapital'), fields.money('reserve')];
  const reason = reasonOf(fields);
  if (!place.hasSlice(sliceID)) return { code: 'UNKNOWN_SLICE', text: `slice ${sliceID} is not there` };
  const [, algorithmID = '', accountGroup = '', currency = ''] = /^(.+)@(.+)\.([^.]+)$/.exec(sliceID) ?? [];
  if (totalCapital !== undefined && reserve !== undefined && version === undefined && share === undefined)
    return { verb: 'setSlice', sliceID, algorithmID, accountGroup, currency, totalCapital, reserve };
  if (version === undefined || share === undefined || totalCapital !== undefined || reserve !== undefined)
    return { code: 'FIELDS', text: 'expected version and allocation (a share of it), or totalCapital and reserve (the slice itself)' };
  // steps of 0.0001, rounded down; a decimal like 0.0003 may lie a bit below its step
  const allocation = Math.floor(Number((share * 10_000).toFixed(6)));
  return { verb: 'allocate', sliceID, version, allocation, reason };
}

function onStrategy(verb: 'startStrategy' | 'stopStrategy' | 'pauseStrategy'): VerbRule['read'] {
  return (fields) => {
    const reason = verb === 'startStrategy' ? reasonOf(fields) : plainReasonOf(fields);
    return { verb, algorithmID: fields.text('id') ?? '', reason };
  };
}

/** Firm, or one venue, account or strategy; a target that is none is refused, never read as another one. */
function targetOf(fields: FieldReader): KillTarget {
  const asked = fields.text('target') ?? 'firm';
  const target = parseKillTarget(asked);
  if (target === undefined) fields.fault('target', `expected firm, venue:X, account:X or strategy:X, was ${asked}`);
  return target ?? wholeFirm;
}

/** A reason that is missing, too long or cannot be shown is no reason not to kill. */
function readKill(fields: FieldReader): Read {
  const given = fields.raw('reason');
  const reason = typeof given === 'string' && oneLine(given) !== '' ? oneLine(given) : 'killed from another terminal';
  return { verb: 'kill', reason, target: targetOf(fields) };
}

function readRelease(fields: FieldReader): Read {
  return { verb: 'release', reason: reasonOf(fields), target: targetOf(fields) };
}

function readAccept(fields: FieldReader): Read {
  return { verb: 'acceptBreak', breakID: fields.text('id') ?? '', reason: reasonOf(fields) };
}

function readTrials(fields: FieldReader): Read {
  const [trials, trialVariance] = [fields.integer('trials', 1, 1_000_000_000) ?? 0, fields.number('trialVariance', 0, 1e6) ?? 0];
  const [head, bytes] = [fields.text('head') ?? '', fields.integer('bytes', 1, Number.MAX_SAFE_INTEGER) ?? 0];
  fields.text('reason');
  return { verb: 'acceptTrials', algorithmID: fields.text('id') ?? '', trials, trialVariance, head, bytes };
}

function readPromote(fields: FieldReader): Read {
  const waives = fields.texts('waives') ?? [];
  return { verb: 'promote', deploymentID: fields.text('id') ?? '', reason: reasonOf(fields), waives };
}

function readWaive(fields: FieldReader, place: VerbPlace): Read {
  const deploymentID = fields.text('id') ?? '';
  const gate = fields.text('gate');
  const stage = fields.integer('stage', 0, 1_024) ?? nextStage(place, deploymentID);
  const reason = reasonOf(fields);
  return gate === undefined
    ? { code: 'FIELDS', text: 'gate: expected the name of a gate' }
    : { verb: 'waive', deploymentID, stage, gate, reason };
}

function nextStage(place: VerbPlace, deploymentID: string): number {
  return (place.view.deployments.get(deploymentID)?.stages.at(-1)?.stage ?? -1) + 1;
}

/** A yes: to a proposal by its id, to the stage of a deployment that asks for one, or to the one proposal about a deployment. */
function readApprove(fields: FieldReader, place: VerbPlace): Read {
  const id = fields.text('id') ?? '';
  const [specHash, digest, stage] = [fields.text('specHash'), fields.text('digest'), fields.integer('stage', 0, 1_024)];
  fields.text('reason');
  const proposal = proposalOf(place, id);
  const deployment = place.view.deployments.get(id);
  const wanted = stage ?? nextStage(place, id);
  if (proposal !== undefined && (deployment === undefined || approvalOf(deployment.spec, wanted) === null))
    return { verb: 'agree', proposalID: proposal.proposalID, digest: digest ?? proposal.digest };
  if (deployment === undefined) return { code: 'UNKNOWN_DEPLOYMENT', text: `no deployment or proposal ${id} is here` };
  return { verb: 'approve', deploymentID: id, stage: wanted, specHash: specHash ?? deployment.spec.specHash };
}

function readDeny(fields: FieldReader, place: VerbPlace): Read {
  const id = fields.text('id') ?? '';
  const reason = reasonOf(fields);
  const proposal = proposalOf(place, id);
  if (proposal !== undefined) return { verb: 'disagree', proposalID: proposal.proposalID, reason };
  return place.view.deployments.has(id)
    ? { verb: 'deny', deploymentID: id, reason }
    : { code: 'UNKNOWN_DEPLOYMENT', text: `no deployment or proposal ${id} is here` };
}

/** By its id, else the only one about that subject. */
function proposalOf(place: VerbPlace, id: string): { readonly proposalID: string; readonly digest: string } | undefined {
  const { proposals } = place.view;
  const about = [...proposals.values()].filter(({ subject }) => subject === id);
  return proposals.get(id) ?? (about.length === 1 ? about[0] : undefined);
}

const rule = (target: VerbRule['target'], expands: boolean, roles: VerbRule['roles'], does: string, read: VerbRule['read']): VerbRule => ({
  target,
  expands,
  roles,
  does,
  read,
});

/** Every verb that a person may say to a running desk, in the order of the reference. */
export const verbTable = {
  promote: rule('deployment', true, 'promote', 'one rung up; what has not passed is waived by name (waives)', readPromote),
  pause: rule('deployment', false, 'pause', 'the climb stands; what is held stays held', onDeployment('pause')),
  resume: rule('deployment', false, 'resume', 'the climb goes on', onDeployment('resume')),
  abort: rule('deployment', false, 'abort', 'rolled back; a Degraded one is closed', onDeployment('abort')),
  retry: rule('deployment', true, 'retry', 'a failed gate is asked again; evidence is not reset', onDeployment('retry')),
  rollback: rule('deployment', false, 'rollback', 'orders back, lots to the custodian, authority gone', onDeployment('rollback')),
  undo: rule(
    'deployment',
    false,
    'undo',
    'rolled back, and the version that last completed a deployment is deployed again',
    onDeployment('undo'),
  ),
  approve: rule('deployment or proposal', false, null, 'the second person’s yes, or an approval of the next stage', readApprove),
  deny: rule('deployment or proposal', false, null, 'a no: the proposal ends, or the climb stands', readDeny),
  waive: rule('deployment', true, 'waive', 'one gate before one stage passes as it is', readWaive),
  halt: rule('version', false, 'halt', 'authority of a version is gone until people lift it', onVersion('halt')),
  unhalt: rule('version', true, 'unhalt', 'a halted version may be deployed again', onVersion('unhalt')),
  flatten: rule('version', false, 'flatten', 'halts it and works off the lots that the custodian holds (mode, slippageBps)', readFlatten),
  allocation: rule(
    'slice',
    true,
    'allocate',
    'a version’s share (version, allocation), or the slice itself (totalCapital, reserve)',
    readAllocation,
  ),
  'start-strategy': rule('strategy', true, 'startStrategy', 'gives back what pause-strategy took', onStrategy('startStrategy')),
  'stop-strategy': rule('strategy', false, 'stopStrategy', 'halts every version of it', onStrategy('stopStrategy')),
  'pause-strategy': rule('strategy', false, 'pauseStrategy', 'orders back, none leaves, climbs stand', onStrategy('pauseStrategy')),
  'accept-break': rule(
    'break',
    true,
    'acceptBreak',
    'an open break with a venue is lived with as long as its figures stay (the revision: venue less desk)',
    readAccept,
  ),
  'accept-trials': rule(
    'strategy',
    true,
    'acceptTrials',
    'how often an algorithm was tried, from the registry of trials; what a gate dsr declares is held to it',
    readTrials,
  ),
  'set-limit': rule(
    'limit',
    true,
    'setLimit',
    'a limit of a scope (scope, value, null removes it), in force for the next order: tightening and a first setting by one person, more by two',
    readLimit,
  ),
  signal: rule(
    'signal',
    true,
    'tellSignal',
    'level of the volatility index (VIX; value in points, knownAt): one that cuts sizes everywhere by one person, any other by two',
    readSignal,
  ),
  kill: rule('desk', false, 'kill', 'no new order leaves, every order is taken back', readKill),
  release: rule('desk', true, 'release', 'opens the kill switch again (target: the one that was engaged)', readRelease),
} as const satisfies Readonly<Record<string, VerbRule>>;

export type SpokenVerb = keyof typeof verbTable;
export const spokenVerbs = Object.keys(verbTable) as readonly SpokenVerb[];

export function isSpoken(verb: string): verb is SpokenVerb {
  return Object.hasOwn(verbTable, verb);
}

/** A request as a command; everything that it should not have is named. */
export function readVerb(verb: SpokenVerb, request: PlainObject, place: VerbPlace): Read {
  const faults: SpecFault[] = [];
  const fields = new FieldReader(request, '', faults);
  const read = verbTable[verb].read(fields, place);
  fields.refuseUnknown();
  if (verbTable[verb].target !== 'desk' && !fields.has('id')) faults.push({ path: 'id', text: 'expected what it is about, was nothing' });
  if (faults.length === 0) return read;
  return { code: 'FIELDS', text: faults.map(({ path, text }) => `${path}: ${text}`).join('; ') };
}

/** What leaves for the core: an expanding command is proposed, whoever agrees is asked later. */
export function toSubmit(verb: SpokenVerb, command: Command): Command {
  return verbTable[verb].expands ? { verb: 'propose', command: command as Proposable } : command;
}
