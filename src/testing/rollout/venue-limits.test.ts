import { describe, expect, it } from 'vitest';
import { ticks } from '../../base/units.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import type { DeploymentSpec } from '../../domain/spec.ts';
import { answerOf, denialsOf, openDesk, openVenueW, risk, RolloutDesk, senior2, sentOf, trader } from './rollout-desk.ts';
import { canary, rung } from './rollout-specs.ts';

/** A desk with two venues, V and W, and an account at each; X trades at both. */
function twoVenues(): RolloutDesk {
  const desk = openDesk();
  openVenueW(desk);
  for (const ix of [0, 1, 2]) desk.mark(ix);
  return desk;
}

function spec(v: Readonly<Record<string, number>>, w: Readonly<Record<string, number>>, id = 'd0'): DeploymentSpec {
  return canary(id, '1.0.0', {
    universe: ['X.V', 'Y.V', 'X.W'],
    venues: [
      { venueID: 'V', accountID: 'A1', limits: v },
      { venueID: 'W', accountID: 'B1', limits: w },
    ],
    stages: [rung(1_000)],
  });
}

const buy = (desk: RolloutDesk, row: number, qty: number, listing: number): readonly string[] => {
  const turn = desk.intent(row, 'buy', qty, { listing, price: ticks(9_990) });
  return sentOf(turn).length === 1 ? [] : denialsOf(turn);
};

describe('limits of a spec with two venues', () => {
  it('bind the version at each venue by its own, to the unit, and are recorded with who deployed', () => {
    const desk = twoVenues();
    const row = desk.deploy(spec({ maxOrderQty: 50 }, { maxOrderQty: 20, maxPosition: 30 }));
    expect([buy(desk, row, 50, 0), buy(desk, row, 51, 0), buy(desk, row, 51, 1)]).toEqual([
      [],
      ['ORDER_QTY_EXCEEDS_MAX'],
      ['ORDER_QTY_EXCEEDS_MAX'],
    ]);
    expect([buy(desk, row, 20, 2), buy(desk, row, 21, 2), buy(desk, row, 10, 2), buy(desk, row, 1, 2)]).toEqual([
      [],
      ['ORDER_QTY_EXCEEDS_MAX'],
      [],
      ['POSITION_EXCEEDS_MAX'],
    ]);
    const set = desk.turns.flatMap(({ decisions }) => decisions.filter((one) => one.kind === 'limitChanged'));
    expect(set.map(({ key, to, actor }) => [key.scopeID, key.limit, to, actor])).toEqual([
      ['algo@main.USD/1.0.0@V', 'maxOrderQty', 50, 'tom'],
      ['algo@main.USD/1.0.0@W', 'maxOrderQty', 20, 'tom'],
      ['algo@main.USD/1.0.0@W', 'maxPosition', 30, 'tom'],
    ]);
  });

  it('are changed at run time: tightened by one person, loosened by two', () => {
    const desk = twoVenues();
    const row = desk.deploy(spec({ maxOrderQty: 50 }, {}));
    const key = { scope: 'route', scopeID: 'algo@main.USD/1.0.0@V', limit: 'maxOrderQty' } as const;
    expect(answerOf(desk.order({ verb: 'setLimit', key, value: 40 }, risk, null)).code).toBe('OK');
    expect(buy(desk, row, 41, 0)).toEqual(['ORDER_QTY_EXCEEDS_MAX']);
    expect(answerOf(desk.order({ verb: 'setLimit', key, value: 45 }, risk, null)).code).toBe('SECOND_PERSON_REQUIRED');
    expect(answerOf(desk.order({ verb: 'setLimit', key, value: null }, risk, senior2)).code).toBe('OK');
    expect(buy(desk, row, 51, 0)).toEqual([]);
    const nowhere = { ...key, scopeID: 'algo@main.USD/1.0.0@Z' };
    expect(answerOf(desk.order({ verb: 'setLimit', key: nowhere, value: 1 }, risk, null)).code).toBe('UNKNOWN_SCOPE');
  });

  it('that are stricter already stay when the version is deployed again', () => {
    const desk = twoVenues();
    desk.deploy(spec({ maxOrderQty: 50 }, {}));
    desk.order({ verb: 'rollback', deploymentID: 'd0', reason: 'test' }, trader, null);
    desk.advance(2_000_000);
    desk.order({ verb: 'unhalt', sliceID: 'algo@main.USD', version: '1.0.0', reason: 'test' }, risk, senior2);
    for (const listing of [0, 1, 2]) desk.mark(listing);
    const row = desk.deploy(spec({ maxOrderQty: 60 }, {}, 'd1'));
    expect([buy(desk, row, 50, 0), buy(desk, row, 51, 0)]).toEqual([[], ['ORDER_QTY_EXCEEDS_MAX']]);
  });

  it('are in snapshots and in the state hash, and replays decide the same', () => {
    const desk = twoVenues();
    const row = desk.deploy(spec({ maxOrderQty: 50 }, { maxPosition: 30 }));
    buy(desk, row, 20, 2);
    const copy = decodeCore(encodeCore(desk.core).slice());
    if (!copy.ok) throw new Error(copy.error);
    expect(stateHash(copy.value)).toBe(stateHash(desk.core));
    const apart = [...copy.value.risk.limits.apart.keys()][0];
    copy.value.risk.limits.apart.set(apart, 51);
    expect(stateHash(copy.value)).not.toBe(stateHash(desk.core));
    const again = new RolloutDesk();
    for (const { at, input } of desk.turns) {
      again.at = at;
      again.say(input);
    }
    expect(stateHash(again.core)).toBe(stateHash(desk.core));
  });

  it.each([
    [
      { maxDailyLoss: 5 },
      'venues.limits.maxDailyLoss: expected one of maxOrderQty, maxPosition, fatFingerBps, maxNotional, priceCollarBps: in a spec with several venues it stands for none of them alone',
    ],
    [
      { maxOrderQtty: 5 },
      'venues.limits.maxOrderQtty: expected one of maxOrderQty, maxPosition, fatFingerBps, maxNotional, priceCollarBps (did you mean maxOrderQty?)',
    ],
    [{ fatFingerBps: 10_001 }, 'expected 0…10000 (bps)'],
  ])('%o is refused by its name, and nothing is set', (limits, words) => {
    const desk = twoVenues();
    const answer = answerOf(desk.order({ verb: 'deploy', spec: spec({ maxOrderQty: 5 }, limits) }, trader));
    expect(answer.code).toBe('UNKNOWN_SCOPE');
    expect(answer.text).toContain(words);
    expect(desk.core.risk.limits.entries).toEqual([]);
  });
});
