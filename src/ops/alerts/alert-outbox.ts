import type { Alert, AlertChannel } from '../../ports/alert.ts';
import type { KeptAlerts } from './kept-alerts.ts';

/** Most alerts that wait for one channel; past it the oldest make room, and the channel is told how many. */
export const maxWaitingAlerts = 4_096;
/** First wait after a failure, doubled each time up to the longest (ms). */
export const firstBackOff = 500;
export const longestBackOff = 60_000;

export interface AlertOutboxOptions {
  readonly channels: readonly AlertChannel[];
  /** Resolves after so many milliseconds, or when the signal ends it. */
  readonly wait: (millis: number, signal: AbortSignal) => Promise<void>;
  /** Keeps what no journal does until it is delivered, also for a later process; left out: what is not delivered by the end is lost. */
  readonly kept?: KeptAlerts;
  /** Hears why a delivery failed. */
  readonly onFailure?: (channel: string, why: string, againInMillis: number) => void;
}

interface Line {
  readonly channel: AlertChannel;
  readonly waiting: Alert[];
  /** Alerts of the journal up to here are delivered or wait. */
  takenUpTo: number;
  skipped: number;
  /** Undefined = nothing waits. */
  running: Promise<void> | undefined;
}

/**
 * Alerts to people, once for each channel: an alert is named by its record, a channel remembers durably how far it has come, and whoever delivers again after a crash
 * delivers under the same id. Each channel has its own queue, in the order of the journal; a failing one is asked again with growing pauses and holds nobody else up.
 */
export class AlertOutbox {
  readonly #options: AlertOutboxOptions;
  readonly #lines: readonly Line[];
  readonly #ending = new AbortController();

  constructor(options: AlertOutboxOptions) {
    this.#options = options;
    this.#lines = options.channels.map((channel) => ({
      channel,
      waiting: [...(options.kept?.waiting(channel.name) ?? [])],
      takenUpTo: channel.lastSeq,
      skipped: 0,
      running: undefined,
    }));
    for (const line of this.#lines) if (line.waiting.length > 0) line.running = this.#run(line);
  }

  get waiting(): number {
    return this.#lines.reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** Takes an alert whose record is durable; one that a channel has had already is nothing to it. In order of seq. */
  take(alert: Alert): void {
    for (const line of this.#lines) {
      if (alert.id === String(alert.seq)) {
        if (alert.seq <= line.takenUpTo) continue;
        line.takenUpTo = alert.seq;
      } else this.#options.kept?.keep(line.channel.name, alert);
      if (line.waiting.length >= maxWaitingAlerts) {
        // the one under way stays
        line.waiting.splice(1, 1);
        line.skipped++;
      }
      line.waiting.push(alert);
      line.running ??= this.#run(line);
    }
  }

  async #run(line: Line): Promise<void> {
    const { signal } = this.#ending;
    // whoever takes many alerts in one turn is not held up
    await Promise.resolve();
    for (let pause = firstBackOff; line.waiting.length > 0 && !signal.aborted;) {
      const [alert] = line.waiting;
      const { skipped } = line;
      const said = skipped === 0 ? alert : { ...alert, text: `${alert.text} (${skipped} alerts before it were too many to wait)` };
      try {
        await line.channel.deliver(said);
        line.waiting.shift();
        if (alert.id !== String(alert.seq)) this.#options.kept?.forget(line.channel.name, alert.id);
        line.skipped -= skipped;
        pause = firstBackOff;
      } catch (error) {
        this.#options.onFailure?.(line.channel.name, error instanceof Error ? error.message : String(error), pause);
        await this.#options.wait(pause, signal);
        pause = Math.min(longestBackOff, pause * 2);
      }
    }
    line.running = undefined;
  }

  /** Waits until everything is delivered, at most `millis`; what is left waits in the journal, or is kept, for the next start. @returns how many are left. */
  async end(millis: number): Promise<number> {
    const running = (): readonly Promise<void>[] => this.#lines.flatMap((line) => line.running ?? []);
    await Promise.race([Promise.all(running()), this.#options.wait(millis, this.#ending.signal)]);
    this.#ending.abort();
    await Promise.all(running());
    return this.waiting;
  }
}
