import { lots, micros, ticks } from '../../base/units.ts';
import { err, ok } from '../../base/result.ts';
import type { StrategyContext, StrategyDefinition, StrategyInstance } from '../../ports/strategy.ts';
import { defineStrategy } from '../../strategies/define-strategy.ts';
import { stateBytes, takeState } from '../../strategies/json-state.ts';

interface Seen {
  quotes: number;
  fills: number;
  luck: number;
}

/** Proposes at each quote by what it has seen and by its luck, and sets a timer now and then; all of it goes over. */
function tally(state: Seen): StrategyInstance {
  return {
    onStart: (context) => context.setTimer('beat', micros(context.now + 500)),
    onQuote: (context) => {
      state.quotes++;
      state.luck = context.random.int(1_000);
      place(context, state.quotes + state.fills);
    },
    onFill: (context, fill) => {
      state.fills += fill.lastQty;
      place(context, Math.abs(context.position(fill.listing)) + 1);
    },
    onTimer: (context) => {
      place(context, 900 + state.luck);
      context.setTimer('beat', micros(context.now + 700));
    },
    exportState: () => stateBytes('tally/1', state),
    adopt: () => ok('accepted'),
  };
}

/** Counts only. */
function counting(): StrategyInstance {
  const state: Seen = { quotes: 0, fills: 0, luck: 0 };
  return { onQuote: () => void state.quotes++, exportState: () => stateBytes('tally/1', state) };
}

function place(context: StrategyContext, quantity: number): void {
  const [listing] = context.universe;
  context.place({ listing, side: 'buy', ordType: 'limit', orderQty: lots(quantity), price: ticks(100) });
}

const base = defineStrategy({
  name: 'tally',
  version: '1.0.0',
  parameters: {
    after: { type: 'integer', default: 1, min: 1, max: 1_000_000, unit: 'times', meaning: 'which time it spoils what it spoils' },
  },
  create: () => tally({ quotes: 0, fills: 0, luck: 0 }),
  migrate: (_parameters, schema, bytes) => takeState('tally/1', schema, bytes, (state) => tally(state as Seen)),
});

/** Spoils the time of `after`, of what this thread has asked of the version; before and behind it does what it should. */
function spoiledAt<T>(counter: { count: number }, after: unknown, spoil: () => T, should: () => T): T {
  counter.count++;
  return counter.count === after ? spoil() : should();
}

const spoiledMigrate = (spoil: () => never): StrategyDefinition['migrate'] => {
  const counter = { count: 0 };
  return (parameters, schema, bytes) => spoiledAt(counter, parameters['after'], spoil, () => base.migrate(parameters, schema, bytes));
};

/** A version whose instances, or whose way of taking a state, are changed. */
function version(
  name: string,
  change: (instance: StrategyInstance) => StrategyInstance,
  migrate: StrategyDefinition['migrate'] = (parameters, schema, bytes) => base.migrate(parameters, schema, bytes),
): StrategyDefinition {
  return {
    ...base,
    version: name,
    create: (parameters) => change(base.create(parameters)),
    migrate: (parameters, schema, bytes) => {
      const made = migrate(parameters, schema, bytes);
      return made.ok ? ok(change(made.value)) : made;
    },
  };
}

const same = (instance: StrategyInstance): StrategyInstance => instance;
const never = (): never => {
  for (;;);
};
const endThread = (): never => process.exit(3);

function exportEnds(name: string): StrategyDefinition {
  const counter = { count: 0 };
  let after: unknown = 1;
  const made = version(name, (instance) => ({
    ...instance,
    exportState: () =>
      spoiledAt<ReturnType<NonNullable<StrategyInstance['exportState']>>>(counter, after, endThread, () => exported(instance)),
  }));
  return {
    ...made,
    create: (parameters) => {
      after = parameters['after'];
      return made.create(parameters);
    },
  };
}

function exported(instance: StrategyInstance): { readonly schema: string; readonly bytes: Uint8Array } {
  const state = instance.exportState?.();
  if (state === undefined) throw new Error('a tally exports its state');
  return state;
}

/** By version: the old one and the new one, then those that spoil a hand-over in one way each. */
export const tallies = {
  blue: base,
  green: version('2.0.0', same),
  migrateThrows: version('3.0.0', same, () => {
    throw new RangeError('migrate: planted');
  }),
  migrateRefuses: version('3.1.0', same, () => err('schema tally/1: planted')),
  migrateSpins: version('3.2.0', same, spoiledMigrate(never)),
  migrateEndsItsHost: version('3.3.0', same, spoiledMigrate(endThread)),
  adoptThrows: version('4.0.0', (instance) => ({
    ...instance,
    adopt: () => {
      throw new RangeError('adopt: planted');
    },
  })),
  adoptRefuses: version('4.1.0', (instance) => ({ ...instance, adopt: () => err(['orders: planted']) })),
  noWayBack: version('5.0.0', (instance) => ({ ...instance, exportState: () => stateBytes('tally/2', {}) })),
  exportThrows: version('6.0.0', (instance) => ({
    ...instance,
    exportState: () => {
      throw new RangeError('export: planted');
    },
  })),
  exportTooLarge: version('6.1.0', (instance) => ({
    ...instance,
    exportState: () => ({ schema: 'tally/1', bytes: new Uint8Array(1_048_577) }),
  })),
  counts: version('1.1.0', () => counting()),
  spins: version('7.0.0', (instance) => ({ ...instance, onQuote: never })),
  exportEndsItsHost: exportEnds('6.2.0'),
} as const;

/** What host threads look among. */
export const allTallies: readonly StrategyDefinition[] = Object.values(tallies);
