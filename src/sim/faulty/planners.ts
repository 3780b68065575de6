import type { Prng } from '../../base/prng.ts';
import { microsUnchecked } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { DeploymentSpec, FreezeWindows, GateSpec } from '../../domain/spec.ts';
import { orderModes, positionModes } from '../../domain/swap.ts';
import type { Agenda } from './agenda.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { People } from './people.ts';
import { blueGreen, canary, people, progressive, sliceID, versions } from './stage.ts';

const reason = 'simulated';
/** Between two acts at the most eager (microseconds). */
const pace = 400_000;
const second = { days: 0, micros: 1_000_000 };
const minute = 60_000_000;
const day = 86_400_000_000;
const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** People who plan: ladders and cutovers with freeze windows, tried from inside too, and ladders whose stages hang on results, which fail, are retried and promoted over. */
export class Planners {
  readonly #agenda: Agenda;
  readonly #luck: Prng;
  readonly #faults: FaultPlan;
  readonly #people: People;
  readonly #core: () => Core | undefined;
  readonly #twin: boolean;
  #deployed = 0;

  /** `twin`: a fall ends no version early, so that what twins differ in is their verdicts. */
  constructor(agenda: Agenda, luck: Prng, faults: FaultPlan, asking: People, core: () => Core | undefined, twin: boolean) {
    this.#twin = twin;
    this.#agenda = agenda;
    this.#luck = luck;
    this.#faults = faults;
    this.#people = asking;
    this.#core = core;
  }

  act(): void {
    const { freezeWindow, resultGates } = this.#faults;
    if (freezeWindow + resultGates === 0) return;
    this.#agenda.after(this.#luck.exponential(pace), () => this.act());
    const core = this.#core();
    if (core === undefined) return;
    if (this.#hits(freezeWindow)) this.#frozen(core);
    if (this.#hits(resultGates)) this.#measured();
  }

  #hits(rate: number): boolean {
    return rate > 0 && this.#luck.float() < rate;
  }

  #draw<T>(from: readonly T[]): T {
    return from[this.#luck.int(from.length)];
  }

  #frozen(core: Core): void {
    const id = `f${++this.#deployed}`;
    const spec = this.#plan(id, core);
    if (spec === undefined) return;
    this.#people.ask({ verb: 'deploy', spec: { ...spec, freeze: this.#windows() } }, people.trader);
    if (spec.blueGreen !== null)
      for (const gate of ['paper', 'agreement'])
        this.#people.ask({ verb: 'waive', deploymentID: id, stage: 0, gate, reason }, people.risk, people.senior2);
    this.#pushes(id, spec.version);
  }

  /** A version that was measured is taken back after a while, so that another ladder can begin. */
  #clears(deploymentID: string, version: string): void {
    const wait = 2_000_000 + this.#luck.exponential(3_000_000);
    this.#agenda.after(wait, () => this.#people.ask({ verb: 'rollback', deploymentID, reason }, people.risk));
    this.#agenda.after(wait + 1_200_000, () => this.#people.ask({ verb: 'unhalt', sliceID, version, reason }, people.risk, people.senior2));
  }

  /** Somebody wants more at any time, and somebody stops it. */
  #pushes(deploymentID: string, version: string): void {
    for (let n = this.#luck.int(4); n > 0; n--)
      this.#agenda.after(this.#luck.exponential(2_000_000), () => {
        const allocation = this.#draw([50, 100, 400, 500]);
        const verb = this.#draw(['promote', 'promote', 'allocate', 'pause', 'resume', 'retry'] as const);
        if (verb === 'allocate') this.#people.ask({ verb, sliceID, version, allocation, reason }, people.risk, people.senior2);
        else this.#people.ask({ verb, deploymentID, reason }, people.risk, people.senior2);
      });
  }

  #plan(id: string, { gate }: Core): DeploymentSpec | undefined {
    const version = this.#draw(versions);
    switch (this.#luck.int(4)) {
      case 0: {
        const blues = gate.rows.filter(({ ix, slice, custodian }) => slice === 0 && !custodian && gate.cap.hi[ix] + gate.cap.lo[ix] > 0);
        if (blues.length === 0) return undefined;
        const blue = this.#draw(blues).version;
        return blueGreen(id, blue, this.#draw(versions.filter((one) => one !== blue)), {
          positions: this.#draw(positionModes),
          openOrders: this.#draw(orderModes),
          seconds: 1 + this.#luck.int(3),
          hold: true,
        });
      }
      case 1:
        return progressive(id, version, this.#draw(['seedV1', 'evidence'] as const));
      default:
        return this.#ladder(id, version);
    }
  }

  #ladder(id: string, version: string): DeploymentSpec {
    return canary(id, version, {
      flatten: this.#draw(['none', 'limit', 'market'] as const),
      rollbackOnSilence: false,
      hold: this.#luck.int(2) === 0,
      maxDailyLoss: null,
      approval: false,
      rungSeconds: 1 + this.#luck.int(2),
    });
  }

  /** A few windows of the seconds that come, one that touches the next, and the minutes of a day. */
  #windows(): FreezeWindows {
    const luck = this.#luck;
    const { now } = this.#agenda;
    const zone = this.#draw(['UTC', 'UTC-05'] as const);
    const dated = Array.from({ length: 1 + luck.int(3) }, () => {
      const from = now - 1_000_000 + luck.int(8_000_000);
      return { from: microsUnchecked(from), to: microsUnchecked(from + 600_000 + luck.int(3_000_000)) };
    });
    if (luck.int(3) === 0) dated.push({ from: dated[0].to, to: microsUnchecked(dated[0].to + 700_000) });
    if (luck.int(3) > 0) return { zone, weekly: [], dated };
    const local = now - (zone === 'UTC' ? 0 : 300 * minute);
    const from = Math.min(1_438, Math.floor((local % day) / minute) + luck.int(2));
    return { zone, weekly: [{ days: everyDay, from, to: from + 1 }], dated };
  }

  /** A stage asks for results: too little is a failed gate, a loss a rollback. Those who are told so try again, or promote over it. */
  #measured(): void {
    const luck = this.#luck;
    const id = `m${++this.#deployed}`;
    const base = this.#ladder(id, this.#draw(versions));
    const gates: readonly GateSpec[] = [
      { name: 'edge', metric: 'netReturn', test: 'bettingE', parameters: { grid: [1, 2, 4, 8], minE: 1.01 } },
    ];
    const asksEdge = luck.int(3) === 0;
    const stages = base.stages.map((stage, n) => ({
      ...stage,
      // above a tenth the profile asks for evidence that seconds cannot give
      ...(n === 2 ? { name: 'S900', allocation: 900 } : {}),
      minPnL: this.#draw(['-40', '-10', '0', '5']),
      minTrades: luck.int(4),
      ...(asksEdge && n === 1 ? { entryGates: ['edge'] } : {}),
    }));
    const drawn = this.#draw([0.0001, 0.001, 0.01]);
    const maxDrawdown = this.#twin ? 0.2 : drawn;
    const spec: DeploymentSpec = {
      ...base,
      stages,
      gates: asksEdge ? gates : [],
      expect: { annualVol: null, stressLossPerInterval: 0.05, interval: second },
      rollbackThresholds: { ...base.rollbackThresholds, maxDrawdown, harmE: luck.int(4) === 0 ? 3 : null },
    };
    this.#people.ask({ verb: 'deploy', spec }, people.trader);
    this.#clears(id, base.version);
    for (let n = 1 + luck.int(4); n > 0; n--)
      this.#agenda.after(luck.exponential(3_000_000), () => {
        const verb = this.#draw(['retry', 'retry', 'resume', 'promote', 'promote', 'pause'] as const);
        const waives = verb === 'promote' && luck.int(2) === 0 ? { waives: ['minPnL'] } : {};
        this.#people.ask({ verb, deploymentID: id, reason, ...waives }, people.risk, this.#draw([people.senior2, people.senior2, null]));
      });
  }
}
