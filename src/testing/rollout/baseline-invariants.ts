import type { MoneyField } from '../../domain/decision.ts';
import { capUnits } from './invariants.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';

interface Watched {
  readonly row: number;
  readonly canary: string;
  over: boolean;
}

const same = (a: MoneyField, b: MoneyField): boolean => a.hi === b.hi && a.lo === b.lo;

/** BAS: an equal-capital baseline has what its canary has, from the same step on, and nothing once that is over or past it. Read off the records alone. */
export class BaselineInvariants {
  readonly #say: (text: string) => void;
  readonly #count: (what: string) => void;
  readonly #baselines = new Map<string, Watched>();
  readonly #upTo = new Map<string, number>();
  readonly #phases = new Map<string, string>();

  constructor(say: (text: string) => void, count: (what: string) => void) {
    this.#say = say;
    this.#count = count;
  }

  watch(turn: Turn, desk: RolloutDesk): void {
    for (const one of turn.decisions) {
      if (one.kind === 'deploymentProposed') {
        const { baseline, baselineOf } = one.spec;
        if (baseline !== undefined) this.#upTo.set(one.deploymentID, baseline.upTo);
        if (baselineOf !== undefined) this.#baselines.set(one.deploymentID, { row: one.row, canary: baselineOf, over: false });
      }
      if (one.kind === 'phaseChanged') this.#phases.set(one.deploymentID, one.to);
      const watched = one.kind === 'phaseChanged' ? this.#baselines.get(one.deploymentID) : undefined;
      if (watched !== undefined && one.kind === 'phaseChanged' && one.to === 'RollingBack') watched.over = true;
    }
    this.#grants(turn);
    this.#caps(desk);
  }

  #grants(turn: Turn): void {
    const grants = turn.decisions
      .filter((one) => one.kind === 'stageGranted' && one.stage >= 0)
      .filter((one) => one.kind === 'stageGranted');
    for (const [id, { canary, over }] of this.#baselines) {
      const own = grants.find(({ deploymentID }) => deploymentID === id);
      const beside = grants.find(({ deploymentID }) => deploymentID === canary);
      if (own !== undefined) this.#count('baseline granted');
      if (own !== undefined && (beside === undefined || !same(own.cap, beside.cap) || own.stage !== beside.stage))
        this.#say(`BAS ${id} was granted what ${canary} was not`);
      if (beside !== undefined && own === undefined && !over && beside.allocation <= (this.#upTo.get(canary) ?? 0))
        this.#say(`BAS ${canary} was granted stage ${beside.stage} and ${id} was not`);
    }
  }

  #caps(desk: RolloutDesk): void {
    for (const [id, { row, canary, over }] of this.#baselines) {
      const phase = this.#phases.get(canary) ?? 'Proposed';
      const cap = capUnits(desk, row);
      if (cap > 0n && (over || phase === 'Healthy' || phase === 'RollingBack' || phase === 'Aborted'))
        this.#say(`BAS ${id} has capital while ${canary} is ${phase}`);
      if (over && phase !== 'Aborted') this.#count('baseline over before its canary');
    }
  }
}
