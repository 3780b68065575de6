import { registrationsOf } from '../../../src/apps/desk/definitions.ts';
import { recordedSource, syntheticSource, type MarketSource } from '../../../src/apps/desk/market-source.ts';
import { createCore, smallCoreCapacities } from '../../../src/core/core.ts';
import { step } from '../../../src/core/engine.ts';
import { createOutcome } from '../../../src/core/outcome.ts';
import type { MarketEvent } from '../../../src/domain/market.ts';
import type { StrategyDefinition } from '../../../src/ports/strategy.ts';
import { maker100 } from '../../../src/strategies/maker/maker-1.0.0.ts';
import { stateBytes } from '../../../src/strategies/json-state.ts';
import { recordedPath } from '../../../src/testing/recorded-files.ts';
import { busy100 } from './busy.ts';
import { cut, type IdentitySession } from './session.ts';

export function eventsOf(source: MarketSource, count: number): readonly MarketEvent[] {
  const core = createCore(1, smallCoreCapacities);
  let seq = 0;
  for (const registration of registrationsOf([source.market])) step(core, ++seq, source.startAt, registration, createOutcome());
  return cut(source.open(core).feed, count);
}

const makerParameters = {
  quoteShare: 0.04,
  inventoryShare: 0.12,
  halfSpread: 1,
  lean: 2,
  refreshMillis: 100,
  stopOut: 0.002,
  pauseMillis: 2_000,
};

/** The sessions by their place; undefined = its recording is not there. */
export function identitySession(n: number): IdentitySession | undefined {
  switch (n) {
    case 0: {
      const path = recordedPath('binance/usdm/btcusdt_20240808.gz');
      if (path === undefined) return undefined;
      const source = recordedSource(path);
      return {
        name: 'Binance BTCUSDT perpetual, positions transferred and orders adopted',
        market: source.market,
        events: eventsOf(source, 3_100),
        definition: busy100,
        parameters: { every: 2, share: 0.002 },
        handover: { positions: 'transfer', openOrders: 'adopt' },
      };
    }
    case 1: {
      const source = syntheticSource(5);
      return {
        name: 'synthetic exchange, a maker whose quotes are adopted',
        market: source.market,
        events: eventsOf(source, 3_000),
        definition: maker100,
        parameters: makerParameters,
        handover: { positions: 'transfer', openOrders: 'adopt' },
      };
    }
    case 2: {
      const source = syntheticSource(11);
      return {
        name: 'synthetic exchange, positions transferred',
        market: source.market,
        events: eventsOf(source, 3_000),
        definition: busy100,
        parameters: { every: 3, share: 0.01, resting: false },
        handover: { positions: 'transfer', openOrders: 'adopt' },
      };
    }
    default:
      return undefined;
  }
}

export const identitySessions = 3;

/** Versions that lose something on the way; each must be found out. */
export const plantedFaults: readonly { readonly name: string; readonly definition: StrategyDefinition }[] = [
  { name: 'a state that forgets what the fills did', definition: exporting((state) => ({ ...state, bought: 0 })) },
  { name: 'a state that is one event behind', definition: exporting((state) => ({ ...state, seen: Number(state['seen']) - 1 })) },
  {
    name: 'an adoption that drops the oldest order',
    definition: exporting((state) => ({ ...state, tags: (state['tags'] as number[]).slice(1) })),
  },
];

function exporting(spoil: (state: Record<string, unknown>) => object): StrategyDefinition {
  return {
    ...busy100,
    create: (parameters) => {
      const instance = busy100.create(parameters);
      const whole = instance.exportState?.bind(instance);
      return Object.assign(instance, {
        exportState: () => {
          const state = whole?.();
          if (state === undefined) throw new Error('busy exports its state');
          return stateBytes(state.schema, spoil(JSON.parse(new TextDecoder().decode(state.bytes)) as Record<string, unknown>));
        },
      });
    },
  };
}
