import { workerData } from 'node:worker_threads';
import type { VenueIx } from '../../domain/ids.ts';
import type { PulledVenue } from '../../runtime/desk-options.ts';
import { GatewayBoard } from '../../runtime/live/gateway-board.ts';
import type { GatewayMarket } from '../../runtime/live/gateway-loop.ts';
import { openGateway } from './open-gateway.ts';
import type { GatewayPlan } from './plan.ts';

/**
 * Entry of a gateway with a planted fault, which begins as soon as it knows two open orders: it dies (`gateway`), spins (`gateway-spins`), waits for ever
 * (`gateway-waits`), or its venue says nothing more while the gateway goes on (`venue-mute`). For tests of what a desk does without it.
 */
const plan = (workerData as { readonly data: GatewayPlan }).data;
const board = new GatewayBoard(plan.setting.board);
const planted = process.env['PLIMSOLL_PLANTED'];
const loop = openGateway(plan, planted === 'venue-mute' ? mute : undefined);
for (;;) {
  loop.turn();
  if (board.get('openOrders') < 2) continue;
  if (planted === 'gateway') throw new RangeError('planted in\nthe gateway');
  if (planted === 'gateway-spins') for (;;);
  if (planted === 'gateway-waits') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function mute(market: GatewayMarket): GatewayMarket {
  let isMute = false;
  const lasts = (): boolean => (isMute ||= board.get('openOrders') >= 2);
  const silenced = (port: PulledVenue): PulledVenue => ({
    capabilities: port.capabilities,
    send: (order, at) => (lasts() ? 'sent' : port.send(order, at)),
    replace: (order, at) => (lasts() ? 'sent' : port.replace(order, at)),
    cancel: (request, at) => (lasts() ? 'sent' : port.cancel(request, at)),
    cancelAll: (at) => port.cancelAll(at),
    query: (clOrdID, at) => (lasts() ? 'sent' : port.query(clOrdID, at)),
    statement: (request, at) => (lasts() ? 'sent' : (port.statement?.(request, at) ?? 'refused')),
    onMarket: (event) => port.onMarket?.(event),
    nextEventAt: () => (lasts() ? undefined : port.nextEventAt()),
    advance: (to, sink, notices) => port.advance(to, sink, notices),
  });
  return { ...market, venues: new Map([...market.venues].map(([venue, port]): [VenueIx, PulledVenue] => [venue, silenced(port)])) };
}
