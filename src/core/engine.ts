import { breathingWriter, type Breathe } from '../base/breath.ts';
import { byteWriter } from '../base/canonical.ts';
import { parseSplit } from '../base/decimal.ts';
import { hex, sha256, sha256Stream } from '../base/sha256.ts';
import { splitZero } from '../base/split.ts';
import { MICROS_PER_DAY } from '../base/time.ts';
import { baseQtyUnchecked, microsUnchecked, type Micros } from '../base/units.ts';
import type { Seq } from '../domain/ids.ts';
import type { ExternalFill, Genesis, HostNotice, Input, Registration, VenuePosition } from '../domain/input.ts';
import { bookExternalFill, takeCashFlow, takeCorporateAction } from './book-inputs.ts';
import { takeSignal } from './signals.ts';
import type { Core } from './core.ts';
import { endDays, isPastDays, takeFeedNotice, takeMark, takeSession, takeTimer } from './market-flow.ts';
import { applyFeedNotice } from './market/marks.ts';
import { takeIntent } from './order-flow.ts';
import type { Outcome } from './outcome.ts';
import { positionOf } from './positions/scopes.ts';
import { takeVenueWord } from './reconcile/rounds.ts';
import { register } from './registry.ts';
import { takeReport } from './report-flow.ts';
import { applyGrant } from './risk/lease.ts';
import { takeStart, takeVenuesCompared } from './restart.ts';
import { riskRegistered, setFirm } from './risk/risk.ts';
import { command } from './rollout/commands.ts';
import { begin } from './rollout/controller.ts';
import { settleComparisons } from './rollout/order-comparison.ts';
import { servedBy, setLifecycle } from './rollout/rollout.ts';
import { takeHandoverNotice } from './rollout/standby-notices.ts';
import { hostEnded } from './rollout/standby-sync.ts';
import { observeIntent } from './rollout/swap-flow.ts';
import { hashCore } from './state-hash.ts';
import { strategyFaulted } from './watch.ts';

/**
 * The engine: one input in, decisions and effects out. Synchronous, alone in its state, without clock, chance or I/O; the same inputs give the same
 * decisions and the same state hash on every machine.
 *
 *   intent ─► checks ─► order ─► send            report ─► order table ─► ledger ─► monitors ─► rollback
 *   mark ─► value ─► monitors ─► rollback        command ─► rollout, limits, kill        timer ─► what is due
 */
export function step(core: Core, seq: Seq, at: Micros, input: Input, outcome: Outcome): void {
  const before = core.at;
  beginStep(core, seq, at);
  // inputs have many shapes, so that to look at the kind is a search: once
  switch (input.kind) {
    case 'intent':
      takeIntent(core, input, seq, at, outcome);
      if (core.rollout.openSwaps.length > 0) observeIntent(core, input, at);
      return;
    case 'report':
      return takeReport(core, input, seq, at, afterDue(core, at, outcome));
    case 'mark':
      return takeMark(core, input, seq, at, afterDue(core, at, outcome));
    case 'timer':
      return takeTimer(core, seq, at, afterDue(core, at, outcome));
    case 'command':
      return command(core, input, seq, at, outcome);
    case 'host':
      return takeHostNotice(core, input, seq, at, outcome);
    case 'handover':
      return takeHandoverNotice(core, input, seq, at, outcome);
    case 'feed':
      applyFeedNotice(core.marks, input);
      return takeFeedNotice(core, input, at, outcome);
    case 'session':
      return takeSession(core, input, at, outcome);
    case 'haltStatus':
      core.risk.sessions.halted[input.listing] = input.halted ? 1 : 0;
      return;
    case 'cashFlow':
      return takeCashFlow(core, input, afterDays(core, at, outcome));
    case 'corporateAction':
      return takeCorporateAction(core, input, afterDays(core, at, outcome));
    case 'externalFill':
      return takeExternalFill(core, input, at, afterDays(core, at, outcome));
    case 'limitGrant':
      return applyGrant(core.risk.lease, input);
    case 'venuePosition':
      return comparePosition(core, input, outcome);
    case 'register':
      return takeRegistration(core, input, outcome);
    case 'genesis':
      return takeGenesis(core, input, at);
    case 'clockStatus':
    case 'captureChunk':
      // kept in the journal; nothing of the core hangs on them yet
      return;
    case 'signal':
      return takeSignal(core, input, at);
    case 'start':
      return takeStart(core, input, before, seq, at, afterDays(core, at, outcome));
    case 'venuesCompared':
      return takeVenuesCompared(core, input, outcome);
    case 'venueStatement':
    case 'reconcile':
      return takeVenueWord(core, input, seq, at, afterDays(core, at, outcome));
    case 'stateCheck':
    case 'close':
      outcome.decisions.push({ kind: 'stateHashed', at, stateHash: stateHash(core) });
      return;
  }
}

function beginStep(core: Core, seq: Seq, at: Micros): void {
  core.seq = seq;
  core.at = at;
  core.requests = 0;
}

/** First the days that are over: whatever changes a result may come before the timer that ends them. @returns the outcome. */
function afterDays(core: Core, at: Micros, outcome: Outcome): Outcome {
  if (isPastDays(core, at)) endDays(core, at, outcome);
  return outcome;
}

/** First days that are over, and comparisons of orders whose time has come; not before a command: one that is refused does nothing at all. @returns the outcome. */
function afterDue(core: Core, at: Micros, outcome: Outcome): Outcome {
  if (isPastDays(core, at)) endDays(core, at, outcome);
  const { compareAt } = core.rollout;
  if (compareAt !== 0 && at >= compareAt) settleComparisons(core, at, outcome);
  return outcome;
}

/** SHA-256 over the canonical bytes of everything that a decision can hang on, hex. `breathe` makes it slower and nothing else. */
export function stateHash(core: Core, breathe?: Breathe): string {
  const writer = byteWriter();
  hashCore(breathe === undefined ? writer : breathingWriter(writer, breathe), core);
  const bytes = writer.view();
  if (breathe === undefined) return hex(sha256(bytes));
  const stream = sha256Stream();
  for (let at = 0; at < bytes.length; at += hashedPerBreath) {
    stream.update(bytes.subarray(at, at + hashedPerBreath));
    breathe();
  }
  return hex(stream.digest());
}

/** Bytes hashed between two breaths. */
const hashedPerBreath = 32_768;

function takeGenesis(core: Core, genesis: Genesis, at: Micros): void {
  core.genesis = genesis;
  core.dayEndsAt = microsUnchecked((Math.floor(at / MICROS_PER_DAY) + 1) * MICROS_PER_DAY);
}

function takeRegistration(core: Core, registration: Registration, outcome: Outcome): void {
  const added = register(core.registry, registration);
  const id = `register ${registration.what}`;
  if (!added.ok) {
    outcome.decisions.push({
      kind: 'commandAnswered',
      commandID: id,
      verb: 'register',
      accepted: false,
      code: 'REGISTRATION_REFUSED',
      text: added.error,
    });
    outcome.effects.push({
      kind: 'answer',
      reducing: false,
      commandID: id,
      accepted: false,
      code: 'REGISTRATION_REFUSED',
      text: added.error,
    });
    return;
  }
  riskRegistered(core.risk, registration, added.value);
  if (registration.what === 'currency' && registration.currency.code === core.genesis?.currency) {
    const capital = splitZero();
    parseSplit(core.genesis.firmCapital, registration.currency.exponent, capital);
    setFirm(core.risk, added.value, capital);
  }
}

function takeHostNotice(core: Core, notice: HostNotice, seq: Seq, at: Micros, outcome: Outcome): void {
  const { rollout, gate } = core;
  const { row } = notice;
  const deployment = servedBy(rollout, row);
  switch (notice.event) {
    case 'loaded':
      if (rollout.lifecycle[row] === 'Loading') setLifecycle(rollout, gate, row, 'Warming', 'loaded', outcome);
      return;
    case 'warmed':
      if (rollout.lifecycle[row] !== 'Warming' || deployment === undefined) return;
      // one that left the shadow was loaded afresh, one that tries its swap again too; one that was stopped meanwhile begins when it is resumed
      if (deployment.phase !== 'Proposed' && !deployment.leftShadow && deployment.spec.strategy !== 'BlueGreen') return;
      setLifecycle(rollout, gate, row, 'Ready', 'every listing has a market', outcome);
      if (deployment.phase === 'Proposed' || deployment.phase === 'Progressing') begin(core, deployment, seq, at, outcome);
      return;
    case 'exception':
    case 'overBudget':
      strategyFaulted(core, notice, seq, at, outcome);
      return;
    case 'ended':
      hostEnded(core, row, at);
      return;
  }
}

function takeExternalFill(core: Core, fill: ExternalFill, at: Micros, outcome: Outcome): void {
  const text = `${fill.side} ${fill.lastQty} lots at ${fill.lastPx} ticks, which no order of ours explains`;
  outcome.decisions.push({ kind: 'breakFound', break: 'externalFill', clOrdID: 0, execID: fill.execID, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'high', subject: 'EXTERNAL_FILL', text });
  bookExternalFill(core, fill, at, outcome);
}

/** The venue's word on a position beside the ledger's: a difference is a break and an alert. */
function comparePosition(core: Core, said: VenuePosition, outcome: Outcome): void {
  const { account, instrument, position } = said;
  const ledger = baseQtyUnchecked(positionOf(core.ledger, 'account', account, instrument));
  const equal = ledger === position;
  outcome.decisions.push({ kind: 'positionCompared', account, instrument, ledger, venue: position, equal });
  if (equal) return;
  const text = `account ${core.registry.accounts[account].account.accountID}, ${core.registry.instruments[instrument].instrumentID}: ledger ${ledger}, venue ${position} base units`;
  outcome.decisions.push({ kind: 'breakFound', break: 'position', clOrdID: 0, execID: '', text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: 'critical', subject: 'POSITION_BREAK', text });
}
