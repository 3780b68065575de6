/** What the sources do not show by their form: helpers that always refuse, places that are switched off by an edit of their own, and words that are codes and refuse nothing. */

/** Functions that refuse whatever they are called with, and their code: each call is a site. */
export const helpers: ReadonlyMap<string, string> = new Map([
  ['notIn', 'NOT_IN_THIS_PHASE'],
  ['below', 'NOT_IN_THIS_PHASE'],
  ['unknownVersion', 'UNKNOWN_VERSION'],
  ['unknownProposal', 'UNKNOWN_PROPOSAL'],
]);

export interface EditBySight {
  readonly id: string;
  /** Of a refusal whose code stands nowhere in that source. */
  readonly code?: string;
  readonly file: string;
  /** In the source after every other edit; once. */
  readonly find: string;
  /** @param ask what asks about a guard: the guard and a closing bracket follow it */
  readonly replace: (ask: string) => string;
}

const drawdownCheck = 'src/core/risk/checks/drawdown.ts';

export const bySight: readonly EditBySight[] = [
  // one place gives all three: each edit stands before the one that was made last
  ...(['DAILY', 'WEEKLY', 'MONTHLY'] as const).map((period) => ({
    id: `risk/checks/drawdown ${period}_DRAWDOWN_REACHED`,
    file: drawdownCheck,
    find: ') return deny(risk, codes[window.window]',
    replace: (ask: string) =>
      ` && (codes[window.window] !== '${period}_DRAWDOWN_REACHED' || ${ask}true))) return deny(risk, codes[window.window]`,
  })),
  {
    id: 'risk/checks/authority KILL_SWITCH_ENGAGED 2',
    file: 'src/core/risk/checks/authority.ts',
    find: 'if (!risk.scopeKills[scope].has(ix)) continue;',
    replace: (ask) => `if (!${ask}risk.scopeKills[scope].has(ix))) continue;`,
  },
  {
    id: 'rollout/deploy NOT_IN_THIS_PHASE',
    file: 'src/core/rollout/deploy.ts',
    find: 'if (!isReplaced(core.rollout, row)) return undefined;',
    replace: (ask) => `if (!${ask}isReplaced(core.rollout, row))) return undefined;`,
  },
  {
    id: 'rollout/foresight NOT_IN_THIS_PHASE',
    file: 'src/core/rollout/foresight.ts',
    find: 'if (latchOf(core, target) !== undefined) return undefined;',
    replace: (ask) => `if (!${ask}latchOf(core, target) === undefined)) return undefined;`,
  },
  {
    id: 'rollout/trial-heads TRIALS_NOT_ACCEPTED 2',
    file: 'src/core/rollout/trial-heads.ts',
    find: 'if (same || (trials > known.trials',
    replace: (ask) => `if (!${ask}true) || same || (trials > known.trials`,
  },
  {
    id: 'order-flow SELF_TRADE 2',
    file: 'src/core/order-flow.ts',
    find: "deny(core, intent, 'SELF_TRADE', 0, 0, '', outcome);",
    replace: (ask) => `if (${ask}true)) deny(core, intent, 'SELF_TRADE', 0, 0, '', outcome);`,
  },
  {
    id: 'waiting-orders SELF_TRADE',
    file: 'src/core/waiting-orders.ts',
    find: "deny(core, intent, 'SELF_TRADE', waits.length, 0, '', outcome);",
    replace: (ask) => `if (${ask}true)) deny(core, intent, 'SELF_TRADE', waits.length, 0, '', outcome);`,
  },
];

/** Words that are codes where nothing is refused: bodies of the helpers, first values of reused answers. */
export const notSites: ReadonlySet<string> = new Set([
  'risk/verdict UNKNOWN_LISTING',
  'rollout/foresight NOT_IN_THIS_PHASE 2',
  'rollout/promotion NOT_IN_THIS_PHASE 5',
  'rollout/proposals UNKNOWN_PROPOSAL 3',
  'rollout/version-commands UNKNOWN_VERSION 4',
]);

/** Sources that refuse nothing themselves, and compare with a number for one that does. */
export const edgeFiles: ReadonlySet<string> = new Set([
  'src/core/risk/sessions.ts',
  'src/core/risk/size-cut.ts',
  'src/core/risk/lease.ts',
  'src/core/risk/order-rate.ts',
  'src/core/rollout/approvals.ts',
  'src/core/rollout/freeze-window.ts',
  'src/core/rollout/judgment.ts',
  'src/api/body.ts',
  'src/api/routes.ts',
  'src/api/server.ts',
  'src/apps/desk/control.ts',
  'src/apps/verbs/ask-verb.ts',
  'src/apps/verbs/read-limit.ts',
  'src/apps/verbs/verb-fields.ts',
  'src/apps/verbs/verb-table.ts',
  'src/apps/verbs/people-file.ts',
  'src/runtime/exported-state.ts',
]);

/** Of these the numbers that are named below, and no other: the rest of them is a way to be quick, which is exact only far from a limit and may not end when it is moved. */
export const sightOnly: ReadonlySet<string> = new Set(['src/core/risk/order-rate.ts']);

/** Numbers that are handed on to be compared elsewhere, each in a place that is there exactly once. */
export const edgesBySight: readonly EditBySight[] = [
  {
    id: 'risk/checks/concentration by sight: bps',
    file: 'src/core/risk/checks/concentration.ts',
    find: 'shareInto(most, base, limit)',
    replace: (by) => `shareInto(most, base, limit + ${by})`,
  },
  {
    id: 'risk/checks/drawdown by sight: bps',
    file: 'src/core/risk/checks/drawdown.ts',
    find: 'shareInto(most, equity, limit)',
    replace: (by) => `shareInto(most, equity, limit + ${by})`,
  },
  {
    id: 'risk/checks/risk-per-trade by sight: bps',
    file: 'src/core/risk/checks/risk-per-trade.ts',
    find: 'shareInto(most, equity, limit)',
    replace: (by) => `shareInto(most, equity, limit + ${by})`,
  },
  {
    id: 'risk/checks/size-cut by sight: bps',
    file: 'src/core/risk/checks/size-cut.ts',
    find: 'shareInto(most, usual, cut)',
    replace: (by) => `shareInto(most, usual, cut + ${by})`,
  },
  {
    id: 'risk/checks/fat-finger by sight: limit',
    file: 'src/core/risk/checks/fat-finger.ts',
    find: 'beyondBps(price, c.refTwice, limit, c.side)',
    replace: (by) => `beyondBps(price, c.refTwice, limit + ${by}, c.side)`,
  },
  {
    id: 'risk/checks/price-collar by sight: limit',
    file: 'src/core/risk/checks/price-collar.ts',
    find: 'beyondBps(price, refTwice, limit, side)',
    replace: (by) => `beyondBps(price, refTwice, limit + ${by}, side)`,
  },
  {
    id: 'risk/checks/venue-route by sight: finger',
    file: 'src/core/risk/checks/venue-route.ts',
    find: 'beyondBps(px, c.refTwice, finger, c.side)',
    replace: (by) => `beyondBps(px, c.refTwice, finger + ${by}, c.side)`,
  },
  {
    id: 'risk/checks/venue-route by sight: collar',
    file: 'src/core/risk/checks/venue-route.ts',
    find: '!beyondBps(price, refTwice, collar, side)',
    replace: (by) => `!beyondBps(price, refTwice, collar + ${by}, side)`,
  },
  {
    id: 'risk/order-rate by sight: limit',
    file: 'src/core/risk/order-rate.ts',
    find: 'isOld(rate, ring, window, ring.limits[window], at)',
    replace: (by) => `isOld(rate, ring, window, ring.limits[window] + ${by}, at)`,
  },
  {
    id: 'risk/order-rate by sight: window',
    file: 'src/core/risk/order-rate.ts',
    // after the edit before it
    find: ', at);\n}\n\n/** Whether the n-th latest order',
    replace: (by) => `, at - ${by});\n}\n\n/** Whether the n-th latest order`,
  },
];
