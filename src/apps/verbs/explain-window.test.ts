import { expect, test } from 'vitest';
import { microsUnchecked } from '../../base/units.ts';
import type { FreezeWindows } from '../../domain/spec.ts';
import { createDeskView, foldDecision, foldInput, type DeskView } from '../../projections/desk-view.ts';
import { openDesk, startAt, type RolloutDesk } from '../../testing/rollout/rollout-desk.ts';
import { canary } from '../../testing/rollout/rollout-specs.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from '../../testing/rollout/swap-desk.ts';
import { explainView } from './explain.ts';

function viewOf(desk: RolloutDesk): DeskView {
  const view = createDeskView();
  for (const { seq, at, input, decisions } of desk.turns) {
    foldInput(view, seq - decisions.length, at, input);
    decisions.forEach((decision, n) => foldDecision(view, seq - decisions.length + 1 + n, at, decision));
  }
  return view;
}

const freezeOf = (from: number, to: number): { readonly freeze: FreezeWindows } => ({
  freeze: { zone: 'America/New_York', weekly: [], dated: [{ from: microsUnchecked(from), to: microsUnchecked(to) }] },
});

test('a ladder inside a freeze window says when the window opens, one outside does not', () => {
  const desk = openDesk();
  desk.deploy(canary('d0', '1.0.0', freezeOf(startAt, startAt + 600_000_000)));
  const { text, body } = explainView(viewOf(desk), 'd0', desk.core);
  expect(text).toContain('not promoted to S100: 1 of 1 are missing');
  expect(text).toContain('  freezeWindow inconclusive: window opens 17:23 on 2023-11-14 (America/New_York)');
  expect(text).toContain(
    'next: the controller: no capital is added in a freeze window, window opens 17:23 on 2023-11-14 (America/New_York)',
  );
  expect(body).toMatchObject({ judgedNow: [{ gate: 'freezeWindow', value: 600_000_000 }] });
  desk.advance(600_000_000);
  const opened = explainView(viewOf(desk), 'd0', desk.core);
  expect(opened.text).not.toContain('window opens');
});

test('a cutover that waits for a window says so', () => {
  const desk = openDesk();
  const host = new FakeHost(desk);
  activeVersion(desk, '1.0.0');
  deployGreen(desk, host, blueGreen('bg', '1.0.0', '1.1.0', freezeOf(desk.at + 1, desk.at + 600_000_000)));
  settleNow(desk, host);
  const { text } = explainView(viewOf(desk), 'bg', desk.core);
  expect(text).toContain('is shadowing: its cutover waits, window opens ');
  expect(text).toContain('next: the controller: nothing is cut over in a freeze window, window opens ');
});
