import { expect, test } from 'vitest';
import { smallCoreCapacities } from '../../core/core.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { createDecisionComparer } from '../../journal/diff.ts';
import { createMemoryJournal } from '../../journal/memory-journal.ts';
import { Replay } from '../../runtime/replay.ts';
import { ControlQueue } from './control.ts';
import { syntheticSource } from './market-source.ts';
import { Pace } from './pace.ts';
import { Session } from './session.ts';
import { storyStrategies, syntheticPlan } from './story-plan.ts';
import { tellStory } from './story.ts';

const coreDigest = '0'.repeat(64);
/** The core is written and read back after so many inputs. */
const every = 1_500;

test('the story goes on from a snapshot at any time of it: every decision and the state at its end are the same', async () => {
  const source = syntheticSource(7);
  const journal = createMemoryJournal({ origin: 'story', coreDigest, term: 1 });
  const session = new Session({
    source,
    journal,
    coreDigest,
    seed: '7',
    firmCapital: syntheticPlan.totalCapital,
    durability: 'group',
    strategies: storyStrategies,
  });
  await session.open();
  await tellStory(session, syntheticPlan, new Pace('max', source.startAt), new ControlQueue(), () => true);
  let replay = new Replay(smallCoreCapacities, createDecisionComparer());
  let [inputs, snapshots, decisions] = [0, 0, 0];
  for (const record of journal.records()) {
    if (record.of === 'input' && inputs++ % every === every - 1 && replay.core !== undefined) {
      replay.settle();
      expect(replay.differences).toEqual([]);
      const restored = decodeCore(encodeCore(replay.core));
      if (!restored.ok) throw new Error(restored.error);
      decisions += replay.decisions;
      replay = new Replay(smallCoreCapacities, createDecisionComparer(), restored.value);
      snapshots += 1;
    }
    replay.take(record);
  }
  expect(replay.finish()).toEqual({ equal: true, stateHash: stateHash(session.core) });
  console.log(`${inputs} inputs, ${decisions + replay.decisions} decisions compared, ${snapshots} times from a snapshot`);
  expect(snapshots).toBeGreaterThan(10);
});
