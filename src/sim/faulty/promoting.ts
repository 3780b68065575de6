import type { Decision } from '../../domain/decision.ts';

/** Records of how a deployment gets more capital, or does not. */
export const promoting: ReadonlySet<string> = new Set<Decision['kind']>([
  'gateJudged',
  'evidenceTaken',
  'phaseChanged',
  'stageGranted',
  'swapFrozen',
  'swapCommitted',
]);
