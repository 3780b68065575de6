import { durationMicros } from '../../../base/duration.ts';
import type { Core } from '../../../core/core.ts';
import type { Decision, FillBooked, GateJudged, StageGranted } from '../../../domain/decision.ts';
import type { DeploymentSpec, Stage } from '../../../domain/spec.ts';
import type { PaperOrders } from './paper-orders.ts';
import type { ResultFacts } from './results.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

/** A deployment on capital, and what its present stage began with. */
interface Staged {
  readonly row: number;
  readonly spec: DeploymentSpec;
  stage: number;
  /** Time that counted before `since`; -1 = it does not count now. */
  counted: number;
  since: number;
  trades: number;
  /** Money units, undefined = nobody can say. */
  result: number | undefined;
}

const units = 1e6;
const tolerance = 1e-4;

/**
 * The verdicts of the gates of a stage by the checker's own numbers: how long the stage has lasted (a wall clock counts while it progresses), what it has made, fills since it was granted, the fall from
 * the highest index. A gate passes where these are as the spec asks, and only there; the value that is told is theirs (PRO1, PRO3, PRO7).
 */
export class VerdictFacts implements Fold {
  readonly #paper: PaperOrders;
  readonly #results: ResultFacts;
  readonly #count: Count;
  readonly #staged = new Map<number, Staged>();
  readonly #trades: number[] = [];
  /** By execution: whose trade it is. */
  readonly #tradedBy = new Map<string, number>();

  constructor(paper: PaperOrders, results: ResultFacts, count: Count) {
    this.#paper = paper;
    this.#results = results;
    this.#count = count;
  }

  /** After the fold of results has taken the turn. */
  take({ at, input, decisions }: Turn, _core: Core | undefined, say: Say): void {
    for (const decision of decisions) {
      if (decision.kind === 'fillBooked') this.#booked(decision, input.kind === 'report' ? input.execRefID : '');
      else this.#decided(decision, at, say);
    }
  }

  /** A fill is a trade of whom it was booked to; a correction is the same one, and one that was taken back is none. */
  #booked(fill: FillBooked, refersTo: string): void {
    if (this.#paper.has(fill)) return;
    const { booking, execID, row } = fill;
    const of = booking === 'fill' ? row : this.#tradedBy.get(refersTo);
    if (of === undefined || booking === 'external') return;
    if (booking !== 'bust') this.#tradedBy.set(execID, of);
    if (booking !== 'correct') this.#trades[of] = (this.#trades[of] ?? 0) + (booking === 'fill' ? 1 : -1);
  }

  #decided(decision: Decision, at: number, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#staged.set(decision.deployment, { ...decision, stage: -1, counted: 0, since: -1, trades: 0, result: undefined });
        return;
      case 'phaseChanged':
        this.#clock(this.#staged.get(decision.deployment), decision.to === 'Progressing', at);
        return;
      case 'stageGranted':
        this.#granted(decision, at);
        return;
      case 'gateJudged':
        this.#judged(decision, at, say);
        return;
      default:
        return;
    }
  }

  #clock(one: Staged | undefined, counts: boolean, at: number): void {
    if (one === undefined || counts === one.since >= 0) return;
    if (!counts) one.counted += at - one.since;
    one.since = counts ? at : -1;
  }

  #granted({ deployment, stage }: StageGranted, at: number): void {
    const one = this.#staged.get(deployment);
    if (one === undefined) return;
    Object.assign(one, { stage, counted: 0, trades: this.#trades[one.row] ?? 0, result: this.#results.result(one.row) });
    if (one.since >= 0) one.since = at;
  }

  #judged(judged: GateJudged, at: number, say: Say): void {
    const one = this.#staged.get(judged.deployment);
    const stage = one === undefined || one.stage < 0 ? undefined : one.spec.stages.at(one.stage);
    if (one === undefined || stage === undefined || one.spec.progressive !== null || judged.text.includes('waived')) return;
    const own = this.#own(one, stage, judged.gate, at);
    if (own === undefined) return;
    const { gate, verdict, value } = judged;
    this.#count(`${own.property} ${gate}`);
    if (Math.abs(value - own.value) > own.within * Math.max(1, Math.abs(own.value)))
      say(own.property, `${gate} of ${one.spec.deploymentID} was judged on ${value}, by its fills, marks and times it is ${own.value}`);
    else if ((verdict === 'pass') !== own.passes)
      say(
        own.property,
        `${gate} of ${one.spec.deploymentID} is ${verdict} at ${value}, by the spec it ${own.passes ? 'passes' : 'does not pass'}`,
      );
  }

  #own(
    one: Staged,
    stage: Stage,
    gate: string,
    at: number,
  ): { property: string; value: number; passes: boolean; within: number } | undefined {
    switch (gate) {
      case 'minDuration': {
        if (one.spec.clock.kind !== 'wall') return undefined;
        const lasted = one.counted + (one.since < 0 ? 0 : at - one.since);
        const left = Math.max(0, durationMicros(stage.minDuration) - lasted);
        return { property: 'PRO1', value: left, passes: left === 0, within: 0 };
      }
      case 'minTrades': {
        const fills = (this.#trades[one.row] ?? 0) - one.trades;
        return { property: 'PRO3', value: fills, passes: fills >= stage.minTrades, within: 0 };
      }
      case 'minPnL': {
        const now = this.#results.result(one.row);
        if (now === undefined || one.result === undefined) return undefined;
        const made = (now - one.result) / units;
        return {
          property: 'PRO3',
          value: made,
          passes: Math.round((now - one.result) * 2) / 2 >= Number(stage.minPnL) * units,
          within: tolerance,
        };
      }
      case 'maxDrawdown': {
        const fallen = this.#results.drawdown(one.row);
        const { maxDrawdown } = one.spec.rollbackThresholds;
        if (fallen === undefined || maxDrawdown === null || Math.abs(fallen - maxDrawdown) < 1e-9) return undefined;
        return { property: 'PRO7', value: fallen, passes: fallen < maxDrawdown, within: 1e-6 };
      }
      default:
        return undefined;
    }
  }
}
