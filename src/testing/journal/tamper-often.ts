import { prng } from '../../base/prng.ts';
import { verifyFiles } from '../../verify/verify.ts';
import { sourceOf } from './small-journal.ts';
import { tamper, tamperingKinds, type TamperingKind, type Victim } from './tampering.ts';

/** Seeded mutations of every kind in turn, each held against the head. @returns how many of each kind, and those that were not found. */
export function tamperOften(
  victim: Victim,
  head: string,
  mutations: number,
  seed: string,
): { readonly counts: ReadonlyMap<TamperingKind, number>; readonly missed: readonly string[] } {
  const luck = prng(seed);
  const counts = new Map<TamperingKind, number>();
  const missed: string[] = [];
  for (let n = 0; n < mutations; n++) {
    const kind = tamperingKinds[n % tamperingKinds.length];
    const { what, image } = tamper(kind, victim, luck);
    if (verifyFiles(sourceOf(image), { head }).valid) missed.push(`${kind}: ${what}`);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return { counts, missed };
}
