import type { StrategyContext, StrategyDefinition, StrategyInstance } from '../../../src/ports/strategy.ts';
import type { Delivery } from '../../../src/runtime/host-port.ts';

/** One instance of a strategy, and how often it heard each event. */
interface Heard {
  readonly version: string;
  readonly market: Map<number, number>;
  readonly fills: Map<number, number>;
}

interface Tenure {
  readonly owner: Heard;
  /** Last event that was the owner's before him. */
  readonly after: number;
}

/**
 * The ledger of events of one strategy host: what every instance heard, and who owned the version's capital at which event. From it follows whether each event of the
 * market, and each fill of capital, was processed by exactly one owner.
 */
export class EventLedger {
  readonly #instances: Heard[] = [];
  readonly #owed: { readonly eventSeq: number; readonly what: 'market' | 'fill' }[] = [];
  readonly #tenures: Tenure[] = [];

  /** The definition, each of whose instances writes down what it hears. */
  watched(definition: StrategyDefinition): StrategyDefinition {
    return {
      ...definition,
      create: (parameters) => this.#listen(definition.version, definition.create(parameters)),
      migrate: (parameters, fromSchema, bytes) => {
        const made = definition.migrate(parameters, fromSchema, bytes);
        return made.ok ? { ok: true, value: this.#listen(definition.version, made.value) } : made;
      },
    };
  }

  #listen(version: string, instance: StrategyInstance): StrategyInstance {
    const heard: Heard = { version, market: new Map(), fills: new Map() };
    this.#instances.push(heard);
    if (this.#tenures.length === 0) this.#tenures.push({ owner: heard, after: 0 });
    const [onQuote, onTrade] = [instance.onQuote?.bind(instance), instance.onTrade?.bind(instance)];
    const [onBook, onFill] = [instance.onBook?.bind(instance), instance.onFill?.bind(instance)];
    const callbacks: StrategyInstance = {
      onQuote: (context, quote) => (count(heard.market, context), onQuote?.(context, quote)),
      onTrade: (context, trade) => (count(heard.market, context), onTrade?.(context, trade)),
      onBook: (context, listing) => (count(heard.market, context), onBook?.(context, listing)),
      onFill: (context, fill) => (count(heard.fills, context), onFill?.(context, fill)),
    };
    return Object.assign(instance, callbacks);
  }

  /** Something that the owner is owed reached the host. */
  delivered(delivery: Delivery): void {
    if (this.#tenures.length === 0) return;
    const { eventSeq } = delivery;
    if (delivery.kind === 'market' && delivery.event.kind !== 'feedStatus' && delivery.event.kind !== 'bar')
      this.#owed.push({ eventSeq, what: 'market' });
    if (delivery.kind === 'own' && delivery.event.kind === 'ownFill' && !delivery.event.simulated)
      this.#owed.push({ eventSeq, what: 'fill' });
  }

  /** The youngest instance of a version owns what comes after the watermark. */
  committed(version: string, watermark: number): void {
    const owner = this.#instances.findLast((one) => one.version === version);
    if (owner === undefined) throw new Error(`cutovers: ${version} was committed and has no instance`);
    this.#tenures.push({ owner, after: watermark });
  }

  /** Events that were counted. */
  get cases(): number {
    return this.#owed.length;
  }

  /** What was missed, or processed twice. */
  faults(): readonly string[] {
    const faults: string[] = [];
    const owners = new Set(this.#tenures.map(({ owner }) => owner));
    for (const { eventSeq, what } of this.#owed) {
      const tenure = this.#tenures.findLast(({ after }) => eventSeq > after);
      const times = tenure === undefined ? 0 : timesOf(tenure.owner, what, eventSeq);
      if (times !== 1) faults.push(`${what} ${eventSeq}: its owner ${tenure?.owner.version ?? '?'} heard it ${times} times`);
      if (what !== 'fill') continue;
      const all = [...owners].reduce((sum, owner) => sum + timesOf(owner, what, eventSeq), 0);
      if (all > times) faults.push(`fill ${eventSeq}: owners heard it ${all} times`);
    }
    for (const { owner, after } of this.#tenures.slice(1)) {
      const early = [...owner.market.keys()].filter((eventSeq) => eventSeq <= after);
      if (early.length > 0) faults.push(`market ${early[0]}: ${owner.version} heard it, whose state had seen it already`);
    }
    return faults;
  }
}

function timesOf(of: Heard, what: 'market' | 'fill', eventSeq: number): number {
  return (what === 'market' ? of.market : of.fills).get(eventSeq) ?? 0;
}

/** The host gives its contexts the number of the event that they are called for; strategies do not see it. */
function count(of: Map<number, number>, context: StrategyContext): void {
  const { eventSeq } = context as StrategyContext & { readonly eventSeq: number };
  of.set(eventSeq, (of.get(eventSeq) ?? 0) + 1);
}
