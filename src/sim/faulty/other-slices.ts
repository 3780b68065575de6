import type { Prng } from '../../base/prng.ts';
import type { Agenda } from './agenda.ts';
import type { SimDesk } from './desk.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { People } from './people.ts';
import { otherCanary, otherSlices, people, setSlice, versions, type SliceTerms } from './stage.ts';

/** Between two acts at the most eager (microseconds). */
const pace = 250_000;
const reason = 'simulated';

/** People of the other slices: their versions climb to most of what their slice has, are taken back and let go; the capital of a slice is lowered and raised again. */
export class OtherSlices {
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
    const rate = this.#faults.severalSlices;
    if (rate === 0) return;
    this.#agenda.after(this.#luck.exponential(pace / rate), () => this.act());
    const desk = this.#desk();
    if (desk?.alive !== true) return;
    const slice = this.#draw(otherSlices);
    const dice = this.#luck.int(10);
    if (this.#deployed < 2 || dice < 4) this.#deploy(slice);
    else if (dice < 7) this.#push(desk);
    else if (dice === 7 && this.#luck.int(2) === 0) this.#takeBack();
    else if (dice < 9) this.#wake(slice);
    else this.#resize(slice);
  }

  #draw<T>(from: readonly T[]): T {
    return from[this.#luck.int(from.length)];
  }

  #id(): string {
    return `o${1 + this.#luck.int(this.#deployed)}`;
  }

  #deploy(slice: SliceTerms): void {
    const spec = otherCanary(
      `o${++this.#deployed}`,
      this.#draw(versions),
      {
        flatten: this.#draw(['none', 'limit', 'market', 'twap'] as const),
        rollbackOnSilence: this.#luck.int(6) === 0,
        hold: this.#luck.int(2) === 0,
        maxDailyLoss: this.#luck.int(4) === 0 ? 0.01 : null,
        approval: false,
        rungSeconds: 1,
      },
      slice,
    );
    this.#people.ask({ verb: 'deploy', spec }, people.trader);
  }

  /** Mostly a rung up: evidence that seconds cannot give is waived by two. */
  #push({ core: { rollout } }: SimDesk): void {
    const verb = this.#draw(['promote', 'promote', 'promote', 'resume', 'retry', 'pause'] as const);
    const deploymentID = this.#id();
    const verdicts = rollout.deployments.find(({ spec }) => spec.deploymentID === deploymentID)?.lastVerdicts ?? [];
    const waives = [...verdicts].filter(([, verdict]) => verdict !== 'pass').map(([gate]) => gate);
    this.#people.ask({ verb, deploymentID, reason, ...(verb === 'promote' ? { waives } : {}) }, people.risk, people.senior2);
  }

  #takeBack(): void {
    this.#people.ask({ verb: this.#draw(['rollback', 'abort'] as const), deploymentID: this.#id(), reason }, people.risk);
  }

  #wake({ sliceID }: SliceTerms): void {
    this.#people.ask({ verb: 'unhalt', sliceID, version: this.#draw(versions), reason }, people.risk, this.#draw([people.senior2, null]));
  }

  /** Lower for a while, as far as its versions hold no more; specs of another capital are refused meanwhile. */
  #resize(slice: SliceTerms): void {
    const total = this.#draw([slice.total / 2, slice.total, slice.total]);
    this.#people.ask(setSlice({ ...slice, total }), people.admin, { ...people.admin2, roles: ['Admin', 'RiskManager'] });
  }
}
