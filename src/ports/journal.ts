import type { Micros } from '../base/units.ts';
import type { Decision } from '../domain/decision.ts';
import type { Seq } from '../domain/ids.ts';
import type { Input } from '../domain/input.ts';

/** Where inputs and decisions go. Append is synchronous into memory; durability is reported by seq. */
export interface JournalPort {
  /** Next free seq. */
  readonly nextSeq: Seq;
  appendInput(seq: Seq, at: Micros, input: Input): void;
  appendDecision(seq: Seq, at: Micros, causeSeq: Seq, decision: Decision): void;
  /** Last seq that is durable by the declared durability (`os`: written). */
  readonly durableSeq: Seq;
  /** Writes and syncs what was appended so far; resolves with the durable seq, or with the failure that poisoned the file. */
  flush(): Promise<JournalFlush>;
  /** Resolves in the moment in which it can take no more, whoever waits for it; absent: that cannot happen. */
  readonly failed?: Promise<JournalFailure>;
  /** Writes a checkpoint over the last record and closes. */
  close(): Promise<JournalFlush>;
}

export type JournalFlush =
  { readonly ok: true; readonly durableSeq: Seq } | ({ readonly ok: false; readonly durableSeq: Seq } & JournalFailure);

export interface JournalFailure {
  readonly code: 'DISK_FULL' | 'DISK_FAILED';
  readonly message: string;
}
