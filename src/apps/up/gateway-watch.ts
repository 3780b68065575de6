import type { DeskThreads } from './desk-threads.ts';

/** A gateway whose turns stand still for this long carries no order and no cancel (ms); it looks at everything at least every 20 ms. */
export const silentAfter = 2_000;
/** A venue that cannot be reached for this long is a kill (ms); under the kill switch, whose cancels it should carry, it is waited for this long. */
export const goneAfter = 300_000;
export const goneUnderKill = 5_000;
/** Most of a pause between two looks that counts (ms): a machine that stood still says nothing about the gateway. */
const mostOfPause = 500;

export interface TurnListener {
  /** It has stood still for `silentAfter`. */
  silent(): void;
  /** It goes on; `millis`: how long it stood still. */
  again(millis: number): void;
  /** Nobody waits for it any longer; said once. */
  gone(millis: number): void;
}

/**
 * Watches that a thread goes on (the gateway's, the core's): one that spins or waits for ever is alive and has no exception, so that nothing else says so. Looked at by the main
 * thread, which needs neither of them.
 */
export class TurnWatch {
  readonly #listener: TurnListener;
  readonly #patience: (killed: boolean) => number;
  #turns = -1;
  #lookedAt: number | undefined;
  #still = 0;
  #said = false;
  #gone = false;

  /** @param patience how long it is waited for (ms). */
  constructor(listener: TurnListener, patience: (killed: boolean) => number) {
    this.#listener = listener;
    this.#patience = patience;
  }

  /** @param turns that it has made since its beginning. @param now milliseconds. */
  look(turns: number, killed: boolean, now: number): void {
    const passed = this.#lookedAt === undefined ? 0 : Math.min(mostOfPause, now - this.#lookedAt);
    this.#lookedAt = now;
    if (turns !== this.#turns) {
      const still = this.#still;
      this.#turns = turns;
      this.#still = 0;
      if (this.#said && !this.#gone) this.#listener.again(still);
      this.#said = false;
      this.#gone = false;
      return;
    }
    this.#still += passed;
    if (this.#still >= silentAfter && !this.#said) {
      this.#said = true;
      this.#listener.silent();
    }
    if (this.#gone || this.#still < this.#patience(killed)) return;
    this.#gone = true;
    this.#listener.gone(this.#still);
  }
}

/** One of a gateway. */
export function gatewayWatch(listener: TurnListener): TurnWatch {
  return new TurnWatch(listener, (killed) => (killed ? goneUnderKill : goneAfter));
}

/** Looks at a desk's gateway each time that it is called. @param tell hears what people must hear: subject and text. */
export function gatewayLook(threads: DeskThreads, tell: (subject: string, text: string) => void): () => void {
  const { gatewayBoard } = threads;
  const seconds = (millis: number): string => `${(millis / 1_000).toFixed(0)} s`;
  const watch = gatewayWatch({
    silent: () => {
      const open = gatewayBoard.get('openOrders');
      const next = `the venues are asked, rows that they do not answer for may only cancel, and after ${seconds(goneAfter)}, or at a kill, the desk ends`;
      tell(
        'GATEWAY_SILENT',
        `the gateway lives and stands still for ${seconds(silentAfter)}: no order and no cancel leaves, ${open} orders are open; ${next}`,
      );
      threads.compareVenues('break');
    },
    again: (millis) => {
      tell('GATEWAY_SPEAKS', `the gateway goes on after ${seconds(millis)}: the desk is compared with its venues`);
      threads.compareVenues('reconnect');
    },
    gone: (millis) => threads.gatewayGone(`it lives and stands still for ${seconds(millis)}`),
  });
  return () => watch.look(gatewayBoard.get('turns'), threads.killed, performance.now());
}
