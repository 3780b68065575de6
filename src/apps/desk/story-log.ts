import type { Decision, GateJudged, KillStepDone } from '../../domain/decision.ts';
import type { GreenReady, SwapAborted, SwapCommitted, SwapFinalized, SwapPrepared, SwapProposed } from '../../domain/swap.ts';

/** What the story keeps of its decisions for the report at its end. */
export class StoryLog {
  proposed: SwapProposed | undefined;
  prepared: SwapPrepared | undefined;
  ready: GreenReady | undefined;
  committed: SwapCommitted | undefined;
  finalized: SwapFinalized | undefined;
  aborted: SwapAborted | undefined;
  readonly killSteps: KillStepDone[] = [];
  /** Last judgment of each gate that stands on an e-value, by deployment, stage and gate. */
  readonly evidence = new Map<string, GateJudged>();

  take(decision: Decision): void {
    switch (decision.kind) {
      case 'swapProposed':
        this.proposed = decision;
        return;
      case 'swapPrepared':
        this.prepared = decision;
        return;
      case 'greenReady':
        this.ready = decision;
        return;
      case 'swapCommitted':
        this.committed = decision;
        return;
      case 'swapFinalized':
        this.finalized = decision;
        return;
      case 'swapAborted':
        this.aborted = decision;
        return;
      case 'killStepDone':
        this.killSteps.push(decision);
        return;
      case 'gateJudged':
        if (decision.text.startsWith('e = ')) this.evidence.set(`${decision.deployment}/${decision.stage}/${decision.gate}`, decision);
        return;
      default:
        // the rest is folded by the view
        return;
    }
  }
}
