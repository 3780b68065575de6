import { createInterface } from 'node:readline';
import { ControlQueue } from '../../src/apps/desk/control.ts';
import { syntheticSource } from '../../src/apps/desk/market-source.ts';
import { Pace } from '../../src/apps/desk/pace.ts';
import { Session } from '../../src/apps/desk/session.ts';
import { storyStrategies, syntheticPlan } from '../../src/apps/desk/story-plan.ts';
import { storyIDs, tellStory } from '../../src/apps/desk/story.ts';
import { createMemoryJournal } from '../../src/journal/memory-journal.ts';

export interface SeedResult {
  readonly seed: number;
  readonly found: boolean;
  readonly text: string;
  readonly seconds: number;
}

/** A journal in memory re-derives nothing, so any digest will do. */
const noDigest = '0'.repeat(64);

async function tellSeed(seed: number): Promise<SeedResult> {
  const started = performance.now();
  const source = syntheticSource(seed);
  const journal = createMemoryJournal({ origin: 'plimsoll', coreDigest: noDigest, term: 1, keep: false });
  const { totalCapital } = syntheticPlan;
  const session = new Session({
    source,
    journal,
    coreDigest: noDigest,
    seed: String(seed),
    firmCapital: totalCapital,
    durability: 'group',
    strategies: storyStrategies,
  });
  await session.open();
  const kill = await tellStory(session, syntheticPlan, new Pace('max', source.startAt), new ControlQueue(), () => true);
  const { deployments, rollbacks, rows } = session.view;
  const faulty = deployments.get(storyIDs.faulty);
  const [rollback] = rollbacks;
  const completed = rollbacks.length === 1 && rollback.completed !== null;
  const swapped = deployments.get(storyIDs.swap)?.phase === 'Healthy' && session.core.rollout.swaps.at(-1)?.step === 'finalized';
  const released = kill?.releasedBy.length === 2 && !session.view.killed;
  const climbed = deployments.get(storyIDs.ladder)?.stages.at(-1)?.name ?? 'nothing';
  const found =
    swapped &&
    released &&
    completed &&
    faulty?.phase === 'Aborted' &&
    rows.get(rollback.row)?.version === '1.1.0' &&
    rollback.trigger.rule === 'maxDailyLoss';
  const taken = rollbacks[0]?.steps.find(({ step }) => step === 'RB2')?.count ?? 0;
  const text =
    rollbacks.length === 0
      ? `no rollback, phase ${faulty?.phase ?? 'none'}`
      : `${rollbacks.map(({ trigger }) => trigger.rule).join(' ')}, ${taken} orders taken back, phase ${faulty?.phase ?? 'none'}; 1.0.0 at ${climbed}, ${swapped ? 'swapped' : 'NOT SWAPPED'}, ${released ? 'killed and released' : 'NOT RELEASED'}`;
  return { seed, found, text, seconds: (performance.now() - started) / 1_000 };
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await tellSeed(Number(line))));
