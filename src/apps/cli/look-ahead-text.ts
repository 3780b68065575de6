import { isoFromMicros } from '../../base/time.ts';
import type { LookAheadReport, WarmUpRow } from '../../research/look-ahead.ts';
import { table } from './search-text.ts';

export function lookAheadText({ leaks, cuts, decisions }: LookAheadReport): string {
  if (leaks.length === 0 && decisions === 0) return `nothing to judge: no decision was made; the equity is the same at ${cuts} cuts`;
  if (leaks.length === 0) return `no look-ahead: ${decisions} decisions, the same with the future cut off at ${cuts} times`;
  const nothing = (text: string): string => (text === '' ? 'nothing' : text);
  const lines = leaks.map(({ kind, at, cut, withFuture, without }) => {
    const what = kind === 'future' ? `with the future after ${isoFromMicros(cut)} cut off` : 'in the same run after another one';
    return `  ${isoFromMicros(at)}: ${nothing(withFuture)}; ${what}: ${nothing(without)}`;
  });
  return [`LOOK-AHEAD, ${leaks.length} found:`, ...lines].join('\n');
}

export function warmUpText(rows: readonly WarmUpRow[]): string {
  if (rows.length === 0) return 'too few bars to begin later';
  return [
    'begun later, the last half of the dates decides:',
    ...table(
      ['dates', 'decisions that differ', 'number of the state farthest off'],
      rows.map(({ bars, differing, worst, relative }) => [
        String(bars),
        String(differing),
        worst === '' ? 'none' : `${worst} by ${(100 * relative).toPrecision(2)} %`,
      ]),
    ),
  ].join('\n');
}
