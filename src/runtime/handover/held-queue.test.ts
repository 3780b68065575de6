import { expect, test } from 'vitest';
import { micros } from '../../base/units.ts';
import type { HandoverVerb, PositionMode } from '../../domain/swap.ts';
import { listingRows, quoteDelivery, request } from '../../testing/hosts/host-world.ts';
import { tallies } from '../../testing/hosts/swapping-strategies.ts';
import type { HandoverReply } from '../host-port.ts';
import { ThreadHost } from '../thread-host.ts';
import { maxQueuedDeliveries } from './held-queue.ts';

const [from, to] = [0, 1];

/** A swap that nobody ends while twice the most deliveries come, and one more; and then by this verb. */
function neverEnded(end: HandoverVerb, positions: PositionMode): { readonly host: ThreadHost; readonly reply: HandoverReply } {
  const host = new ThreadHost(listingRows(1), () => 0.01);
  const ask = (verb: HandoverVerb): HandoverReply => {
    const authority = { epoch: 1, capital: 1_000, trading: true };
    const both = { fromAuthority: authority, toAuthority: authority };
    return host.handover({ verb, swap: 3, from, to, positions, openOrders: 'cancel', tagShift: 0, ...both, paper: [] });
  };
  for (const [row, definition] of [tallies.counts, tallies.green].entries()) {
    expect(host.load(request(row, definition, [0], 1))).toMatchObject({ ok: true });
    host.authority(row, 1, 1_000, true);
  }
  for (const verb of ['sync', 'stop', 'adopt'] as const) expect(ask(verb).notice?.event).not.toBe('refused');
  for (let n = 0; n <= 2 * maxQueuedDeliveries; n++) host.deliver(quoteDelivery(10 + n, 0, 100));
  return { host, reply: ask(end) };
}

const text = `swap 3: more than ${2 * maxQueuedDeliveries} deliveries waited for its end: they are lost`;
const faultsOf = ({ answers }: HandoverReply): readonly object[] => answers.flatMap(({ faults }) => faults);

test('an abort that comes too late says that the old version does not know what it missed', () => {
  const { host, reply } = neverEnded('abort', 'transfer');
  expect(reply.notice).toBeNull();
  expect(faultsOf(reply)).toEqual([{ row: from, event: 'exception', text }]);
  // and nobody is left behind
  expect(host.handovers.active).toBe(false);
});

test.each([
  ['transfer', [to]],
  ['drain', [to, from]],
] as const)('a commit with %s that comes too late says so of everybody who missed something', (positions, rows) => {
  const { host, reply } = neverEnded('commit', positions);
  expect(faultsOf(reply)).toEqual(rows.map((row) => ({ row, event: 'exception', text })));
  expect(host.handovers.active).toBe(false);
  expect(host.deliver({ kind: 'group', eventSeq: 99_999, at: micros(99_999) }).faults).toEqual([]);
});
