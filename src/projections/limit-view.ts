import type { Micros } from '../base/units.ts';
import type { LimitChanged, ProposalChanged } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import { limitText, type LimitKey } from '../domain/limit.ts';

/** A limit as it was last set: by whom, when, and who agreed where it took two. */
export interface LimitView {
  readonly key: LimitKey;
  /** null = it was removed, and counts its revisions on. */
  readonly value: number | null;
  readonly from: number | null;
  readonly revision: number;
  readonly setBy: string;
  /** '' = nobody was asked. */
  agreedBy: string;
  readonly at: Micros;
  readonly seq: Seq;
}

export function foldLimit(limits: Map<string, LimitView>, seq: Seq, at: Micros, { key, from, to, revision, actor }: LimitChanged): void {
  limits.set(limitText(key), { key, value: to, from, revision, setBy: actor, agreedBy: '', at, seq });
}

/** A proposal was done: of a limit the change was told just before. */
export function foldAgreed(limits: Map<string, LimitView>, { verb, state, subject, actor }: ProposalChanged): void {
  const limit = verb === 'setLimit' && state === 'done' ? limits.get(subject) : undefined;
  if (limit !== undefined) limit.agreedBy = actor;
}
