import { commissionOfTwin, notScaled, promotedEarlier, scaleOfTwin } from '../../sim/faulty/twin-turns.ts';
import type { MoneyTwist } from './money-twist.ts';
import { SeededScript } from './seeded-script.ts';
import type { Step, Turn } from './rollout-desk.ts';

export const twinKinds = ['MET4', 'PRO6'] as const;
export type TwinKind = (typeof twinKinds)[number];

const twists: Readonly<Record<TwinKind, MoneyTwist>> = {
  MET4: { scale: scaleOfTwin, commission: 0 },
  PRO6: { scale: 1, commission: commissionOfTwin },
};

/** What a twin's life was like. */
export interface TwinEnd {
  /** '' or what came otherwise than it may. */
  readonly text: string;
  readonly compared: number;
}

/**
 * A second life of a seed beside the turns of the first, with other money. MET4: with ten times as much of it everywhere every verdict, order and record is the same and every result ten times as
 * large. PRO6: where each fill costs a commission, the first thing that comes otherwise is no promotion and no gate that passes.
 */
export function besideTwin(kind: TwinKind, seed: number, turns: readonly Turn[], life: TwinLife): TwinEnd {
  const script = new SeededScript(seed, life.step?.(), life.tight, twists[kind]);
  const { desk } = script.run(life.actions, life.crashOneIn);
  const differs = kind === 'MET4' ? notScaled : promotedEarlier;
  const most = kind === 'MET4' ? Math.max(turns.length, desk.turns.length) : Math.min(turns.length, desk.turns.length);
  for (let n = 0; n < most; n++) {
    const [own, other] = [turns.at(n), desk.turns.at(n)];
    if (own === undefined || other === undefined) return { text: `${kind} ${turns.length} turns became ${desk.turns.length}`, compared: n };
    const text = differs(own, other);
    if (text !== undefined) return { text: text === '' ? '' : `${kind} ${text}`, compared: n };
  }
  return { text: '', compared: most };
}

export interface TwinLife {
  readonly actions: number;
  readonly crashOneIn: number;
  readonly tight: boolean;
  readonly step?: () => Step;
}
