import { scaleOf } from './bar-rules.ts';

/** Rows before and after a break are no neighbours. */
export interface ScaleRows {
  readonly count: number;
  close(index: number): number;
  /** Split coefficient of the row: the price before it is divided by it. */
  split(index: number): number;
  /** Whether the row before is too long ago to be compared. */
  isFarFromBefore(index: number): boolean;
}

export interface ScaleFault {
  readonly index: number;
  /** How the row's prices stand to those of the others: 2 = a hundred times, -1 = a tenth. */
  readonly exponent: number;
  readonly expected: number;
}

/**
 * Rows whose prices are a power of ten from those around them. Each jump between neighbours that a power of ten explains, and no split, starts another
 * level; the level with the most rows of a stretch is taken for the true one.
 */
export function scaleFaults(rows: ScaleRows): ScaleFault[] {
  const faults: ScaleFault[] = [];
  for (let from = 0, to = 0; from < rows.count; from = to) {
    to = from + 1;
    const levels = [0];
    let jumped = false;
    for (; to < rows.count && !rows.isFarFromBefore(to); to++) {
      const step = scaleOf((rows.close(to) * rows.split(to)) / rows.close(to - 1));
      if (step !== 0) jumped = true;
      levels.push(levels[to - 1 - from] + step);
    }
    if (jumped) faults.push(...stretchFaults(rows, from, levels));
  }
  return faults;
}

function stretchFaults(rows: ScaleRows, from: number, levels: readonly number[]): ScaleFault[] {
  const sizes = new Map<number, number>();
  for (const level of levels) sizes.set(level, (sizes.get(level) ?? 0) + 1);
  let truth = levels[0];
  for (const [level, size] of sizes) if (size > (sizes.get(truth) ?? 0)) truth = level;
  const faults: ScaleFault[] = [];
  for (const [i, level] of levels.entries()) {
    if (level !== truth) faults.push({ index: from + i, exponent: level - truth, expected: nearestTrue(rows, from, levels, i, truth) });
  }
  return faults;
}

/** Close of the nearest row on the true level. */
function nearestTrue(rows: ScaleRows, from: number, levels: readonly number[], place: number, truth: number): number {
  for (let distance = 1; distance < levels.length; distance++) {
    if (levels[place - distance] === truth) return rows.close(from + place - distance);
    if (levels[place + distance] === truth) return rows.close(from + place + distance);
  }
  return NaN;
}
