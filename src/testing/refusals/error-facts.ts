import type { Core } from '../../core/core.ts';
import type { Decision, GateJudged } from '../../domain/decision.ts';
import type { Report } from '../../domain/report.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';

/** Panels of the integral; Simpson's rule on so many is exact to 1e-9 for what a life counts. */
const panels = 2_048;
const tolerance = 1e-6;
/** E-value at which an error rate counts as shown (rollout.md 2: act at 100). */
const shown = 100;

/**
 * E-value against "at most `rate` of the orders err": the likelihood ratio of the errors seen to that rate, averaged over the rates from it to 0.5 with a log-uniform prior (rollout.md 2), by
 * Simpson's rule in the logarithm. 1 of 99 at 0.01 is 0.26, 3 of 20 is 89, 5 of 50 is 379.
 */
export function ownErrorEvidence(errors: number, trials: number, rate: number): number {
  const [from, to] = [Math.log(rate), Math.log(0.5)];
  const width = (to - from) / panels;
  const ratio = (n: number): number => {
    const p = Math.exp(from + n * width);
    return (p / rate) ** errors * ((1 - p) / (1 - rate)) ** (trials - errors);
  };
  let sum = ratio(0) + ratio(panels);
  for (let n = 1; n < panels; n++) sum += ratio(n) * (n % 2 === 1 ? 4 : 2);
  return sum / 3 / panels;
}

interface Watched {
  readonly row: number;
  readonly spec: DeploymentSpec;
  stage: number;
}

interface Counted {
  trials: number;
  errors: number;
}

/**
 * The verdict `maxErrorRate` by a count of its own (limits.md: a venue's reject, a timeout and an exception of the version err, our denials do not, nor orders of a venue that has said nothing since they were sent).
 * What was on paper counts for the run on paper alone.
 */
export class ErrorFacts implements Fold {
  readonly #deployments = new Map<number, Watched>();
  /** By row, and whether on paper. */
  readonly #counted = new Map<string, Counted>();
  /** Orders by number: where they count, and the record that sent them. */
  readonly #orders = new Map<number, { readonly key: string; readonly seq: number; answered: boolean }>();
  readonly #reports = new Set<string>();
  /** Number of the venue's newest word. */
  #heard = 0;

  take(turn: Turn, _core: Core | undefined, say: Say): void {
    const { input, seq, decisions } = turn;
    if (input.kind === 'report') {
      if (!input.simulated && input.execType !== 'timeout') this.#heard = seq;
      if (!decisions.some(({ kind }) => kind === 'breakFound')) this.#said(input);
    }
    for (const decision of decisions) this.#decided(decision, seq, say);
    if (input.kind === 'host' && (input.event === 'exception' || input.event === 'overBudget')) this.#erred(keyOf(input.row, false));
  }

  #decided(decision: Decision, seq: number, say: Say): void {
    switch (decision.kind) {
      case 'deploymentProposed':
        this.#deployments.set(decision.deployment, { row: decision.row, spec: decision.spec, stage: -1 });
        for (const onPaper of [false, true]) this.#counted.delete(keyOf(decision.row, onPaper));
        return;
      case 'stageGranted': {
        const one = this.#deployments.get(decision.deployment);
        if (one !== undefined) one.stage = decision.stage;
        return;
      }
      case 'orderSent':
      case 'replaceSent': {
        const { clOrdID, row, simulated } = decision.order;
        this.#orders.set(clOrdID, { key: keyOf(row, simulated), seq, answered: false });
        return;
      }
      case 'gateJudged':
        if (decision.gate === 'maxErrorRate') this.#judged(decision, say);
        return;
      default:
        return;
    }
  }

  /** What a venue says twice under one number it has said once. */
  #said({ clOrdID, execID, execType }: Report): void {
    const order = this.#orders.get(clOrdID);
    if (order === undefined || this.#reports.has(execID)) return;
    if (execID !== '') this.#reports.add(execID);
    if (execType === 'new' && !order.answered) {
      order.answered = true;
      this.#at(order.key).trials += 1;
    } else if (execType === 'rejected' || (execType === 'timeout' && this.#heard > order.seq)) this.#erred(order.key);
  }

  #at(key: string): Counted {
    const known = this.#counted.get(key) ?? { trials: 0, errors: 0 };
    this.#counted.set(key, known);
    return known;
  }

  #erred(key: string): void {
    const counted = this.#at(key);
    counted.trials += 1;
    counted.errors += 1;
  }

  #judged({ deployment, verdict, value, text }: GateJudged, say: Say): void {
    const one = this.#deployments.get(deployment);
    const rate = one?.spec.rollbackThresholds.maxErrorRate ?? null;
    if (one === undefined || rate === null || text.includes('waived')) return;
    const { trials, errors } = this.#at(keyOf(one.row, one.stage < 0));
    const own = trials === 0 ? NaN : ownErrorEvidence(errors, trials, rate);
    const due = trials === 0 ? 'inconclusive' : own < shown ? 'pass' : 'fail';
    const apart = Math.abs(value - own) > tolerance * Math.max(1, own) || Number.isNaN(value) !== Number.isNaN(own);
    if (apart) say('PRO3', `errors of ${one.spec.deploymentID} were judged on e = ${value}, ${errors} of ${trials} make it ${own}`);
    else if (verdict !== due && Math.abs(own - shown) > tolerance * shown)
      say('PRO3', `errors of ${one.spec.deploymentID} are ${verdict} at e = ${value}, by the page ${due}`);
  }
}

const keyOf = (row: number, onPaper: boolean): string => `${row} ${onPaper ? 1 : 0}`;
