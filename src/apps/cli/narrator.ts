import { killTargetText } from '../../domain/kill.ts';
import colors from 'picocolors';
import { isoFromMicros } from '../../base/time.ts';
import { formatSplit } from '../../base/decimal.ts';
import { microsUnchecked } from '../../base/units.ts';
import { defaultExponent } from '../../domain/currency.ts';
import type { BreakChanged } from '../../domain/break-changed.ts';
import type { Decision, OrderDenied } from '../../domain/decision.ts';
import { venuesCompared } from '../../core/reconcile/release.ts';
import { money } from '../desk/describe.ts';

export const clockText = (at: number): string => colors.dim(isoFromMicros(microsUnchecked(at)).slice(11, 19));

/** One line for people about a decision that matters to the story; undefined = it is not told. Texts fit 80 columns where they can. */
export function lineOf(at: number, decision: Decision): string | undefined {
  switch (decision.kind) {
    case 'deploymentProposed':
      return `${clockText(at)}  ${colors.bold('deploy')}   ${decision.deploymentID}: ${decision.spec.algorithmID} ${decision.spec.version}, ${decision.spec.strategy}`;
    case 'stageGranted': {
      const share = decision.stage < 0 ? 'simulated' : `${decision.allocation / 100} %`;
      const why = decision.reasons.filter((reason) => !reason.startsWith('every listing')).slice(0, 2);
      return `${clockText(at)}  ${colors.green('granted')}  ${decision.name} (${share}, cap ${money(formatSplit(decision.cap, defaultExponent))}): ${why.join('; ')}`;
    }
    case 'phaseChanged':
      if (decision.to === 'Progressing') return undefined;
      return `${clockText(at)}  ${decision.to === 'Healthy' ? colors.green('healthy ') : colors.yellow(decision.to.toLowerCase().padEnd(8))} ${decision.deploymentID}: ${decision.reason}`;
    case 'triggerFired':
      return `${clockText(at)}  ${colors.red('BREACH')}   ${decision.rule}: ${decision.text}`;
    case 'rollbackStepDone':
      return `${clockText(at)}  ${colors.red(decision.step)}      ${decision.text} (+${(decision.virtualMicros / 1000).toFixed(1)} ms)`;
    case 'orderDenied': {
      const numbers = denialText(decision);
      return numbers === undefined
        ? undefined
        : `${clockText(at)}  ${colors.yellow('denied')}   ${decision.code}: ${numbers} (${decision.scope})`;
    }
    case 'killLatched':
      return `${clockText(at)}  ${colors.red(decision.engaged ? 'KILLED' : 'released')}   by ${decision.actor}: ${decision.reason}`;
    case 'proposalChanged':
      return `${clockText(at)}  ${colors.yellow(decision.state === 'open' ? 'proposed' : decision.state.padEnd(8))} ${decision.proposalID} by ${decision.actor}: ${decision.text}`;
    case 'scopeKilled':
      return `${clockText(at)}  ${colors.red(decision.engaged ? 'KILLED' : 'released')}   ${killTargetText(decision)} by ${decision.actor}: ${decision.reason}`;
    case 'cancelsEscalated':
      return `${clockText(at)}  ${colors.red('ESCALATED')} ${decision.action}: ${decision.open} orders without an answer (+${(decision.virtualMicros / 1000).toFixed(1)} ms)`;
    case 'capitalOverdraft':
      return `${clockText(at)}  ${colors.red('OVERDRAFT')} row ${decision.row}`;
    case 'alertRaised':
      if (decision.subject === 'DESK_STARTED') return `${clockText(at)}  ${colors.bold('started')}  ${decision.text}`;
      return decision.subject === 'BREAKS_OPEN' ? `${clockText(at)}  ${colors.red('BREAKS')}   ${decision.text}` : undefined;
    case 'breakChanged':
      return breakText(at, decision);
    case 'rowChanged':
      if (!decision.reason.startsWith(venuesCompared)) return undefined;
      return `${clockText(at)}  ${colors.green('trading')}  row ${decision.row} is ${decision.mode}: ${decision.reason}`;
    default:
      // everything else is in the journal and is not told
      return undefined;
  }
}

function breakText(at: number, { state, breakID, text }: BreakChanged): string {
  if (state === 'resolved') return `${clockText(at)}  ${colors.green('resolved')} ${breakID}`;
  return `${clockText(at)}  ${colors.red('BREAK')}    ${state}: ${breakID}: ${text}`;
}

/** The two denials that the story is about, with their numbers in words. */
function denialText(denied: OrderDenied): string | undefined {
  if (denied.code === 'FAT_FINGER_PRICE') return `price ${denied.value} bps from the market, ${denied.limit} allowed`;
  if (denied.code === 'DUPLICATE_ORDER') return `the same order ${denied.value / 1000} ms before, window ${denied.limit / 1000} ms`;
  return undefined;
}
