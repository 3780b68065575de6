import { expect, test } from 'vitest';
import { findDeployment } from '../../core/rollout/deploy.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { openDesk, risk, type RolloutDesk } from '../../testing/rollout/rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../../testing/rollout/swap-desk.ts';
import { explainView } from '../verbs/explain.ts';
import { treeOf } from '../verbs/tree.ts';
import { viewText } from './describe.ts';
import { swapStanding, type SwapStanding } from './describe-swap.ts';

function viewOf(desk: RolloutDesk): DeskView {
  const view = createDeskView();
  for (const { seq, at, input, decisions } of desk.turns) {
    foldInput(view, seq - decisions.length, at, input);
    decisions.forEach((decision, n) => foldDecision(view, seq - decisions.length + 1 + n, at, decision));
  }
  return view;
}

const standing = (desk: RolloutDesk): SwapStanding | undefined => swapStanding(desk.core, findDeployment(desk.core, 'bg'));

test('a swap under way: its step, what it waits for, until when, and who acts next', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  expect(standing(desk)).toBeUndefined();
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  expect(standing(desk)).toMatchObject({ from: '1.0.0', to: '1.1.0' });
  settleNow(desk, host);
  const watched = standing(desk);
  expect(watched).toMatchObject({ step: 'monitoring', waitsFor: 'the new version trades and is watched' });
  expect(watched?.deadline).not.toBeNull();
  const view = viewOf(desk);
  const { text, body } = explainView(view, 'bg', desk.core);
  expect(text).toContain('swap of 1.0.0 for 1.1.0 is monitoring: the new version trades and is watched, until ');
  expect(text).toContain('next: the controller: Healthy when the watch is over');
  expect(body).toMatchObject({ swap: watched, next: watched?.next });
  expect(viewText(view, 'bg', desk.core)).toContain('swap of 1.0.0 for 1.1.0 is monitoring');
  const tree = treeOf(view, 'bg', desk.core);
  expect(tree.text).toContain('swap     1.0.0 for 1.1.0\n├─ ✔ the state of the old version taken\n');
  expect(tree.text).toContain('├─ ◐ monitoring: the new version trades and is watched, until ');
  expect(tree.text).toContain('└─ ○ then finalized');
  expect(tree.text).toContain('next     the controller: Healthy when the watch is over');
  expect(tree.body).toMatchObject({ swap: watched });
});

test('a person who paused the watch is named, and it has no deadline any more', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  desk.order({ verb: 'pause', deploymentID: 'bg', reason: 'a look' }, risk, null);
  const paused = standing(desk);
  expect(paused).toMatchObject({ step: 'monitoring', deadline: null });
  expect(paused?.next).toBe('somebody of RiskManager, SeniorManagement: plimsoll resume bg (rita paused it)');
});

test('an abort and a rollback are said in the tree as what they are', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  host.spoil = (notice) => (notice.event === 'adopted' ? { ...notice, event: 'refused', text: 'no' } : notice);
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(desk, host);
  expect(treeOf(viewOf(desk), 'bg', desk.core).text).toContain('└─ ✖ aborted: nothing of it counts, the old version goes on');

  const other = openDesk();
  const answering = new FakeHost(other);
  activeVersion(other, '1.0.0');
  const green = deployGreen(other, answering, blueGreen('bg', '1.0.0', '1.1.0'));
  settleNow(other, answering);
  other.host(green, 'exception');
  expect(treeOf(viewOf(other), 'bg', other.core).text).toContain('└─ ✖ rolledBack: the new version was rolled back');
});

test('a standby is told with its state, and a version that came back with its name', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const green = deployGreen(desk, host, { ...spec, rollback: { ...spec.rollback, reactivatePrevious: 'versionFault' } });
  settleNow(desk, host);
  for (let n = 0; n < 80; n++) {
    const from = desk.turns.length;
    desk.advance(800_000);
    for (const turn of desk.turns.slice(from)) host.take(turn.effects);
    host.answerAll();
    for (const listing of [0, 1]) desk.mark(listing);
  }
  expect(standing(desk)?.waitsFor).toMatch(
    /^the new version trades, the old one stands by for a rollback, with the state of \d\d:\d\d:\d\d$/,
  );
  host.take(desk.host(green, 'exception').effects);
  expect(standing(desk)?.waitsFor).toBe('the new version was rolled back, 1.0.0 is being woken');
  host.answerAll();
  const text = treeOf(viewOf(desk), 'bg', desk.core).text;
  expect(text).toContain('└─ ✖ rolledBack: the new version was rolled back, 1.0.0 trades again');
});

test('a cutover that waits for people says how many, who may not, and whose yes it has until when', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  const spec = blueGreen('bg', '1.0.0', '1.1.0');
  const plan = spec.blueGreen === null ? null : { ...spec.blueGreen, entryApproval: { roles: ['RiskManager'] as const, count: 2 } };
  deployGreen(desk, host, { ...spec, blueGreen: plan });
  settleNow(desk, host);
  expect(standing(desk)?.next).toBe('2 of RiskManager, not tom: plimsoll approve bg approves the cutover');
  desk.order({ verb: 'approve', deploymentID: 'bg', stage: 0, specHash: spec.specHash }, risk, null);
  const said = /^1 of RiskManager, not tom, rita: plimsoll approve bg approves the cutover; it has the yes of rita until \d\d:\d\d:\d\d$/;
  expect(standing(desk)?.next).toMatch(said);
  expect(explainView(viewOf(desk), 'bg', desk.core).text).toContain('next: 1 of RiskManager, not tom, rita');
});
