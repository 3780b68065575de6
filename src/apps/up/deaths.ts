import { microsUnchecked } from '../../base/units.ts';
import type { Alert } from '../../ports/alert.ts';
import { oneLine } from '../desk/kill-note.ts';

/** What ends a desk that nobody has asked to end. `why`: one line. */
export interface Death {
  /** `follower`: it disagrees with the core; a follower that is gone ends no desk. */
  readonly thread: 'core' | 'gateway' | 'main thread' | 'follower';
  /** What became of it: `died`, `went on no more`, `did not end and was ended`. */
  readonly how: string;
  readonly why: string;
}

export function deathOf(thread: Death['thread'], thrown: unknown, how = 'died'): Death {
  return { thread, how, why: oneLine(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)) };
}

/** Reason of the kill that a death asks for, as the record has it. */
export function reasonOf({ thread, how, why }: Death): string {
  return oneLine(`the ${thread} ${how}: ${why}`);
}

/** Where a desk stands when its threads are gone. */
export interface LeftBehind {
  /** Orders that the gateway knew to be open last. */
  readonly openOrders: number;
  /** The kill is in the journal or waits for the next start. */
  readonly killKept: boolean;
}

/**
 * Who has died, and whether people have been told: the core's own alert of the kill counts, where its record came; what the core could not say any more is said in its
 * place. Once for each death and channel.
 */
export class Deaths {
  readonly #deaths: Death[] = [];
  readonly #told = new Set<Death>();
  readonly #send: (alert: Alert) => void;
  readonly #nowMicros: () => number;

  constructor(send: (alert: Alert) => void, nowMicros: () => number) {
    this.#send = send;
    this.#nowMicros = nowMicros;
  }

  get any(): boolean {
    return this.#deaths.length > 0;
  }

  /** The first of each thread counts. */
  take(death: Death): void {
    if (this.#deaths.some(({ thread }) => thread === death.thread)) return;
    this.#deaths.push(death);
    // nobody else is left who could tell it
    if (death.thread === 'core') this.#tell(death);
  }

  /** An alert of the core on its way to people. */
  heard({ subject, text }: Alert): void {
    if (subject !== 'KILL_SWITCH') return;
    for (const death of this.#deaths) if (text.includes(reasonOf(death))) this.#told.add(death);
  }

  /** The core is gone: what it has not told is told now. */
  tellRest(): void {
    this.#deaths.forEach((death) => this.#tell(death));
  }

  #tell(death: Death): void {
    if (this.#told.has(death)) return;
    this.#told.add(death);
    const at = Math.round(this.#nowMicros());
    const id = `died-${death.thread.replace(' ', '-')}-${at}`;
    const text = `${reasonOf(death)}; the desk ends, every order is taken back as far as it can be`;
    this.#send({ id, seq: 0, at: microsUnchecked(at), severity: 'critical', subject: 'DESK_DIED', text });
  }

  /** One sentence: what died and why, and what state it leaves; '' = nothing died. */
  sentence({ openOrders, killKept }: LeftBehind): string {
    if (this.#deaths.length === 0) return '';
    const died = this.#deaths.map(({ thread, how, why }) => `the ${thread} ${how} (${why})`).join(', then ');
    const withoutGateway = this.#deaths.some(({ thread }) => thread === 'gateway');
    const orders =
      openOrders === 0
        ? withoutGateway
          ? 'it knew no open order'
          : 'every order was taken back at the gateway'
        : `${openOrders} orders were open at the gateway and are not taken back`;
    const next = killKept ? ', and stays killed until people release it' : '';
    return `${died}: ${orders}; the next start goes on from the last durable record, asks the venues for every open order${next}`;
  }
}
