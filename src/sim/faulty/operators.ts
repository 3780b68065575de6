import type { Prng } from '../../base/prng.ts';
import type { Core } from '../../core/core.ts';
import type { KillTarget } from '../../domain/kill.ts';
import { orderModes, positionModes } from '../../domain/swap.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { People } from './people.ts';
import { blueGreen, people, progressive, versions } from './stage.ts';

const targets: readonly KillTarget[] = [
  { scope: 'venue', id: 'V' },
  { scope: 'venue', id: 'W' },
  { scope: 'account', id: 'A1' },
  { scope: 'account', id: 'B1' },
  { scope: 'strategy', id: 'algo' },
];
const algorithmID = 'algo';
const reason = 'simulated';
/** Between two acts at the most eager (microseconds). */
const pace = 500_000;

/** People who run whole rollouts: one version takes over from another, capital follows confidence, one part of the firm is killed, a whole algorithm stopped. */
export class Operators {
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #people: People;
  readonly #core: () => Core | undefined;
  /** Some breaks are ended by people only, also when nothing new goes wrong. */
  readonly #accepts: boolean;
  #deployed = 0;

  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, asking: People, core: () => Core | undefined) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#people = asking;
    this.#core = core;
    this.#accepts = faults.statements > 0;
  }

  act(): void {
    const { swap, progressive: climbs, killScope, strategyHalt } = this.#faults;
    if (swap + climbs + killScope + strategyHalt === 0 && !this.#accepts) return;
    this.#agenda.after(this.#luck.exponential(pace), () => this.act());
    const core = this.#core();
    if (core === undefined) return;
    if (this.#accepts) this.#accept(core);
    if (this.#hits(swap)) this.#swap(core);
    if (this.#hits(climbs * 0.3)) this.#climb();
    if (this.#hits(killScope * 0.2)) this.#kill();
    if (this.#hits(strategyHalt * 0.2)) this.#halt();
  }

  #hits(rate: number): boolean {
    return rate > 0 && this.#luck.float() < rate;
  }

  #draw<T>(from: readonly T[]): T {
    return from[this.#luck.int(from.length)];
  }

  /** Another version is to take over from one that trades; mostly two people waive what the seconds of this world cannot show. */
  #swap({ gate }: Core): void {
    const blues = gate.rows.filter(({ ix, slice, custodian }) => slice === 0 && !custodian && gate.cap.hi[ix] + gate.cap.lo[ix] > 0);
    if (blues.length === 0) return;
    const blue = this.#draw(blues).version;
    const deploymentID = `s${++this.#deployed}`;
    const spec = blueGreen(deploymentID, blue, this.#draw(versions.filter((version) => version !== blue)), {
      positions: this.#draw([...positionModes, 'transfer']),
      openOrders: this.#draw(orderModes),
      seconds: 1 + this.#luck.int(4),
      hold: this.#luck.int(2) === 0,
    });
    this.#people.ask({ verb: 'deploy', spec }, people.trader);
    if (this.#luck.int(8) === 0) return;
    for (const gateName of ['paper', 'agreement'])
      this.#people.ask({ verb: 'waive', deploymentID, stage: 0, gate: gateName, reason }, people.risk, people.senior2);
  }

  /** Two people live with a break, or one tries it alone. */
  #accept({ reconciliation }: Core): void {
    for (const { breakID, state } of reconciliation.breaks.values()) {
      if (state !== 'found' || this.#luck.int(4) > 0) continue;
      const second = this.#draw([people.senior2, people.senior2, people.risk, null]);
      this.#people.ask({ verb: 'acceptBreak', breakID, reason }, people.risk, second);
    }
  }

  #climb(): void {
    const spec = progressive(`g${++this.#deployed}`, this.#draw(versions), this.#luck.int(2) === 0 ? 'seedV1' : 'evidence');
    this.#people.ask({ verb: 'deploy', spec }, people.trader);
  }

  /** Restricting takes one; two let everything go again a while later. */
  #kill(): void {
    const target = this.#draw(targets);
    this.#people.ask({ verb: 'kill', reason, target }, people.trader);
    this.#agenda.after(this.#luck.exponential(1_500_000), () =>
      this.#people.ask(
        { verb: 'release', reason, target },
        people.senior,
        this.#draw([people.senior2, people.senior2, people.senior, null]),
      ),
    );
  }

  #halt(): void {
    this.#people.ask({ verb: this.#draw(['pauseStrategy', 'pauseStrategy', 'stopStrategy'] as const), algorithmID, reason }, people.trader);
    this.#agenda.after(this.#luck.exponential(1_000_000), () =>
      this.#people.ask(
        { verb: 'startStrategy', algorithmID, reason },
        people.risk,
        this.#draw([people.senior2, people.senior2, people.risk, null]),
      ),
    );
  }
}
