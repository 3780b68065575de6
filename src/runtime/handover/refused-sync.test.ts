import { expect, test } from 'vitest';
import { listingRows, quoteDelivery, request } from '../../testing/hosts/host-world.ts';
import { tallies } from '../../testing/hosts/swapping-strategies.ts';
import type { HandOrder, HandStep } from '../hosts/hand-step.ts';
import { handStep } from '../hosts/hand-step.ts';
import type { HandoverRequest } from '../host-port.ts';
import { ThreadHost } from '../thread-host.ts';

const [from, to] = [0, 1];
const authority = { epoch: 1, capital: 1_000, trading: true };
const asked: HandoverRequest = {
  verb: 'sync',
  swap: 0,
  from,
  to,
  positions: 'transfer',
  openOrders: 'cancel',
  tagShift: 0,
  fromAuthority: authority,
  toAuthority: authority,
  paper: [],
};

test('a version whose successor is refused before the shadow goes on with what it was not fed meanwhile', () => {
  const host = new ThreadHost(listingRows(1), () => 0.01);
  for (const [row, definition] of [tallies.blue, tallies.migrateRefuses].entries()) {
    expect(host.load(request(row, definition, [0], 1))).toMatchObject({ ok: true });
    host.authority(row, 1, 1_000, true);
  }
  const order = (step: HandStep, parting: HandOrder['parting'] = null): HandOrder => ({
    verb: 'hand',
    ask: 1,
    step,
    request: asked,
    parting,
    giver: null,
  });
  const quotesOf = (row: number): number =>
    (JSON.parse(new TextDecoder().decode(host.exportState(row)?.bytes)) as { quotes: number }).quotes;
  host.deliver(quoteDelivery(2, 0, 100));
  const parted = handStep(host.handovers, order('part'), undefined, null);
  handStep(host.handovers, order('hold'), undefined, null);
  for (const eventSeq of [3, 4, 5]) expect(host.deliver(quoteDelivery(eventSeq, 0, 100)).intents.map(({ row }) => row)).toEqual([from]);
  const refused = handStep(host.handovers, order('sync', parted.reply.parting), parted.state ?? undefined, null);
  expect(refused.reply.text).toContain('planted');
  const dropped = handStep(host.handovers, order('drop'), undefined, null);
  expect(dropped.answers.flatMap(({ intents }) => intents.map(({ row, eventSeq }) => [row, eventSeq]))).toEqual([
    [to, 3],
    [to, 4],
    [to, 5],
  ]);
  expect([quotesOf(from), quotesOf(to)]).toEqual([4, 4]);
  expect(host.handovers.active).toBe(false);
});
