import { assert } from '../base/assert.ts';
import { microsUnchecked, type Micros } from '../base/units.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import type { Start, VenuesCompared } from '../domain/input.ts';
import type { Lifecycle } from '../domain/rollout.ts';
import type { Core } from './core.ts';
import { applyFeedNotice } from './market/marks.ts';
import { cancelOrdersWhere, queryOrder } from './order-flow.ts';
import { firstOpen, nextOpen } from './orders/order-store.ts';
import type { Outcome } from './outcome.ts';
import { refreshDue } from './reconcile/reconciliation.ts';
import { tellAuthority, venuesCompared } from './reconcile/release.ts';
import { modeOf } from './risk/order-gate.ts';
import { mustStay } from './rollout/closing-legs.ts';
import { refreshClocks } from './rollout/controller.ts';
import { countTime } from './rollout/deployment.ts';
import { continueKills, restartKills } from './rollout/kill.ts';
import { stopsRow } from './rollout/latches.ts';
import { changeRow } from './rollout/rows.ts';
import { isOnPaper, servedBy } from './rollout/rollout.ts';
import { continueSagas, escalateAfter, resendAfter } from './rollout/saga.ts';
import { restartStandbys } from './rollout/standby-sync.ts';
import { abortSwapsOf } from './rollout/swap-abort.ts';
import { workingMode } from './rollout/working-mode.ts';

/** Versions that have an instance on a host. */
const hosted: ReadonlySet<Lifecycle> = new Set(['Loading', 'Warming', 'Ready', 'Shadow', 'Canary', 'Active', 'Draining', 'Standby']);

/**
 * A start on a journal (rollout.md 5): the term grows, the epoch of every row too, everything is CANCEL_ONLY; every open order is asked for at its venue before
 * anything else; instances are loaded again and their orders taken back; rollbacks go on with the first step that lacks its record. `lastAt` = time of the input before.
 */
export function takeStart(core: Core, start: Start, lastAt: Micros, seq: Seq, at: Micros, outcome: Outcome): void {
  assert(start.term > core.term, `a start raises the term: expected above ${core.term}, was ${start.term}`);
  core.term = start.term;
  core.risk.term = start.term;
  abortSwapsOf(core, () => true, 'the desk started again: nothing before the commit record counts', outcome);
  restartStandbys(core, at);
  core.starting = true;
  forgetQuestions(core);
  for (const { ix } of core.gate.rows) restrict(core, ix, outcome);
  // a feed that speaks again gives back only what its silence takes from now on
  core.staleRows.clear();
  silenceFeeds(core, at);
  let asked = 0;
  for (let order = firstOpen(core.orders); order !== undefined; order = nextOpen(core.orders, order)) {
    queryOrder(core, order.clOrdID, outcome);
    asked += 1;
  }
  restartKills(core, at, outcome);
  for (const deployment of core.rollout.deployments) {
    // what the desk was down for counts for no stage
    if (deployment.activeSince >= 0) countTime(deployment, false, lastAt);
  }
  refreshClocks(core, at);
  for (const { ix } of core.gate.rows) reload(core, ix, outcome);
  for (const { ix, custodian } of core.gate.rows) {
    // an instance that begins anew knows none of its orders; a stop that its limits ask for stays, and keeps it from closing the lots a second time
    if (!custodian) cancelOrdersWhere(core, ix, (order) => !mustStay(core, ix, order), seq, 'its instance begins anew', outcome);
  }
  resumeSagas(core, seq, at, outcome);
  const text = `started again with term ${start.term}: everything CANCEL_ONLY until the venues are compared, ${asked} orders asked for`;
  outcome.decisions.push({ kind: 'alertRaised', severity: 'high', subject: 'DESK_STARTED', value: asked, limit: 0, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'DESK_STARTED', text });
}

/** Answers to questions of the desk before are answers to nobody; no account counts as compared. */
function forgetQuestions({ reconciliation, registry }: Core): void {
  for (const { ix } of registry.accounts) {
    const asked = reconciliation.accounts[ix];
    if (asked === undefined) continue;
    asked.answerBy = 0;
    asked.lookAt = 0;
    asked.looks = 0;
    asked.unanswered = 0;
    asked.backAt = 0;
    asked.backCut = 0;
    asked.compared = false;
    asked.pages = [];
    asked.suspects.clear();
  }
  refreshDue(reconciliation);
}

/** HALTED stays; what worked, or was only silenced, gets its mode back when the venues are compared. */
function restrict(core: Core, row: RowIx, outcome: Outcome): void {
  const { gate } = core;
  const mode = modeOf(gate, row);
  const epoch = gate.epoch[row] + 1;
  const silenced = core.staleRows.has(row) || core.reconciliation.restricted.has(row);
  if ((mode !== 'HALTED' && mode !== 'CANCEL_ONLY') || silenced) core.startRows.add(row);
  changeRow(
    core,
    row,
    mode === 'HALTED' ? { epoch } : { epoch, mode: 'CANCEL_ONLY' },
    'core',
    `started again with term ${core.term}`,
    outcome,
  );
  outcome.effects.push({ kind: 'fence', reducing: true, row, epoch });
}

/** Nothing that was heard before counts: marks are no prices until their feeds speak. */
function silenceFeeds(core: Core, at: Micros): void {
  const { feeds } = core.risk;
  for (let feed = 0; feed < feeds.heardAt.length; feed++) {
    applyFeedNotice(core.marks, { kind: 'feed', feed, listing: -1, condition: 'stale', value: 0, text: '' });
    if (feeds.heardAt[feed] > 0) feeds.heardAt[feed] = at;
    feeds.level[feed] = 0;
  }
}

function reload(core: Core, row: RowIx, outcome: Outcome): void {
  const deployment = servedBy(core.rollout, row);
  if (deployment === undefined || !hosted.has(core.rollout.lifecycle[row])) return;
  outcome.effects.push({ kind: 'load', reducing: false, row, deployment: deployment.ix, spec: deployment.spec });
  tellAuthority(core, row, outcome);
}

/** Cancels that may never have left go out again, after the questions. */
function resumeSagas(core: Core, seq: Seq, at: Micros, outcome: Outcome): void {
  for (const ix of core.rollout.open) {
    const rollback = core.rollout.rollbacks[ix];
    if (rollback.next === 'RB2') rollback.cancelAt = at;
    else if (rollback.next !== 'RB3') continue;
    rollback.resendAt = rollback.next === 'RB2' ? microsUnchecked(at + resendAfter) : at;
    rollback.escalateAt = microsUnchecked(at + escalateAfter);
  }
  continueSagas(core, seq, at, outcome);
  continueKills(core, seq, at, outcome);
}

/** The word of an older desk. With no break open the start is over: rows get back the widest mode that they may have now. */
export function takeVenuesCompared(core: Core, compared: VenuesCompared, outcome: Outcome): void {
  if (!core.starting) return;
  if (compared.breaks > 0) {
    const text = `${compared.breaks} breaks with the venues are open: everything stays CANCEL_ONLY${compared.text === '' ? '' : ` (${compared.text})`}`;
    outcome.decisions.push({ kind: 'alertRaised', severity: 'critical', subject: 'BREAKS_OPEN', value: compared.breaks, limit: 0, text });
    outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'BREAKS_OPEN', text });
    return;
  }
  core.starting = false;
  const rows = [...core.startRows];
  core.startRows.clear();
  for (const row of rows) {
    if (modeOf(core.gate, row) !== 'CANCEL_ONLY' || stopsRow(core, row)) continue;
    const paper = isOnPaper(core.rollout, row);
    const mode = core.gate.rows[row].custodian ? 'REDUCING' : workingMode(core, row, paper);
    if (mode !== 'CANCEL_ONLY') changeRow(core, row, { mode }, 'core', `${venuesCompared}: no break is open`, outcome);
    tellAuthority(core, row, outcome);
  }
}
