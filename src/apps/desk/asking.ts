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

/** What a person says with a command. */
export interface Said {
  /** Key under which a repetition is the same command, kept apart by person; left out: it has none. */
  readonly key?: string | undefined;
  /** Revision (of a version: epoch) that was seen; left out: any. */
  readonly expectedRevision?: number | null | undefined;
}

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

export interface Answered extends Answer {
  readonly seq: Seq;
  readonly commandID: string;
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
  async ask(command: Command, actor: Actor, approvedBy: Actor | null = null, said: Said = {}): Promise<Answered> {
    const commandID = said.key === undefined ? `${command.verb}-${this.#prefix}${++this.#commands}` : `${actor.personID}/${said.key}`;
    const envelope = envelopeOf(commandID, command, actor, approvedBy);
    const seq = await this.#desk.submit(commandInput({ ...envelope, expectedRevision: said.expectedRevision ?? null }));
    const answer = this.#answers.get(commandID) ?? {
      accepted: false,
      code: 'NOT_DURABLE',
      text: this.#desk.failure ?? 'the journal did not take it',
    };
    this.#answers.delete(commandID);
    return { ...answer, seq, commandID };
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

  /** Parses and deploys; a spec that does not parse is refused with its faults, nothing is journaled. */
  async deploy(spec: PlainObject, actor: Actor, given: Partial<SpecDefaults> = {}, said: Said = {}): Promise<Answer> {
    const parsed = parseSpec(spec, { ...defaultsOf(this.#market), ...given });
    if (!parsed.ok)
      return {
        accepted: false,
        code: 'SPEC_REFUSED',
        text: parsed.error.map(({ path, text }) => `${path === '' ? 'spec' : path}: ${text}`).join('\n'),
      };
    const answer = await this.ask({ verb: 'deploy', spec: parsed.value.spec }, actor, null, said);
    const warnings = parsed.value.warnings.map((warning) => `note: ${warning}`);
    return { ...answer, text: [answer.text, ...warnings].join('\n') };
  }
}

/** What a spec may leave out on a desk with this market. */
export function defaultsOf(market: MarketDefinition): SpecDefaults {
  return {
    accountGroup: 'main',
    currency: market.currency,
    universe: [market.listingID],
    venues: [{ venueID: market.venueID, accountID: market.accountID }],
    calendar: 'ALWAYS',
  };
}
