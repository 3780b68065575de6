import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../base/units.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, risk, sentOf, sliceID, trader, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

interface Bracketed {
  readonly desk: RolloutDesk;
  readonly entry: number;
  readonly stop: number;
  readonly target: number;
}

/** A bracket of ten lots at work, of a version that must have a stop of what it holds. */
function bracketed(): Bracketed {
  const desk = openDesk();
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  desk.order(
    { verb: 'setLimit', key: { scope: 'version', scopeID: `${sliceID}/1.0.0`, limit: 'maxUnprotectedQty' }, value: 0 },
    risk,
    null,
  );
  const [entry, stop, target] = sentOf(
    desk.intent(row, 'buy', 10, { ordType: 'bracket', timeInForce: 'gtc', stopPx: ticks(9_000), targetPx: ticks(11_000) }),
  );
  for (const id of [entry, stop, target]) desk.say(reportOf(desk, id, 0, { execType: 'new' }));
  return { desk, entry, stop, target };
}

function fill(desk: RolloutDesk, id: number): void {
  desk.say(
    reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(10), lastPx: ticks(10_000), execID: `f${id}`, cumQty: 10, leavesQty: 0 }),
  );
}

const taken = (turn: Turn): ReadonlySet<number> =>
  new Set(turn.decisions.flatMap((one) => (one.kind === 'cancelSent' ? [one.target] : [])));
const acts = [
  ['a start', (desk: RolloutDesk): Turn => desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' })],
  ['a pause', (desk: RolloutDesk): Turn => desk.order({ verb: 'pauseStrategy', algorithmID: 'algo', reason: 'look' }, trader, null)],
] as const;

for (const [name, act] of acts)
  describe(`${name} takes back a stop and a target`, () => {
    it('whose entry has ended without a fill', () => {
      const { desk, entry, stop, target } = bracketed();
      desk.say(reportOf(desk, entry, 0, { execType: 'canceled', cumQty: 0, leavesQty: 0 }));
      expect(taken(act(desk))).toEqual(new Set([stop, target]));
    });

    it('whose target has taken the lots while the venue has not told yet what became of the stop', () => {
      const { desk, entry, stop, target } = bracketed();
      fill(desk, entry);
      fill(desk, target);
      expect(desk.core.residualLots(desk.rowOf('1.0.0'))).toBe(0);
      expect(taken(act(desk))).toEqual(new Set([stop]));
    });
  });

for (const verb of ['kill', 'rollback'] as const)
  for (const seconds of [0.1, 120])
    it(`a start asks again for the cancels of a stop and a target that a ${verb} took back ${seconds} s ago, and no answer came`, () => {
      const { desk, entry, stop, target } = bracketed();
      fill(desk, entry);
      if (verb === 'kill') desk.order({ verb, reason: 'x' }, trader, null);
      else desk.order({ verb, deploymentID: 'd0', reason: 'x' }, trader, null);
      desk.advance(seconds * 1e6);
      expect(taken(acts[0][1](desk))).toEqual(new Set([stop, target]));
    });
