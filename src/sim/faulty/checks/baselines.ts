import type { Core } from '../../../core/core.ts';
import type { DeploymentProposed, PhaseChanged, StageGranted } from '../../../domain/decision.ts';
import type { RowFacts } from './rows.ts';
import type { Fold, Say, Turn } from './turn.ts';

interface Watched {
  readonly row: number;
  readonly canary: string;
  over: boolean;
}

const ended: ReadonlySet<string> = new Set(['Healthy', 'RollingBack', 'Aborted']);

/** BAS: a baseline of equal capital has what its canary has, from the same step on, and nothing once that is over or past it. Read off the records alone. */
export class BaselineFacts implements Fold {
  readonly #rows: RowFacts;
  readonly #baselines = new Map<string, Watched>();
  readonly #upTo = new Map<string, number>();
  readonly #phases = new Map<string, string>();

  constructor(rows: RowFacts) {
    this.#rows = rows;
  }

  /** After the fold of rows has taken the turn. */
  take({ decisions }: Turn, _core: Core | undefined, say: Say): void {
    let grants: StageGranted[] | undefined;
    let changed = false;
    for (const decision of decisions) {
      if (decision.kind === 'deploymentProposed') this.#proposed(decision);
      else if (decision.kind === 'phaseChanged') this.#moved(decision);
      else if (decision.kind === 'stageGranted' && decision.stage >= 0) (grants ??= []).push(decision);
      changed ||= decision.kind === 'rowChanged' || decision.kind === 'phaseChanged';
    }
    if (this.#baselines.size === 0) return;
    if (grants !== undefined) this.#grants(grants, say);
    if (changed) this.#caps(say);
  }

  #proposed({ deploymentID, row, spec }: DeploymentProposed): void {
    if (spec.baseline !== undefined) this.#upTo.set(deploymentID, spec.baseline.upTo);
    if (spec.baselineOf !== undefined) this.#baselines.set(deploymentID, { row, canary: spec.baselineOf, over: false });
  }

  #moved({ deploymentID, to }: PhaseChanged): void {
    this.#phases.set(deploymentID, to);
    const own = this.#baselines.get(deploymentID);
    if (own !== undefined && to === 'RollingBack') own.over = true;
  }

  #grants(grants: readonly StageGranted[], say: Say): void {
    for (const [id, { canary, over }] of this.#baselines) {
      const own = grants.find(({ deploymentID }) => deploymentID === id);
      const beside = grants.find(({ deploymentID }) => deploymentID === canary);
      if (own !== undefined && (beside?.cap.hi !== own.cap.hi || beside.cap.lo !== own.cap.lo || own.stage !== beside.stage))
        say('BAS', `${id} was granted stage ${own.stage}, which ${canary} was not`);
      if (beside !== undefined && own === undefined && !over && beside.allocation <= (this.#upTo.get(canary) ?? 0))
        say('BAS', `${canary} was granted stage ${beside.stage} and ${id} was not`);
    }
  }

  #caps(say: Say): void {
    for (const [id, { row, canary, over }] of this.#baselines) {
      const phase = this.#phases.get(canary) ?? 'Proposed';
      const cap = this.#rows.rows.at(row)?.cap ?? 0;
      if (cap > 0 && (over || ended.has(phase))) say('BAS', `${id} has ${cap} while ${canary} is ${phase}`);
    }
  }
}
