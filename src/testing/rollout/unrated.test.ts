import { describe, expect, it } from 'vitest';
import { lots, micros, ticks } from '../../base/units.ts';
import { toBigInt } from '../../base/split.ts';
import { stateHash } from '../../core/engine.ts';
import { decodeCore, encodeCore } from '../../core/snapshot.ts';
import { judgePortfolio } from '../../core/rollout/portfolio-gate.ts';
import { usedInto } from '../../core/risk/order-gate.ts';
import { splitZero } from '../../base/split.ts';
import { canary, rung } from './rollout-specs.ts';
import { denialsOf, openDesk, reportOf, sentOf, type RolloutDesk, type Turn } from './rollout-desk.ts';

/** X and Y in dollars, E in euros (listing 2); nobody lists a rate. One version has 10 % of 1,000,000 and holds 50 of X. */
function openEuro(): { readonly desk: RolloutDesk; readonly row: number } {
  const desk = openDesk();
  const { listing } = desk.core.registry.listings[0];
  desk.say({ kind: 'register', what: 'currency', currency: { code: 'EUR', exponent: 6, feeDecimals: 2 } });
  desk.say({
    kind: 'register',
    what: 'instrument',
    instrument: { instrumentID: 'E', assetClass: 'equity', currency: 'EUR', baseUnit: '1' },
  });
  desk.say({ kind: 'register', what: 'listing', listing: { ...listing, listingID: 'E.V', instrumentID: 'E', symbol: 'E' } });
  desk.mark(2);
  const row = desk.deploy(canary('d0', '1.0.0', { stages: [rung(1_000)] }));
  const [id] = sentOf(desk.intent(row, 'buy', 50));
  desk.say(reportOf(desk, id, 0, { execType: 'trade', lastQty: lots(50), lastPx: ticks(10_000) }));
  return { desk, row };
}

const adopted = (desk: RolloutDesk, qty: number): Turn =>
  desk.say({
    kind: 'externalFill',
    account: 0,
    listing: 2,
    side: 'buy',
    lastQty: lots(qty),
    lastPx: ticks(10_000),
    execID: `o${desk.turns.length}`,
    transactTime: micros(desk.at),
  });

/** EURUSD is listed and stands at 1.1. */
function rate(desk: RolloutDesk): Turn {
  const { listing } = desk.core.registry.listings[0];
  const instrument = { instrumentID: 'EURUSD', assetClass: 'fx', baseCurrency: 'EUR', currency: 'USD', baseUnit: '1' } as const;
  desk.say({ kind: 'register', what: 'instrument', instrument });
  desk.say({
    kind: 'register',
    what: 'listing',
    listing: { ...listing, listingID: 'EURUSD.V', instrumentID: 'EURUSD', symbol: 'EURUSD', priceUnit: '0.0001' },
  });
  return desk.mark(3, 11_000);
}

const subjects = ({ decisions }: Turn): readonly string[] => decisions.flatMap((one) => (one.kind === 'alertRaised' ? [one.subject] : []));
const used = splitZero();
const usedBy = (desk: RolloutDesk, row: number): bigint => {
  usedInto(used, desk.core.gate, row);
  return toBigInt(used);
};

describe('a position in a currency that was never rated', () => {
  it('is in the books and said at once, once, while it lasts', () => {
    const { desk } = openEuro();
    expect(subjects(adopted(desk, 10))).toEqual(['POSITION_NOT_RATED']);
    expect(subjects(adopted(desk, 10))).toEqual([]);
    const { custodian } = desk.core.gate.slices[0];
    expect(desk.core.risk.positions.leafPosition(custodian, 0, 2, false)).toBe(20);
  });

  it('lets nothing of its slice open and nobody in it get more capital; what reduces passes', () => {
    const { desk, row } = openEuro();
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual([]);
    adopted(desk, 10);
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual(['NO_FX_RATE']);
    expect(sentOf(desk.intent(row, 'sell', 50, { price: ticks(10_010) }))).toHaveLength(1);
    expect(judgePortfolio(desk.core, row)).toMatchObject({
      verdict: 'inconclusive',
      text: 'algo@main.USD holds a position in EUR, which was never rated',
    });
    const next = desk.deploy(canary('d1', '1.1.0', { stages: [rung(10)] }));
    expect([desk.phaseOf('d1'), desk.core.gate.cap.lo[next]]).toEqual(['Paused', 0]);
  });

  it('takes its part of the capital with its first rate, and the slice works again', () => {
    const { desk, row } = openEuro();
    adopted(desk, 10);
    const { custodian } = desk.core.gate.slices[0];
    expect(usedBy(desk, custodian)).toBe(0n);
    rate(desk);
    // ten at 100.00 euros of 1.10 dollars
    expect(usedBy(desk, custodian)).toBe(1_100_000_000n);
    expect(judgePortfolio(desk.core, row)).toBeUndefined();
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual([]);
  });

  it('past what the slice has is an overdraft with a record in the turn of the rate', () => {
    const { desk } = openEuro();
    adopted(desk, 20_000);
    const turn = rate(desk);
    expect(turn.decisions.filter(({ kind }) => kind === 'capitalOverdraft')).toHaveLength(1);
    expect(desk.core.gate.mode[desk.rowOf('1.0.0')]).toBe(1);
  });

  it('that is gone again frees the slice', () => {
    const { desk, row } = openEuro();
    adopted(desk, 10);
    desk.say({
      kind: 'externalFill',
      account: 0,
      listing: 2,
      side: 'sell',
      lastQty: lots(10),
      lastPx: ticks(10_000),
      execID: 'back',
      transactTime: micros(desk.at),
    });
    expect(denialsOf(desk.intent(row, 'buy', 1))).toEqual([]);
  });

  it('holds a desk that went on from a snapshot too', () => {
    const { desk } = openEuro();
    adopted(desk, 10);
    const copy = decodeCore(encodeCore(desk.core).slice());
    if (!copy.ok) throw new Error(copy.error);
    expect([...copy.value.risk.foreign.unrated]).toEqual([[0, 1]]);
    expect(stateHash(copy.value)).toBe(stateHash(desk.core));
  });
});
