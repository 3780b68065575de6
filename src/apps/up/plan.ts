import type { Actor } from '../../domain/actor.ts';
import type { CaptureChunk } from '../../domain/input.ts';
import type { Alert } from '../../ports/alert.ts';
import type { Budget } from '../../runtime/hosts/budget.ts';
import type { LatencyMemory } from '../../runtime/live/latencies.ts';
import type { GatewaySetting } from '../../runtime/live/gateway-loop.ts';
import type { ControlAnswer, ControlRequest } from '../desk/control-socket.ts';
import type { ExitCode } from '../desk/exit-codes.ts';
import type { StartPhase } from '../desk/start-times.ts';
import type { MarketDefinition } from '../desk/definitions.ts';

/** A version that the desk offers and the module that its hosts load it from (file URL). */
export interface OfferedVersion {
  readonly name: string;
  readonly version: string;
  readonly module: string;
}

/** What the gateway's thread is begun with. */
export interface GatewayPlan {
  readonly setting: GatewaySetting;
  readonly markets: readonly MarketDefinition[];
  readonly seed: number;
}

/** What the core's thread is begun with. */
export interface CorePlan {
  readonly effects: SharedArrayBuffer;
  readonly words: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  readonly gatewayBell: SharedArrayBuffer;
  readonly killWord: SharedArrayBuffer;
  /** On which it says that it goes on. */
  readonly board: SharedArrayBuffer;
  readonly latencies: LatencyMemory;
  readonly markets: readonly MarketDefinition[];
  readonly versions: readonly OfferedVersion[];
  /** Ring to whoever captures the market; left out: nobody does. */
  readonly capture?: SharedArrayBuffer;
  /** Holds the journal; null = it is kept in memory (measurements). */
  readonly directory: string | null;
  readonly coreDigest: string;
  /** When the process began (milliseconds, `StartClock`). */
  readonly began: number;
  readonly seed: string;
  readonly firmCapital: string;
  readonly sliceCapital: string;
  /** UTC at zero of the shared clock as the machine has it, microseconds. */
  readonly wallOffset: number;
  readonly hosts: number;
  readonly spinning: boolean;
  readonly budget: Budget;
}

/** Main thread to core. */
export type ToCore =
  /** `actor`: whom the main thread found to ask; null = a look, or the desk itself. */
  | { readonly kind: 'ask'; readonly id: number; readonly request: ControlRequest; readonly actor: Actor | null }
  /** A chunk of the capture is on disk. */
  | { readonly kind: 'chunk'; readonly chunk: CaptureChunk }
  | { readonly kind: 'captureOver' }
  /** The desk is to be compared with its venues: the gateway stands still, or goes on again. */
  | { readonly kind: 'compare'; readonly reason: 'break' | 'reconnect' }
  | { readonly kind: 'stop'; readonly reason: string };

/** Core to main thread. `line`: something that a person may want to see. */
export type FromCore =
  | { readonly kind: 'ready'; readonly seq: number; readonly snapshotSeq: number; readonly phases: readonly StartPhase[] }
  | { readonly kind: 'refused'; readonly text: string; readonly exitCode: ExitCode }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ControlAnswer }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'alert'; readonly alert: Alert }
  | {
      readonly kind: 'ended';
      readonly seq: number;
      readonly stateHash: string;
      readonly head: string;
      readonly trouble: string;
      /** Market events on their way to the capture, and those that it had no room for; null = nobody captures. */
      readonly captured: { readonly events: number; readonly lost: number } | null;
    };
