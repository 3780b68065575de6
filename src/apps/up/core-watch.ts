import type { DeskThreads } from './desk-threads.ts';
import { goneAfter, TurnWatch } from './gateway-watch.ts';

/** A core whose turns stand still for this long is killed for (ms): nobody judges a loss any more, and what is open may trade. It makes a turn every 5 ms at least. */
export const latchAfter = 10_000;

/**
 * Looks at a desk's core each time that it is called: one that spins answers nobody and dies of nothing. It is told of after two seconds; after ten the kill word is set, which the
 * gateway obeys without the core, and the kill is kept for the record; after five minutes nobody waits for it any longer. @param tell hears what people must hear: subject and text.
 */
export function coreLook(threads: DeskThreads, tell: (subject: string, text: string) => void): () => void {
  const { gatewayBoard } = threads;
  const seconds = (millis: number): string => `${(millis / 1_000).toFixed(0)} s`;
  const told = new TurnWatch(
    {
      silent: () => {
        const open = gatewayBoard.get('openOrders');
        const next = `after ${seconds(latchAfter)} the gateway takes every order back`;
        tell('CORE_SILENT', `the core lives and stands still: no loss is judged and nobody is answered, ${open} orders are open; ${next}`);
      },
      again: (millis) => tell('CORE_SPEAKS', `the core goes on after ${seconds(millis)}`),
      gone: (millis) => threads.coreGone(`it lives and stands still for ${seconds(millis)}`),
    },
    () => goneAfter,
  );
  const latch = new TurnWatch(
    {
      silent: () => undefined,
      again: () => undefined,
      gone: (millis) => {
        const reason = `the core lives and stands still for ${seconds(millis)}`;
        tell('CORE_KILLED', `${reason}: the kill switch is engaged, the gateway takes every order back`);
        void threads.kill(reason);
      },
    },
    () => latchAfter,
  );
  return () => {
    const [turns, killed, now] = [gatewayBoard.get('coreTurns'), threads.killed, performance.now()];
    told.look(turns, killed, now);
    latch.look(turns, killed, now);
  };
}
