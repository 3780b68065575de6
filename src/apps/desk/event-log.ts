import type { Decision } from '../../domain/decision.ts';
import type { DeploymentID, RowIx, Seq } from '../../domain/ids.ts';
import type { DeskView } from '../../projections/desk-view.ts';

/** Most events kept for one deployment; the journal has them all. */
export const maxEvents = 256;

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

  constructor(view: DeskView) {
    this.#view = view;
  }

  take(seq: Seq, at: number, decision: Decision): void {
    const id = this.#deploymentOf(decision);
    if (id === undefined) return;
    const log = decision.kind === 'gateJudged' ? this.#verdicts : this.#events;
    const events = log.get(id) ?? [];
    log.set(id, events);
    events.push({ seq, at, kind: decision.kind, decision });
    if (events.length > maxEvents) events.shift();
  }

  of(id: DeploymentID): readonly DeploymentEvent[] {
    return this.#events.get(id) ?? [];
  }

  /** Verdicts with the hash of what they were judged on. */
  verdictsOf(id: DeploymentID): readonly DeploymentEvent[] {
    return this.#verdicts.get(id) ?? [];
  }

  #deploymentOf(decision: Decision): DeploymentID | undefined {
    switch (decision.kind) {
      case 'deploymentProposed':
      case 'phaseChanged':
      case 'stageGranted':
        return decision.deploymentID;
      case 'gateJudged':
        return [...this.#view.deployments.keys()][decision.deployment];
      case 'proposalChanged':
        return this.#view.deployments.has(decision.subject) ? decision.subject : undefined;
      case 'lifecycleChanged':
      case 'rowChanged':
      case 'triggerFired':
      case 'rollbackStepDone':
      case 'rollbackCompleted':
        return this.#ofRow(decision.row);
      default:
        // orders and fills: in the journal
        return undefined;
    }
  }

  #ofRow(row: RowIx): DeploymentID | undefined {
    let found: DeploymentID | undefined;
    for (const deployment of this.#view.deployments.values()) if (deployment.row === row) found = deployment.deploymentID;
    return found;
  }
}
