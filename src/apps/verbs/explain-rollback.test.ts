import { expect, test } from 'vitest';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { openDesk, type RolloutDesk } from '../../testing/rollout/rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../../testing/rollout/swap-desk.ts';
import { explainView } from './explain.ts';
import { statusOf } from './status.ts';

function viewOf({ turns }: RolloutDesk): DeskView {
  const view = createDeskView();
  for (const { seq, at, input, decisions } of turns) {
    foldInput(view, seq - decisions.length, at, input);
    decisions.forEach((decision, n) => foldDecision(view, seq - decisions.length + 1 + n, at, decision));
  }
  return view;
}

test('a version that took over and was rolled back is explained by what it did and by who trades again, and not by its old gates', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } });
  settleNow(desk, host);
  host.take(desk.host(green, 'exception').effects);
  host.answerAll();
  const { text, body } = explainView(viewOf(desk), 'bg', desk.core);
  expect(text).toContain('rolled back by exception');
  expect(text).toContain('RB5: 1.0.0 is Active again with 10.00 % of the slice');
  expect(text).toContain('next: nobody: 1.0.0 goes on, or deploy another version');
  expect(text).not.toContain('last judged');
  expect(body).toMatchObject({ next: 'nobody: 1.0.0 goes on, or deploy another version', rollback: { rule: 'exception' } });
  expect(statusOf(viewOf(desk), 'bg').text).toContain('rolled back by exception');
});
