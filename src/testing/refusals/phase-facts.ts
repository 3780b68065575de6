import type { Core } from '../../core/core.ts';
import type { Verb } from '../../domain/command.ts';
import type { Decision, PhaseChanged } from '../../domain/decision.ts';
import type { Phase } from '../../domain/rollout.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { SwapProposed } from '../../domain/swap.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';
import type { DoneCommands } from './done-commands.ts';

/** A deployment by what was said of it. */
interface Known {
  readonly ix: number;
  readonly id: string;
  readonly row: number;
  readonly spec: DeploymentSpec;
  phase: Phase;
  /** Stage that was granted last, -1 on paper, and when; -2 = none yet. */
  stage: number;
  grantedAt: number;
}

/** Words that let a deployment go on, stop it where it is, and close it. */
const goesOn: ReadonlySet<string> = new Set<Verb>(['resume', 'promote', 'retry', 'startStrategy', 'approve']);
const stops: ReadonlySet<string> = new Set<Verb>(['pause', 'deny', 'allocate', 'pauseStrategy', 'kill']);
const closes: ReadonlySet<string> = new Set<Verb>(['abort', 'rollback', 'undo']);
/** Phases from a fence on. */
const fenced: ReadonlySet<string> = new Set<Phase>(['RollingBack', 'Aborted', 'Degraded']);
const day = 86_400_000_000;

/**
 * The phase of each deployment by the second opinion: begun by its proposal, moved by what its version, its gates, its swap, its rollback and people have done (rollout.md 1, 3 and 4; verbs.md), and by nothing
 * else. A move without its cause, a cause without its move, and a core whose phase is another one are said. How long a stage has to last is held from below, what its gates say by `VerdictFacts`.
 */
export class PhaseFacts implements Fold {
  readonly #commands: DoneCommands;
  readonly #known: Known[] = [];
  /** Deployment that a row serves. */
  readonly #serves = new Map<number, Known>();
  readonly #lifecycles = new Map<number, string>();
  readonly #swaps = new Map<number, SwapProposed>();
  /** By row that is rolled back: what it served when it was fenced. */
  readonly #fenced = new Map<number, Known>();
  /** Rollbacks of which a step has failed, by the name of their version. */
  readonly #failed = new Set<string>();
  /** Deployments that went on in this turn. */
  readonly #wentOn = new Set<Known>();

  constructor(commands: DoneCommands) {
    this.#commands = commands;
  }

  /** After the fold of commands has taken the turn. */
  take(turn: Turn, core: Core | undefined, say: Say): void {
    const { decisions } = turn;
    if (decisions.length === 0) return;
    this.#wentOn.clear();
    const before = new Map(this.#known.map((known) => [known, known.phase]));
    for (const decision of decisions) this.#decided(decision, turn, say);
    for (const decision of decisions) this.#ended(decision, say);
    this.#asked(before, say);
    if (core === undefined) return;
    for (const { ix, id, phase } of this.#known) {
      const its = core.rollout.deployments[ix].phase;
      if (its !== phase) say('PHASE', `${id} is ${its}, by what was done to it ${phase}`);
    }
  }

  #decided(decision: Decision, turn: Turn, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed': {
        const { deployment: ix, deploymentID: id, row, spec } = decision;
        this.#known[ix] = { ix, id, row, spec, phase: 'Proposed', stage: -2, grantedAt: 0 };
        this.#serves.set(row, this.#known[ix]);
        return;
      }
      case 'stageGranted':
        Object.assign(this.#known[decision.deployment], { stage: decision.stage, grantedAt: turn.at });
        return;
      case 'swapProposed':
        this.#swaps.set(decision.swap, decision);
        return;
      case 'lifecycleChanged':
        this.#lifecycles.set(decision.row, decision.to);
        return;
      case 'triggerFired': {
        const known = this.#serves.get(decision.row);
        if (known === undefined) this.#fenced.delete(decision.row);
        else this.#fenced.set(decision.row, known);
        return;
      }
      case 'phaseChanged':
        this.#moved(decision, turn, say);
        return;
      default:
        return;
    }
  }

  #moved({ deployment, from, to, reason }: PhaseChanged, turn: Turn, say: Say): void {
    const known = this.#known[deployment];
    if (known.phase !== from) say('PHASE', `${known.id} leaves ${from}, by what was done to it it is ${known.phase}`);
    if (!this.#hasCause(known, from, to, turn))
      say('PHASE', `${known.id} goes from ${from} to ${to} and nothing was done that moves it: ${reason}`);
    known.phase = to;
    if (to === 'Progressing') this.#wentOn.add(known);
  }

  /** Whether anything of the turn explains a move. */
  #hasCause(known: Known, from: Phase, to: Phase, { input, decisions, at }: Turn): boolean {
    const { done } = this.#commands;
    const { ix, id, row, stage, spec } = known;
    const about = done !== undefined && (!('deploymentID' in done) || done.deploymentID === id);
    switch (to) {
      case 'Proposed':
        return false;
      case 'Progressing':
        if (from === 'Proposed') return input.kind === 'host' && input.event === 'warmed' && input.row === row;
        return about && goesOn.has(done.verb);
      case 'Paused': {
        if (about && stops.has(done.verb)) return true;
        // as its gates were judged it has no capital, or waits for people; as it begins there is no room, or the switch is on
        if (this.#wentOn.has(known)) return true;
        return decisions.some(
          (one) =>
            (one.kind === 'gateJudged' && one.deployment === ix) ||
            (one.kind === 'swapAborted' && this.#swaps.get(one.swap)?.deployment === ix) ||
            (one.kind === 'swapCommitted' && one.from === row),
        );
      }
      case 'RollingBack':
        return decisions.some((one) => one.kind === 'triggerFired' && one.row === row);
      case 'Degraded':
      case 'Aborted':
        if (from === 'RollingBack') return decisions.some((one) => one.kind === 'rollbackCompleted' && one.row === row);
        if (from === 'Degraded') return to === 'Aborted' && about && closes.has(done.verb);
        return to === 'Aborted' && decisions.some((one) => one.kind === 'lifecycleChanged' && one.row === row && one.to === 'Retired');
      case 'Healthy': {
        if (decisions.some((one) => one.kind === 'swapFinalized' && this.#swaps.get(one.swap)?.deployment === ix)) return true;
        const lasts = stage === -1 ? spec.promotionCriteria?.minDuration : spec.stages.at(Math.max(0, stage))?.minDuration;
        const last = stage === -1 || (stage >= 0 && stage === spec.stages.length - 1);
        return last && lasts !== undefined && at - known.grantedAt >= lasts.days * day + lasts.micros;
      }
    }
  }

  /** What a record makes of a phase, whoever asked for it: as the turn leaves it. */
  #ended(decision: Decision, say: Say): void {
    switch (decision.kind) {
      case 'triggerFired': {
        const known = this.#fenced.get(decision.row);
        if (known !== undefined && !fenced.has(known.phase)) say('PHASE', `${known.id} was fenced and is ${known.phase}`);
        return;
      }
      case 'rollbackCompleted': {
        const known = this.#fenced.get(decision.row);
        if (known === undefined) return;
        const failed = this.#failed.delete(`${known.spec.sliceID}/${known.spec.version}`);
        const wanted = decision.uncertain === 0 && decision.residual === 0 && !failed ? 'Aborted' : 'Degraded';
        if (known.phase !== wanted)
          say('PHASE', `${known.id} is ${known.phase} after a rollback with ${decision.uncertain} uncertain orders, ${wanted} is due`);
        return;
      }
      case 'alertRaised': {
        const of = decision.subject === 'ROLLBACK_STEP_FAILED' ? /^rollback of (\S+):/.exec(decision.text)?.[1] : undefined;
        if (of !== undefined) this.#failed.add(of);
        return;
      }
      case 'swapAborted':
      case 'swapFinalized': {
        const known = this.#known[this.#swaps.get(decision.swap)?.deployment ?? -1] as Known | undefined;
        if (known?.phase === 'Progressing') say('PHASE', `the swap of ${known.id} is over and it goes on`);
        return;
      }
      case 'swapCommitted': {
        const former = this.#serves.get(decision.from);
        if (former?.phase === 'Progressing') say('PHASE', `${former.id} goes on, another version took over from it`);
        return;
      }
      case 'lifecycleChanged':
        if (decision.to === 'Retired') this.#serves.delete(decision.row);
        return;
      default:
        return;
    }
  }

  /** What an accepted word makes of a phase. */
  #asked(before: ReadonlyMap<Known, Phase>, say: Say): void {
    const { done } = this.#commands;
    if (done === undefined) return;
    const wrong = (known: Known, text: string): void =>
      say('PHASE', `${done.verb} of ${known.id}, which was ${before.get(known) ?? ''}: ${text}`);
    for (const [known, was] of before) {
      const { phase, row, spec } = known;
      const serves = this.#serves.get(row) === known;
      if (done.verb === 'kill' && (done.target?.scope ?? 'firm') === 'firm' && phase === 'Progressing') wrong(known, 'it goes on');
      if (done.verb === 'pauseStrategy' && done.algorithmID === spec.algorithmID && serves && phase === 'Progressing')
        wrong(known, 'it goes on');
      if (!('deploymentID' in done) || done.deploymentID !== known.id) continue;
      const replaced = ['Standby', 'Draining'].includes(this.#lifecycles.get(row) ?? '');
      if ((done.verb === 'pause' || done.verb === 'deny') && phase === 'Progressing') wrong(known, 'it goes on');
      const goes = done.verb === 'resume' || done.verb === 'retry' || done.verb === 'promote';
      if (goes && was === 'Paused' && !replaced && !this.#wentOn.has(known)) wrong(known, 'it does not go on');
      // one that its version serves no more stays what it became; its version is taken back all the same
      const taken = serves || this.#lifecycles.get(row) !== 'Halted' ? fenced.has(phase) : true;
      if (closes.has(done.verb) && !taken) wrong(known, `it is ${phase}`);
      if (closes.has(done.verb) && was === 'Degraded' && phase !== 'Aborted') wrong(known, 'it is not closed');
    }
  }
}
