import { assert } from '../../base/assert.ts';
import { parseSplit } from '../../base/decimal.ts';
import { cmp, isZero, splitZero, toNumber } from '../../base/split.ts';
import { powi } from '../../base/math.ts';
import type { Micros } from '../../base/units.ts';
import type { Command, CommandEnvelope } from '../../domain/command.ts';
import { spokenVerb } from '../../domain/spoken-verb.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import { addRow as addLedgerRow } from '../positions/ledger.ts';
import { capOf, refuseSliceCapital, setSliceCapital } from '../risk/capital.ts';
import { addSlice, capInto, modeOf, noRoomForSlice, refuseSliceTerms, rowID, versionRow, type Slice } from '../risk/order-gate.ts';
import { forgetSlack } from '../risk/slack.ts';
import { refuseAlone } from './authority.ts';
import { fits, resizeClaims } from './claims.ts';
import { pause } from './controller.ts';
import { accepted, refused, refuseReplaced, type CommandOutcome } from './deploy.ts';
import { capOfIncrease } from './equity-at-open.ts';
import { frozenText } from './freeze-window.ts';
import { boundGrowth } from './growth-bound.ts';
import { killText } from './latches.ts';
import { isUnfinished } from './lifecycle.ts';
import { rollbackInFlight, servedBy } from './rollout.ts';
import { changeRow } from './rows.ts';
import { workingMode } from './working-mode.ts';

/** Makes a slice or changes its capital; more of it takes two people. */
export function setSlice(core: Core, asked: Extract<Command, { verb: 'setSlice' }>, envelope: CommandEnvelope): CommandOutcome {
  const { gate, registry, rollout, ledger } = core;
  const currency = registry.currencyIx.get(asked.currency);
  if (currency === undefined) return refused('UNKNOWN_SCOPE', `currency ${asked.currency} is not registered`);
  const total = splitZero();
  const reserve = splitZero();
  const { exponent } = registry.currencies[currency];
  if (!parseSplit(asked.totalCapital, exponent, total).ok || !parseSplit(asked.reserve, exponent, reserve).ok) {
    return refused(
      'LIMIT_NOT_A_SAFE_INTEGER',
      `capital and reserve: expected decimals with at most ${exponent} places, were ${asked.totalCapital} and ${asked.reserve}`,
    );
  }
  const contradiction = refuseSliceTerms(asked.sliceID, total, reserve);
  if (contradiction !== '') return refused('LIMIT_NOT_A_SAFE_INTEGER', contradiction);
  const known = gate.sliceIx.get(asked.sliceID);
  if (known !== undefined && !isSameSlice(gate.slices[known], asked, currency))
    return refused('UNKNOWN_SLICE', `${asked.sliceID} is there with another algorithm, account group or currency: those never change`);
  // before a second person is asked: nobody agrees to what cannot be
  const full = known === undefined ? noRoomForSlice(gate, asked.sliceID) : '';
  if (full !== '') return refused('CAPACITY_REACHED', full);
  const held = known === undefined ? '' : refuseSliceCapital(gate, known, total, reserve);
  if (held !== '') return refused('NOT_ENOUGH_FREE_CAPITAL', held);
  const raises = known === undefined || cmp(total, gate.slices[known].total) > 0 || cmp(reserve, gate.slices[known].reserve) < 0;
  const frozen = raises && known !== undefined ? frozenSlice(core, known) : '';
  if (frozen !== '') return refused('FREEZE_WINDOW', frozen);
  const alone = raises ? refuseAlone(envelope) : undefined;
  if (alone !== undefined) return alone;
  if (known !== undefined) {
    const sentence = setSliceCapital(gate, known, total, reserve);
    assert(sentence === '', sentence);
    gate.slices[known].revision++;
    forgetSlack(core.risk);
    resizeClaims(core, known);
    return accepted(`${asked.sliceID}: capital ${asked.totalCapital}, reserve ${asked.reserve} (revision ${gate.slices[known].revision})`);
  }
  let algorithm = rollout.algorithms.indexOf(asked.algorithmID);
  if (algorithm < 0) algorithm = rollout.algorithms.push(asked.algorithmID) - 1;
  const added = addSlice(gate, {
    sliceID: asked.sliceID,
    algorithm,
    algorithmID: asked.algorithmID,
    accountGroup: asked.accountGroup,
    currency,
    total,
    reserve,
  });
  assert(added.ok, added.ok ? '' : added.error);
  addLedgerRow(ledger, gate.slices[added.value].custodian, algorithm);
  return accepted(`${asked.sliceID}: capital ${asked.totalCapital}, reserve ${asked.reserve}`);
}

/** '' or the deployment at work in the slice whose freeze window holds: what raises the slice's capital or lowers its reserve is what its versions would get. */
function frozenSlice({ gate, rollout, at }: Core, slice: number): string {
  for (const row of gate.slices[slice].rows) {
    const served = servedBy(rollout, row);
    if (served === undefined || !(isUnfinished(served.phase) || served.stage >= 0)) continue;
    const text = served.phase === 'Aborted' ? '' : frozenText(served.spec, spokenVerb('setSlice'), at);
    if (text !== '') return text;
  }
  return '';
}

function isSameSlice(slice: Slice, asked: Extract<Command, { verb: 'setSlice' }>, currency: number): boolean {
  return slice.algorithmID === asked.algorithmID && slice.accountGroup === asked.accountGroup && slice.currency === currency;
}

const wanted = splitZero();
const present = splitZero();

/**
 * Changes a version's share of its slice, rounded down to the unit (CAP3). Lowering takes one person, works at once and stops the climb, so that no later stage gives
 * the capital back by itself; raising takes two and goes no further than the stage that was granted. A version that took over from another has no stage: its share can only be lowered.
 */
export function allocate(
  core: Core,
  asked: Extract<Command, { verb: 'allocate' }>,
  envelope: CommandEnvelope,
  at: Micros,
  outcome: Outcome,
): CommandOutcome {
  const { gate, rollout, registry } = core;
  const { sliceID, version, allocation, reason } = asked;
  const id = rowID(sliceID, version);
  const row = versionRow(gate, sliceID, version);
  if (row === undefined) return refused('UNKNOWN_VERSION', `version ${version} is not in ${sliceID}`);
  if (!Number.isSafeInteger(allocation) || allocation < 0 || allocation > 10_000)
    return refused('LIMIT_NOT_A_SAFE_INTEGER', `allocation: expected 0…10000 steps of 0.0001, was ${allocation}`);
  const deployment = servedBy(rollout, row);
  const stage = deployment?.spec.stages[deployment.stage];
  if (deployment === undefined) return refused('NOT_IN_THIS_PHASE', `${id} serves no deployment`);
  if (modeOf(gate, row) === 'HALTED') return refused('VERSION_HALTED', `${id} is halted`);
  const replaced = refuseReplaced(core, row, 'allocate');
  if (replaced !== undefined) return replaced;
  const slice = gate.slices[gate.rows[row].slice];
  capOf(allocation, slice.total, wanted);
  capInto(present, gate, row);
  if (cmp(wanted, present) > 0) capOfIncrease(wanted, core, slice.ix, allocation);
  const raises = cmp(wanted, present) > 0;
  if (stage === undefined && (raises || isZero(present)))
    return refused('NOT_IN_THIS_PHASE', `${id} holds no stage of a ladder: its share can be lowered, nothing says how far it may rise`);
  const refusal = raises && stage !== undefined ? refuseRaise(core, row, allocation, stage.allocation, stage.name, envelope) : undefined;
  if (refusal !== undefined) return refusal;
  const actor = envelope.actor.personID;
  const mode = modeOf(gate, row);
  const free = mode === 'ACTIVE' || mode === 'REDUCING';
  changeRow(core, row, { cap: wanted, ...(free ? { mode: workingMode(core, row, false, wanted) } : {}) }, actor, reason, outcome);
  boundGrowth(core, row, wanted);
  slice.revision++;
  deployment.allocation = allocation;
  deployment.revision++;
  const trading = modeOf(gate, row) === 'ACTIVE' || modeOf(gate, row) === 'REDUCING';
  const capital = toNumber(wanted) / powi(10, registry.currencies[slice.currency].exponent);
  outcome.effects.push({ kind: 'authority', reducing: !raises, row, epoch: gate.epoch[row], capital, trading });
  if (!raises && stage !== undefined && deployment.phase === 'Progressing') {
    pause(core, deployment, `allocation lowered by ${actor}: ${reason}`, at, outcome);
    deployment.pausedBy = actor;
  }
  return accepted(`${id} holds ${(allocation / 100).toFixed(2)} % of ${sliceID} (revision ${slice.revision})`);
}

function refuseRaise(
  core: Core,
  row: number,
  allocation: number,
  granted: number,
  stage: string,
  envelope: CommandEnvelope,
): CommandOutcome | undefined {
  const { gate, rollout } = core;
  const { slice, sliceID } = gate.rows[row];
  const served = servedBy(rollout, row);
  const killed = killText(core, row);
  if (killed !== '') return refused('KILL_SWITCH_ENGAGED', killed);
  if (rollbackInFlight(rollout, slice)) return refused('SWAP_OR_ROLLBACK_IN_FLIGHT', `a rollback is under way in ${sliceID}`);
  const frozen = served === undefined ? '' : frozenText(served.spec, spokenVerb('allocate'), core.at);
  if (frozen !== '') return refused('FREEZE_WINDOW', frozen);
  if (allocation > granted)
    return refused(
      'PAST_ITS_STAGE',
      `allocation: expected at most the ${granted} that ${stage} was granted, was ${allocation}: promote gives more`,
    );
  if (!fits(core, row, wanted)) return refused('NOT_ENOUGH_FREE_CAPITAL', `${sliceID} has not that much free capital`);
  return refuseAlone(envelope);
}
