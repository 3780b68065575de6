/** Sites that no life reaches, each with its reason: a row of the table all the same. */
export const unreached: ReadonlyMap<string, string> = new Map([
  ['order-flow SELF_TRADE 3', '1,024 orders would have to wait for others at one time'],
  ['orders/own-requests TARGET_NOT_WORKING', 'whoever cancels asks first whether the order may be canceled'],
  ['risk/limits CAPACITY_REACHED', 'a desk has room for 262,144 limits'],
  ['rollout/deploy CAPACITY_REACHED', 'a desk has room for 65,536 rollbacks'],
  ['rollout/deploy CAPACITY_REACHED 2', 'a desk has room for 65,536 deployments'],
  ['rollout/deploy CAPACITY_REACHED 3', 'a desk has room for 4,096 processes of evidence and 1,024 paired ones'],
  ['rollout/deploy UNKNOWN_SLICE 2', 'the slice has been found before a row is looked for'],
  ['rollout/foresight CAPACITY_REACHED', 'a desk has room for 65,536 rollbacks'],
  ['rollout/promotion NOT_ENOUGH_FREE_CAPITAL 2', 'the same room was asked for in the same turn, before anything was changed'],
  ['rollout/trial-heads CAPACITY_REACHED', 'a desk has room for the trials of 16,384 algorithms'],
  ['rollout/version-commands UNKNOWN_VERSION 2', 'the row has been found before what would refuse it is asked'],
]);

/** Where two controls guard one thing, both are switched off: the site, and those that would hide it. */
export const together: ReadonlyMap<string, readonly string[]> = new Map([
  ['orders/own-requests TARGET_NOT_WORKING 2', ['risk/checks/form TARGET_NOT_WORKING']],
  ['orders/own-requests REPLACE_PENDING', ['risk/checks/form REPLACE_PENDING']],
  ['risk/checks/size-cut NO_FX_RATE', ['risk/checks/notional NO_FX_RATE']],
  ['risk/checks/size-cut NO_FX_RATE 2', ['risk/checks/allocation NO_FX_RATE']],
  ['rollout/promotion KILL_SWITCH_ENGAGED', ['rollout/promotion PAUSED_BY_A_PERSON', 'rollout/swap-people PAUSED_BY_A_PERSON']],
  ['rollout/promotion FREEZE_WINDOW', ['rollout/promotion GATES_NOT_PASSED']],
  ['risk/limit-command UNKNOWN_SCOPE', ['risk/limits UNKNOWN_SCOPE']],
  ['rollout/deploy GATE_NOT_JUDGED 2', ['rollout/deploy TRIALS_NOT_ACCEPTED']],
  ['rollout/deploy UNKNOWN_VENUE', ['rollout/deploy UNKNOWN_VENUE 2']],
]);
