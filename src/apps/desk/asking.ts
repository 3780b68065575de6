import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/actor.ts';
import type { Command } from '../../domain/command.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { PlainObject } from '../../domain/spec-parser/field-reader.ts';
import { parseSpec, type SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { MarketDefinition } from './definitions.ts';
import { commandInput, deskPeople, envelopeOf } from './people.ts';

export interface Answer {
  readonly accepted: boolean;
  readonly code: string;
  readonly text: string;
}

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** A desk as far as commands go: an input in, its record durable when the seq comes back. */
export interface DeskVoice {
  submit(input: Input): Promise<Seq>;
  readonly failure: string | undefined;
}

/** Commands to a desk, and the answers that leave its outbox. */
export class Asking {
  readonly #desk: DeskVoice;
  readonly #market: MarketDefinition;
  readonly #strategies: readonly NamedVersion[];
  readonly #answers = new Map<string, Answer>();
  readonly #prefix: string;
  #commands = 0;

  /** @param term of the desk: desks before it on the same journal have counted their commands too. */
  constructor(desk: DeskVoice, market: MarketDefinition, strategies: readonly NamedVersion[], term = 1) {
    this.#prefix = term === 1 ? '' : `${term}-`;
    this.#desk = desk;
    this.#market = market;
    this.#strategies = strategies;
  }

  /** Every effect that leaves the outbox passes here. */
  onEffect(effect: Effect): void {
    if (effect.kind === 'answer') this.#answers.set(effect.commandID, { accepted: effect.accepted, code: effect.code, text: effect.text });
  }

  /** Steps a command and gives the answer that left the outbox: it is durable then. */
  async ask(command: Command, actor: Actor, approvedBy: Actor | null = null): Promise<Answer & { readonly seq: Seq }> {
    const commandID = `${command.verb}-${this.#prefix}${++this.#commands}`;
    const seq = await this.#desk.submit(commandInput(envelopeOf(commandID, command, actor, approvedBy)));
    const answer = this.#answers.get(commandID) ?? {
      accepted: false,
      code: 'NOT_DURABLE',
      text: this.#desk.failure ?? 'the journal did not take it',
    };
    this.#answers.delete(commandID);
    return { ...answer, seq };
  }

  /** Registers the versions that the desk has and a slice for each algorithm. */
  async prepare(totalCapital: string): Promise<void> {
    const { admin, risk } = deskPeople;
    const { currency } = this.#market;
    for (const { name, version } of this.#strategies) {
      const artifactDigest = createHash('sha256').update(`built in ${name} ${version}`).digest('hex');
      await this.ask({ verb: 'registerVersion', algorithmID: name, version, artifactDigest }, admin);
    }
    for (const algorithmID of new Set(this.#strategies.map((one) => one.name))) {
      const sliceID = `${algorithmID}@main.${currency}`;
      await this.ask({ verb: 'setSlice', sliceID, algorithmID, accountGroup: 'main', currency, totalCapital, reserve: '0' }, admin, risk);
    }
  }

  /** What a spec may leave out on this desk. */
  defaults(): SpecDefaults {
    const market = this.#market;
    return {
      accountGroup: 'main',
      currency: market.currency,
      universe: [market.listingID],
      venues: [{ venueID: market.venueID, accountID: market.accountID }],
      calendar: 'ALWAYS',
    };
  }

  /** Parses and deploys; a spec that does not parse is refused with its faults, nothing is journaled. */
  async deploy(spec: PlainObject, actor: Actor, given: Partial<SpecDefaults> = {}): Promise<Answer> {
    const parsed = parseSpec(spec, { ...this.defaults(), ...given });
    if (!parsed.ok)
      return {
        accepted: false,
        code: 'SPEC_REFUSED',
        text: parsed.error.map(({ path, text }) => `${path === '' ? 'spec' : path}: ${text}`).join('\n'),
      };
    const answer = await this.ask({ verb: 'deploy', spec: parsed.value.spec }, actor);
    const warnings = parsed.value.warnings.map((warning) => `note: ${warning}`);
    return { ...answer, text: [answer.text, ...warnings].join('\n') };
  }
}
