import { microsUnchecked } from '../../../src/base/units.ts';
import { rehomeDuplicates } from '../../../src/core/risk/duplicates.ts';
import type { HostAnswer } from '../../../src/runtime/host-port.ts';
import { modeCancelOnly } from '../../../src/core/risk/order-gate.ts';
import type { SeedTerms } from './campaign.ts';
import type { Plant } from './world.ts';

/** A fault of ours, the seed that shows it, and the check that finds it. */
export interface PlantedFault {
  readonly name: string;
  readonly terms: SeedTerms;
  readonly caughtBy: 'DENIALS' | 'ORDERS' | 'EVENTS' | 'POSITIONS' | 'REASONS' | 'OPERATIONS';
  /** A new one for each run: some count. */
  readonly plant: () => Plant;
}

const pairedSeed: SeedTerms = { seed: 2, slow: false, lowers: false };
const slowSeed: SeedTerms = { seed: 4, slow: true, lowers: false };
const loweringSeed: SeedTerms = { seed: 1, slow: false, lowers: true };
const nobody = -2;
const nothing = (eventSeq: number): HostAnswer => ({ intents: [], faults: [], watermark: eventSeq });

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'an event that comes while a version is stopped is lost',
    terms: slowSeed,
    caughtBy: 'EVENTS',
    plant: () => {
      let lost = 0;
      return {
        deliver: (host, delivery, stopped) =>
          stopped && delivery.kind === 'market' && lost++ === 0 ? nothing(delivery.eventSeq) : host.deliver(delivery),
      };
    },
  },
  {
    name: 'an event is delivered twice',
    terms: pairedSeed,
    caughtBy: 'EVENTS',
    plant: () => ({
      deliver: (host, delivery) => {
        if (delivery.kind === 'market' && delivery.eventSeq % 1_000 === 7) host.deliver(delivery);
        return host.deliver(delivery);
      },
    }),
  },
  {
    name: 'a fill of capital reaches its owner twice',
    terms: pairedSeed,
    caughtBy: 'EVENTS',
    plant: () => ({
      deliver: (host, delivery) => {
        const fill = delivery.kind === 'own' && delivery.event.kind === 'ownFill' && !delivery.event.simulated;
        if (fill && delivery.eventSeq % 3 === 0) host.deliver(delivery);
        return host.deliver(delivery);
      },
    }),
  },
  {
    name: 'a timer of the new version goes off twice',
    terms: pairedSeed,
    caughtBy: 'ORDERS',
    plant: () => ({
      handover: (host, request) => {
        const reply = host.handover(request);
        if (request.verb === 'commit') host.deliver({ kind: 'timer', eventSeq: 0, at: microsUnchecked(0), row: request.to, name: 'beat' });
        return reply;
      },
    }),
  },
  {
    name: 'a version that is shadowed may only cancel',
    terms: pairedSeed,
    caughtBy: 'DENIALS',
    plant: () => ({
      onDecision: ({ gate }, decision) => {
        if (decision.kind === 'swapProposed') gate.mode[decision.from] = modeCancelOnly;
      },
    }),
  },
  {
    name: 'a cutover forgets what the old version has just sent',
    terms: { seed: 6, slow: false, lowers: false },
    caughtBy: 'ORDERS',
    plant: () => ({
      onDecision: ({ risk }, decision) => {
        if (decision.kind === 'swapCommitted') rehomeDuplicates(risk.duplicates, decision.to, nobody);
      },
    }),
  },
  {
    name: 'a cutover loses the capital of the version',
    terms: pairedSeed,
    caughtBy: 'DENIALS',
    plant: () => ({
      onDecision: ({ gate }, decision) => {
        if (decision.kind !== 'swapCommitted') return;
        gate.cap.hi[decision.to] = 0;
        gate.cap.lo[decision.to] = 0;
      },
    }),
  },
  {
    name: 'a lowered share is refused under another name',
    terms: loweringSeed,
    caughtBy: 'DENIALS',
    plant: () => ({
      told: (decision) =>
        decision.kind === 'orderDenied' && decision.code === 'MODE_REDUCING_ONLY' ? { ...decision, code: 'SLICE_OVERDRAWN' } : decision,
    }),
  },
  {
    name: 'the report of a fill is lost',
    terms: pairedSeed,
    caughtBy: 'POSITIONS',
    plant: () => ({ loseFill: 5 }),
  },
  {
    name: 'a refusal says nothing',
    terms: pairedSeed,
    caughtBy: 'REASONS',
    plant: () => ({ told: (decision) => (decision.kind === 'swapAborted' ? { ...decision, text: '' } : decision) }),
  },
  {
    name: 'a denial has no code',
    terms: pairedSeed,
    caughtBy: 'REASONS',
    plant: () => ({ told: (decision) => (decision.kind === 'orderDenied' ? { ...decision, code: '' as never } : decision) }),
  },
  {
    name: 'a host never says that a version is stopped',
    terms: pairedSeed,
    caughtBy: 'OPERATIONS',
    plant: () => ({
      handover: (host, request) => {
        const reply = host.handover(request);
        return request.verb === 'stop' ? { ...reply, notice: null } : reply;
      },
    }),
  },
];
