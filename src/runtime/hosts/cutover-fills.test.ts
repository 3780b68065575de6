import { afterEach, expect, test } from 'vitest';
import { fromSafe, splitZero } from '../../base/split.ts';
import { lotsUnchecked, micros, ticksUnchecked } from '../../base/units.ts';
import type { HandoverVerb, PositionMode } from '../../domain/swap.ts';
import { listingRows, quoteDelivery, request } from '../../testing/hosts/host-world.ts';
import { tallies } from '../../testing/hosts/swapping-strategies.ts';
import type { HostPort, OwnEvent } from '../host-port.ts';
import { ThreadHost } from '../thread-host.ts';
import { moduleBeside, nodeWorld } from '../threads.ts';
import { HostPool } from './host-pool.ts';

const [from, to] = [0, 1];
const listings = listingRows(1);
const module = moduleBeside(import.meta.url, '../../testing/hosts/swapping-strategies');
const pools: HostPool[] = [];

function pool(hosts: number): HostPool {
  const budget = { callMillis: 300, heapMebibytes: 128, proposalsPerSecond: 1_000_000 };
  const made = new HostPool({ world: nodeWorld, hosts, listings, tickValue: () => 0.01, moduleOf: () => module, budget, exportEvery: 0 });
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((one) => one.end()));
});

const places: Readonly<Record<string, () => HostPort>> = {
  'one thread': () => new ThreadHost(listings, () => 0.01),
  'one host': () => pool(1),
  'two hosts': () => pool(2),
};

const none = splitZero();
fromSafe(none, 0);

function fillOf(row: number, tag: number, qty: number, leaves: number, position: number): OwnEvent {
  return {
    kind: 'ownFill',
    row,
    simulated: false,
    fill: {
      tag,
      listing: 0,
      side: 'buy',
      lastQty: lotsUnchecked(qty),
      lastPx: ticksUnchecked(100),
      leavesQty: lotsUnchecked(leaves),
      position: lotsUnchecked(position),
      fee: none,
      feeCurrency: 0,
      transactTime: micros(1),
    },
    money: { cash: none, fee: none, returnedFee: none, feeCurrency: 0, returnedCurrency: 0 },
  };
}

/** Fills counted, and the quantity that the instance proposes when it is filled next by one lot: its position and one more. */
function swapWith(host: HostPort, positions: PositionMode): object {
  let eventSeq = 1;
  const said: object[] = [];
  const note = (answers: readonly { readonly intents: readonly { readonly row: number; readonly orderQty: number }[] }[]): void => {
    for (const { intents } of answers) for (const { row, orderQty } of intents) said.push([row, orderQty]);
  };
  const own = (event: OwnEvent): void => note([host.deliver({ kind: 'own', eventSeq: ++eventSeq, at: micros(eventSeq * 10), event })]);
  const ask = (verb: HandoverVerb): void => {
    const authority = { epoch: 1, capital: 1_000, trading: true };
    const both = { fromAuthority: authority, toAuthority: authority };
    note(host.handover({ verb, swap: 0, from, to, positions, openOrders: 'adopt', tagShift: 0, ...both, paper: [] }).answers);
  };
  for (const [row, definition] of [tallies.blue, tallies.green].entries()) {
    expect(host.load(request(row, definition, [0], 1))).toMatchObject({ ok: true });
    host.authority(row, 1, 1_000, true);
  }
  note([host.deliver(quoteDelivery(++eventSeq, 0, 100))]);
  own(fillOf(from, 1, 5, 20, 5));
  for (const verb of ['sync', 'try', 'stop'] as const) ask(verb);
  // the venue fills three more before the commit: they are booked to the old version, whose order it is
  own(fillOf(from, 1, 3, 17, 8));
  ask('adopt');
  said.length = 0;
  ask('commit');
  const fills = [from, to].map((row) => {
    const { bytes } = host.exportState(row) ?? {};
    return (JSON.parse(new TextDecoder().decode(bytes)) as { fills: number }).fills;
  });
  return { said, fills };
}

test.each(['one thread', 'one host', 'two hosts'])(
  'in %s lots that are filled between stop and commit are heard of by whoever has them then',
  (place) => {
    // drained: the lots stay with the old version, which works them off
    expect(swapWith(places[place](), 'drain')).toEqual({ said: [[from, 9]], fills: [8, 5] });
    // transferred: the new version has them
    expect(swapWith(places[place](), 'transfer')).toEqual({ said: [[to, 9]], fills: [5, 8] });
    // flattened: they are the custodian's, and neither trades on them
    expect(swapWith(places[place](), 'flatten')).toEqual({ said: [], fills: [5, 5] });
  },
);
