import type { Core } from '../core/core.ts';
import { codeVersion } from '../domain/baseline-version.ts';
import type { Effect } from '../domain/effect.ts';
import type { EventSeq, RowIx } from '../domain/ids.ts';
import type { HostNotice } from '../domain/input.ts';
import type { HandoverNotice } from '../domain/swap.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { inheritedBy, simulatedLots } from './held.ts';
import type { HostAnswer, HostPort } from './host-port.ts';

/** What the core wants of hosts. */
export type HostEffect = Extract<Effect, { kind: 'load' | 'unload' | 'authority' | 'handover' }>;

export function isHostEffect(effect: Effect): effect is HostEffect {
  return effect.kind === 'load' || effect.kind === 'unload' || effect.kind === 'authority' || effect.kind === 'handover';
}

/** What was decided before a swap ended is heard before its end is. */
export function endsSwap(effect: HostEffect | undefined): boolean {
  return effect?.kind === 'handover' && (effect.verb === 'commit' || effect.verb === 'abort');
}

export interface HostWorkOptions {
  readonly core: Core;
  readonly host: HostPort;
  /** Of the desk; an instance's stream is seeded by it, its slice and its version. */
  readonly seed: string;
  readonly strategyOf: (algorithmID: string, version: string) => StrategyDefinition | undefined;
  /** Takes what the host has to say, as an input. */
  readonly say: (notice: HostNotice | HandoverNotice) => void;
  /** Takes what came of the events that a stopped version had not heard. */
  readonly answer: (answer: HostAnswer) => void;
}

/** Loads, unloads and authority that wait for the host, and the rows that start or warm up since. */
export class HostWork {
  readonly #options: HostWorkOptions;
  readonly #waiting: HostEffect[] = [];
  readonly #starting: RowIx[] = [];
  readonly #warming = new Set<RowIx>();
  /** Swaps whose old version is not fed. */
  readonly #stopped = new Set<number>();

  constructor(options: HostWorkOptions) {
    this.#options = options;
  }

  push(effect: HostEffect): void {
    this.#waiting.push(effect);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether nobody warms up and nobody is stopped: then deliveries change nothing here. */
  get isCalm(): boolean {
    return this.#warming.size === 0 && this.#stopped.size === 0;
  }

  /** Whether there is anything to be done or started now. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#starting.length === 0;
  }

  /**
   * Does the oldest; `eventSeq` is the last one that hosts have heard. What was decided before a swap ended is heard before its end is: that waits while there
   * are own events left. @returns whether something was done
   */
  doNext(eventSeq: EventSeq, ownEventsLeft: boolean): boolean {
    if (ownEventsLeft && endsSwap(this.#waiting.at(0))) return false;
    const effect = this.#waiting.shift();
    if (effect === undefined) return false;
    const { host } = this.#options;
    switch (effect.kind) {
      case 'unload':
        host.unload(effect.row);
        this.#warming.delete(effect.row);
        break;
      case 'authority':
        host.authority(effect.row, effect.epoch, effect.capital, effect.trading);
        break;
      case 'load':
        this.#load(effect, eventSeq);
        break;
      case 'handover':
        this.#handOver(effect);
        break;
    }
    return true;
  }

  #handOver(effect: Extract<HostEffect, { kind: 'handover' }>): void {
    const { core, host, say, answer } = this.#options;
    const { verb, swap, from, to } = effect;
    if (verb === 'stop') this.#stopped.add(swap);
    if (verb === 'commit' || verb === 'abort') this.#stopped.delete(swap);
    const reply = host.handover({ ...effect, paper: simulatedLots(core, verb === 'commit' ? from : to) });
    if (reply.notice !== null) say(reply.notice);
    for (const one of reply.answers) answer(one);
  }

  /** Says what has become of the hosts and queues of versions that are stopped. */
  checkQueues(): void {
    if (this.#stopped.size === 0) return;
    for (const notice of this.#options.host.unasked()) this.#options.say(notice);
  }

  #load({ spec, row }: Extract<HostEffect, { kind: 'load' }>, eventSeq: EventSeq): void {
    const { core, host, seed, strategyOf, say } = this.#options;
    const definition = strategyOf(spec.algorithmID, codeVersion(spec.version));
    const universe = spec.universe.map((listingID) => core.registry.listingIx.get(listingID)).filter((ix) => ix !== undefined);
    const loaded =
      definition === undefined
        ? { ok: false as const, text: `no strategy ${spec.algorithmID} ${spec.version} on this desk` }
        : host.load({
            row,
            definition,
            parameters: spec.parameters,
            universe,
            seed: `${seed}/${spec.sliceID}/${spec.version}`,
            ...inheritedBy(core, row, universe),
          });
    say({ kind: 'host', row, event: loaded.ok ? 'loaded' : 'exception', eventSeq, text: loaded.ok ? '' : loaded.text });
    if (!loaded.ok) return;
    this.#starting.push(row);
    this.#warming.add(row);
    this.checkWarm(eventSeq);
  }

  /** The oldest row that has not been started; undefined = none. */
  nextStart(): RowIx | undefined {
    return this.#starting.shift();
  }

  /** Says of each row that warms up when it is warm. */
  checkWarm(eventSeq: EventSeq): void {
    this.checkQueues();
    if (this.#warming.size === 0) return;
    for (const row of this.#warming) {
      if (!this.#options.host.warm(row)) continue;
      this.#warming.delete(row);
      this.#options.say({ kind: 'host', row, event: 'warmed', eventSeq, text: '' });
    }
  }
}
