import { expect, test } from 'vitest';
import { splitZero } from '../../base/split.ts';
import { lotsUnchecked, micros, ticksUnchecked } from '../../base/units.ts';
import type { RowIx } from '../../domain/ids.ts';
import type { HandoverNotice, HandoverVerb } from '../../domain/swap.ts';
import type { World } from '../../ports/world.ts';
import { listingRows, tryingModule } from '../../testing/hosts/host-world.ts';
import type { HandoverRequest, HostFault } from '../host-port.ts';
import { createDoorbell, Doorbell } from '../rings/doorbell.ts';
import { RingReader, RingWriter } from '../rings/ring.ts';
import { liveBudget } from './budget.ts';
import { Fleet } from './fleet.ts';
import type { HandReply, HandStep } from './hand-step.ts';
import type { HostOrder, HostSetting } from './host-loop.ts';
import type { Carried } from '../strategy-context.ts';
import { messageTypes, readJson, sendJson, sendState, sendTimerSet } from './messages.ts';

const [from, to] = [0, 1];

/** A host whose thread never runs: the test reads what it is asked and says what it likes. */
interface Mute {
  readonly voice: RingWriter;
  readonly ears: RingReader;
}

class MuteFleet {
  readonly notices: HandoverNotice[] = [];
  readonly faults: HostFault[] = [];
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
        fault: (fault) => this.faults.push(fault),
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
    this.say(0, ask, { parting: { carried: carriedWith({}), exported: 'a' } });
  }

  /** A row sets a timer on its host. */
  setTimer(row: RowIx, name: string, at: number): void {
    sendTimerSet(this.#hosts[row].voice, { row, at: micros(at), name });
    this.hear();
  }

  /** A fill of the simulator: the row holds so many lots then. */
  fill(row: RowIx, position: number): void {
    const none = splitZero();
    const money = { cash: none, fee: none, returnedFee: none, feeCurrency: 0, returnedCurrency: 0 };
    const lot = { tag: 1, listing: 0, side: 'buy', lastQty: lotsUnchecked(1), lastPx: ticksUnchecked(100) } as const;
    const rest = { leavesQty: lotsUnchecked(0), position: lotsUnchecked(position), fee: none, feeCurrency: 0, transactTime: micros(1) };
    const event = { kind: 'ownFill', row, simulated: true, money, fill: { ...lot, ...rest } } as const;
    this.#fleet.post({ kind: 'own', eventSeq: 8, at: micros(8), event }, 0);
    this.#fleet.publish();
  }

  /** Lots of a row, and the timers that are due, as the fleet knows them. */
  known(row: RowIx): object {
    const due = this.#fleet.dueTimers(micros(1_000)).filter((timer) => timer.row === row);
    return { lots: this.#fleet.rows.get(row)?.context.position(0), due: due.map(({ name }) => name) };
  }

  hear(): void {
    this.#hosts.forEach(({ voice }) => voice.publish());
    this.#fleet.poll();
    this.#fleet.publish();
  }

  get events(): readonly string[] {
    return this.notices.map(({ swap, event }) => `${swap} ${event}`);
  }
}

const carriedWith = (more: Partial<Carried>): Carried => ({
  tag: 0,
  positions: [],
  orders: [],
  timers: [],
  money: { won: { hi: 0, lo: 0 }, mixed: false },
  shift: 0,
  imagined: [],
  replaces: [],
  random: null,
  ...more,
});

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

/** Both versions with timers of their own; the new one is to take the old one's state, which its host is given. @returns the number of that step. */
function givenForSync(fleet: MuteFleet, swap = 0): number {
  fleet.ask('sync', swap);
  fleet.part(fleet.asked(0)[0].ask);
  const asked = fleet.asked(1);
  expect(asked.map(({ step }) => step)).toEqual(['hold', 'sync']);
  return asked[1].ask;
}

test('what is known of a version before the shadow is as it was until its host has taken the state, and after a refusal too', () => {
  const fleet = new MuteFleet();
  fleet.setTimer(from, 'old', 10);
  fleet.setTimer(to, 'new', 10);
  fleet.fill(to, 3);
  const sync = givenForSync(fleet);
  fleet.fill(to, 4);
  expect(fleet.known(to)).toEqual({ lots: 4, due: [] });
  fleet.say(1, sync, { text: 'no' });
  expect(fleet.events).toEqual(['0 refused']);
  expect(fleet.known(to)).toEqual({ lots: 4, due: ['new'] });
  // its instance goes on and hears what waited
  expect(fleet.asked(1).map(({ step }) => step)).toEqual(['drop']);

  const again = givenForSync(fleet, 1);
  // its own fill behind the state: the host tells it to the instance that has taken the state
  fleet.fill(to, 6);
  const carried = carriedWith({ positions: [[0, lotsUnchecked(9)]], timers: [['taken', micros(10)]], imagined: [[0, 4]] });
  fleet.say(1, again, { parting: { carried, exported: 'a' } });
  expect(fleet.events).toEqual(['0 refused', '1 synced']);
  expect(fleet.known(to)).toEqual({ lots: 10, due: ['taken'] });
});

test('a sync that ends feeds no version that another swap has stopped', () => {
  const fleet = new MuteFleet();
  fleet.setTimer(from, 'old', 10);
  const sync = givenForSync(fleet);
  fleet.ask('stop', 1);
  fleet.say(1, sync, { text: 'no' });
  expect(fleet.known(from)).toMatchObject({ due: [] });
});

test.each([
  ['abort', 'giveBack', 0, from],
  ['commit', 'release', 0, from],
  ['abort', 'drop', 1, to],
] as const)('at %s a %s that a host cannot do is a fault of the version that it concerns', (verb, step, host, row) => {
  const fleet = new MuteFleet();
  fleet.ask('stop');
  fleet.part(fleet.asked(0)[0].ask);
  fleet.asked(1);
  fleet.ask(verb);
  const asked = fleet.asked(host).find((one) => one.step === step);
  fleet.say(host, asked?.ask ?? -1, { text: 'RangeError: planted' });
  expect(fleet.faults).toEqual([{ row, event: 'exception', text: `${step} of swap 0: RangeError: planted` }]);
});
