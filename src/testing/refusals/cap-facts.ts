import { parseSplit } from '../../base/decimal.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import type { Core } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';
import { capOf } from './command-book.ts';

interface Terms {
  readonly total: bigint;
  readonly reserve: bigint;
}

const parsed = splitZero();

function moneyOf(text: string, exponent: number): bigint {
  return parseSplit(text, exponent, parsed).ok ? toBigInt(parsed) : -1n;
}

/** What versions may use by the records of their rows, and what slices have by the words of people, in whole units of money: what the rules read off the core of these is that after every turn. */
export class CapFacts implements Fold {
  readonly #caps = new Map<number, bigint>();
  readonly #terms = new Map<string, Terms>();
  /** Keys under which something was asked: what comes again under one of them is answered as it was, and not done. */
  readonly #keys = new Set<string>();
  /** Commands that wait for a second person, by the proposal. */
  readonly #waiting = new Map<string, Command>();

  take({ input, decisions }: Turn, core: Core | undefined, say: Say): void {
    const again = input.kind === 'command' && this.#keys.has(input.commandID);
    if (input.kind === 'command') this.#keys.add(input.commandID);
    let kept = again;
    for (const decision of decisions) {
      if (decision.kind === 'rowChanged') this.#caps.set(decision.row, BigInt(decision.cap.hi) * 2n ** 48n + BigInt(decision.cap.lo));
      else if (decision.kind === 'proposalChanged' && decision.state === 'open' && input.kind === 'command') {
        kept = true;
        if (input.command.verb === 'propose') this.#waiting.set(decision.proposalID, input.command.command);
      } else if (decision.kind === 'commandAnswered' && decision.accepted && !kept && core !== undefined) this.#done(input, core);
    }
    if (core !== undefined && decisions.length > 0) this.#compare(core, say);
  }

  /** What was done of an accepted command: itself, what was proposed and took one person alone, or what another had proposed. */
  #done(input: Input, { registry, gate }: Core): void {
    if (input.kind !== 'command') return;
    const { command } = input;
    const done = command.verb === 'propose' ? command.command : command.verb === 'agree' ? this.#waiting.get(command.proposalID) : command;
    if (done?.verb !== 'setSlice') return;
    const { currency } = gate.slices[gate.sliceIx.get(done.sliceID) ?? 0];
    const { exponent } = registry.currencies[currency];
    this.#terms.set(done.sliceID, { total: moneyOf(done.totalCapital, exponent), reserve: moneyOf(done.reserve, exponent) });
  }

  #compare(core: Core, say: Say): void {
    for (const [row, own] of this.#caps) {
      const its = capOf(core, row);
      if (its !== own) say('CAP5', `row ${row} may use ${its}, by its records ${own}`);
    }
    for (const { sliceID, total, reserve } of core.gate.slices) {
      const own = this.#terms.get(sliceID);
      if (own === undefined) continue;
      if (toBigInt(total) !== own.total) say('CAP1', `${sliceID} has ${toBigInt(total)}, people said ${own.total}`);
      // fills may have drawn of the reserve
      if (toBigInt(reserve) > own.reserve) say('CAP1', `${sliceID} keeps ${toBigInt(reserve)}, people said ${own.reserve}`);
    }
  }
}
