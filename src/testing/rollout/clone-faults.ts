import { columnSet, splitZero } from '../../base/split.ts';
import { step } from '../../core/engine.ts';
import { modeReducing } from '../../core/risk/order-gate.ts';
import type { Step } from './rollout-desk.ts';

/** Spoils what a commit gave. */
const atCommit =
  (spoil: (core: Parameters<Step>[0], to: number) => void): Step =>
  (core, seq, at, input, outcome) => {
    step(core, seq, at, input, outcome);
    for (const one of outcome.decisions) if (one.kind === 'swapCommitted') spoil(core, one.to);
  };

/** What a swap may lose, each of which two lives beside each other must tell (POS4). */
export const cloneFaults: readonly (readonly [string, Step])[] = [
  [
    'a swap leaves a tenth of the capital',
    atCommit((core, to) => columnSet(core.gate.cap, to, { ...splitZero(), lo: Math.floor(core.gate.cap.lo[to] / 10) })),
  ],
  ['a version that took over may only reduce', atCommit((core, to) => (core.gate.mode[to] = modeReducing))],
];
