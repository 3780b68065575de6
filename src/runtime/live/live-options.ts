import type { Micros } from '../../base/units.ts';
import type { Core } from '../../core/core.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Effect } from '../../domain/effect.ts';
import type { EventSeq, Seq } from '../../domain/ids.ts';
import type { Input } from '../../domain/input.ts';
import type { JournalPort } from '../../ports/journal.ts';
import type { Clock } from '../../ports/world.ts';
import type { FleetOptions } from '../hosts/fleet.ts';
import type { Doorbell } from '../rings/doorbell.ts';
import type { RingReader, RingWriter } from '../rings/ring.ts';
import type { KillWord } from './kill-word.ts';
import type { LatencyMemory } from './latencies.ts';

export interface LiveDeskOptions {
  readonly core: Core;
  readonly journal: JournalPort;
  readonly clock: Clock;
  readonly seed: string;
  /** Last eventSeq and time of a desk before it on the same journal. */
  readonly eventSeq?: EventSeq;
  readonly notBefore?: Micros;
  readonly fleet: Omit<FleetOptions, 'sink' | 'bell'>;
  readonly bell: Doorbell;
  /** To the gateway, and what it says. */
  readonly effects: RingWriter;
  readonly words: RingReader;
  /** Set here before anything else when the core kills. */
  readonly killWord: KillWord;
  readonly latencies: LatencyMemory;
  /** The journal takes no more; called once, before anything else happens. */
  readonly onJournalFailure?: (sentence: string) => void;
  /** Takes the market as strategies get it, on its way to a capture; it may not wait. */
  readonly tap?: RingWriter;
  readonly observe?: (seq: Seq, at: Micros, input: Input, decisions: readonly Decision[]) => void;
  readonly onEffect?: (effect: Effect) => void;
  /** Called at the end of each turn: whoever watches the core sees that it goes on. */
  readonly onTurn?: () => void;
}

/** What a live desk has counted. */
export interface LiveCounts {
  readonly inputs: number;
  readonly marketEvents: number;
  readonly conflated: number;
  readonly hostsEnded: number;
  readonly turns: number;
}
