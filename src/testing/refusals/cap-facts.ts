import { parseSplit } from '../../base/decimal.ts';
import { splitZero, toBigInt } from '../../base/split.ts';
import type { Core } from '../../core/core.ts';
import type { Command } from '../../domain/command.ts';
import type { Fold, Say, Turn } from '../../sim/faulty/checks/turn.ts';
import { capOf } from './command-book.ts';
import type { DoneCommands } from './done-commands.ts';

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
  readonly #commands: DoneCommands;

  constructor(commands: DoneCommands) {
    this.#commands = commands;
  }

  /** After the fold of commands has taken the turn. */
  take({ decisions }: Turn, core: Core | undefined, say: Say): void {
    for (const decision of decisions)
      if (decision.kind === 'rowChanged') this.#caps.set(decision.row, BigInt(decision.cap.hi) * 2n ** 48n + BigInt(decision.cap.lo));
    const { done } = this.#commands;
    if (done?.verb === 'setSlice' && core !== undefined) this.#said(done, core);
    if (core !== undefined && decisions.length > 0) this.#compare(core, say);
  }

  #said({ sliceID, totalCapital, reserve }: Extract<Command, { verb: 'setSlice' }>, { registry, gate }: Core): void {
    const { currency } = gate.slices[gate.sliceIx.get(sliceID) ?? 0];
    const { exponent } = registry.currencies[currency];
    this.#terms.set(sliceID, { total: moneyOf(totalCapital, exponent), reserve: moneyOf(reserve, exponent) });
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
