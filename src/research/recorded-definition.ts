import type { OrderProposal, StrategyContext, StrategyDefinition, StrategyInstance } from '../ports/strategy.ts';

/** One thing that a strategy asked for, and when. */
export interface StrategyDecision {
  /** UTC microseconds. */
  readonly at: number;
  readonly text: string;
}

/** What the instances of a definition did, in order; `state` is what the last of them would export. */
export interface StrategyRecord {
  readonly decisions: StrategyDecision[];
  state(): Uint8Array | undefined;
}

/** The same strategy, with every order, replacement, cancel and timer that it asks for written down. */
export function recordedDefinition(definition: StrategyDefinition): {
  readonly definition: StrategyDefinition;
  readonly record: StrategyRecord;
} {
  const decisions: StrategyDecision[] = [];
  let last: StrategyInstance | undefined;
  const recorded: StrategyDefinition = {
    ...definition,
    create(parameters) {
      last = definition.create(parameters);
      return recordedInstance(last, decisions);
    },
  };
  return { definition: recorded, record: { decisions, state: () => last?.exportState?.().bytes } };
}

function recordedInstance(instance: StrategyInstance, decisions: StrategyDecision[]): StrategyInstance {
  let inner: StrategyContext | undefined;
  let outer: StrategyContext | undefined;
  const seen = (context: StrategyContext): StrategyContext => {
    if (outer !== undefined && inner === context) return outer;
    inner = context;
    outer = recordedContext(context, decisions);
    return outer;
  };
  return new Proxy(instance, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name === 'exportState' || name === 'adopt') return (...given: unknown[]): unknown => Reflect.apply(value, target, given);
      return (context: StrategyContext, ...given: unknown[]): unknown => Reflect.apply(value, target, [seen(context), ...given]);
    },
  });
}

function recordedContext(context: StrategyContext, decisions: StrategyDecision[]): StrategyContext {
  const note = (text: string): void => void decisions.push({ at: context.now, text });
  const own: Partial<StrategyContext> = {
    place(proposal) {
      note(`place ${shown(proposal)}`);
      return context.place(proposal);
    },
    replace(tag, proposal) {
      note(`replace order ${tag} by ${shown(proposal)}`);
      return context.replace(tag, proposal);
    },
    cancel(tag) {
      note(`cancel order ${tag}`);
      context.cancel(tag);
    },
    cancelAll() {
      note('cancel all orders');
      context.cancelAll();
    },
    setTimer(name, at) {
      note(`timer ${name} at ${at}`);
      context.setTimer(name, at);
    },
  };
  return new Proxy(context, {
    get(target, name) {
      const ours: unknown = Reflect.get(own, name);
      if (ours !== undefined) return ours;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (...given: unknown[]): unknown => Reflect.apply(value, target, given) : value;
    },
  });
}

function shown(proposal: OrderProposal): string {
  const { listing, side, ordType, orderQty, ...terms } = proposal;
  const rest = Object.entries(terms).filter(([, value]) => value !== undefined);
  return [`${side} ${orderQty} of listing ${listing} ${ordType}`, ...rest.map(([name, value]) => `${name} ${String(value)}`).sort()].join(
    ' ',
  );
}
