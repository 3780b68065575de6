import type { RowIx } from '../../domain/ids.ts';
import type { Core } from '../core.ts';
import { isOpenBreak, type BreakRecord } from './reconciliation.ts';
import { breakRules } from './rules.ts';

/** Whether an open break is about an account that the row trades. A custodian, whose orders only reduce, stops where the ledger itself is in doubt. */
export function isAffected(core: Core, row: RowIx): boolean {
  for (const one of core.reconciliation.breaks.values()) if (isOpenBreak(one) && touches(core, one, row)) return true;
  return false;
}

function touches(core: Core, { class: kind, venue, account }: BreakRecord, row: RowIx): boolean {
  const { rows, slices } = core.gate;
  const { custodian, accounts, slice } = rows[row];
  if (!custodian) return accounts.get(venue) === account;
  return breakRules[kind].ledgerInDoubt && slices[slice].accountGroup === core.registry.accounts[account].account.accountGroup;
}

/** After a start: an account that the row trades was not compared yet; of a row without accounts, any. */
export function isUncompared(core: Core, row: RowIx): boolean {
  const { accounts } = core.gate.rows[row];
  const of = accounts.size === 0 ? core.registry.accounts.map(({ ix }) => ix) : [...accounts.values()];
  return of.some((account) => core.reconciliation.accounts[account]?.compared !== true);
}
