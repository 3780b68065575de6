import { expect, test } from 'vitest';
import type { HandoverNotice, HandoverVerb } from '../../domain/swap.ts';
import type { World } from '../../ports/world.ts';
import { listingRows, tryingModule } from '../../testing/hosts/host-world.ts';
import type { HandoverRequest } from '../host-port.ts';
import { createDoorbell, Doorbell } from '../rings/doorbell.ts';
import { RingReader, RingWriter } from '../rings/ring.ts';
import { liveBudget } from './budget.ts';
import { Fleet } from './fleet.ts';
import type { HandReply, HandStep } from './hand-step.ts';
import type { HostOrder, HostSetting } from './host-loop.ts';
import { messageTypes, readJson, sendJson, sendState } from './messages.ts';

const [from, to] = [0, 1];

/** A host whose thread never runs: the test reads what it is asked and says what it likes. */
interface Mute {
  readonly voice: RingWriter;
  readonly ears: RingReader;
}

class MuteFleet {
  readonly notices: HandoverNotice[] = [];
  readonly #hosts: Mute[] = [];
  readonly #fleet: Fleet;

  constructor() {
    const world: World = {
      spawn: ({ data }) => {
        const { inbound, outbound, coreBell } = data as HostSetting;
        this.#hosts.push({ voice: new RingWriter(outbound, new Doorbell(coreBell, false)), ears: new RingReader(inbound) });
        return { post: () => undefined, onMessage: () => undefined, onEnd: () => undefined, end: () => Promise.resolve() };
      },
    };
    this.#fleet = new Fleet({
      world,
      hosts: 2,
      listings: listingRows(1),
      tickValue: () => 1,
      moduleOf: () => tryingModule,
      budget: liveBudget,
      exportEvery: 0,
      spinning: false,
      bell: createDoorbell(false),
      sink: {
        intent: () => undefined,
        fault: () => undefined,
        loaded: () => undefined,
        handover: (notice) => this.notices.push(notice),
      },
    });
    for (const row of [from, to]) this.#fleet.load({ row, name: 'counter', version: '1.0.0', parameters: {}, universe: [0], seed: 'x' });
    for (const row of [from, to]) sendJson(this.#hosts[row].voice, messageTypes.loaded, { row, ok: true, text: '', anew: false });
    this.hear();
  }

  ask(verb: HandoverVerb, swap = 0): void {
    const authority = { epoch: 1, capital: 1, trading: true };
    const request: HandoverRequest = {
      verb,
      swap,
      from,
      to,
      positions: 'transfer',
      openOrders: 'adopt',
      tagShift: 0,
      fromAuthority: authority,
      toAuthority: authority,
      paper: [],
    };
    this.#fleet.handover(request);
    this.#fleet.publish();
  }

  /** Steps that the host was asked for since, with the numbers to answer to. */
  asked(host: number): readonly { readonly step: HandStep; readonly ask: number }[] {
    const asked: { step: HandStep; ask: number }[] = [];
    this.#hosts[host].ears.poll((type, payload, at) => {
      if (type !== messageTypes.order) return true;
      const order = readJson(payload, at) as HostOrder;
      if (order.verb === 'hand') asked.push({ step: order.step, ask: order.ask });
      return true;
    }, 64);
    return asked;
  }

  /** A host's word: that it did the step. */
  say(host: number, ask: number, more: Partial<HandReply> = {}): void {
    const reply: HandReply = { ask, text: '', eventSeq: 7, taken: 'a', parting: null, ...more };
    sendJson(this.#hosts[host].voice, messageTypes.hand, reply);
    this.hear();
  }

  /** The old version's host parts with its state. */
  part(ask: number): void {
    sendState(this.#hosts[0].voice, { row: from, eventSeq: 7, schema: 's', bytes: new Uint8Array(3) });
    const none = { tag: 0, positions: [], orders: [], timers: [], money: { won: { hi: 0, lo: 0 }, mixed: false }, shift: 0 };
    this.say(0, ask, { parting: { carried: { ...none, imagined: [], replaces: [], random: null }, exported: 'a' } });
  }

  hear(): void {
    this.#hosts.forEach(({ voice }) => voice.publish());
    this.#fleet.poll();
  }

  get events(): readonly string[] {
    return this.notices.map(({ swap, event }) => `${swap} ${event}`);
  }
}

test('what a host says to a swap that is over changes nothing, also while the next one waits for the same answer', () => {
  const fleet = new MuteFleet();
  fleet.ask('stop');
  const [stop] = fleet.asked(0);
  expect(stop.step).toBe('stop');
  fleet.asked(1);
  fleet.ask('abort');
  expect([fleet.asked(0), fleet.asked(1)].map((all) => all.map(({ step }) => step))).toEqual([['giveBack'], ['drop']]);
  fleet.part(stop.ask);
  expect(fleet.events).toEqual([]);

  fleet.ask('stop', 1);
  fleet.part(fleet.asked(0)[0].ask);
  expect(fleet.events).toEqual(['1 stopped']);
  fleet.asked(1);
  fleet.ask('adopt', 1);
  const [adopt] = fleet.asked(1);
  expect(adopt.step).toBe('adopt');
  fleet.ask('abort', 1);
  fleet.say(1, adopt.ask);
  expect(fleet.events).toEqual(['1 stopped']);
});

test('a word that another host was asked for is not taken from this one', () => {
  const fleet = new MuteFleet();
  fleet.ask('stop');
  fleet.part(fleet.asked(0)[0].ask);
  fleet.asked(1);
  fleet.ask('adopt');
  const [adopt] = fleet.asked(1);
  fleet.say(0, adopt.ask);
  expect(fleet.events).toEqual(['0 stopped']);
});

test('an adoption without a stop, and a step of a version that no host serves, are refused by name', () => {
  const fleet = new MuteFleet();
  fleet.ask('adopt');
  expect(fleet.notices[0]).toMatchObject({ event: 'refused', text: 'the old version was not stopped on its host' });
});
