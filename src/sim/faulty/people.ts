import type { Prng } from '../../base/prng.ts';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { CommandInput } from '../../domain/input.ts';
import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import { canary, paper, people, sliceID, versions } from './stage.ts';
import { scaled, type Twist } from './twist.ts';

const flattenModes = ['none', 'limit', 'market', 'twap'] as const;
/** Somebody who got no answer asks again under the same key after this long (microseconds). */
const patience = 2_000_000;

interface Answer {
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

/** Traders, risk managers and senior people: they deploy, promote, stop and let go; they ask twice, approve twice and race each other. */
export class People {
  readonly asked = new Map<string, CommandInput>();
  readonly answers = new Map<string, Answer>();
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  #desk: SimDesk | undefined;
  #commands = 0;
  #deployed = 0;
  #calm = false;
  readonly #pace: number;

  readonly #twist: Twist;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, twist: Twist) {
    this.#twist = twist;
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#pace = 200_000 + luck.int(600_000);
  }

  join(desk: SimDesk): void {
    this.#desk = desk;
  }

  /** From now on they only finish what is unfinished. */
  calm(): void {
    this.#calm = true;
  }

  answered(commandID: string, answer: Answer): void {
    this.answers.set(commandID, answer);
  }

  ask(command: Command, actor: Actor, approvedBy: Actor | null = null): string {
    const commandID = `c${++this.#commands}`;
    const said = scaled(command, this.#twist);
    this.asked.set(commandID, { kind: 'command', commandID, actor, approvedBy, expectedRevision: null, command: said });
    this.#say(commandID);
    return commandID;
  }

  act(): void {
    this.#agenda.after(this.#luck.exponential(this.#pace), () => this.act());
    if (this.#desk?.alive !== true) return;
    if (this.#calm) return;
    const dice = this.#luck.int(20);
    if (this.#deployed === 0 || dice < 6) this.#deploy();
    else if (dice < 9) this.#approve();
    else if (dice < 13) this.#onDeployment();
    else if (dice < 16) this.#wake();
    else if (dice < 18) this.#trouble();
    else this.#again();
  }

  #say(commandID: string): void {
    const input = this.asked.get(commandID);
    if (input === undefined) return;
    this.#desk?.submit(input);
    this.#agenda.after(patience, () => {
      if (!this.answers.has(commandID)) this.#say(commandID);
    });
  }

  #draw<T>(from: readonly T[]): T {
    return from[this.#luck.int(from.length)];
  }

  #id(): string {
    return `d${1 + this.#luck.int(Math.max(1, this.#deployed))}`;
  }

  #deploy(): void {
    const luck = this.#luck;
    const version = this.#draw(versions);
    const id = `d${++this.#deployed}`;
    const ladder = canary(id, version, {
      flatten: this.#draw(flattenModes),
      rollbackOnSilence: luck.int(4) === 0,
      hold: luck.int(2) === 0,
      maxDailyLoss: luck.int(3) === 0 ? 0.01 : null,
      approval: luck.int(3) === 0,
      rungSeconds: 1 + luck.int(4),
    });
    const spec = this.#besideTheOld(this.#deployed % 5 === 1 ? { ...ladder, stages: ladder.stages.slice(0, 2) } : ladder);
    this.ask({ verb: 'deploy', spec: luck.int(6) === 0 ? paper(`p${id}`, spec) : spec }, this.#draw([people.trader, people.risk]));
  }

  /** Once a version has completed its (short) ladder every other canary has it beside it once more. */
  #besideTheOld(spec: DeploymentSpec): DeploymentSpec {
    const hasOld = this.#desk?.core.rollout.lifecycle.includes('Active') === true;
    return hasOld && this.#deployed % 2 === 0 ? { ...spec, baseline: { upTo: 500 } } : spec;
  }

  #approve(): void {
    const deploymentID = this.#id();
    const specHash = this.#luck.int(8) === 0 ? 'f'.repeat(64) : deploymentID.padEnd(64, '0');
    const person = this.#draw([people.risk, people.senior, people.senior2]);
    const twice = this.#faults.doubleApproval > 0 && this.#luck.float() < this.#faults.doubleApproval * 4;
    for (let n = 0; n < (twice ? 2 : 1); n++) this.ask({ verb: 'approve', deploymentID, stage: 1, specHash }, person);
  }

  #onDeployment(): void {
    const deploymentID = this.#id();
    const second = this.#draw([null, people.senior2, people.risk, people.admin2]);
    const verb = this.#draw(['promote', 'pause', 'resume', 'resume', 'retry', 'promote'] as const);
    this.ask({ verb, deploymentID, reason: 'simulated' }, people.risk, second);
    if (this.#faults.promoteRace > 0 && this.#luck.float() < this.#faults.promoteRace) {
      this.ask({ verb: 'promote', deploymentID, reason: 'race' }, people.risk, people.senior2);
      this.ask({ verb: 'pause', deploymentID, reason: 'race' }, people.trader);
    }
  }

  /** Whoever was stopped is let go again, by two. */
  #wake(): void {
    const second = this.#draw([null, people.senior2, people.risk, people.senior2]);
    if (this.#luck.int(2) === 0)
      this.ask({ verb: 'release', reason: 'simulated' }, people.senior, this.#draw([people.senior2, people.senior]));
    this.ask({ verb: 'unhalt', sliceID, version: this.#draw(versions), reason: 'simulated' }, people.risk, second);
  }

  #trouble(): void {
    const luck = this.#luck;
    const reason = 'simulated';
    if (luck.float() < this.#faults.personRollback) {
      const verb = this.#draw(['rollback', 'abort'] as const);
      const deploymentID = this.#id();
      this.ask({ verb, deploymentID, reason }, people.risk);
      // and the switch while it is under way
      if (luck.float() < this.#faults.personKill)
        this.#agenda.after(luck.int(1_200_000), () => this.ask({ verb: 'kill', reason }, people.trader));
    }
    if (luck.float() < this.#faults.personKill * 0.3) this.ask({ verb: 'kill', reason }, people.trader);
    if (luck.float() < this.#faults.limitChange) this.#limit();
  }

  #limit(): void {
    const value = 100 * (1 + this.#luck.int(8));
    const key = this.#draw([
      { scope: 'instrument', scopeID: 'X', limit: 'maxPosition' },
      { scope: 'instrument', scopeID: 'Y', limit: 'maxPosition' },
      { scope: 'account', scopeID: 'A1', limit: 'maxOrderQty' },
    ] as const);
    this.ask({ verb: 'setLimit', key, value }, people.admin2, people.risk);
  }

  /** The same command under the same key. */
  #again(): void {
    if (this.#faults.repeatedCommand === 0) return;
    const ids = [...this.asked.keys()];
    const input = this.asked.get(this.#draw(ids.slice(-40)));
    if (input !== undefined) this.#desk?.submit(input);
  }
}
