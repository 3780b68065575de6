import type { Micros } from '../base/units.ts';
import type { Seq } from '../domain/ids.ts';

export const alertSeverities = ['low', 'medium', 'high', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** Something that a person must see. Its record in the journal names it: the same alert has the same id after any number of starts. */
export interface Alert {
  /** `42`: the seq of its record; `42?` where the journal took no more, so that no later start knows of it; a name with the time (`died-core-…`) and seq 0 where it has no record. */
  readonly id: string;
  readonly seq: Seq;
  readonly at: Micros;
  readonly severity: AlertSeverity;
  readonly subject: string;
  readonly text: string;
}

/** A way to people. */
export interface AlertChannel {
  readonly name: string;
  /** Seq of the last alert that it has delivered, also by a process before this one; 0 = none. */
  readonly lastSeq: Seq;
  /** Delivers one alert and remembers durably that it did; rejects when it could not, and is asked again later with the same id. */
  deliver(alert: Alert): Promise<void>;
}
