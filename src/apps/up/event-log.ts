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

/** The newest decisions about each deployment: its phases, gates, stages, and what happened to its row. */
export class EventLog {
  readonly #view: DeskView;
  readonly #events = new Map<DeploymentID, DeploymentEvent[]>();

  constructor(view: DeskView) {
    this.#view = view;
  }

  take(seq: Seq, at: number, decision: Decision): void {
    const id = this.#deploymentOf(decision);
    if (id === undefined) return;
    const events = this.#events.get(id) ?? [];
    this.#events.set(id, events);
    events.push({ seq, at, kind: decision.kind, decision });
    if (events.length > maxEvents) events.shift();
  }

  of(id: DeploymentID): readonly DeploymentEvent[] {
    return this.#events.get(id) ?? [];
  }

  #deploymentOf(decision: Decision): DeploymentID | undefined {
    switch (decision.kind) {
      case 'deploymentProposed':
      case 'phaseChanged':
      case 'stageGranted':
        return decision.deploymentID;
      case 'lifecycleChanged':
      case 'rowChanged':
      case 'triggerFired':
      case 'rollbackStepDone':
      case 'rollbackCompleted':
        return this.#ofRow(decision.row);
      default:
        // orders, fills and gates by index: in the journal
        return undefined;
    }
  }

  #ofRow(row: RowIx): DeploymentID | undefined {
    let found: DeploymentID | undefined;
    for (const deployment of this.#view.deployments.values()) if (deployment.row === row) found = deployment.deploymentID;
    return found;
  }
}
