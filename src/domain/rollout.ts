/** Words of the three machines of rollout.md section 1. */
export const lifecycles = [
  'Registered',
  'Loading',
  'Warming',
  'Ready',
  'Shadow',
  'Canary',
  'Active',
  'Draining',
  'Standby',
  'Retired',
  'Failed',
  'Halted',
] as const;
export type Lifecycle = (typeof lifecycles)[number];

export const phases = ['Proposed', 'Progressing', 'Paused', 'RollingBack', 'Degraded', 'Healthy', 'Aborted'] as const;
export type Phase = (typeof phases)[number];

export const verdicts = ['pass', 'fail', 'inconclusive', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** Modes of a row of the order gate. */
export const gateModes = ['ACTIVE', 'REDUCING', 'CANCEL_ONLY', 'SIMULATED', 'HALTED'] as const;
export type GateMode = (typeof gateModes)[number];

export const rollbackSteps = ['RB0', 'RB1', 'RB2', 'RB3', 'RB4', 'RB5', 'RB6'] as const;
export type RollbackStep = (typeof rollbackSteps)[number];

/** Steps of a kill behind its latch. */
export const killSteps = ['canceled', 'resent', 'escalated', 'ended'] as const;
export type KillStep = (typeof killSteps)[number];

/** Whose cancels are not answered; selfTrade: those of older orders that stand in the way of one that reduces. */
export const escalationCauses = ['rollback', 'kill', 'selfTrade'] as const;
export type EscalationCause = (typeof escalationCauses)[number];

/** What can still be done about cancels that no venue answers, in this order. */
export const escalationActions = ['massCancel', 'dropSession', 'deadMan', 'none'] as const;
export type EscalationAction = (typeof escalationActions)[number];

export const triggerRules = [
  'maxDailyLoss',
  'maxDrawdown',
  'maxPosition',
  'maxErrorRate',
  'maxLatency',
  'consecutiveErrors',
  'connectivityLoss',
  'staleData',
  'exception',
  'overBudget',
  'manual',
  'killSwitch',
  'tradeVelocity',
  'harm',
  'baselineOver',
  'maxDailyDrawdown',
  'maxWeeklyDrawdown',
  'maxMonthlyDrawdown',
  'unprotected',
] as const;
export type TriggerRule = (typeof triggerRules)[number];

/** What kind of fault a trigger points at; only a versionFault lets the previous version take over. */
export const triggerClasses = ['versionFault', 'lossLimit', 'market', 'human'] as const;
export type TriggerClass = (typeof triggerClasses)[number];
