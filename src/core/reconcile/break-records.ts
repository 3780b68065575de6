import type { BreakState } from '../../domain/statement.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../outcome.ts';
import type { BreakRecord } from './reconciliation.ts';
import { breakRules } from './rules.ts';

/** The record of a break as it is from now on, in the journal. */
export function changeBreak(one: BreakRecord, state: BreakState, actor: string, outcome: Outcome): void {
  one.state = state;
  const { breakID, class: kind, venue, account, listing, clOrdID, here, there, attempts, text } = one;
  outcome.decisions.push({
    kind: 'breakChanged',
    breakID,
    class: kind,
    state,
    venue,
    account,
    listing,
    clOrdID,
    here,
    there,
    attempts,
    actor,
    text,
  });
}

/** Somebody must know. */
export function alertBreak(one: BreakRecord, subject: 'BREAK_FOUND' | 'BREAK_NOT_CORRECTED', outcome: Outcome): void {
  const { severity } = breakRules[one.class];
  const told = subject === 'BREAK_FOUND' ? severity : 'critical';
  const text = subject === 'BREAK_FOUND' ? one.text : `${one.text}: ${one.attempts} times asked for, still so`;
  outcome.decisions.push({ kind: 'alertRaised', severity: told, subject, value: one.there, limit: one.here, text });
  outcome.effects.push({ kind: 'alert', reducing: true, severity: told, subject, text });
}

/** What one person asks for and another agrees to: an open break that is lived with as long as its figures stay. '' or why not. */
export function acceptBreak(core: Core, breakID: string, reason: string, actor: string, outcome: Outcome): string {
  const why = whyNotAccepted(core, breakID);
  const one = core.reconciliation.breaks.get(breakID);
  if (why !== '' || one === undefined || one.state === 'accepted') return why;
  one.text = `${one.text}; accepted: ${reason}`.slice(0, 512);
  changeBreak(one, 'accepted', actor, outcome);
  return '';
}

/** Why a break cannot be accepted; '' = it can. */
export function whyNotAccepted({ reconciliation }: Core, breakID: string): string {
  const one = reconciliation.breaks.get(breakID);
  if (one === undefined || one.state === 'resolved') return `break ${breakID} is not open`;
  return one.class === 'venueSilent' || one.class === 'contradiction' ? `break ${breakID} ends with the venue's next sound word only` : '';
}
