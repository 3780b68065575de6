import { expect, test } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import type { Intent } from '../../domain/input.ts';
import type { World } from '../../ports/world.ts';
import { listingRows, tryingModule } from '../../testing/hosts/host-world.ts';
import type { HostFault } from '../host-port.ts';
import { createDoorbell, Doorbell } from '../rings/doorbell.ts';
import { RingWriter } from '../rings/ring.ts';
import { liveBudget } from './budget.ts';
import { cancelAllOf } from './cancel-all.ts';
import { Fleet } from './fleet.ts';
import type { HostSetting } from './host-loop.ts';
import { messageTypes, sendFault, sendIntent, sendJson } from './messages.ts';

/** Threads that never run: the test speaks for them. */
function mute(): { world: World; voices: RingWriter[] } {
  const voices: RingWriter[] = [];
  return {
    voices,
    world: {
      spawn: ({ data }) => {
        const { outbound, coreBell } = data as HostSetting;
        voices.push(new RingWriter(outbound, new Doorbell(coreBell, false)));
        return { post: () => undefined, onMessage: () => undefined, onEnd: () => undefined, end: () => Promise.resolve() };
      },
    },
  };
}

test('when one strategy is past its budget, what the innocent beside it had asked for is still heard, and nothing more of the one to blame', () => {
  const { world, voices } = mute();
  const intents: Intent[] = [];
  const faults: HostFault[] = [];
  const fleet = new Fleet({
    world,
    hosts: 1,
    listings: listingRows(1),
    tickValue: () => 1,
    moduleOf: () => tryingModule,
    budget: liveBudget,
    exportEvery: 0,
    spinning: false,
    bell: createDoorbell(false),
    sink: {
      intent: (intent) => intents.push(intent),
      fault: (fault) => faults.push(fault),
      loaded: () => undefined,
      handover: () => undefined,
    },
  });
  for (const row of [0, 1]) fleet.load({ row, name: 'trying', version: '1.0.0', parameters: {}, universe: [0], seed: 'x' });
  const [voice] = voices;
  for (const row of [0, 1]) sendJson(voice, messageTypes.loaded, { row, ok: true, text: '', anew: true });
  sendFault(voice, { row: 0, event: 'overBudget', text: 'too long' });
  const say = (row: number): void => {
    const context = fleet.rows.get(row)?.context;
    if (context === undefined) throw new Error('not loaded');
    const cancel = cancelAllOf(row, context, 1, { eventSeq: 1, at: micros(1) });
    sendIntent(voice, { ...cancel, orderQty: lots(0), price: ticks(0) }, 0, 0);
  };
  say(0);
  say(1);
  voice.publish();
  fleet.poll();
  expect(faults.filter(({ event }) => event === 'overBudget')).toHaveLength(1);
  expect(intents.map(({ row, action }) => [row, action])).toEqual([[1, 'cancelAll']]);
  expect(fleet.endedHosts).toBe(1);
  expect(fleet.rows.get(1)?.link).toBeDefined();
  expect(fleet.rows.get(0)?.link).toBeUndefined();
});
