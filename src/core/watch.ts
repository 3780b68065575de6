import type { Micros } from '../base/units.ts';
import type { RowIx, Seq } from '../domain/ids.ts';
import type { HostNotice } from '../domain/input.ts';
import type { Report } from '../domain/report.ts';
import type { Core } from './core.ts';
import { judgeDrawdowns } from './drawdown-watch.ts';
import type { Outcome } from './outcome.ts';
import type { StoredOrder } from './orders/stored-order.ts';
import { hasSpokenSince } from './reconcile/reconciliation.ts';
import { lotStride } from './risk/exposure.ts';
import { judgeAnswers, judgeRow } from './risk/judge.ts';
import { fillSeen, orderAnswered, orderErred, type Finding } from './risk/monitors.ts';
import { positionLimit, unprotectedLimit } from './risk/limits.ts';
import { watchPositions } from './position-limit-watch.ts';
import { watchProtection } from './protection-watch.ts';
import { rowText } from './risk/order-gate.ts';
import { ownerOf } from './rollout/heirs.ts';
import { continueKills } from './rollout/kill.ts';
import { continueSagas, rollBack } from './rollout/saga.ts';

// a constant of its own file V8 knows, imported ones it fetches and tests at every use (docs/decisions/0010)
const lotsApart = lotStride;

/** What the monitors make of a report, and whoever waits for the end of an order. */
export function observeReport(core: Core, row: RowIx, report: Report, order: StoredOrder, seq: Seq, at: Micros, outcome: Outcome): void {
  const { risk } = core;
  // an order at the simulator that outlived its run is none of the capital that the version trades by now, nor the other way round
  const watched = risk.monitors.rows[row]?.simulated === order.simulated;
  switch (report.execType) {
    case 'new':
      if (!watched) break;
      orderAnswered(risk, row, order.decisionAt, at);
      act(core, judgeAnswers(risk, row), seq, at, outcome);
      break;
    case 'rejected':
    case 'timeout':
      if (!watched || (report.execType === 'timeout' && isMute(core, report, order))) break;
      // what the gateway refused by itself (kill, throttle, fence, no route) no venue ever heard of: it says nothing of the version
      if (report.execType === 'rejected' && report.venue < 0) break;
      orderErred(risk, row);
      act(core, judgeAnswers(risk, row), seq, at, outcome);
      break;
    case 'trade':
    case 'tradeCorrect':
    case 'tradeCancel':
      if (watched) fillSeen(risk, row, at);
      judgeFill(core, row, order, seq, at, outcome);
      break;
    case 'pendingNew':
    case 'pendingCancel':
    case 'canceled':
    case 'cancelRejected':
    case 'pendingReplace':
    case 'replaced':
    case 'replaceRejected':
    case 'expired':
    case 'doneForDay':
    case 'suspended':
    case 'restated':
    case 'orderStatus':
    case 'unknownOrder':
      break;
  }
  if (risk.limits.active[unprotectedLimit] > 0) watchProtection(core, order, at, outcome);
  if (core.rollout.open.length > 0) continueSagas(core, seq, at, outcome);
  if (core.rollout.kills.length > 0) continueKills(core, seq, at, outcome);
}

/** What a fill, or the end of one, moved: the order's version, and whoever has its lots by now, to whom it was booked. */
function judgeFill(core: Core, row: RowIx, order: StoredOrder, seq: Seq, at: Micros, outcome: Outcome): void {
  const { risk, rollout } = core;
  // of a closed order there is a view, which the next search takes
  const { account, listing, simulated } = order;
  const owner = rollout.heirs.size === 0 ? row : ownerOf(core, order).row;
  const watches = risk.limits.active[positionLimit] > 0 && !simulated;
  act(core, judgeRow(risk, row, at), seq, at, outcome);
  if (owner !== row) act(core, judgeRow(risk, owner, at), seq, at, outcome);
  if (risk.drawdowns.watched > 0) judgeDrawdowns(core, seq, at, outcome);
  if (watches) watchPositions(core, row, account, listing, seq, outcome);
  if (watches && owner !== row) watchPositions(core, owner, account, listing, seq, outcome);
}

/** The venue has said nothing at all since it was asked: it is the one that errs, and what is done about it is the reconciliation's. A simulator owes no answer that could be lost. */
function isMute({ reconciliation, registry }: Core, { clOrdID }: Report, { simulated, listing }: StoredOrder): boolean {
  return !simulated && !hasSpokenSince(reconciliation, registry.listings[listing].venue, clOrdID);
}

/** Judges every row that holds something in a listing whose mark moved. */
export function judgeListing(core: Core, listing: number, seq: Seq, at: Micros, outcome: Outcome): void {
  const { exposure } = core.risk;
  const { routes, lots } = exposure;
  for (let ix = exposure.firstRoute[listing]; ix >= 0; ix = routes[ix].next) {
    if (lots[ix * lotsApart] === 0) continue;
    act(core, judgeRow(core.risk, routes[ix].row, at), seq, at, outcome);
  }
}

/** Judges a row whose result moved with a rate. */
export function judgeRated(core: Core, row: RowIx, seq: Seq, at: Micros, outcome: Outcome): void {
  act(core, judgeRow(core.risk, row, at), seq, at, outcome);
}

/** An exception or a blown time budget of a strategy: an error, and on its own a fault of the version. */
export function strategyFaulted(core: Core, notice: HostNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  orderErred(core.risk, notice.row);
  const rule = notice.event === 'overBudget' ? 'overBudget' : 'exception';
  rollBack(core, notice.row, { rule, class: 'versionFault', value: 1, limit: 0, text: notice.text, actor: 'core' }, seq, at, outcome);
}

/** Findings of the monitors: an alert is said, a breach rolls the version back. */
function act(core: Core, findings: number, seq: Seq, at: Micros, outcome: Outcome): void {
  if (findings === 0) return;
  // a rollback judges again: what was found is read before anything is done
  const found = core.risk.monitors.findings.slice(0, findings).map((finding) => ({ ...finding }));
  for (const finding of found) {
    if (finding.severity === 'alert') warn(core, finding, outcome);
    else {
      const { rule, value, limit } = finding;
      rollBack(core, finding.row, { rule, class: finding.class, value, limit, text: sentence(finding), actor: 'core' }, seq, at, outcome);
    }
  }
}

function warn(core: Core, finding: Finding, outcome: Outcome): void {
  const text = `${rowText(core.gate, finding.row)}: ${sentence(finding)}`;
  outcome.decisions.push({
    kind: 'alertRaised',
    severity: 'medium',
    subject: finding.rule,
    value: finding.value,
    limit: finding.limit,
    text,
  });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'medium', subject: finding.rule, text });
}

function sentence(finding: Finding): string {
  const { value, limit, since } = finding;
  switch (finding.rule) {
    case 'maxDailyLoss':
      return `loss of the day ${money(value)} of ${money(limit)}`;
    case 'maxDrawdown':
      return `drawdown ${(value * 100).toFixed(3)} % of ${(limit * 100).toFixed(3)} %${since === '' ? '' : ` since the ${since} began`}`;
    case 'maxPosition':
      return `position ${value} of ${limit} base units`;
    case 'maxErrorRate':
      return `evidence of a higher error rate, e = ${value.toFixed(1)} of ${limit}`;
    case 'consecutiveErrors':
      return `${value} errors in a row of ${limit}`;
    case 'maxLatency':
      return `p99 from order to acknowledgement ${value.toFixed(1)} ms of ${limit} ms`;
    case 'tradeVelocity':
      return `${value} fills within a minute of ${limit}`;
  }
}

/** Micro-money as money with two places. */
function money(micro: number): string {
  return (micro / 1e6).toFixed(2);
}
