/** What the sources do not show by their form: helpers that always refuse, places that are switched off by an edit of their own, and words that are codes and refuse nothing. */

/** Functions that refuse whatever they are called with, and their code: each call is a site. */
export const helpers: ReadonlyMap<string, string> = new Map([
  ['notIn', 'NOT_IN_THIS_PHASE'],
  ['below', 'NOT_IN_THIS_PHASE'],
  ['unknownVersion', 'UNKNOWN_VERSION'],
  ['unknownProposal', 'UNKNOWN_PROPOSAL'],
]);

interface EditBySight {
  readonly id: string;
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
