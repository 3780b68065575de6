import { describe, expect, it } from 'vitest';
import { micros } from '../../base/units.ts';
import { prng } from '../../base/prng.ts';
import { stateHash } from '../../core/engine.ts';
import { ComparedDesk } from './compared-desk.ts';

const hour = 3_600_000_000;

/** A desk with orders at work and fills, compared; its venue's clock jumps by `by` from now on. */
function jumped(name: string, by: number): ComparedDesk {
  const one = new ComparedDesk(prng(name));
  for (let n = 0; n < 4; n++) one.desk.say(one.venue.fill(one.work(), 1, one.at));
  one.compare();
  // executions after the last cut and before the jump
  one.desk.say(one.venue.fill(one.work(), 1, one.at));
  setClock(one, by);
  return one;
}

function setClock({ venue }: ComparedDesk, by: number): void {
  venue.alter = (page) => ({ ...page, asOf: micros(page.asOf + by) });
}

const alerts = (one: ComparedDesk): readonly string[] =>
  one.decisionsFrom(0).flatMap((of) => (of.kind === 'alertRaised' && of.subject === 'VENUE_CLOCK_SET_BACK' ? [of.text] : []));

/** Seconds until nothing is unsettled and the row trades. */
function secondsToTrade(one: ComparedDesk): number {
  const began = one.desk.at;
  one.compare();
  expect([one.openBreaks(), one.mode]).toEqual([[], 'ACTIVE']);
  return (one.desk.at - began) / 1e6;
}

describe('a venue whose clock jumps', () => {
  it('an hour back: its rows may cancel only until its clock is seen to go on, some seconds, and people hear of it', () => {
    const one = jumped('back', -hour);
    expect(secondsToTrade(one)).toBeLessThan(10);
    expect(alerts(one)).toHaveLength(1);
    expect(alerts(one)[0]).toMatch(/^the clock of venue V went back by at least 3[56]\d\d\.\d s/);
    // it trades on, and is compared without a word
    one.desk.say(one.venue.fill(one.work(), 1, micros(one.at - hour)));
    expect(secondsToTrade(one)).toBeLessThan(2);
    expect(alerts(one)).toHaveLength(1);
  });

  it('an hour forth, and right again an hour later or at once', () => {
    const one = jumped('forth', hour);
    expect(secondsToTrade(one)).toBeLessThan(2);
    setClock(one, 0);
    expect(secondsToTrade(one)).toBeLessThan(10);
    expect(alerts(one)).toHaveLength(1);
  });

  it('an execution that was not reported is booked from a statement of the new clock', () => {
    const one = jumped('missed', -hour);
    const order = one.work();
    one.venue.fill(order, 1, micros(one.at - hour));
    one.wait(3_000_000);
    secondsToTrade(one);
    expect(one.decisionsFrom(0).some((of) => of.kind === 'breakChanged' && of.class === 'missedFill' && of.state === 'resolved')).toBe(
      true,
    );
  });
});

describe('what is no clock', () => {
  const restricted = (one: ComparedDesk): void => {
    one.compare();
    one.wait(120_000_000);
    one.settle();
    expect([one.openBreaks().map((id) => id.split('/')[0]), one.mode]).toEqual([['contradiction'], 'CANCEL_ONLY']);
    expect(alerts(one)).toEqual([]);
  };

  it('a statement that is kept and given again', () => {
    const one = jumped('kept', 0);
    one.compare();
    const asOf = micros(one.at - hour);
    one.venue.alter = (page) => ({ ...page, asOf });
    restricted(one);
  });

  it('an old one that does not know of an order', () => {
    const one = jumped('lags', -hour);
    const order = one.work();
    one.venue.orders.delete(order.orderID);
    restricted(one);
  });

  it('one whose clock goes back again and again', () => {
    const one = jumped('reels', 0);
    let by = 0;
    one.venue.alter = (page) => ({ ...page, asOf: micros(page.asOf - (by += hour)) });
    restricted(one);
  });

  it('an execution of the future that nobody here knows', () => {
    const one = jumped('future', -hour);
    one.venue.fill(one.work(), 1, micros(one.at + 60_000_000));
    restricted(one);
  });
});

it('what is doubted is in the hash of the state', () => {
  const one = jumped('hash', 0);
  const before = stateHash(one.desk.core);
  const asked = one.desk.core.reconciliation.accounts[0];
  for (const member of ['backAt', 'backCut', 'setBackFrom'] as const) {
    Object.assign(asked, { [member]: 1 });
    expect(stateHash(one.desk.core)).not.toBe(before);
    Object.assign(asked, { [member]: 0 });
  }
  expect(stateHash(one.desk.core)).toBe(before);
});
