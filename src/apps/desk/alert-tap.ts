import type { Micros } from '../../base/units.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Seq } from '../../domain/ids.ts';
import type { Alert } from '../../ports/alert.ts';

/** Most alerts of a desk that wait for their records; past it the oldest are in the journal only. */
const maxUnrecorded = 4_096;

/** The alert that a record is; undefined = it is none. */
export function alertOf(seq: Seq, at: Micros, decision: Decision): Alert | undefined {
  if (decision.kind !== 'alertRaised') return undefined;
  const { severity, subject, text } = decision;
  return { id: String(seq), seq, at, severity, subject, text };
}

/** Alerts on their way from the core to people: handed on when their record is durable, so that no later start gives their number to another. */
export class AlertTap {
  readonly #waiting: Alert[] = [];
  readonly #hand: (alert: Alert) => void;

  constructor(hand: (alert: Alert) => void) {
    this.#hand = hand;
  }

  take(seq: Seq, at: Micros, decision: Decision): void {
    const alert = alertOf(seq, at, decision);
    if (alert === undefined) return;
    if (this.#waiting.length >= maxUnrecorded) this.#waiting.shift();
    this.#waiting.push(alert);
  }

  /** Records up to `durableSeq` are durable. */
  recorded(durableSeq: Seq): void {
    while (this.#waiting.length > 0 && this.#waiting[0].seq <= durableSeq) this.#handNext('');
  }

  /** The journal takes no more: what waits is told all the same, marked as nothing that a later start will know. */
  unrecorded(durableSeq: Seq): void {
    this.recorded(durableSeq);
    while (this.#waiting.length > 0) this.#handNext('?');
  }

  #handNext(mark: string): void {
    const alert = this.#waiting.shift();
    if (alert !== undefined) this.#hand({ ...alert, id: `${alert.id}${mark}` });
  }
}
