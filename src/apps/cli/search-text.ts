import type { ParameterValues } from '../../ports/strategy.ts';
import type { Deflation } from '../../research/sweep.ts';
import type { TrialCount } from '../../research/trial-registry.ts';

export function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

export function ratio(value: number | null): string {
  return value === null ? 'none' : value.toFixed(3);
}

export function parameterText(parameters: ParameterValues): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** Columns to the right, the last one to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

/** What the best is worth in view of everything that was tried. */
export function deflationText(deflation: Deflation | undefined, { trials, damaged }: TrialCount): string {
  const lost = damaged === 0 ? '' : ` (${damaged} of them no longer readable)`;
  if (deflation === undefined) return `${trials} trials on this data so far${lost}; no deflated Sharpe ratio: the equity does not move`;
  const { sharpe, probabilistic, benchmark, deflated } = deflation;
  const verdict = deflated >= 0.95 ? 'more than luck at 95 %' : 'not more than luck at 95 %';
  return [
    `sharpe ${sharpe.toFixed(3)}: above 0 with ${probabilistic.toFixed(3)}, if it were the only trial`,
    `${trials} trials on this data so far${lost}: the best by luck alone would show ${benchmark.toFixed(3)}; deflated ${deflated.toFixed(3)}, ${verdict}`,
  ].join('\n');
}
