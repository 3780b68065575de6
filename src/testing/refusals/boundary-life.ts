import { BoundaryDesk } from './boundary-desk.ts';
import { algorithms, limits, money, proposals, queue, room, signals, trials } from './boundary-numbers.ts';
import { waitsForCancel, waitsInVain } from './boundary-orders.ts';
import {
  afterPaper,
  approvals,
  errors,
  fills,
  marketClock,
  noDrawdown,
  paperDrawdown,
  paperWins,
  progressive,
  result,
  sessions,
  wallClock,
} from './boundary-stages.ts';
import { pausedBefore, warm } from './boundary-swaps.ts';
import { byItself, ofCutover, ofDates, ofSlice, ofWeekInNewYork, ofWeekInUTC } from './boundary-windows.ts';

/** What is led to its boundary, by its name: life n is the n-th of them. */
export const boundaryScenes: readonly (readonly [string, (b: BoundaryDesk) => void])[] = [
  ['limits one more and one less than what held', limits],
  ['levels a hundredth from where they take two people', signals],
  ['trials and bytes one more and one less', trials],
  ['proposals at their last microsecond', proposals],
  ['a full queue at the microsecond in which it expires', queue],
  ['a unit of money more and less', money],
  ['a share that fits to the unit', room],
  ['windows of dates, first instant and end', ofDates],
  ['windows of a week in New York', ofWeekInNewYork],
  ['windows of a week in UTC', ofWeekInUTC],
  ['what comes by itself at the opening of a window', byItself],
  ['a cutover at a window', ofCutover],
  ['the capital of a slice at a window of a version that has completed its ladder', ofSlice],
  ['a second slice of the first algorithm', algorithms],
  ['the minimum of a stage on a wall clock', wallClock],
  ['completed sessions', sessions],
  ['the minimum of a stage on a market clock', marketClock],
  ['as many fills as are asked for', fills],
  ['a result that is just enough', (b) => result(b, 1_000_000, 'OK')],
  ['a result that is a unit short', (b) => result(b, 1_000_001, 'GATES_NOT_PASSED')],
  ['approvals at their last microsecond, and one short', approvals],
  ['a drawdown of nothing', noDrawdown],
  ['a drawdown on paper past its limit', (b) => paperDrawdown(b, 0.02, 'fail')],
  ['a drawdown on paper within its limit', (b) => paperDrawdown(b, 0.04, 'pass')],
  ['as many wins as are asked for', (b) => paperWins(b, 0.5, 'pass')],
  ['a win rate just short', (b) => paperWins(b, 0.51, 'fail')],
  ['the minimum of a rung that follows a score', progressive],
  ['a version and its slice after a run on paper', afterPaper],
  ['errors half a unit short of evidence', errors],
  ['an order that waits in vain', waitsInVain],
  ['an order that waits for a cancel', waitsForCancel],
  ['a shadow at the microsecond in which it is warm', warm],
  ['a shadow that is paused a microsecond before it is warm', pausedBefore],
];

/** A life that is led to one boundary on purpose: to the limit, the sum or the instant itself and one unit to each side of it, with what is due there written beside it. @returns '' or the first thing that is wrong. */
export function livedAtBoundary(seed: number): string {
  const scene = boundaryScenes.at(seed - 1);
  if (scene === undefined) return '';
  const [name, lead] = scene;
  const b = new BoundaryDesk();
  try {
    lead(b);
  } catch (error) {
    b.say(`thrown: ${error instanceof Error ? error.message : String(error)}`);
  }
  return b.wrong === '' ? '' : `${name}: ${b.wrong}`;
}
