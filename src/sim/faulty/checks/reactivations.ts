import type { Micros } from '../../../base/units.ts';
import type { Core } from '../../../core/core.ts';
import { syncedFor } from '../../../core/rollout/standby.ts';
import type { AlertRaised, Decision, LifecycleChanged, RollbackStepDone, RowChanged } from '../../../domain/decision.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { DeploymentSpec } from '../../../domain/spec.ts';
import type { RollbackFacts } from './rollbacks.ts';
import { two48, type RowFacts } from './rows.ts';
import type { SliceFacts } from './slices.ts';
import type { Fold, Say, Turn } from './turn.ts';

/** What a rollback took from a row, and by what right. */
interface Fence {
  readonly class: string;
  readonly cap: number;
  readonly spec: DeploymentSpec | undefined;
  /** A step of it failed. */
  failed: boolean;
}

/** A version that stands by, for whom, and its own last capital. */
interface Standing {
  readonly successor: number;
  readonly cap: number;
}

/**
 * ROL4 from inputs, records and what hosts are asked (rollout.md 4, RB5; decision 0030): capital goes back only for the fault of a version, only to one that stands by for it, completed a
 * deployment before, has its successor's state of the last two minutes and was made ready by its host; never more than its own last or than what was freed, under a new epoch;
 * the record of RB5 says what happened.
 */
export class ReactivationFacts implements Fold {
  readonly #slices: SliceFacts;
  readonly #rows: RowFacts;
  readonly #rollbacks: RollbackFacts;
  readonly #fences = new Map<number, Fence>();
  readonly #standing = new Map<number, Standing>();
  readonly #completed = new Set<number>();
  /** Deployment of each row, and row of each deployment. */
  readonly #serves = new Map<number, number>();
  readonly #specs = new Map<number, { readonly spec: DeploymentSpec; readonly row: number }>();
  readonly #caps = new Map<number, number>();
  readonly #epochs = new Map<number, number>();
  /** What a deployment took first from the row that made room for it. */
  readonly #took = new Map<string, { readonly row: number; readonly cap: number }>();
  /** Whose state a row has taken, and when that was asked for. */
  readonly #synced = new Map<number, { readonly of: number; readonly askedAt: number }>();
  /** By number of a hand-over: what its hosts were asked last. */
  readonly #asked = new Map<number, { readonly from: number; readonly to: number; readonly at: number }>();
  /** Rows whose host has made the instance that would trade, since it was asked. */
  readonly #ready = new Set<number>();
  #woken: number[] = [];
  /** Capital and epoch of the rows that this turn changed, before it did. */
  #before = new Map<number, { readonly cap: number; readonly epoch: number }>();

  constructor(slices: SliceFacts, rows: RowFacts, rollbacks: RollbackFacts) {
    this.#slices = slices;
    this.#rows = rows;
    this.#rollbacks = rollbacks;
  }

  /** After the folds of rows and rollbacks have taken the turn. */
  take(turn: Turn, _core: Core | undefined, say: Say): void {
    const { input, decisions } = turn;
    if (input.kind === 'start') for (const known of [this.#synced, this.#asked, this.#ready]) known.clear();
    else if (input.kind === 'host' && input.event === 'ended') this.#synced.delete(input.row);
    else if (input.kind === 'handover') this.#heard(input.swap, input.event, input.exported === input.taken);
    if (decisions.length === 0) return;
    if (this.#woken.length > 0) this.#woken = [];
    if (this.#before.size > 0) this.#before = new Map();
    for (const decision of decisions) this.#decided(decision, turn, say);
  }

  /** Hosts are asked for a step of a hand-over. */
  asked(effect: Extract<Effect, { kind: 'handover' }>, at: Micros, say: Say): void {
    const { verb, swap, from, to, reducing } = effect;
    if (verb === 'sync' || verb === 'wake') this.#asked.set(swap, { from, to, at });
    if (verb === 'wake') this.#ready.delete(to);
    if (verb === 'commit' && from === to && reducing) say('ROL6', `the waking of row ${to} does not wait for its record`);
  }

  #heard(swap: number, event: string, whole: boolean): void {
    const asked = this.#asked.get(swap);
    if (asked === undefined) return;
    if (event === 'synced' && whole) this.#synced.set(asked.to, { of: asked.from, askedAt: asked.at });
    else if (event === 'synced' || event === 'refused' || event === 'overflow') this.#synced.delete(asked.to);
    else if (event === 'adopted' && whole) this.#ready.add(asked.to);
  }

  #decided(decision: Decision, turn: Turn, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#serves.set(decision.row, decision.deployment);
        this.#specs.set(decision.deployment, { spec: decision.spec, row: decision.row });
        return;
      case 'phaseChanged':
        if (decision.to === 'Healthy') this.#completed.add(decision.deployment);
        return;
      case 'rowChanged':
        this.#changed(decision);
        return;
      case 'triggerFired': {
        const { row, class: of } = decision;
        const spec = this.#specs.get(this.#serves.get(row) ?? -1)?.spec;
        this.#fences.set(row, { class: of, cap: this.#caps.get(row) ?? 0, spec, failed: false });
        return;
      }
      case 'alertRaised':
        if (decision.subject === 'ROLLBACK_STEP_FAILED') this.#failed(decision, say);
        return;
      case 'swapCommitted': {
        // at the watermark both have one state
        this.#synced.set(decision.from, { of: decision.to, askedAt: turn.at });
        this.#standing.set(decision.from, { successor: decision.to, cap: decision.cap.hi * two48 + decision.cap.lo });
        return;
      }
      case 'lifecycleChanged':
        this.#moved(decision, turn, say);
        return;
      case 'rollbackStepDone':
        if (decision.step === 'RB5') this.#ended(decision, turn, say);
        return;
      default:
        return;
    }
  }

  #changed({ row, cap, epoch, reason }: RowChanged): void {
    const before = { cap: this.#caps.get(row) ?? 0, epoch: this.#epochs.get(row) ?? 0 };
    if (!this.#before.has(row)) this.#before.set(row, before);
    this.#caps.set(row, cap.hi * two48 + cap.lo);
    this.#epochs.set(row, epoch);
    const taker = /^makes room for .* of (\S+)$/.exec(reason)?.[1];
    if (taker !== undefined && this.#took.get(taker)?.row !== row) this.#took.set(taker, { row, cap: before.cap });
  }

  /** Nothing of this world makes a step fail: what does is an assertion of the core's own (ROL5). */
  #failed({ text }: AlertRaised, say: Say): void {
    say('ROL5', text);
    for (const fence of this.#fences.values())
      if (fence.spec !== undefined && text.startsWith(`rollback of ${fence.spec.sliceID}/${fence.spec.version}:`)) fence.failed = true;
  }

  #moved({ row, from, to }: LifecycleChanged, turn: Turn, say: Say): void {
    if (from === 'Active' && to === 'Draining') this.#givesWay(row, turn.decisions);
    if (from === 'Draining' && to === 'Standby') this.#synced.delete(row);
    if (from !== 'Standby') return;
    const standing = this.#standing.get(row);
    this.#standing.delete(row);
    if (to !== 'Active') return;
    this.#woken.push(row);
    this.#judge(row, standing, turn, say);
  }

  /** A stage that was granted in this turn has all of its capital. */
  #givesWay(row: number, decisions: readonly Decision[]): void {
    for (const granted of decisions) {
      if (granted.kind !== 'stageGranted') continue;
      const taker = this.#specs.get(granted.deployment);
      const took = this.#took.get(granted.deploymentID);
      if (taker !== undefined && taker.row !== row && took?.row === row) this.#standing.set(row, { successor: taker.row, cap: took.cap });
    }
  }

  /** Every condition of RB5, on what was seen from outside. */
  #judge(row: number, standing: Standing | undefined, { at }: Turn, say: Say): void {
    const fence = standing === undefined ? undefined : this.#fences.get(standing.successor);
    if (standing === undefined || fence === undefined) return say('ROL4', `row ${row} came back and nobody was rolled back over it`);
    const { class: of, spec, cap, failed } = fence;
    const { successor } = standing;
    if (of !== 'versionFault') say('ROL4', `row ${row} came back after a ${of} trigger`);
    if (spec?.rollback.reactivatePrevious === 'never') say('ROL4', `row ${row} came back although the spec says never`);
    if (failed) say('ROL4', `row ${row} came back after a rollback of which a step had failed`);
    if (!this.#completed.has(this.#serves.get(row) ?? -1)) say('ROL4', `row ${row} came back and never completed a deployment`);
    const synced = this.#synced.get(row);
    if (synced?.of !== successor) say('ROL4', `row ${row} came back without the state of row ${successor}`);
    else if (at - synced.askedAt > syncedFor) say('ROL4', `row ${row} came back with a state of ${at - synced.askedAt} us ago`);
    if (!this.#ready.has(row)) say('ROL4', `row ${row} came back and its host has made no instance for it`);
    if (this.#rows.killed || this.#rows.held.size > 0) say('ROL4', `row ${row} came back under the kill switch`);
    const slice = this.#slices.of(row);
    if (this.#rollbacks.open.some((one) => one.row !== successor && this.#slices.of(one.row) === slice))
      say('ROL4', `row ${row} came back beside another rollback`);
    const has = this.#caps.get(row) ?? 0;
    if (has > standing.cap || has > cap || has === 0)
      say('ROL4', `row ${row} came back with ${has}, it had ${standing.cap} and ${cap} was freed`);
    const before = this.#before.get(row)?.epoch ?? 0;
    if ((this.#epochs.get(row) ?? 0) <= before) say('AUTH5', `row ${row} came back under its old epoch ${before}`);
    const fenced = this.#rows.rows[successor];
    if (fenced.mode !== 'HALTED' || fenced.cap !== 0)
      say('AUTH3', `row ${row} came back while row ${successor} is ${fenced.mode} with ${fenced.cap}`);
  }

  /** The record says what happened: capital for one row, or for none. */
  #ended({ rollback, count, row }: RollbackStepDone, { decisions }: Turn, say: Say): void {
    if (count !== this.#woken.length) say('ROL4', `RB5 of rollback ${rollback} records ${count} reactivated, ${this.#woken.length} were`);
    if (count > 0 || decisions.some(({ kind }) => kind === 'stageGranted' || kind === 'swapCommitted')) return;
    for (const [ix, { cap }] of this.#before)
      if (ix !== row && (this.#caps.get(ix) ?? 0) > cap) say('ROL4', `rollback ${rollback} gave capital to row ${ix} and records nothing`);
  }
}
