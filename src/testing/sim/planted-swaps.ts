import type { PlantedBug } from './planted-bugs.ts';

const rollout = 'src/core/rollout';

/** In hand-overs, in kills of one part of the firm, in what stops and starts whole algorithms, and in what a failed journal tells. */
export const plantedInSwaps: readonly PlantedBug[] = [
  {
    name: 'a swap raises no epoch',
    file: `${rollout}/swap-commit.ts`,
    find: 'const [fromEpoch, toEpoch] = [gate.epoch[from] + 1, gate.epoch[to] + 1];',
    replace: 'const [fromEpoch, toEpoch] = [gate.epoch[from], gate.epoch[to]];',
    caughtBy: ['AUTH5', 'THROWN'],
    seed: 24,
    faults: ['swap'],
  },
  {
    name: 'a swap leaves the old version its capital',
    file: `${rollout}/swap-commit.ts`,
    find: "{ epoch: fromEpoch, cap: none, mode: 'CANCEL_ONLY' }",
    replace: "{ epoch: fromEpoch, mode: 'CANCEL_ONLY' }",
    caughtBy: ['AUTH3', 'CAP1'],
    seed: 2,
    faults: ['swap'],
  },
  {
    name: 'a rollback leaves the swap under way',
    file: `${rollout}/swap-abort.ts`,
    find: "  abortSwapsOf(core, (swap) => swap.slice === slice, 'a rollback goes first', outcome);\n",
    replace: '',
    caughtBy: ['AUTH4'],
    seed: 3,
    faults: ['swap', 'throwing', 'personRollback', 'handoverFault'],
  },
  {
    name: 'a second swap is proposed beside the first',
    file: `${rollout}/rollout.ts`,
    find: "if (swap.slice === slice && (isUncommitted(swap) || swap.step === 'monitoring')) return swap;",
    replace: "if (swap.slice === slice && swap.step === 'monitoring') return swap;",
    caughtBy: ['AUTH4'],
    seed: 1,
    faults: ['swap'],
  },
  {
    name: 'a second swap is proposed while the first is watched',
    file: `${rollout}/rollout.ts`,
    find: "if (swap.slice === slice && (isUncommitted(swap) || swap.step === 'monitoring')) return swap;",
    replace: 'if (swap.slice === slice && isUncommitted(swap)) return swap;',
    caughtBy: ['AUTH4'],
    seed: 1,
    faults: ['swap'],
  },
  {
    name: 'a kill of one part of the firm that no check knows',
    file: 'src/core/risk/checks/authority.ts',
    find: '  if (risk.scopesKilled > 0 && isKilled(risk, c)) return false;\n',
    replace: '',
    caughtBy: ['KILL'],
    seed: 1,
    faults: ['killScope'],
  },
  {
    name: 'one person starts a whole algorithm again',
    file: `${rollout}/authority.ts`,
    find: "  'unhalt',\n  'startStrategy',\n",
    replace: "  'unhalt',\n",
    caughtBy: ['FOUR_EYES'],
    seed: 1,
    faults: ['strategyHalt'],
  },
  {
    name: 'a journal that failed tells nobody',
    file: 'src/journal/file-journal.ts',
    find: '    if (!answer.ok) this.#tellFailure(answer);\n',
    replace: '',
    caughtBy: ['POISON'],
    seed: 1,
    faults: ['eio', 'diskFull'],
  },
];
