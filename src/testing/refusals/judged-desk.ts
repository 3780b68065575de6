import type { Micros } from '../../base/units.ts';
import type { Core, CoreCapacities } from '../../core/core.ts';
import { step as coreStep } from '../../core/engine.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { CommandRefusal } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import { PaperOrders } from '../../sim/faulty/checks/paper-orders.ts';
import { ResultFacts } from '../../sim/faulty/checks/results.ts';
import { SumFacts } from '../../sim/faulty/checks/sums.ts';
import type { Fold } from '../../sim/faulty/checks/turn.ts';
import { VerdictFacts } from '../../sim/faulty/checks/verdicts.ts';
import { openDesk, rolloutCapacities, type RolloutDesk, type Step, type Turn } from '../rollout/rollout-desk.ts';
import { CapFacts } from './cap-facts.ts';
import type { CommandBook, Refusals } from './command-book.ts';
import { dueRefusals } from './command-rules.ts';
import { stateOf, wordsOf } from './command-words.ts';
import { DoneCommands } from './done-commands.ts';
import { ErrorFacts } from './error-facts.ts';
import { dueIntent, noteOrders, type IntentBook } from './intent-rules.ts';
import { PhaseFacts } from './phase-facts.ts';
import { ReserveFacts } from './reserve-facts.ts';

/** A desk every answer of which, to a command and to an intent, is compared with what is due. */
export class JudgedDesk {
  readonly desk: RolloutDesk;
  readonly codes = new Map<string, number>();
  accepted = 0;
  asked = 0;
  #wrong = '';
  #opened = false;
  readonly #book: CommandBook = { proposals: new Map(), keys: new Map() };
  readonly #intents: IntentBook = { tags: new Map() };
  readonly #paper = new PaperOrders();
  /** What the rules read off the core (used, results, verdicts) is counted anew beside it, from its records: a core that sums wrongly is told here. */
  readonly #results = new ResultFacts(this.#paper, 10_000, 2, () => undefined);
  readonly #commands = new DoneCommands();
  readonly #folds: readonly Fold[] = [
    this.#paper,
    this.#results,
    new VerdictFacts(this.#paper, this.#results, () => undefined),
    new SumFacts(this.#paper, 10_000, 2, () => undefined),
    new ErrorFacts(),
    this.#commands,
    new CapFacts(this.#commands),
    new ReserveFacts(this.#paper),
    new PhaseFacts(this.#commands),
  ];

  /** @param step the core's, or one with a fault */
  constructor(reserve: string, capacities: CoreCapacities = rolloutCapacities, step: Step = coreStep) {
    this.desk = openDesk(this.#judged(step), undefined, reserve, capacities);
    this.#opened = true;
  }

  /** The core's step, and a look at each answer. */
  #judged(step: Step): Step {
    return (core, seq, at, input, outcome) => {
      if (!this.#opened) {
        step(core, seq, at, input, outcome);
        return this.#fold(core, seq, at, input, outcome);
      }
      const given = input.kind === 'command' ? input : undefined;
      const due = given === undefined ? undefined : this.#dueOf(given, at);
      const intent = input.kind === 'intent' ? dueIntent(core, this.#intents, input) : undefined;
      const before = given === undefined ? '' : stateOf(this.desk);
      const waited = [...core.waiting];
      const known = given === undefined ? undefined : this.#book.keys.get(given.commandID);
      try {
        step(core, seq, at, input, outcome);
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        this.say(`${wordsOf(input)}: ${due === undefined ? (intent ?? []).join(' ') : [...due.due].join(' ')} due, and it threw: ${said}`);
        throw error;
      }
      if (given !== undefined && due !== undefined) this.#judge(given, due, known?.words !== undefined, before, outcome.decisions);
      if (intent !== undefined && input.kind === 'intent') {
        const denied = outcome.decisions.find((one) => one.kind === 'orderDenied' && one.tag === input.tag && one.row === input.row);
        const code = denied?.kind === 'orderDenied' ? denied.code : 'OK';
        this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
        const answered =
          outcome.decisions.some(
            (one) =>
              ((one.kind === 'orderSent' || one.kind === 'replaceSent') && one.order.row === input.row && one.order.tag === input.tag) ||
              one.kind === 'cancelSent',
          ) || core.waiting.some((one) => one.intent.row === input.row && one.intent.tag === input.tag);
        if (code === 'OK' && !answered && (input.action === 'new' || input.action === 'replace'))
          this.say(`${wordsOf(input)}: nothing due, and nothing was said of it`);
        if (intent.length > 0 && !intent.some((one) => one === code))
          this.say(`${wordsOf(input)}: ${intent.join(' ')} due, and the answer was ${code}`);
      }
      for (const { intent: wanted } of waited) {
        const ended = outcome.decisions.some(
          (one) =>
            (one.kind === 'orderDenied' && one.row === wanted.row && one.tag === wanted.tag) ||
            (one.kind === 'orderSent' && one.order.row === wanted.row && one.order.tag === wanted.tag),
        );
        if (!ended && !core.waiting.some((one) => one.intent === wanted))
          this.say(`${wordsOf(wanted)}: SELF_TRADE due, and nothing was said of it`);
      }
      this.#fold(core, seq, at, input, outcome);
      noteOrders(core, this.#intents, outcome.decisions);
      this.#note(outcome.decisions);
    };
  }

  #fold(core: Core, seq: number, at: Micros, input: Input, { decisions }: Outcome): void {
    const turn = { seq, lastSeq: seq + decisions.length, term: 1, at, input, decisions };
    for (const fold of this.#folds) fold.take(turn, core, (property, text) => this.say(`nothing due, and ${property}: ${text}`));
  }

  /** '' or the first thing that is wrong. */
  get wrong(): string {
    return this.#wrong;
  }

  /** What is wrong first stands. */
  say(text: string): void {
    this.#wrong ||= text;
  }

  #dueOf(given: Extract<Input, { kind: 'command' }>, at: number): Refusals {
    const words = wordsOf(given);
    const known = this.#book.keys.get(given.commandID);
    if (known !== undefined) {
      const again: CommandRefusal[] =
        known.words === words ? (known.code === 'OK' ? [] : [known.code as CommandRefusal]) : ['KEY_USED_FOR_ANOTHER_COMMAND'];
      return { due: new Set(again), may: new Set() };
    }
    return dueRefusals(this.desk.core, this.#book, given, at);
  }

  #judge(
    given: Extract<Input, { kind: 'command' }>,
    { due, may }: Refusals,
    again: boolean,
    before: string,
    decisions: Turn['decisions'],
  ): void {
    const answer = decisions.find((one) => one.kind === 'commandAnswered');
    const code = answer?.kind === 'commandAnswered' ? answer.code : 'NO_ANSWER';
    this.asked += 1;
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (code === 'OK') this.accepted += 1;
    const words = wordsOf(given);
    if (!again) this.#book.keys.set(given.commandID, { words, code });
    const said = [...due].join(' ');
    if (code === 'OK' && due.size > 0) this.say(`${words}: ${said} due, and it was accepted`);
    else if (code !== 'OK' && !due.has(code as CommandRefusal) && !may.has(code as CommandRefusal))
      this.say(
        `${words}: ${said === '' ? 'nothing' : said} due, and the answer was ${code}: ${answer?.kind === 'commandAnswered' ? answer.text : ''}`,
      );
    else if (code !== 'OK' && given.command.verb !== 'agree' && stateOf(this.desk) !== before)
      this.say(`${words}: refused by ${code}, and something has changed`);
  }

  /** Proposals as their records say. */
  #note(decisions: Turn['decisions']): void {
    for (const one of decisions) {
      if (one.kind !== 'proposalChanged') continue;
      if (one.state !== 'open') this.#book.proposals.delete(one.proposalID);
      else {
        const kept = this.desk.core.rollout.proposals.get(one.proposalID);
        if (kept !== undefined) this.#book.proposals.set(one.proposalID, kept);
      }
    }
  }
}
