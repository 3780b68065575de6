import type { Core } from '../core/core.ts';
import type { Effect } from '../domain/effect.ts';
import type { EventSeq, RowIx } from '../domain/ids.ts';
import type { HostNotice } from '../domain/input.ts';
import type { StrategyDefinition } from '../ports/strategy.ts';
import { heldOf } from './held.ts';
import type { HostPort } from './host-port.ts';

/** What the core wants of hosts. */
export type HostEffect = Extract<Effect, { kind: 'load' | 'unload' | 'authority' }>;

export interface HostWorkOptions {
  readonly core: Core;
  readonly host: HostPort;
  /** Of the desk; an instance's stream is seeded by it, its slice and its version. */
  readonly seed: string;
  readonly strategyOf: (algorithmID: string, version: string) => StrategyDefinition | undefined;
  /** Takes what the host has to say, as an input. */
  readonly say: (notice: HostNotice) => void;
}

/** Loads, unloads and authority that wait for the host, and the rows that start or warm up since. */
export class HostWork {
  readonly #options: HostWorkOptions;
  readonly #waiting: HostEffect[] = [];
  readonly #starting: RowIx[] = [];
  readonly #warming = new Set<RowIx>();

  constructor(options: HostWorkOptions) {
    this.#options = options;
  }

  push(effect: HostEffect): void {
    this.#waiting.push(effect);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether there is anything to be done or started now. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#starting.length === 0;
  }

  /** Does the oldest; `eventSeq` is the last one that hosts have heard. @returns whether there was one */
  doNext(eventSeq: EventSeq): boolean {
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
    }
    return true;
  }

  #load({ spec, row }: Extract<HostEffect, { kind: 'load' }>, eventSeq: EventSeq): void {
    const { core, host, seed, strategyOf, say } = this.#options;
    const definition = strategyOf(spec.algorithmID, spec.version);
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
            ...(core.starting ? { held: heldOf(core, row) } : {}),
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
    if (this.#warming.size === 0) return;
    for (const row of this.#warming) {
      if (!this.#options.host.warm(row)) continue;
      this.#warming.delete(row);
      this.#options.say({ kind: 'host', row, event: 'warmed', eventSeq, text: '' });
    }
  }
}
