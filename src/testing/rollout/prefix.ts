import { promoting } from '../../sim/faulty/promoting.ts';
import type { Turn } from './rollout-desk.ts';

/** PRO5: what a desk decides about more capital is a function of what came before. '' or what the same inputs have made otherwise. */
export function promotionDifference(before: Turn, now: Turn): string {
  const [own, again] = [before, now].map(({ decisions }) => decisions.filter(({ kind }) => promoting.has(kind)));
  for (let n = 0; n < Math.max(own.length, again.length); n++) {
    const [was, is] = [JSON.stringify(own.at(n)), JSON.stringify(again.at(n))];
    if (was !== is) return `${before.input.kind} at ${before.seq}: ${was ?? 'nothing'} became ${is ?? 'nothing'}`;
  }
  return '';
}
