import type { Core } from '../../../core/core.ts';
import type { Decision, EvidenceTaken, GateJudged, PhaseChanged, StageGranted } from '../../../domain/decision.ts';
import type { DeploymentSpec } from '../../../domain/spec.ts';
import type { ResultFacts } from './results.ts';
import type { Count, Fold, Say, Turn } from './turn.ts';

interface Watched {
  readonly row: number;
  readonly spec: DeploymentSpec;
}

/** An e-process that the checker runs on beside the desk's, from its first datum to its last. */
interface Process {
  readonly sign: number;
  readonly nullMean: number;
  readonly grid: readonly number[];
  readonly wealth: number[];
  observations: number;
}

/** Wealth stops growing there (`quant/evidence/betting.ts` says so in its own words). */
const mostWealth = 1e250;
const tolerance = 1e-9;

/**
 * PRO1, PRO3, PRO4, PRO7 and MET3 from records alone: every gate of a step up is judged on the number of its input; nothing but a number passes; a gate that failed holds until people retry, and the
 * evidence is one process from its first datum on, whatever was retried, paused, granted or started; nothing is granted at or after a breach, told or by the checker's own results; a
 * confidence is 0 … 1; approvals are for the spec that they name.
 */
export class MeritFacts implements Fold {
  readonly #results: ResultFacts;
  readonly #count: Count;
  readonly #deployments = new Map<number, Watched>();
  readonly #hashes = new Map<string, string>();
  readonly #latched = new Map<number, string>();
  /** Rows that were rolled back since their deployment was proposed. */
  readonly #breached = new Map<number, string>();
  readonly #processes = new Map<string, Process | undefined>();

  constructor(results: ResultFacts, count: Count) {
    this.#results = results;
    this.#count = count;
  }

  /** After the fold of results has taken the turn. */
  take(turn: Turn, _core: Core | undefined, say: Say): void {
    const { decisions } = turn;
    // a breach in the turn of a grant comes before it, wherever its record stands
    for (const decision of decisions) if (decision.kind === 'triggerFired') this.#breached.set(decision.row, decision.rule);
    for (const decision of decisions) this.#decided(decision, turn, say);
  }

  #decided(decision: Decision, turn: Turn, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#deployments.set(decision.deployment, decision);
        this.#hashes.set(decision.deploymentID, decision.spec.specHash);
        if (!turn.decisions.some((one) => one.kind === 'triggerFired' && one.row === decision.row)) this.#breached.delete(decision.row);
        return;
      case 'gateJudged':
        this.#judged(decision, turn, say);
        return;
      case 'stageGranted':
        if (decision.stage >= 0) this.#granted(decision, turn, say);
        return;
      case 'phaseChanged':
        this.#moved(decision, turn, say);
        return;
      case 'evidenceTaken':
        if (decision.side !== 'paired') this.#taken(decision, say);
        return;
      case 'commandAnswered':
        if (decision.accepted && turn.input.kind === 'command' && turn.input.command.verb === 'approve') {
          const { deploymentID, specHash } = turn.input.command;
          this.#count('PRO1 approvals');
          if (this.#hashes.get(deploymentID) !== specHash) say('PRO1', `another spec than that of ${deploymentID} was approved`);
        }
        return;
      default:
        return;
    }
  }

  #judged({ deployment, gate, verdict, value, text, atSeq }: GateJudged, { seq }: Turn, say: Say): void {
    this.#count('PRO1 judged');
    if (atSeq !== seq) say('PRO1', `gate ${gate} was judged at ${atSeq} in the turn of ${seq}`);
    if (verdict === 'pass' && !Number.isFinite(value) && !text.includes('waived')) say('PRO3', `gate ${gate} passed on ${value}`);
    if (verdict === 'fail') {
      this.#count('PRO4 latched');
      this.#latched.set(deployment, gate);
    }
    if (gate !== 'confidence') return;
    this.#count('MET3');
    if (!Number.isNaN(value) && !(value >= 0 && value <= 1)) say('MET3', `a confidence of ${value}`);
  }

  #granted({ deployment, deploymentID, stage }: StageGranted, turn: Turn, say: Say): void {
    const known = this.#deployments.get(deployment);
    // a baseline gets what its canary gets (BAS)
    if (known === undefined || known.spec.baselineOf !== undefined) return;
    this.#count('PRO7');
    const breach = this.#breached.get(known.row);
    if (breach !== undefined) say('PRO7', `${deploymentID} was granted stage ${stage} at or after its breach of ${breach}`);
    const { maxDrawdown } = known.spec.rollbackThresholds;
    const fallen = this.#results.drawdown(known.row) ?? 0;
    if (maxDrawdown !== null && fallen > maxDrawdown + 1e-6)
      say('PRO7', `${deploymentID} was granted stage ${stage} at a drawdown of ${fallen}, its limit is ${maxDrawdown}`);
    const failed = this.#latched.get(deployment);
    if (failed !== undefined && verbOf(turn) !== 'promote')
      say('PRO4', `${deploymentID} was granted stage ${stage} although ${failed} had failed`);
  }

  /** People who retry or promote judge anew; nobody else does. */
  #moved({ deployment, deploymentID, to }: PhaseChanged, turn: Turn, say: Say): void {
    const failed = this.#latched.get(deployment);
    if (to !== 'Progressing' || failed === undefined) return;
    const verb = verbOf(turn);
    if (verb !== 'retry' && verb !== 'promote') say('PRO4', `${deploymentID} goes on by ${verb} although ${failed} had failed`);
    this.#latched.delete(deployment);
  }

  #taken({ row, terms, datum, value, observations }: EvidenceTaken, say: Say): void {
    const key = `${row} ${terms}`;
    if (!this.#processes.has(key)) this.#processes.set(key, processOf(terms));
    const running = this.#processes.get(key);
    if (running === undefined) return say('PRO4', `nobody can read what was declared: ${terms}`);
    this.#count('PRO4 data');
    const gain = running.sign * (datum - running.nullMean);
    for (let j = 0; j < running.grid.length; j++)
      running.wealth[j] = Math.min(mostWealth, running.wealth[j] * Math.max(0, 1 + running.grid[j] * gain));
    running.observations += 1;
    const own = running.wealth.reduce((sum, wealth) => sum + wealth, 0) / running.wealth.length;
    if (observations !== running.observations)
      say('PRO4', `evidence of row ${row} has ${observations} data, ${running.observations} were taken`);
    else if (Math.abs(value - own) > tolerance * Math.max(1, own))
      say('PRO4', `evidence of row ${row} is ${value}, its data make it ${own}`);
  }
}

/** What was said in a turn: by one person, or by the one who agrees to another's proposal; else what came in. */
function verbOf({ input, decisions }: Turn): string {
  if (input.kind !== 'command') return input.kind;
  const agreed =
    input.command.verb === 'agree' ? decisions.find((one) => one.kind === 'proposalChanged' && one.state === 'done') : undefined;
  return agreed?.kind === 'proposalChanged' ? agreed.verb : input.command.verb;
}

/** What was declared, and wealth of 1 on each bet (rollout.md 2: K = mean of prod (1 + l_j (r - m0))). */
function processOf(terms: string): Process | undefined {
  const { side, grid, nullMean } = JSON.parse(terms) as {
    readonly side: string;
    readonly grid: readonly number[];
    readonly nullMean: number;
  };
  if (!Array.isArray(grid) || typeof nullMean !== 'number') return undefined;
  return { sign: side === 'harm' ? -1 : 1, nullMean, grid, wealth: grid.map(() => 1), observations: 0 };
}
