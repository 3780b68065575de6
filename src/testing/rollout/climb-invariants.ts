import { toBigInt } from '../../base/split.ts';
import type { Decision, GateJudged, StageGranted } from '../../domain/decision.ts';
import type { RolloutDesk, Turn } from './rollout-desk.ts';
import { areTwo, spokenIn } from './spoken.ts';

interface Climb {
  stage: number;
  grantedAt: number;
  /** A gate failed and nobody has asked for a retry. */
  latched: boolean;
}

/** PRO1 to PRO7 and LIV1, LIV2: how a deployment gets more capital, and who acts next. */
export class ClimbInvariants {
  readonly #say: (text: string) => void;
  readonly #climbs: Climb[] = [];

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  watch(turn: Turn, desk: RolloutDesk, killed: boolean): void {
    const judged = turn.decisions.filter((one): one is GateJudged => one.kind === 'gateJudged');
    for (const one of judged) this.#judged(one);
    for (const decision of turn.decisions) {
      if (decision.kind === 'rowChanged') this.#fell(decision, desk);
      if (decision.kind === 'stageGranted') this.#granted(decision, judged, turn, desk, killed);
      if (decision.kind === 'phaseChanged') this.#phase(decision, turn, desk);
    }
    for (const one of judged) if (one.verdict === 'fail') this.#climb(one.deployment).latched = true;
    this.#alive(turn, desk);
  }

  #climb(deployment: number): Climb {
    return (this.#climbs[deployment] ??= { stage: -1, grantedAt: 0, latched: false });
  }

  /** Less confidence leads to a lower rung; the climb goes on from there. */
  #fell({ row, stage }: Extract<Decision, { kind: 'rowChanged' }>, desk: RolloutDesk): void {
    const { serving, deployments } = desk.core.rollout;
    const ix = serving[row] ?? -1;
    if (ix < 0 || deployments[ix].spec.progressive === null) return;
    const climb = this.#climb(ix);
    climb.stage = Math.min(climb.stage, stage);
  }

  #judged({ gate, verdict, value, text, atSeq }: GateJudged): void {
    if (verdict === 'pass' && !Number.isFinite(value) && !text.includes('waived')) this.#say(`PRO3 gate ${gate} passed on ${value}`);
    if (!(atSeq > 0)) this.#say(`PRO1 gate ${gate} was judged at no seq`);
    if (gate === 'confidence' && !Number.isNaN(value) && !(value >= 0 && value <= 1)) this.#say(`MET3 a confidence of ${value}`);
    if (gate === 'maxDrawdown' && value < 0) this.#say(`MET2 a drawdown of ${value}`);
  }

  #granted(grant: StageGranted, judged: readonly GateJudged[], turn: Turn, desk: RolloutDesk, killed: boolean): void {
    const { deployment, stage, deploymentID } = grant;
    const climb = this.#climb(deployment);
    const spoken = spokenIn(turn, desk);
    const byPeople = spoken?.verb === 'promote';
    if (killed) this.#say(`KILL ${deploymentID} was granted stage ${stage} under the kill switch`);
    if (stage < 0) return;
    const { row, spec } = desk.core.rollout.deployments[deployment];
    // what it gets is its canary's promotion (BAS)
    if (spec.baselineOf !== undefined) return;
    const regained = spec.progressive !== null && stage === climb.stage;
    if (stage !== climb.stage + 1 && !regained) this.#say(`PRO2 ${deploymentID} went from rung ${climb.stage} to ${stage}`);
    if (turn.decisions.some((one) => one.kind === 'triggerFired' && one.row === row))
      this.#say(`PRO7 ${deploymentID} was promoted at a breach`);
    if (desk.core.rollout.lifecycle[row] === 'Halted') this.#say(`PRO7 ${deploymentID} was promoted while halted`);
    if (byPeople) {
      if (!areTwo(spoken)) this.#say(`PRO2 ${deploymentID} was promoted by one person`);
    } else this.#byGates(grant, judged, turn, spec.stages[stage - 1]?.minDuration.micros ?? 0);
    climb.stage = stage;
    climb.grantedAt = turn.at;
    if (grant.cap.hi === 0 && grant.cap.lo === 0) this.#say(`CAP3 ${deploymentID} was granted nothing`);
    // what a predecessor had goes over to the unit, whatever has become of the slice's capital since it was granted
    const handed = turn.decisions.some(
      (one) => one.kind === 'swapCommitted' && one.to === row && toBigInt(one.cap) === toBigInt(grant.cap),
    );
    if (!handed) this.#share(grant, toBigInt(desk.core.gate.slices[desk.core.gate.rows[row].slice].total));
  }

  /** Whole steps of 0.0001, and not a unit more than they are of the slice's capital. */
  #share({ deploymentID, allocation, cap }: StageGranted, total: bigint): void {
    if (!Number.isInteger(allocation)) this.#say(`CAP3 ${deploymentID} was granted ${allocation} steps`);
    else if (toBigInt(cap) * 10_000n > total * BigInt(allocation))
      this.#say(`CAP3 ${deploymentID} was granted more than ${allocation} steps`);
  }

  #byGates({ deploymentID, deployment, stage }: StageGranted, judged: readonly GateJudged[], turn: Turn, minDuration: number): void {
    const climb = this.#climb(deployment);
    const own = judged.filter((one) => one.deployment === deployment);
    if (climb.latched) this.#say(`PRO4 ${deploymentID} was promoted over a failed gate`);
    if (own.some((one) => one.verdict !== 'pass')) this.#say(`PRO3 ${deploymentID} was promoted over a gate that did not pass`);
    if (new Set(own.map((one) => one.atSeq)).size > 1) this.#say(`PRO1 gates of ${deploymentID} were judged at several seqs`);
    if (stage > 0 && own.length === 0) this.#say(`PRO1 ${deploymentID} was promoted without a judgment`);
    if (stage > 0 && turn.at - climb.grantedAt < minDuration) this.#say(`PRO1 ${deploymentID} was promoted before its time`);
  }

  #phase(changed: Extract<Decision, { kind: 'phaseChanged' }>, turn: Turn, desk: RolloutDesk): void {
    const { deployment, deploymentID, to, reason } = changed;
    if (to !== 'Progressing' && reason === '') this.#say(`LIV2 ${deploymentID} is ${to} without a reason`);
    const verb = spokenIn(turn, desk)?.verb ?? '';
    const climb = this.#climb(deployment);
    if (to === 'Progressing' && climb.latched && verb !== 'retry' && verb !== 'promote')
      this.#say(`PRO4 ${deploymentID} goes on after a failed gate without a retry`);
    if (to === 'Progressing') climb.latched = false;
  }

  #alive(turn: Turn, desk: RolloutDesk): void {
    const { rollout } = desk.core;
    const next = desk.core.nextDeadline();
    for (const { ix, phase, reason, judgeAt, spec, rollback } of rollout.deployments) {
      const id = spec.deploymentID;
      if ((phase === 'Paused' || phase === 'Degraded' || phase === 'RollingBack') && reason === '')
        this.#say(`LIV2 ${id} is ${phase} without a reason`);
      // a cutover goes on by the deadlines of its swap
      const swaps =
        spec.blueGreen !== null && next !== undefined && rollout.openSwaps.some((swap) => rollout.swaps[swap].deployment === ix);
      const canary = rollout.deployments.find((one) => one.spec.deploymentID === spec.baselineOf);
      if (canary !== undefined && phase === 'Progressing' && ['Healthy', 'Aborted'].includes(canary.phase))
        this.#say(`LIV1 nobody ends ${id}`);
      if (phase === 'Progressing' && !swaps && canary === undefined && !(judgeAt > 0 && next !== undefined && next <= judgeAt))
        this.#say(`LIV1 nobody judges ${id} next`);
      if (phase === 'RollingBack' && !rollout.open.includes(rollback)) this.#say(`LIV1 nobody ends the rollback of ${id}`);
    }
    if (turn.decisions.some((one) => one.kind === 'deploymentProposed') && next === undefined) this.#say('LIV1 the desk waits for nothing');
  }
}
