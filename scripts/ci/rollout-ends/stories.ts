import { lots, ticks } from '../../../src/base/units.ts';
import { answerOf, openDesk, reportOf, sentOf, type RolloutDesk, type Turn } from '../../../src/testing/rollout/rollout-desk.ts';
import { canary } from '../../../src/testing/rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../../../src/testing/rollout/swap-desk.ts';

export const storyNames = ['canary', 'blueGreen', 'rollback', 'reactivation'] as const;
export type StoryName = (typeof storyNames)[number];

/** Everything that a desk steps in a story, and the turn from which on its process is ended at each record. */
export interface RolloutStory {
  readonly turns: readonly Turn[];
  readonly from: number;
}

export function rolloutStory(name: StoryName): RolloutStory {
  const desk = openDesk();
  switch (name) {
    case 'canary': {
      const from = desk.turns.length;
      desk.deploy(canary('climb', '1.0.0'));
      pass(desk, 190);
      return { turns: desk.turns, from };
    }
    case 'blueGreen': {
      hold(desk, activeVersion(desk, '1.0.0'));
      const from = desk.turns.length;
      const host = new FakeHost(desk);
      deployGreen(desk, host, blueGreen('swap', '1.0.0', '1.1.0'));
      settleNow(desk, host);
      pass(desk, 75);
      return { turns: desk.turns, from };
    }
    case 'reactivation': {
      hold(desk, activeVersion(desk, '1.0.0'));
      const host = new FakeHost(desk);
      const spec = blueGreen('swap', '1.0.0', '1.1.0');
      const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } });
      settleNow(desk, host);
      const from = desk.turns.length;
      host.take(desk.host(green, 'exception').effects);
      host.answerAll();
      return { turns: desk.turns, from };
    }
    case 'rollback': {
      const row = activeVersion(desk, '1.0.0');
      hold(desk, row);
      const [open] = sentOf(desk.intent(row, 'buy', 10));
      desk.say(reportOf(desk, open, 0, { execType: 'new' }));
      const from = desk.turns.length;
      const answer = answerOf(desk.order({ verb: 'rollback', deploymentID: 'ladder-1.0.0', reason: 'story' }));
      if (answer.code !== 'OK') throw new Error(answer.text);
      desk.advance(3_000);
      desk.say(reportOf(desk, open, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
      pass(desk, 3);
      return { turns: desk.turns, from };
    }
  }
}

/** The row holds 40 lots. */
function hold(desk: RolloutDesk, row: number): void {
  const [order] = sentOf(desk.intent(row, 'buy', 40));
  desk.say(reportOf(desk, order, 0, { execType: 'trade', lastQty: lots(40), lastPx: ticks(10_000), cumQty: 40, leavesQty: 0 }));
}

function pass(desk: RolloutDesk, marks: number): void {
  for (let n = 0; n < marks; n++) {
    desk.advance(900_000);
    for (const listing of [0, 1]) desk.mark(listing);
  }
}
