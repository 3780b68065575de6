import type { ByteWriter } from '../../base/canonical.ts';
import type { Deployment } from './deployment.ts';
import type { Flattening, Rollback, Rollout } from './rollout.ts';
import { hashComparisons } from './order-comparison.ts';
import { hashSlippage } from './slippage-model.ts';
import { hashStandby } from './standby.ts';
import { hashSwap } from './swap.ts';

/** All of it that decisions can hang on, in canonical bytes. */
export function hashRollout(writer: ByteWriter, rollout: Rollout): void {
  list(writer, rollout.deployments, (d) => hashDeployment(writer, d));
  list(writer, [...rollout.versions], (pair) => texts(writer, pair));
  list(writer, [...rollout.trialHeads.values()], ({ algorithmID, trials, trialVariance, head, bytes }) => {
    texts(writer, [algorithmID, head]);
    for (const n of [trials, bytes]) writer.safeInt(n);
    writer.f64(trialVariance);
  });
  const rows = Math.max(rollout.lifecycle.length, rollout.serving.length, rollout.custodyEpoch.length);
  writer.u32(rows);
  for (let row = 0; row < rows; row++) {
    writer.str(rollout.lifecycle[row] ?? 'Registered');
    writer.i32(rollout.serving[row] ?? -1);
    writer.safeInt(rollout.custodyEpoch[row] ?? 0);
  }
  list(writer, rollout.rollbacks, (rollback) => hashRollback(writer, rollback));
  integers(writer, rollout.open);
  list(writer, rollout.flattening, (flattening) => hashFlattening(writer, flattening));
  writer.u32(rollout.trades.length);
  rollout.trades.forEach((counts, place) => {
    if (counts === undefined) return;
    const { trades, wins, losses } = counts;
    writer.bool(true);
    for (const n of [place, trades, wins, losses]) writer.safeInt(n);
  });
  writer.bool(false);
  list(writer, rollout.swaps, (swap) => hashSwap(writer, swap));
  integers(writer, rollout.openSwaps);
  list(writer, rollout.standbys, (standby) => hashStandby(writer, standby));
  integers(writer, rollout.openStandbys);
  list(writer, [...rollout.heirs], ([row, { to, epoch, toEpoch, tagShift }]) => {
    for (const n of [row, to, epoch, toEpoch, tagShift]) writer.safeInt(n);
  });
  hashEvidence(writer, rollout);
  writer.safeInt(rollout.evidenceAt);
  hashComparisons(writer, rollout.comparisons);
  writer.safeInt(rollout.compareAt);
  hashSlippage(writer, rollout.slippage);
  list(writer, [...rollout.answers], ([key, { code, digest }]) => texts(writer, [key, code, digest]));
  hashPeople(writer, rollout);
}

function list<T>(writer: ByteWriter, items: readonly T[], write: (item: T) => void): void {
  writer.u32(items.length);
  for (const item of items) write(item);
}

function integers(writer: ByteWriter, of: Iterable<number>): void {
  list(writer, [...of], (n) => writer.safeInt(n));
}

function texts(writer: ByteWriter, of: readonly string[]): void {
  for (const text of of) writer.str(text);
}

function hashRollback(writer: ByteWriter, r: Rollback): void {
  const { row, slice, deployment, startedAt, resendAt, escalateAt, fencedMicros, canceledMicros, uncertain, taken, cancelAt } = r;
  for (const n of [row, slice, deployment, startedAt, resendAt, escalateAt, fencedMicros, canceledMicros, uncertain, taken, cancelAt])
    writer.safeInt(n);
  for (const n of [r.waking, r.wakeBy]) writer.safeInt(n);
  writer.split(r.freed);
  integers(writer, r.targets);
  texts(writer, [r.rule, r.class, r.next, r.flatten?.mode ?? '', r.then?.specHash ?? '', r.thenBy]);
  writer.f64(r.flatten?.slippageBps ?? 0);
  list(writer, r.failed, (step) => writer.str(step));
}

function hashFlattening(writer: ByteWriter, f: Flattening): void {
  for (const n of [f.slice, f.listing, f.account, f.startedAt, f.from, f.nextAt, f.working, f.blocked]) writer.safeInt(n);
  writer.f64(f.slippageBps);
  writer.str(f.mode);
}

/** Proposals, kills and what climbs the ladder of escalation. */
function hashPeople(writer: ByteWriter, rollout: Rollout): void {
  list(writer, [...rollout.proposals.values()], ({ proposalID, digest, expiresAt, revision, actor }) => {
    texts(writer, [proposalID, digest, `${revision ?? ''}`, actor.personID]);
    writer.safeInt(expiresAt);
  });
  writer.safeInt(rollout.proposed);
  writer.bool(rollout.killed);
  writer.u32(rollout.killGeneration);
  list(writer, rollout.kills, ({ scope, ix, generation, since, taken, cancelAt, again, resendAt, escalateAt, targets }) => {
    for (const n of [scope, ix, generation, since, taken, cancelAt, again ? 1 : 0, resendAt, escalateAt]) writer.safeInt(n);
    integers(writer, targets);
  });
  list(writer, rollout.escalations, ({ of, number, venue, since, rung, nextAt, targets }) => {
    writer.str(of);
    for (const n of [number, venue, since, rung, nextAt]) writer.safeInt(n);
    integers(writer, targets);
  });
  integers(writer, rollout.inTheWay);
  list(writer, rollout.unprotected, ({ route, until }) => {
    writer.u32(route);
    writer.safeInt(until);
  });
}

function hashEvidence(writer: ByteWriter, { tracks, evidence, paired, shortfalls }: Rollout): void {
  writer.u32(tracks.length);
  for (const track of tracks) {
    const { row, interval, nextAt, from, missing, lastFrom, lastAt, moments } = track;
    for (const n of [row, interval, nextAt, from, missing, lastFrom, lastAt, moments.count]) writer.safeInt(n);
    writer.u8((track.simulated ? 1 : 0) + (track.whole ? 2 : 0));
    writer.split(track.pnlAtPart);
    writer.split(track.capOfPart);
    for (const x of [track.carried, track.lastDatum, moments.mean, moments.second, moments.third, moments.fourth]) writer.f64(x);
  }
  writer.u32(evidence.length);
  for (const { row, ordinal, track, declaredAt, terms, state } of evidence) {
    for (const n of [row, ordinal, track, declaredAt, state.observations, state.beyondStress]) writer.safeInt(n);
    writer.str(terms);
    numbers(writer, state.wealth);
  }
  writer.u32(paired.length);
  for (const { row, terms, baseRow, baseSimulated, baseTrack, before, state } of paired) {
    for (const n of [row, baseRow, baseSimulated ? 1 : 0, baseTrack, state.observations, state.beyondStress]) writer.safeInt(n);
    writer.str(terms);
    numbers(writer, before);
    numbers(writer, state.wealth);
  }
  shortfalls.forEach((tally, place) => {
    if (tally === undefined) return;
    const { fills, sum, samples } = tally;
    writer.bool(true);
    writer.safeInt(place);
    writer.safeInt(fills);
    writer.f64(sum);
    numbers(writer, [...samples].slice(0, fills));
  });
  writer.bool(false);
}

function numbers(writer: ByteWriter, of: readonly number[]): void {
  list(writer, of, (x) => writer.f64(x));
}

function hashDeployment(writer: ByteWriter, d: Deployment): void {
  texts(writer, [d.spec.specHash, d.proposedBy, d.phase, d.reason, d.failedGate, d.pausedBy]);
  for (const n of [d.row, d.stage, d.allocation, d.stageGrantedAt, d.activeMicros, d.activeSince, d.sessions, d.activeAtOpen])
    writer.safeInt(n);
  for (const n of [d.tradesAtGrant, d.winsAtGrant, d.lossesAtGrant, d.judgeAt, d.revision, d.rollback, d.baseline, d.baselineOf])
    writer.safeInt(n);
  for (const flag of [d.leftShadow, d.earned, d.completed]) writer.bool(flag);
  writer.split(d.pnlAtGrant);
  list(writer, d.claim === null ? [] : [d.claim], ({ stage, from, at, cap, beside }) => {
    for (const n of [stage, from, at, beside]) writer.safeInt(n);
    writer.split(cap);
  });
  list(writer, d.took === null ? [] : [d.took], ({ row, cap }) => {
    writer.safeInt(row);
    writer.split(cap);
  });
  list(writer, [...d.approvals], ([stage, given]) => {
    writer.str(`${stage}`);
    list(writer, given, ({ personID, expiresAt, capital }) => {
      writer.str(personID);
      writer.safeInt(expiresAt);
      writer.split(capital);
    });
  });
  list(writer, [...d.waivers], (gate) => writer.str(gate));
  list(writer, [...d.spoken], ([gate, { verdict }]) => texts(writer, [gate, verdict]));
  list(writer, [...d.lastVerdicts], (pair) => texts(writer, pair));
}
