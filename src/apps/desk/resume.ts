import { smallCoreCapacities, type Core } from '../../core/core.ts';
import { isUnfinished } from '../../core/rollout/lifecycle.ts';
import { codeVersion } from '../../domain/baseline-version.ts';
import type { Actor } from '../../domain/actor.ts';
import type { CommandEnvelope, Verb } from '../../domain/command.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Input } from '../../domain/input.ts';
import { removeEmergency } from '../../journal/continue-journal.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { readJournal } from '../../journal/reader.ts';
import type { JournalRecord } from '../../journal/record.ts';
import type { HostPort } from '../../runtime/host-port.ts';
import { PastWorld } from '../../runtime/past-world.ts';
import type { Recovered } from '../../runtime/recovery.ts';
import { Replay } from '../../runtime/replay.ts';
import { nodeDisk } from '../../storage/file/node-disk.ts';
import type { NamedVersion } from './asking.ts';
import { exitCodes, Refusal } from './exit-codes.ts';
import { journalFolder } from './journal-folder.ts';
import { forgetKill, killAsked } from './kill-note.ts';
import type { MarketSource } from './market-source.ts';
import { commandInput, envelopeOf } from './people.ts';
import type { Told } from './past-fold.ts';
import { compareNow, openForGateway } from './reconcile-desk.ts';
import type { Session } from './session.ts';

/** What an earlier desk left in the journal of a data directory. */
export interface Past extends Recovered {
  readonly directory: string;
  readonly told: Told;
}

/** A journal goes on in the world that it began in, with the versions that it works with. */
export function refuseOtherMarket(
  core: Core,
  { market }: Pick<MarketSource, 'market'>,
  seed: string,
  strategies: readonly NamedVersion[],
): void {
  const began = core.genesis?.seed ?? '';
  if (began !== seed) throw new Refusal(exitCodes.refused, `seed: expected ${began}, which this journal began with, was ${seed}`);
  const [listing] = core.registry.listings;
  if (listing?.listing.listingID !== market.listingID)
    throw new Refusal(
      exitCodes.refused,
      `market: expected ${listing?.listing.listingID ?? 'none'}, which this journal trades, was ${market.listingID}`,
    );
  for (const { spec, phase } of core.rollout.deployments) {
    const known = strategies.some(({ name, version }) => name === spec.algorithmID && version === codeVersion(spec.version));
    if (isUnfinished(phase) && !known)
      throw new Refusal(
        exitCodes.refused,
        `${spec.algorithmID} ${spec.version}: this desk does not have it, and ${spec.deploymentID} of this journal works with it`,
      );
  }
}

/** Goes on after an earlier desk: restricted first, halts that no segment took are asked for again, then the venues are compared. */
export async function resume(session: Session, host: HostPort, past: Past, term: number): Promise<void> {
  await leadVenues(session, host, past);
  const { desk, options } = session;
  const text = past.found.end.kind === 'torn' ? 'the last commit was torn and is cut' : 'the desk before it is gone';
  for (const order of openForGateway(session.core)) desk.gateway.adopt(order);
  await desk.submit({ kind: 'start', term, coreDigest: options.coreDigest, text });
  for (const input of haltsOf(past, session.core)) await desk.submit(input);
  const asked = killAsked(past.directory);
  if (asked !== undefined) await desk.submit(killAgain(asked, term));
  await session.quiesce();
  await compareNow(session, 'start');
  await desk.submit({ kind: 'stateCheck', reason: 'started again' });
  const flushed = await options.journal.flush();
  if (!flushed.ok) return;
  await removeEmergency(nodeDisk(past.directory), journalFolder);
  if (asked !== undefined) forgetKill(past.directory);
}

/** A kill that the desk before this one never recorded, as a command of this one. */
export function killAgain(reason: string, term: number): Input {
  return commandInput(envelopeOf(`kill-asked-before-${term}`, { verb: 'kill', reason }, recoveryActor));
}

/** Simulated venues are led through the past of the desk that they died with. */
async function leadVenues(session: Session, host: HostPort, past: Past): Promise<void> {
  const { feed, venue, port, simulator } = session.market;
  const world = new PastWorld({
    feeds: [feed],
    venues: new Map([[venue, port]]),
    simulators: new Map([[venue, simulator]]),
    host,
    neverSent: await neverSent(past.directory),
  });
  const replay = new Replay(smallCoreCapacities, createDecisionComparer());
  replay.onStep = ({ at }, { effects }) => {
    for (const effect of effects) world.leave(effect, at);
  };
  await readJournal(
    nodeDisk(past.directory),
    journalFolder,
    (record) => {
      if (record.seq > past.found.end.lastSeq) return;
      if (record.of === 'input') world.pass(record.at);
      replay.take(record);
    },
    { lazyDecisions: true },
  );
  world.pass(past.at);
}

/** Orders that the gateway refused by itself. */
async function neverSent(directory: string): Promise<ReadonlySet<number>> {
  const orders = new Set<number>();
  const visit = (record: JournalRecord): void => {
    if (record.of === 'decision' || record.input.kind !== 'report') return;
    const { venue, execType, clOrdID } = record.input;
    if (venue < 0 && (execType === 'rejected' || execType === 'replaceRejected')) orders.add(clOrdID);
  };
  await readJournal(nodeDisk(directory), journalFolder, visit, { lazyDecisions: true });
  return orders;
}

/** Whoever only restricts may act for a desk that could not record it any more. */
export const recoveryActor: Actor = { personID: 'recovery', roles: ['Trader'] };
const restricting: ReadonlySet<Verb> = new Set<Verb>([
  'kill',
  'halt',
  'pause',
  'abort',
  'rollback',
  'restrict',
  'deny',
  'flatten',
  'pauseStrategy',
  'stopStrategy',
]);

/** What was decided in memory when the segments took no more, as commands that restrict: people's own, and a halt for every version that was fenced. */
export function haltsOf({ found }: Past, core: Core): readonly Input[] {
  const asked: Input[] = [];
  for (const record of found.emergency) {
    const input = isLacking(record, found) ? commandOf(record, core) : undefined;
    if (input !== undefined) asked.push(input);
  }
  return asked;
}

/** Records of an earlier term are still here because the start that was to merge them died: its own records took their numbers. Merging twice is once. */
function isLacking({ seq, term }: JournalRecord, { end, header }: Past['found']): boolean {
  return seq > end.lastSeq || term < header.term;
}

function commandOf(record: JournalRecord, core: Core): Input | undefined {
  if (record.of === 'input')
    return record.input.kind === 'command' && restricting.has(record.input.command.verb) ? record.input : undefined;
  return haltOf(record.decision, core, `emergency-${record.term}-${record.seq}`);
}

function haltOf(decision: Decision, core: Core, commandID: string): Input | undefined {
  const envelope = (command: CommandEnvelope['command']): Input =>
    commandInput({ commandID, actor: recoveryActor, approvedBy: null, expectedRevision: null, command });
  if (decision.kind === 'killLatched' && decision.engaged)
    return envelope({ verb: 'kill', reason: `recorded in the emergency file: ${decision.reason}` });
  if (decision.kind === 'scopeKilled' && decision.engaged) {
    const { scope, id, reason } = decision;
    return envelope({ verb: 'kill', reason: `recorded in the emergency file: ${reason}`, target: { scope, id } });
  }
  if (decision.kind !== 'triggerFired') return undefined;
  const row = core.gate.rows[decision.row];
  if (row === undefined || row.custodian) return undefined;
  return envelope({ verb: 'halt', sliceID: row.sliceID, version: row.version, reason: `recorded in the emergency file: ${decision.rule}` });
}
