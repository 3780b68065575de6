import { describe, expect, it } from 'vitest';
import { answerOf, openDesk, risk, senior2, type RolloutDesk } from './rollout-desk.ts';
import { activeVersion, blueGreen, deployGreen, FakeHost, settleNow } from './swap-desk.ts';

const step = (desk: RolloutDesk): string => desk.core.rollout.swaps.at(-1)?.step ?? '';
const deploymentID = 'bg';

/** Passes time with fresh marks, and says what hosts answer. */
function pass(desk: RolloutDesk, host: FakeHost, seconds: number): void {
  for (let n = 0; n < 2 * seconds; n++) {
    const from = desk.turns.length;
    desk.advance(500_000);
    for (const turn of desk.turns.slice(from)) host.take(turn.effects);
    for (const listing of [0, 1]) desk.mark(listing);
    settleNow(desk, host);
  }
}

describe('people around a cutover', () => {
  it('a pause in the warm-up keeps what is left of it, and a resume does not skip it', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    const { blueGreen: plan } = blueGreen(deploymentID, '1.0.0', '1.1.0');
    if (plan === null) throw new Error('no plan');
    const warmup = { days: 0, micros: 30_000_000 };
    deployGreen(desk, host, blueGreen(deploymentID, '1.0.0', '1.1.0', { blueGreen: { ...plan, warmup } }));
    host.answerAll();
    pass(desk, host, 10);
    desk.order({ verb: 'pause', deploymentID, reason: 'test' }, risk, null);
    pass(desk, host, 60);
    desk.order({ verb: 'resume', deploymentID, reason: 'test' }, risk, null);
    settleNow(desk, host);
    pass(desk, host, 19);
    expect(step(desk)).toBe('shadowing');
    pass(desk, host, 2);
    expect(step(desk)).toBe('monitoring');
  });

  it('what two people sent to its cutover, and what they waived, goes with the try that was aborted', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    const green = deployGreen(desk, host, blueGreen(deploymentID, '1.0.0', '1.1.0', { autoProgress: false }));
    settleNow(desk, host);
    host.spoil = (notice) => (notice.event === 'adopted' ? { ...notice, event: 'refused', text: 'no' } : notice);
    expect(answerOf(desk.order({ verb: 'promote', deploymentID, reason: 'go' }, risk, senior2)).code).toBe('OK');
    host.take(desk.turns.at(-1)?.effects ?? []);
    settleNow(desk, host);
    expect(step(desk)).toBe('aborted');
    host.spoil = (notice) => notice;
    expect(answerOf(desk.order({ verb: 'resume', deploymentID, reason: 'again' }, risk, null)).code).toBe('OK');
    desk.host(green, 'loaded');
    host.take(desk.host(green, 'warmed').effects);
    settleNow(desk, host);
    pass(desk, host, 2);
    expect([step(desk), desk.phaseOf(deploymentID)]).toEqual(['shadowing', 'Paused']);
    const waives = ['paper', 'agreement'];
    expect(answerOf(desk.order({ verb: 'promote', deploymentID, reason: 'go', waives }, risk, senior2)).code).toBe('OK');
    host.take(desk.turns.at(-1)?.effects ?? []);
    settleNow(desk, host);
    expect(step(desk)).toBe('monitoring');
  });

  it('a promotion that a gate stopped is asked of two people again', () => {
    const desk = openDesk();
    const host = new FakeHost(desk);
    activeVersion(desk, '1.0.0');
    deployGreen(desk, host, blueGreen(deploymentID, '1.0.0', '1.1.0', { autoProgress: false }));
    settleNow(desk, host);
    host.spoil = (notice) => (notice.event === 'accepted' ? { ...notice, event: 'refused', text: 'not now' } : notice);
    desk.order({ verb: 'promote', deploymentID, reason: 'go' }, risk, senior2);
    host.take(desk.turns.at(-1)?.effects ?? []);
    settleNow(desk, host);
    expect([step(desk), desk.phaseOf(deploymentID)]).toEqual(['shadowing', 'Paused']);
    host.spoil = (notice) => notice;
    expect(answerOf(desk.order({ verb: 'retry', deploymentID, reason: 'again' }, risk, senior2)).code).toBe('OK');
    host.take(desk.turns.at(-1)?.effects ?? []);
    settleNow(desk, host);
    expect([step(desk), desk.phaseOf(deploymentID)]).toEqual(['shadowing', 'Paused']);
  });
});
