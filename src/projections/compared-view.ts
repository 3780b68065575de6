import type { Micros } from '../base/units.ts';
import type { BreakChanged, StatementJudged } from '../domain/break-changed.ts';
import type { Decision } from '../domain/decision.ts';
import { keep } from './view-lines.ts';

/** An open break and since when it is. */
export interface BreakView extends BreakChanged {
  readonly since: Micros;
}

export interface StatementView extends StatementJudged {
  readonly at: Micros;
}

/** What a person sees of the comparison of a desk with its venues. */
export interface ComparedView {
  breaks: { at: Micros; text: string }[];
  positionsCompared: { account: number; instrument: number; ledger: number; venue: number; equal: boolean }[];
  /** Breaks that are open now, and the last statement of each account. */
  openBreaks: Map<string, BreakView>;
  statements: Map<number, StatementView>;
}

type Compared = Extract<Decision, { kind: 'breakFound' | 'positionCompared' | 'breakChanged' | 'statementJudged' }>;

export function foldCompared(view: ComparedView, at: Micros, decision: Compared): void {
  switch (decision.kind) {
    case 'breakFound':
      keep(view.breaks, { at, text: `${decision.break}: ${decision.text}` });
      return;
    case 'positionCompared':
      keep(view.positionsCompared, decision);
      return;
    case 'breakChanged':
      foldBreak(view, at, decision);
      return;
    case 'statementJudged':
      view.statements.set(decision.account, { ...decision, at });
      return;
  }
}

function foldBreak(view: ComparedView, at: Micros, changed: BreakChanged): void {
  const { breakID, state } = changed;
  if (state === 'resolved' || state === 'accepted') view.openBreaks.delete(breakID);
  else view.openBreaks.set(breakID, { ...changed, since: view.openBreaks.get(breakID)?.since ?? at });
}
