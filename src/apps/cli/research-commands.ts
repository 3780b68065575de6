import type { Command } from 'commander';
import { addCompare } from './compare-command.ts';
import { addLookAhead } from './look-ahead-command.ts';
import { addMonteCarlo } from './monte-carlo-command.ts';
import { addSweep } from './sweep-command.ts';
import { addTrials } from './trials-command.ts';
import { addWalkForward } from './walk-forward-command.ts';

/** Everything that judges a strategy by many backtests. */
export function addResearch(plimsoll: Command): void {
  addSweep(plimsoll);
  addWalkForward(plimsoll);
  addMonteCarlo(plimsoll);
  addCompare(plimsoll);
  addLookAhead(plimsoll);
  addTrials(plimsoll);
}
