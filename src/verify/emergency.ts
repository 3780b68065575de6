import { firstNonZero } from './bytes.ts';
import { batchOf, headerOf, sector } from './layout.ts';
import type { Problems } from './problem.ts';

export const emergencyFile = 'emergency';

/** Counts the halt records that were written after the segments failed; they are no entries of the tree. */
export function checkEmergency(file: Uint8Array, problems: Problems): number {
  if (firstNonZero(file, 0, file.length) < 0) return 0;
  const wrong = headerOf(file, 'PLIMEMRG')?.wrong ?? 'expected a header';
  if (wrong !== '') problems.add('emergency', emergencyFile, 0, wrong);
  let records = 0;
  for (let at = sector; at + 4 <= file.length && firstNonZero(file, at, at + 4) >= 0;) {
    const batch = batchOf(file, at);
    if (!batch.whole || batch.trailer.wrong !== '' || batch.entries.some((entry) => entry.wrong !== '')) {
      problems.add('emergency', emergencyFile, at, 'expected a batch of halt records');
      return records;
    }
    records += batch.entries.length;
    at = batch.end;
  }
  return records;
}
