import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { canary, rung } from '../rollout/rollout-specs.ts';
import { openDesk, reportOf, risk, sentOf, type RolloutDesk, type Turn } from '../rollout/rollout-desk.ts';

const day = 86_400_000_000;
/** A loss of 3,000 is the limit of the algorithm's day (30 bps of 1,000,000), and of the version's (3 % of 100,000). */
const thresholds = { ...canary('x', '1').rollbackThresholds, maxDailyLoss: 0.03 };

/** 500 lots from 100.00; they have lost 2,300 when the day ends, and nobody has said so to the core: its timer is late, or it was down. */
function overMidnight(which: 'algorithm' | 'version'): RolloutDesk {
  const desk = openDesk();
  const row = desk.deploy(
    canary('d0', '1.0.0', { stages: [rung(1_000)], ...(which === 'version' ? { rollbackThresholds: thresholds } : {}) }),
  );
  if (which === 'algorithm')
    desk.order({ verb: 'setLimit', key: { scope: 'algorithm', scopeID: 'algo', limit: 'maxDailyDrawdownBps' }, value: 30 }, risk, null);
  const [id] = sentOf(desk.intent(row, 'buy', 500));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(500), lastPx: ticks(10_000), execID: 'f' }));
  desk.advance(day - 1_000_000 - (desk.at % day));
  desk.mark(1);
  desk.mark(0, 9_540);
  desk.at += 1_500_000;
  return desk;
}

const rules = (...turns: readonly Turn[]): readonly string[] =>
  turns.flatMap(({ decisions }) => decisions.flatMap((one) => (one.kind === 'triggerFired' ? [one.rule] : [])));

for (const [which, rule] of [
  ['algorithm', 'maxDailyDrawdown'],
  ['version', 'maxDailyLoss'],
] as const) {
  describe(`${rule} of the ${which} when a mark of the new day comes before the timer that ends the old one`, () => {
    it('what was lost yesterday is not added to what is lost today', () => {
      const desk = overMidnight(which);
      expect(rules(desk.mark(0, 9_380))).toEqual([]);
      desk.advance(1);
      expect(desk.phaseOf('d0')).not.toBe('Aborted');
    });

    it('what that mark lost is lost today: the day does not begin behind it', () => {
      const desk = overMidnight(which);
      // 800, then 2,300 more
      expect(rules(desk.mark(0, 9_380))).toEqual([]);
      desk.advance(1);
      desk.mark(1);
      expect(rules(desk.mark(0, 8_920))).toEqual([rule]);
    });

    it('so it is with a desk that was down over midnight', () => {
      const desk = overMidnight(which);
      desk.say({ kind: 'start', term: 2, coreDigest: 'd'.repeat(64), text: 'crashed' });
      expect(rules(desk.mark(0, 9_380))).toEqual([]);
      expect(rules(desk.mark(1), desk.mark(0, 8_920))).toEqual([rule]);
    });
  });
}

it('a mark of the very instant at which a day ends is the close of that day', () => {
  const desk = overMidnight('algorithm');
  desk.at = Math.floor(desk.at / day) * day;
  expect(rules(desk.mark(0, 9_380))).toEqual(['maxDailyDrawdown']);
});

it('a split of the new day is none of the day that is over', () => {
  const desk = overMidnight('version');
  const ended = desk.core.dayEndsAt;
  desk.say({ kind: 'corporateAction', action: 'split', instrument: 0, numerator: 1, denominator: 3, exDate: micros(desk.at), text: '' });
  expect(desk.core.dayEndsAt).toBe(ended + day);
});
