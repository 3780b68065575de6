import type { Prng } from '../../base/prng.ts';
import { toNumber } from '../../base/split.ts';
import type { Core } from '../../core/core.ts';
import { orderModes, positionModes } from '../../domain/swap.ts';
import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { People } from './people.ts';
import { blueGreen, canary, people, versions } from './stage.ts';

/** Between two acts at the most eager (microseconds). */
const pace = 200_000;
const ladder = { flatten: 'none', rollbackOnSilence: false, hold: true, maxDailyLoss: null, approval: false, rungSeconds: 1 } as const;

/**
 * A version completes a short ladder, another one takes over from it, by a cutover or by a canary that takes all of its capital, and fails while the first one stands by:
 * what a reactivation needs (rollout.md 4, RB5).
 */
export class Successors {
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #people: People;
  readonly #desk: () => SimDesk | undefined;
  #deployed = 0;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, asking: People, desk: () => SimDesk | undefined) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#people = asking;
    this.#desk = desk;
  }

  act(): void {
    const rate = this.#faults.successorFault;
    if (rate === 0) return;
    this.#agenda.after(this.#luck.exponential(pace), () => this.act());
    const desk = this.#desk();
    if (desk?.alive !== true || this.#luck.float() >= rate) return;
    const { core } = desk;
    const { rollout } = core;
    const standing = rollout.openStandbys.map((ix) => rollout.standbys[ix]).find(({ step }) => step === 'standing');
    if (standing !== undefined) return this.#fails(desk, standing.successor);
    const known = core.gate.rows.filter(({ ix, slice, custodian }) => slice === 0 && !custodian && rollout.lifecycle[ix] === 'Active');
    if (known.length === 0) return this.#climbs();
    if (rollout.open.length === 0 && rollout.openSwaps.length === 0) this.#succeeds(core, this.#draw(known).version);
  }

  #draw<T>(from: readonly T[]): T {
    return from[this.#luck.int(from.length)];
  }

  #id(): string {
    return `r${++this.#deployed}`;
  }

  #climbs(): void {
    const spec = canary(this.#id(), this.#draw(versions), ladder);
    this.#people.ask({ verb: 'deploy', spec: { ...spec, stages: spec.stages.slice(0, 1) } }, people.trader);
  }

  #succeeds(core: Core, version: string): void {
    const other = this.#draw(versions.filter((one) => one !== version));
    if (this.#luck.int(3) === 0) this.#takesAll(core, other);
    else this.#takesOver(version, other);
  }

  #takesOver(blue: string, green: string): void {
    const deploymentID = this.#id();
    const spec = blueGreen(deploymentID, blue, green, {
      positions: this.#draw([...positionModes, 'transfer']),
      openOrders: this.#draw(orderModes),
      seconds: 1 + this.#luck.int(4),
      hold: true,
    });
    const reactivatePrevious = this.#luck.int(8) === 0 ? 'never' : 'versionFault';
    const flatten = this.#draw(['none', 'limit', 'market'] as const);
    this.#people.ask({ verb: 'deploy', spec: { ...spec, rollback: { ...spec.rollback, reactivatePrevious, flatten } } }, people.trader);
    for (const gate of ['paper', 'agreement'])
      this.#people.ask({ verb: 'waive', deploymentID, stage: 0, gate, reason: 'simulated' }, people.risk, people.senior2);
  }

  /** A ladder whose last stage leaves nothing for the version before it. */
  #takesAll({ gate }: Core, version: string): void {
    const spec = canary(this.#id(), version, ladder);
    const [{ total, reserve }] = gate.slices;
    const allocation = Math.floor((1 - toNumber(reserve) / toNumber(total)) * 10_000);
    const stages = [spec.stages[0], { ...spec.stages[2], name: 'all', allocation }];
    this.#people.ask(
      { verb: 'deploy', spec: { ...spec, stages, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } } },
      people.trader,
    );
  }

  /** Mostly by its own fault; sometimes people take it back, and nobody is woken. */
  #fails(desk: SimDesk, row: number): void {
    const deployment = desk.core.rollout.deployments[desk.core.rollout.serving[row] ?? -1];
    if (this.#luck.int(6) === 0 && deployment !== undefined)
      this.#people.ask({ verb: 'rollback', deploymentID: deployment.spec.deploymentID, reason: 'simulated' }, people.risk);
    else desk.submit({ kind: 'host', row, event: this.#luck.int(4) === 0 ? 'overBudget' : 'exception', eventSeq: 0, text: 'exception' });
  }
}
