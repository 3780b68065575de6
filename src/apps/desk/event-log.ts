import type { Decision } from '../../domain/decision.ts';
import type { DeploymentID, RowIx, Seq } from '../../domain/ids.ts';
import type { DeskView } from '../../projections/desk-view.ts';

/** Most events kept for one deployment, and deployments whose events are kept: those that had one last. The journal has them all. */
export const maxEvents = 256;
export const maxLoggedDeployments = 256;

export interface DeploymentEvent {
  readonly seq: Seq;
  readonly at: number;
  readonly kind: Decision['kind'];
  readonly decision: Decision;
}

/** The newest decisions about each deployment: its phases, stages and proposals, what happened to its row, and apart from them the verdicts of its gates. */
export class EventLog {
  readonly #view: DeskView;
  readonly #events = new Map<DeploymentID, DeploymentEvent[]>();
  readonly #verdicts = new Map<DeploymentID, DeploymentEvent[]>();
  /** Deployments of the view in their order, and the last one of each row. */
  readonly #ids: DeploymentID[] = [];
  readonly #byRow = new Map<RowIx, DeploymentID>();

  constructor(view: DeskView) {
    this.#view = view;
  }

  take(seq: Seq, at: number, decision: Decision): void {
    const id = this.#deploymentOf(decision);
    if (id === undefined) return;
    const log = decision.kind === 'gateJudged' ? this.#verdicts : this.#events;
    const events = log.get(id) ?? [];
    // the one that had an event last stands last
    log.delete(id);
    log.set(id, events);
    if (log.size > maxLoggedDeployments) {
      const [oldest] = log.keys();
      log.delete(oldest);
    }
    events.push({ seq, at, kind: decision.kind, decision });
    if (events.length > maxEvents) events.shift();
  }

  of(id: DeploymentID): readonly DeploymentEvent[] {
    return this.#events.get(id) ?? [];
  }

  /** Deployments whose events are kept. */
  get logged(): number {
    return this.#events.size;
  }

  /** Verdicts with the hash of what they were judged on. */
  verdictsOf(id: DeploymentID): readonly DeploymentEvent[] {
    return this.#verdicts.get(id) ?? [];
  }

  /** A view that was folded from a journal has deployments that were never told here. */
  #learn(): void {
    if (this.#ids.length === this.#view.deployments.size) return;
    this.#ids.length = 0;
    for (const { deploymentID, row } of this.#view.deployments.values()) this.#know(deploymentID, row);
  }

  #know(id: DeploymentID, row: RowIx): void {
    this.#ids.push(id);
    this.#byRow.set(row, id);
  }

  #deploymentOf(decision: Decision): DeploymentID | undefined {
    if (decision.kind === 'deploymentProposed') this.#know(decision.deploymentID, decision.row);
    this.#learn();
    switch (decision.kind) {
      case 'deploymentProposed':
      case 'phaseChanged':
      case 'stageGranted':
        return decision.deploymentID;
      case 'gateJudged':
        return this.#ids[decision.deployment];
      case 'proposalChanged':
        return this.#view.deployments.has(decision.subject) ? decision.subject : undefined;
      case 'lifecycleChanged':
      case 'rowChanged':
      case 'triggerFired':
      case 'rollbackStepDone':
      case 'rollbackCompleted':
        return this.#byRow.get(decision.row);
      default:
        // orders and fills: in the journal
        return undefined;
    }
  }
}
