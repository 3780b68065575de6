import type { BreakClass } from '../../domain/statement.ts';

/**
 * book: the execution is booked to its order · bookOutside: it is booked to the custodian · ignore: recorded only · cancel: the order is taken back at the venue
 * · adopt: the venue's terms are taken over, and the order taken back where they are wider than what was checked · ask: the venue is asked for the order,
 * unanswered cancels are sent again · tell: nothing but people or the venue's later word ends it.
 */
export type BreakAct = 'book' | 'bookOutside' | 'ignore' | 'cancel' | 'adopt' | 'ask' | 'tell';

export interface BreakRule {
  readonly act: BreakAct;
  /** The ledger itself is in doubt: the custodian, who would flatten by it, stops too. */
  readonly ledgerInDoubt: boolean;
  /** Microseconds that it must have lasted, from one statement to a later one. */
  readonly after: number;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
}

/** A pending request may take this long before it is called one that never resolves. */
export const limboAfter = 2_000_000;

/** The table of docs/reference/reconciliation.md. */
export const breakRules: Readonly<Record<BreakClass, BreakRule>> = {
  missedFill: { act: 'book', ledgerInDoubt: true, after: 0, severity: 'high' },
  duplicateFill: { act: 'ignore', ledgerInDoubt: false, after: 0, severity: 'low' },
  conflictingFill: { act: 'tell', ledgerInDoubt: true, after: 0, severity: 'critical' },
  unownedFill: { act: 'bookOutside', ledgerInDoubt: true, after: 0, severity: 'high' },
  lateFill: { act: 'tell', ledgerInDoubt: true, after: 0, severity: 'critical' },
  unknownOrder: { act: 'cancel', ledgerInDoubt: false, after: 0, severity: 'critical' },
  foreignOrder: { act: 'tell', ledgerInDoubt: false, after: 0, severity: 'high' },
  orphan: { act: 'cancel', ledgerInDoubt: false, after: 0, severity: 'high' },
  lostOrder: { act: 'ask', ledgerInDoubt: false, after: 0, severity: 'high' },
  limbo: { act: 'ask', ledgerInDoubt: false, after: limboAfter, severity: 'high' },
  cumQty: { act: 'ask', ledgerInDoubt: true, after: 0, severity: 'critical' },
  orderQty: { act: 'adopt', ledgerInDoubt: false, after: 0, severity: 'high' },
  leaves: { act: 'adopt', ledgerInDoubt: false, after: 0, severity: 'high' },
  price: { act: 'adopt', ledgerInDoubt: false, after: 0, severity: 'high' },
  position: { act: 'tell', ledgerInDoubt: true, after: 0, severity: 'critical' },
  contradiction: { act: 'tell', ledgerInDoubt: false, after: 0, severity: 'critical' },
  venueSilent: { act: 'tell', ledgerInDoubt: false, after: 0, severity: 'critical' },
};

/** So many applications of a rule without an end are told to people once more. */
export const escalateAfterAttempts = 3;
