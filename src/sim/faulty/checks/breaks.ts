import type { Core } from '../../../core/core.ts';
import type { BreakChanged } from '../../../domain/break-changed.ts';
import { twoPeople, type RowFacts } from './rows.ts';
import type { Fold, Say, Turn } from './turn.ts';

/** Breaks with the venues' statements: while one is open nothing that adds risk leaves for its account, and only two people live with one. */
export class BreakFacts implements Fold {
  readonly open = new Map<string, BreakChanged>();
  readonly #rows: RowFacts;

  constructor(rows: RowFacts) {
    this.#rows = rows;
  }

  take({ input, decisions }: Turn, _core: Core | undefined, say: Say): void {
    // one that is found and ended in the same turn restricts nobody
    const found = new Map<string, BreakChanged>();
    for (const decision of decisions) {
      if (decision.kind === 'breakChanged') {
        const { breakID, state } = decision;
        if (state === 'accepted' && !(input.kind === 'command' && input.command.verb === 'acceptBreak' && twoPeople(input)))
          say('BREAK', `${breakID} is accepted, and no two people have said so`);
        if (state === 'found' || state === 'correcting') found.set(breakID, decision);
        else {
          found.delete(breakID);
          this.open.delete(breakID);
        }
      } else if (decision.kind === 'orderSent' || decision.kind === 'replaceSent') {
        const { clOrdID, row, account, simulated } = decision.order;
        if (simulated || this.#rows.rows[row]?.custodian === true) continue;
        for (const one of this.open.values())
          if (one.account === account) say('BREAK', `order ${clOrdID} of row ${row} leaves while ${one.breakID} is open`);
      }
    }
    for (const [breakID, one] of found) this.open.set(breakID, one);
  }
}
