import { splitZero, toBigInt } from '../../base/split.ts';
import { capInto, modeOf } from '../../core/risk/order-gate.ts';
import { syncedFor } from '../../core/rollout/standby.ts';
import type { Decision, RollbackStepDone } from '../../domain/decision.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

const split = splitZero();

interface Fence {
  readonly row: number;
  readonly class: string;
  /** Capital that the fence took. */
  readonly cap: bigint;
  readonly spec: DeploymentSpec | undefined;
}

/** What hosts have said of a row that stands by. */
interface Synced {
  readonly of: number;
  readonly askedAt: number;
}

/**
 * ROL4 from inputs and records alone (rollout.md 4, RB5): capital goes back only for the fault of a version, only to one that stands by for it, completed a deployment before, has
 * its successor's state of the last two minutes and was made ready by its host; never more than its own last or than what was freed; under a new epoch; after its record.
 */
export class ReactivationInvariants {
  readonly #say: (text: string) => void;
  readonly #count: (what: string) => void;
  readonly #fences = new Map<number, Fence>();
  readonly #standing = new Map<number, { readonly successor: number; readonly cap: bigint }>();
  readonly #synced = new Map<number, Synced>();
  /** By hand-over: whose state was asked for, for whom and when. */
  readonly #asked = new Map<number, { readonly from: number; readonly to: number; readonly at: number }>();
  readonly #completed = new Set<number>();
  readonly #serves = new Map<number, number>();
  readonly #specs = new Map<number, DeploymentSpec>();
  readonly #caps = new Map<number, bigint>();
  readonly #epochs = new Map<number, number>();
  /** Rows whose host has said that the instance that would trade is made, since it was asked. */
  readonly #ready = new Set<number>();
  readonly #woken = new Set<number>();
  #triggered: Decision[] = [];

  constructor(say: (text: string) => void, count: (what: string) => void = () => undefined) {
    this.#say = say;
    this.#count = count;
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    if (turn.input.kind === 'start') this.#synced.clear();
    if (turn.input.kind === 'host' && turn.input.event === 'ended') this.#synced.delete(turn.input.row);
    this.#heard(turn);
    this.#triggered = [];
    this.#woken.clear();
    for (const decision of turn.decisions) this.#decided(decision, turn, desk);
    for (const effect of turn.effects) {
      if (effect.kind !== 'handover') continue;
      if (effect.verb === 'sync' || effect.verb === 'wake') this.#asked.set(effect.swap, { from: effect.from, to: effect.to, at: turn.at });
      if (effect.verb === 'wake') this.#ready.delete(effect.to);
      if (effect.verb === 'commit' && effect.from === effect.to && effect.reducing)
        this.#say(`ROL6 the waking of row ${effect.to} does not wait for its record`);
    }
    for (const { ix } of desk.core.gate.rows) {
      this.#caps.set(ix, capUnits(desk, ix));
      this.#epochs.set(ix, desk.core.gate.epoch[ix]);
    }
    for (const row of this.#standing.keys())
      if (modeOf(desk.core.gate, row) === 'ACTIVE') this.#say(`AUTH7 row ${row} stands by and is ACTIVE`);
  }

  #heard({ input }: Turn): void {
    if (input.kind !== 'handover') return;
    const asked = this.#asked.get(input.swap);
    if (asked === undefined) return;
    const whole = input.exported === input.taken;
    if (input.event === 'synced' && whole) this.#synced.set(asked.to, { of: asked.from, askedAt: asked.at });
    else if (input.event === 'synced' || input.event === 'refused' || input.event === 'overflow') this.#synced.delete(asked.to);
    if (input.event === 'adopted' && whole) this.#ready.add(asked.to);
  }

  #decided(decision: Decision, turn: Turn, desk: RolloutDesk): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#serves.set(decision.row, decision.deployment);
        this.#specs.set(decision.deployment, decision.spec);
        return;
      case 'phaseChanged':
        if (decision.to === 'Healthy') this.#completed.add(decision.deployment);
        return;
      case 'triggerFired':
        this.#triggered.push(decision);
        this.#fences.set(decision.row, {
          row: decision.row,
          class: decision.class,
          cap: this.#caps.get(decision.row) ?? 0n,
          spec: this.#specs.get(this.#serves.get(decision.row) ?? -1),
        });
        return;
      case 'swapCommitted':
        // at the watermark both have one state
        this.#synced.set(decision.from, { of: decision.to, askedAt: turn.at });
        this.#standing.set(decision.from, { successor: decision.to, cap: toBigInt(decision.cap) });
        return;
      case 'lifecycleChanged':
        this.#moved(decision, turn, desk);
        return;
      case 'rollbackStepDone':
        if (decision.step === 'RB5') this.#ended(decision, turn, desk);
        return;
      default:
        return;
    }
  }

  #moved({ row, from, to }: Extract<Decision, { kind: 'lifecycleChanged' }>, turn: Turn, desk: RolloutDesk): void {
    if (to === 'Standby' && from === 'Draining') {
      this.#synced.delete(row);
      // one whose capital a stage took: no record but this names its successor
      const standby = desk.core.rollout.standbys.findLast((one) => one.row === row && one.byStage && one.step !== 'over');
      if (standby !== undefined) this.#standing.set(row, { successor: standby.successor, cap: toBigInt(standby.cap) });
    }
    if (from !== 'Standby') return;
    const standing = this.#standing.get(row);
    this.#standing.delete(row);
    if (to !== 'Active') return;
    this.#woken.add(row);
    this.#judge(row, standing, turn, desk);
  }

  /** Every condition of RB5, on what was seen from outside. */
  #judge(row: number, standing: { readonly successor: number; readonly cap: bigint } | undefined, turn: Turn, desk: RolloutDesk): void {
    const fence = standing === undefined ? undefined : this.#fences.get(standing.successor);
    if (standing === undefined || fence === undefined) return this.#say(`ROL4 row ${row} came back and nobody was rolled back over it`);
    const { class: of, spec, cap } = fence;
    if (of !== 'versionFault') this.#say(`ROL4 row ${row} came back after a ${of} trigger`);
    if (spec?.rollback.reactivatePrevious === 'never') this.#say(`ROL4 row ${row} came back although the spec says never`);
    if (!this.#completed.has(this.#serves.get(row) ?? -1)) this.#say(`ROL4 row ${row} came back and never completed a deployment`);
    const synced = this.#synced.get(row);
    if (synced?.of !== standing.successor) this.#say(`ROL4 row ${row} came back without the state of row ${standing.successor}`);
    else if (turn.at - synced.askedAt > syncedFor) this.#say(`ROL4 row ${row} came back with a state of ${turn.at - synced.askedAt} us`);
    if (!this.#ready.has(row)) this.#say(`ROL4 row ${row} came back and its host has made no instance for it`);
    if (desk.core.rollout.killed) this.#say(`ROL4 row ${row} came back under the kill switch`);
    const has = capUnits(desk, row);
    if (has > standing.cap || has > cap || has === 0n) this.#say(`ROL4 row ${row} came back with ${has} of ${standing.cap} and ${cap}`);
    if (desk.core.gate.epoch[row] <= (this.#epochs.get(row) ?? 0)) this.#say(`AUTH5 row ${row} came back under its old epoch`);
    this.#count('reactivated');
  }

  /** The record says what happened: capital for one row, or for none. */
  #ended({ rollback, count, text, row }: RollbackStepDone, turn: Turn, desk: RolloutDesk): void {
    const woken = this.#woken.size;
    if (count !== woken) this.#say(`ROL4 RB5 of rollback ${rollback} records ${count} reactivated, ${woken} were`);
    if (count === 0) {
      this.#count(text.replace(/\d[\d.]*/g, '#').slice(0, 72));
      for (const { ix } of desk.core.gate.rows) {
        const grew = capUnits(desk, ix) > (this.#caps.get(ix) ?? 0n);
        if (ix !== row && grew && turn.decisions.every((one) => one.kind !== 'stageGranted' && one.kind !== 'swapCommitted'))
          this.#say(`ROL4 rollback ${rollback} gave capital to row ${ix} and records nothing`);
      }
    }
  }
}

function capUnits(desk: RolloutDesk, row: number): bigint {
  capInto(split, desk.core.gate, row);
  return toBigInt(split);
}
