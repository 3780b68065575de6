import { isoFromMicros } from '../../base/time.ts';
import { breakRules } from '../../core/reconcile/rules.ts';
import type { BreakView, StatementView } from '../../projections/compared-view.ts';
import type { DeploymentView, DeskView } from '../../projections/desk-view.ts';
import type { ControlAnswer } from './control-socket.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** Breaks that are open, in words. */
export function openBreakLines(view: DeskView): readonly string[] {
  return [...view.openBreaks.values()].map(
    ({ breakID, state, attempts, text, class: kind }) =>
      `${state}${attempts === 0 ? '' : `, ${breakRules[kind].act} ${attempts}x`}  ${breakID}: ${text}`,
  );
}

/** Open breaks of the accounts that a deployment trades, in words. */
export function breakLinesOf(view: DeskView, { spec }: DeploymentView): readonly string[] {
  const its = new Set(spec.venues.map(({ venueID, accountID }) => `${venueID}/${accountID}`));
  const open = [...view.openBreaks].filter(([, one]) => its.has(`${view.venues[one.venue]}/${view.accounts[one.account]}`));
  return openBreakLines({ ...view, openBreaks: new Map(open) });
}

/** Breaks and statements of a desk as one JSON value. */
export function reconciliationBody(view: DeskView): { readonly statements: readonly unknown[]; readonly breaks: readonly unknown[] } {
  return {
    statements: [...view.statements.values()].map((one) => ({
      ...one,
      at: isoFromMicros(one.at),
      asOf: isoFromMicros(one.asOf),
      venue: view.venues[one.venue],
      account: view.accounts[one.account],
    })),
    breaks: [...view.openBreaks.values()].map((one) => ({
      ...one,
      since: isoFromMicros(one.since),
      venue: view.venues[one.venue],
      account: view.accounts[one.account],
      listing: view.listings[one.listing] ?? '',
    })),
  };
}

/** What a comparison came to. `answered`: every account has been judged since it was asked for. */
export function reconciliationAnswer(view: DeskView, answered: boolean): ControlAnswer {
  const open = [...view.openBreaks.values()];
  const rows = [...view.statements.values()].map((one) => statementRow(view, one));
  const head = 'venue     account   as of                 orders  fills  positions  differences  open';
  const end = answered ? '' : 'not every venue has answered: what it has is not known, and the desk goes on asking';
  const count = open.length === 0 ? 'no break is open' : open.length === 1 ? '1 break is open' : `${open.length} breaks are open`;
  const text = [head, ...rows, ...openBreakLines(view), count, end].filter((line) => line !== '').join('\n');
  return { exitCode: exitCodeOfBreaks(open, answered), body: { answered, ...reconciliationBody(view) }, text };
}

function exitCodeOfBreaks(open: readonly BreakView[], answered: boolean): ExitCode {
  if (!answered) return exitCodes.timeout;
  if (open.length === 0) return exitCodes.healthy;
  return open.some((one) => breakRules[one.class].act === 'tell') ? exitCodes.waitsForPerson : exitCodes.aborted;
}

function statementRow(view: DeskView, one: StatementView): string {
  const numbers = [
    String(one.orders).padStart(6),
    String(one.fills).padStart(5),
    String(one.positions).padStart(9),
    String(one.differences).padStart(11),
    String(one.open).padStart(4),
  ];
  return `${view.venues[one.venue].padEnd(8)}  ${view.accounts[one.account].padEnd(8)}  ${isoFromMicros(one.asOf).slice(0, 19)}   ${numbers.join('  ')}`;
}
