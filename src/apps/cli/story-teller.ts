import colors from 'picocolors';
import type { Decision, GateJudged, RowChanged } from '../../domain/decision.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { Verdict } from '../../domain/rollout.ts';
import type { SwapDecision } from '../../domain/swap.ts';
import { clockText, lineOf } from './narrator.ts';

/** A verdict on evidence, in words. */
const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'shown',
  inconclusive: 'not shown yet',
  fail: 'shown to be worse',
  error: 'not judged',
};

/** Tells the story line by line: what any desk tells, and beside it the evidence of a climb, a swap and who let go on what a kill had stopped. */
export class StoryTeller {
  readonly #versions = new Map<RowIx, string>();
  /** Last verdict of each gate that was told, by deployment, stage and gate. */
  readonly #verdicts = new Map<string, Verdict>();

  /** @returns undefined when there is nothing to tell. */
  tell(at: number, decision: Decision): string | undefined {
    switch (decision.kind) {
      case 'lifecycleChanged':
        this.#versions.set(decision.row, `${decision.sliceID.split('@')[0]} ${decision.version}`);
        return undefined;
      case 'gateJudged':
        return this.#evidence(at, decision);
      case 'rowChanged':
        return this.#resumed(at, decision) ?? lineOf(at, decision);
      case 'killStepDone':
        return `${clockText(at)}  ${colors.red('kill')}     ${decision.text} (+${(decision.virtualMicros / 1_000).toFixed(1)} ms)`;
      case 'swapProposed':
      case 'swapPrepared':
      case 'greenReady':
      case 'swapFrozen':
      case 'swapCommitted':
      case 'orderAdopted':
      case 'swapFinalized':
      case 'swapAborted':
        return this.#swap(at, decision);
      default:
        return lineOf(at, decision);
    }
  }

  /** Gates that stand on an e-value, once for each verdict that they come to. */
  #evidence(at: number, { deployment, stage, gate, verdict, text }: GateJudged): string | undefined {
    const key = `${deployment}/${stage}/${gate}`;
    if (!text.startsWith('e = ') || this.#verdicts.get(key) === verdict) return undefined;
    this.#verdicts.set(key, verdict);
    const words = verdict === 'pass' ? colors.green(verdictWords[verdict]) : colors.yellow(verdictWords[verdict]);
    return `${clockText(at)}  evidence ${gate} ${words}: ${text}`;
  }

  #resumed(at: number, { row, mode, reason }: RowChanged): string | undefined {
    if (reason !== 'resumed') return undefined;
    return `${clockText(at)}  ${colors.green('resumed')}  ${this.#versions.get(row) ?? `row ${row}`} is ${mode} again`;
  }

  #swap(at: number, decision: SwapDecision): string | undefined {
    const line = (what: string, text: string): string => `${clockText(at)}  ${what} ${text}`;
    switch (decision.kind) {
      case 'swapProposed': {
        const { fromVersion, toVersion, positions, openOrders } = decision;
        return line(
          colors.bold('swap    '),
          `${toVersion} shall take over from ${fromVersion}: lots ${positions}, open orders ${openOrders}`,
        );
      }
      case 'swapPrepared':
        return line('shadow  ', `it has the old one's state of event ${decision.eventSeq}, proposes beside it`);
      case 'greenReady': {
        const { fromOrders, toOrders, matched } = decision;
        return line('shadow  ', `${matched} orders agree, of ${fromOrders} of the old and ${toOrders} of the new version`);
      }
      case 'swapFrozen':
        return line(colors.yellow('frozen  '), 'nobody feeds the old version any more');
      case 'swapCommitted': {
        const { orders, lots, frozenMicros, watermark } = decision;
        return line(
          colors.green('swapped '),
          `owner from event ${watermark + 1} on: ${orders} open orders, lots of ${lots} listings (+${(frozenMicros / 1_000).toFixed(1)} ms)`,
        );
      }
      case 'orderAdopted':
        return undefined;
      case 'swapFinalized':
        return line(colors.green('final   '), decision.text);
      case 'swapAborted':
        return line(colors.yellow('no swap '), `${decision.text}; the old version goes on`);
    }
  }
}
